/** Which fields are asked, which are required, which values count. A field that is not asked has no value for any condition. */
import type { Answer, Answers } from '../../contracts/dossier.ts'
import type { Field, Procedure, Step } from '../../contracts/procedure.ts'
import { holds, type Values } from './conditions.ts'
import { printedDay } from './dates.ts'
import { normalizeAnswer } from './normalise.ts'
import { fieldsOfRow, readRowKey, withRows } from './rows.ts'

export type Day = {
  /** yyyy-MM-dd */
  today: string
}

/** The form's own fields; a repeated group is one of them, without its rows. */
export const allFields = (procedure: Procedure): Field[] => procedure.steps.flatMap((step) => step.fields)

/** The form's fields and those of each row there is. */
export const fieldsWithRows = (procedure: Procedure, answers: Answers): Field[] =>
  allFields(procedure).flatMap((field) =>
    field.type === 'rows' ? withRows(field, printedValue(field, answers) || undefined) : field,
  )

const indexed = new WeakMap<Procedure, { field: Map<string, Field>; step: Map<string, Step> }>()

const indexOf = (procedure: Procedure): { field: Map<string, Field>; step: Map<string, Step> } => {
  const known = indexed.get(procedure)
  if (known !== undefined) return known
  const made = { field: new Map<string, Field>(), step: new Map<string, Step>() }
  for (const step of procedure.steps) {
    for (const field of step.fields) {
      made.field.set(field.id, field)
      made.step.set(field.id, step)
    }
  }
  indexed.set(procedure, made)
  return made
}

/** A field of the form or of a row (`members_2_name`). */
export const findField = (procedure: Procedure, fieldId: string): Field | undefined => {
  const row = readRowKey(fieldId)
  if (row === undefined) return indexOf(procedure).field.get(fieldId)
  const group = indexOf(procedure).field.get(row.group)
  if (group?.type !== 'rows' || row.number > group.max) return undefined
  return fieldsOfRow(group, row.number).find((field) => field.id === fieldId)
}

export const findStep = (procedure: Procedure, stepId: string): Step | undefined =>
  procedure.steps.find((step) => step.id === stepId)

export const stepOfField = (procedure: Procedure, fieldId: string): Step | undefined =>
  indexOf(procedure).step.get(readRowKey(fieldId)?.group ?? fieldId)

/** Of a form of 200 fields one keystroke changes one answer. Kept by identity: an answer is replaced, never written into. */
const lastPrinted = new WeakMap<Answer, { field: Field; printed: string }>()

/** Value of a field as the form prints it; empty when not given. */
export const printedValue = (field: Field, answers: Answers): string => {
  const answer = Object.hasOwn(answers, field.id) ? answers[field.id] : undefined
  if (answer === undefined) return ''
  const known = lastPrinted.get(answer)
  if (known?.field === field) return known.printed
  const printed = normalizeAnswer(field, answer.value)
  lastPrinted.set(answer, { field, printed })
  return printed
}

/** As people read it: 330.000. Conditions and comparisons take the printed value, which has no dots. */
export const shownValue = (field: Field, printed: string): string =>
  field.type === 'money' ? printed.replace(/\B(?=(\d{3})+$)/g, '.') : printed

const readValues = (procedure: Procedure, answers: Answers, today: string): Values => {
  const values: Record<string, string> = { today: printedDay(today) }
  for (const field of allFields(procedure)) {
    if (!holds(field.visibleWhen, values)) continue
    const value = printedValue(field, answers)
    if (value !== '') values[field.id] = value
    for (const own of withRows(field, values[field.id]).slice(1)) {
      const printed = holds(own.visibleWhen, values) ? printedValue(own, answers) : ''
      if (printed !== '') values[own.id] = printed
    }
  }
  return values
}

/** A check of a dossier asks for the same values a dozen times. Kept by identity: answers are replaced, never written into. */
const lastRead = new WeakMap<Answers, { procedure: Procedure; today: string; values: Values }>()

/**
 * Values of visible fields, in one pass: parsing makes sure that `visibleWhen` looks back only.
 * An empty value is absent, so that `{"!!": {"var": x}}` asks whether it was given.
 */
export const valuesOf = (procedure: Procedure, answers: Answers, { today }: Day): Values => {
  const known = lastRead.get(answers)
  if (known !== undefined && known.procedure === procedure && known.today === today) return known.values
  const values = readValues(procedure, answers, today)
  lastRead.set(answers, { procedure, today, values })
  return values
}

export const isVisible = (field: Field, values: Values): boolean => holds(field.visibleWhen, values)

/** What derives, checks and draws a form asks for the same fields at each keystroke. Kept by identity: values are read anew, never written into. */
const lastAsked = new WeakMap<Values, Map<Step, Field[]>>()

/** Asked fields of a step in the form's order, each repeated group followed by the fields of its rows. */
export const visibleFieldsOf = (step: Step, values: Values): readonly Field[] => {
  const known = lastAsked.get(values) ?? new Map<Step, Field[]>()
  const asked =
    known.get(step) ??
    step.fields
      .filter((field) => isVisible(field, values))
      .flatMap((field) => withRows(field, values[field.id]))
      .filter((field) => isVisible(field, values))
  lastAsked.set(values, known.set(step, asked))
  return asked
}

export const visibleFields = (procedure: Procedure, stepId: string, answers: Answers, day: Day): readonly Field[] => {
  const step = findStep(procedure, stepId)
  return step === undefined ? [] : visibleFieldsOf(step, valuesOf(procedure, answers, day))
}

export const isRequired = (procedure: Procedure, field: Field, answers: Answers, day: Day): boolean => {
  const values = valuesOf(procedure, answers, day)
  return isVisible(field, values) && holds(field.required, values)
}

/** What the dossier declares: visible fields with a value, in its printed form. Everything else stays on the kiosk's screen. */
export const declaredAnswers = (procedure: Procedure, answers: Answers, day: Day): Answers => {
  const values = valuesOf(procedure, answers, day)
  const declared: Answers = {}
  for (const step of procedure.steps) {
    for (const field of visibleFieldsOf(step, values)) {
      const value = values[field.id]
      const answer = answers[field.id]
      if (value !== undefined && answer !== undefined) declared[field.id] = { ...answer, value }
    }
  }
  return declared
}
