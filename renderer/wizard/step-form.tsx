import { t } from '@lingui/core/macro'
import { type KeyboardEvent, useMemo } from 'react'
import type { Finding } from '../../contracts/procedure.ts'
import type { KnownPeople } from '../../contracts/visit.ts'
import { knownPlaces } from '../../procedures/reuse/known-places.ts'
import { isRequired, todayInVietnam, visibleFields } from '../../procedures/rules/index.ts'
import { ProcedureField } from '../fields/procedure-field.tsx'
import { say } from '../locales/locale.ts'
import { Button } from '../ui/button.tsx'
import { copiesOffered, isKept, type WizardContext } from './machine/wizard-context.ts'
import type { WizardEvent } from './machine/wizard-machine.ts'
import { ReusePanel } from './reuse-panel.tsx'

type Props = {
  context: WizardContext
  send: (event: WizardEvent) => void
  known: { visit: KnownPeople; drafts: KnownPeople }
  onTakeOver: (event: Extract<WizardEvent, { type: 'TAKE_OVER' }>) => void
}

const stops = 'input:not([type="hidden"]):not([tabindex="-1"]):not([readonly]), textarea'

/** In the form Enter goes to the next field and never sends. An open list and a composing input program keep their Enter. */
const onEnter = (event: KeyboardEvent<HTMLDivElement>): void => {
  const { target, nativeEvent } = event
  if (event.key !== 'Enter' || event.ctrlKey || event.altKey || nativeEvent.isComposing || nativeEvent.keyCode === 229) return
  if (!(target instanceof HTMLInputElement) || target.getAttribute('aria-expanded') === 'true') return
  event.preventDefault()
  event.stopPropagation()
  const inputs = [...event.currentTarget.querySelectorAll<HTMLInputElement>(stops)].filter(
    (input) => input.type !== 'radio' || input.name !== target.name || input === target,
  )
  inputs[inputs.indexOf(target) + 1]?.focus()
}

export const StepForm = ({ context, send, known, onTakeOver }: Props) => {
  const { procedure, answers, place } = context
  const day = { today: todayInVietnam(context.now()) }
  const findings = context.findings[place] ?? []
  const copies = copiesOffered(context)
  const findingsOf = (fieldId: string): Finding[] => findings.filter((finding) => finding.fields[0] === fieldId)
  const places = useMemo(() => knownPlaces(procedure, answers, known.visit), [procedure, answers, known.visit])
  return (
    <>
      <ReusePanel
        context={context}
        visit={known.visit}
        drafts={known.drafts}
        onTake={(choices) => onTakeOver({ type: 'TAKE_OVER', choices })}
      />
      {copies.length === 0 ? null : (
        <div className="message row spread">
          <p>{t`Người này đã khai ở bước trước. Lấy lại ${copies.length} ô đã khai?`}</p>
          <Button small onPress={() => send({ type: 'COPY' })}>
            {t`Lấy lại`}
          </Button>
        </div>
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only listens for Enter that bubbles out of its inputs */}
      <div className="fields" onKeyDownCapture={onEnter} onBlur={() => send({ type: 'COMMIT' })}>
        {visibleFields(procedure, place, answers, day).map((field) => (
          <ProcedureField
            key={field.id}
            field={field}
            answer={answers[field.id]}
            required={isRequired(procedure, field, answers, day)}
            findings={findingsOf(field.id)}
            places={places}
            onAnswer={(raw, chosen) => send({ type: 'ANSWER', fieldId: field.id, raw, ...chosen })}
            onKeep={(rule) => send({ type: 'KEEP_ANYWAY', rule })}
            isKept={(finding) => isKept(context, finding)}
            onUnlock={() => send({ type: 'UNLOCK', fieldId: field.id })}
          />
        ))}
      </div>
    </>
  )
}

export const HelpSide = ({ context, focused }: { context: WizardContext; focused: string | null }) => {
  const field = context.procedure.steps.flatMap((step) => step.fields).find((each) => each.id === focused)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must be reachable to be scrolled by key
    <aside className="help stack" data-region="help" aria-label={t`Trợ giúp`} tabIndex={0}>
      {field === undefined ? null : (
        <section className="card" data-testid="field-help">
          <h2>{t`Đang ở ô: ${say(field.label)}`}</h2>
          <p>
            {field.help === undefined
              ? field.hint === undefined
                ? t`Ghi đúng như giấy tờ gốc.`
                : say(field.hint)
              : say(field.help)}
          </p>
        </section>
      )}
      <section className="card">
        <h2>{t`Cần biết`}</h2>
        <ul className="help-list">
          {context.procedure.guidance.map((line) => (
            <li key={line.vi}>{say(line)}</li>
          ))}
        </ul>
      </section>
      <section className="card">
        <h2>{t`Thời hạn và lệ phí`}</h2>
        <p>{say(context.procedure.timeLimit.text)}</p>
        <p>{say(context.procedure.fee.text)}</p>
      </section>
    </aside>
  )
}
