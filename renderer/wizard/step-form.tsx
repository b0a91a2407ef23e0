import { t } from '@lingui/core/macro'
import { type KeyboardEvent, memo, useMemo } from 'react'
import type { Field, Finding } from '../../contracts/procedure.ts'
import type { KnownPeople } from '../../contracts/visit.ts'
import { knownPlaces } from '../../procedures/reuse/known-places.ts'
import {
  findStep,
  isRequired,
  personOfRow,
  readRowKey,
  rowCount,
  todayInVietnam,
  visibleFields,
} from '../../procedures/rules/index.ts'
import type { FieldProps } from '../fields/field-frame.tsx'
import { Button } from '../ui/button.tsx'
import { FixedFields } from './correction/fixed-fields.tsx'
import { DeadlineLines } from './deadline-lines.tsx'
import { fieldActs } from './field-acts.ts'
import { FormSection } from './form-section.tsx'
import { sectionsOf } from './form-sections.ts'
import type { Typed } from './letters.ts'
import { copiesOffered, isFixed, isKept, type WizardContext } from './machine/wizard-context.ts'
import type { WizardEvent } from './machine/wizard-machine.ts'
import { ReusePanel } from './reuse-panel.tsx'
import { RowGroup } from './row-group.tsx'

type Props = {
  context: WizardContext
  send: (event: WizardEvent) => void
  type: (typed: Typed) => void
  known: { visit: KnownPeople; drafts: KnownPeople }
  onTakeOver: (event: Extract<WizardEvent, { type: 'TAKE_OVER' }>) => void
}

const nothing: Finding[] = []

const grouped = <T,>(list: readonly T[], keyOf: (each: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>()
  for (const each of list) {
    const key = keyOf(each)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [each])
    else group.push(each)
  }
  return groups
}

const stops = 'input:not([type="hidden"]):not([tabindex="-1"]):not([readonly])'

/** In the form Enter goes to the next field and never sends. A list keeps the Enter that is its own, and so does a composing input program. */
const onEnter = (event: KeyboardEvent<HTMLDivElement>): void => {
  const { target, nativeEvent } = event
  if (event.key !== 'Enter' || event.ctrlKey || event.altKey || nativeEvent.isComposing || nativeEvent.keyCode === 229) return
  const isRadio = target instanceof HTMLInputElement && target.type === 'radio'
  if (!(target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement)) return
  event.preventDefault()
  const isNext = (input: HTMLInputElement): boolean =>
    (target.compareDocumentPosition(input) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0 &&
    !(isRadio && input.type === 'radio' && input.name === target.name)
  Array.from(event.currentTarget.querySelectorAll<HTMLInputElement>(stops)).find(isNext)?.focus()
}

export const StepForm = memo(({ context, send, type, known, onTakeOver }: Props) => {
  const acts = useMemo(() => fieldActs(send, type), [send, type])
  const { procedure, answers, place } = context
  const day = { today: todayInVietnam(context.now()) }
  const findings = context.findings[place]
  const copies = copiesOffered(context)
  const byField = useMemo(() => grouped(findings ?? [], (finding) => finding.fields[0] ?? ''), [findings])
  const findingsOf = (fieldId: string): Finding[] => byField.get(fieldId) ?? nothing
  const places = useMemo(() => knownPlaces(procedure, answers, known.visit), [procedure, answers, known.visit])
  const sections = useMemo(() => sectionsOf(findStep(procedure, place)?.fields ?? []), [procedure, place])
  const visible = visibleFields(procedure, place, answers, day)
  const asked = visible.filter(({ id }) => !isFixed(context, id))
  const rows = grouped(asked, ({ id }) => {
    const key = readRowKey(id)
    return key === undefined ? '' : personOfRow(key.group, key.number)
  })
  const alone = new Set(rows.get(''))
  const inRow = (group: string, number: number): Field[] => rows.get(personOfRow(group, number)) ?? []
  const nameInRow = (group: string, number: number): string => {
    const field = inRow(group, number).find(({ type }) => type === 'name')
    return field === undefined ? '' : (answers[field.id]?.value ?? '')
  }
  const propsOf = (field: Field): FieldProps => ({
    field,
    answer: answers[field.id],
    required: isRequired(procedure, field, answers, day),
    findings: findingsOf(field.id),
    places,
    pointPlace: context.pointPlace,
    isKept: (finding) => isKept(context, finding),
    ...acts(field.id),
  })
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
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only listens for Enter that bubbles out of its inputs */}
      <div className="sections" onKeyDown={onEnter} onBlur={() => send({ type: 'COMMIT' })}>
        {sections.map((section) => {
          const fields = section.filter((field) => alone.has(field))
          const [first] = fields
          if (first === undefined) return null
          return first.type === 'rows' ? (
            <RowGroup
              key={first.id}
              group={first}
              count={rowCount(first, answers[first.id]?.value)}
              required={isRequired(procedure, first, answers, day)}
              findings={findingsOf(first.id)}
              nameOf={(number) => nameInRow(first.id, number)}
              row={(number) => <FormSection fields={inRow(first.id, number).map(propsOf)} />}
              onAdd={() => send({ type: 'ADD_ROW', group: first.id })}
              onArrange={(order) => send({ type: 'ARRANGE_ROWS', group: first.id, order })}
            />
          ) : (
            <FormSection key={section[0]?.id} fields={fields.map(propsOf)} />
          )
        })}
      </div>
      <FixedFields procedure={procedure} fields={visible.filter(({ id }) => isFixed(context, id))} answers={answers} />
    </>
  )
})
