import { t } from '@lingui/core/macro'
import { type KeyboardEvent, memo, useMemo } from 'react'
import type { Field, Finding } from '../../contracts/procedure.ts'
import type { KnownPeople } from '../../contracts/visit.ts'
import { knownPlaces } from '../../procedures/reuse/known-places.ts'
import {
  feeOf,
  findField,
  isRequired,
  readRowKey,
  rowCount,
  todayInVietnam,
  visibleFields,
} from '../../procedures/rules/index.ts'
import { ProcedureField } from '../fields/procedure-field.tsx'
import { say } from '../locales/locale.ts'
import { Button } from '../ui/button.tsx'
import { FixedFields } from './correction/fixed-fields.tsx'
import { DeadlineLines } from './deadline-lines.tsx'
import { fieldActs } from './field-acts.ts'
import { copiesOffered, isFixed, isKept, type WizardContext } from './machine/wizard-context.ts'
import type { WizardEvent } from './machine/wizard-machine.ts'
import { ReusePanel } from './reuse-panel.tsx'
import { RowGroup } from './row-group.tsx'

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
  const acts = useMemo(() => fieldActs(send), [send])
  const { procedure, answers, place } = context
  const day = { today: todayInVietnam(context.now()) }
  const findings = context.findings[place] ?? []
  const copies = copiesOffered(context)
  const findingsOf = (fieldId: string): Finding[] => findings.filter((finding) => finding.fields[0] === fieldId)
  const places = useMemo(() => knownPlaces(procedure, answers, known.visit), [procedure, answers, known.visit])
  const visible = visibleFields(procedure, place, answers, day)
  const asked = visible.filter(({ id }) => !isFixed(context, id))
  const nameInRow = (group: string, number: number): string => {
    const field = asked.find((own) => {
      const key = readRowKey(own.id)
      return key?.group === group && key.number === number && own.type === 'name'
    })
    return field === undefined ? '' : (answers[field.id]?.value ?? '')
  }
  const control = (field: Field) => (
    <ProcedureField
      key={field.id}
      field={field}
      answer={answers[field.id]}
      required={isRequired(procedure, field, answers, day)}
      findings={findingsOf(field.id)}
      places={places}
      pointPlace={context.pointPlace}
      isKept={(finding) => isKept(context, finding)}
      {...acts(field.id)}
    />
  )
  return (
    <>
      <DeadlineLines procedure={procedure} answers={answers} now={context.now()} />
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
      <FixedFields fields={visible.filter(({ id }) => isFixed(context, id))} answers={answers} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only listens for Enter that bubbles out of its inputs */}
      <div className="fields" onKeyDownCapture={onEnter} onBlur={() => send({ type: 'COMMIT' })}>
        {asked
          .filter((field) => readRowKey(field.id) === undefined)
          .map((field) =>
            field.type === 'rows' ? (
              <RowGroup
                key={field.id}
                group={field}
                count={rowCount(field, answers[field.id]?.value)}
                required={isRequired(procedure, field, answers, day)}
                findings={findingsOf(field.id)}
                nameOf={(number) => nameInRow(field.id, number)}
                row={(number) =>
                  asked
                    .filter((own) => {
                      const key = readRowKey(own.id)
                      return key?.group === field.id && key.number === number
                    })
                    .map(control)
                }
                onAdd={() => send({ type: 'ADD_ROW', group: field.id })}
                onArrange={(order) => send({ type: 'ARRANGE_ROWS', group: field.id, order })}
              />
            ) : (
              control(field)
            ),
          )}
      </div>
    </>
  )
}

type Fee = ReturnType<typeof feeOf>['lines'][number]

/** What it costs as declared so far, where the amounts are known. */
const knownFees = (context: WizardContext): Fee[] =>
  feeOf(context.procedure, context.answers, { today: todayInVietnam(context.now()), channel: 'online' }).lines.filter(
    (line) => line.amount !== undefined,
  )

const FeeLines = ({ lines }: { lines: readonly Fee[] }) =>
  lines.length === 0 ? null : (
    <ul className="help-list">
      {lines.map((line) => (
        <li key={line.id}>
          {say(line.label)}:{' '}
          {line.exempt === undefined
            ? t`${((line.amount ?? 0) * line.count).toLocaleString('vi')} đ nộp trực tuyến`
            : say(line.exempt)}
        </li>
      ))}
    </ul>
  )

type HelpProps = { context: WizardContext; focused: string | null }

/** It says only which field has the focus, what the document says and what it costs. */
const helpsTheSame = (before: HelpProps, after: HelpProps): boolean =>
  before.focused === after.focused &&
  before.context.procedure === after.context.procedure &&
  JSON.stringify(knownFees(before.context)) === JSON.stringify(knownFees(after.context))

export const HelpSide = memo(({ context, focused }: HelpProps) => {
  const field = focused === null ? undefined : findField(context.procedure, focused)
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
      {context.procedure.guidance.length === 0 ? null : (
        <section className="card">
          <h2>{t`Cần biết`}</h2>
          <ul className="help-list">
            {context.procedure.guidance.map((line) => (
              <li key={line.vi}>{say(line)}</li>
            ))}
          </ul>
        </section>
      )}
      <section className="card">
        <h2>{t`Thời hạn và lệ phí`}</h2>
        <p>{say(context.procedure.timeLimit.text)}</p>
        <p>{say(context.procedure.fee.text)}</p>
        <FeeLines lines={knownFees(context)} />
        {context.procedure.deadlines.map((deadline) => (
          <p key={deadline.id}>
            {say(deadline.label)}. {say(deadline.otherWay)}
          </p>
        ))}
      </section>
    </aside>
  )
}, helpsTheSame)
