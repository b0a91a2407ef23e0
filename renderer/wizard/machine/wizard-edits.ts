/**
 * Everything that changes what the wizard knows. Every function is pure but for the clock in its context.
 *
 * Invariants: an answer keeps its provenance until its value changes; a doubt that was kept falls with the values it was kept
 * for; derived answers follow their source; findings shown always belong to the answers shown.
 */
import type { Answer, Answers, ConfirmedWarning, Consent, Provenance, UnitCodes } from '../../../contracts/dossier.ts'
import type { Field } from '../../../contracts/procedure.ts'
import { type OfferedChoice, takenOver } from '../../../procedures/reuse/offers.ts'
import {
  addRow,
  arrangeRows,
  cutAt,
  type Day,
  derivedValue,
  fieldsWithRows,
  findField,
  maxAnswerLength,
  type OfferedValue,
  printedValue,
  proposalFor,
  readRowKey,
  rulesWithRows,
  valuesOf,
  visibleFields,
  withWholeYear,
} from '../../../procedures/rules/index.ts'
import { isLocked } from '../../fields/lock.ts'
import {
  askedConsents,
  copiesOffered,
  dayOf,
  findingsOf,
  isFixed,
  isKept,
  placesOf,
  type WizardContext,
} from './wizard-context.ts'

const withAll = (list: readonly string[], added: readonly string[]): string[] => [...new Set([...list, ...added])]

/** Where a value comes from; of a chip with what it rests on. */
export type ValueOrigin = Pick<Provenance, 'source' | 'chip' | 'basis'>

/** Chip and printed code are the state's word, also through another dossier; what is typed over them is said beside it. */
const overridden = (known: Answer | undefined): Provenance['over'] => {
  if (known === undefined) return undefined
  const { source, at, over, from } = known.provenance
  const first = source === 'dossier' && from !== undefined ? from : { source, at }
  return first.source === 'card' || first.source === 'qr' ? { source: first.source, value: known.value, at: first.at } : over
}

const provenanceOf = (context: WizardContext, known: Answer | undefined, value: string, origin: ValueOrigin): Provenance => {
  const by = { at: context.now().toISOString(), operatorId: context.operatorId }
  const byHand = origin.source === 'typed' || origin.source === 'list'
  const over = byHand ? overridden(known) : undefined
  const said = over === undefined || over.value === value ? {} : { over }
  // Once opened on purpose, a chip's value stays one that was typed over, with what the chip's rested on.
  if (known?.provenance.source === 'typed-over-card' && byHand) {
    return { source: known.provenance.source, chip: known.provenance.chip, ...by, ...said }
  }
  return { ...origin, ...by, ...said }
}

const put = (context: WizardContext, fieldId: string, value: string, origin: ValueOrigin, unit?: UnitCodes): WizardContext => {
  const known = context.answers[fieldId]
  const same = known !== undefined && known.value === value && JSON.stringify(known.unit) === JSON.stringify(unit)
  // The same value again changes nothing, unless the chip now vouches for it, or the list it was typed from.
  const vouched = origin.source === 'card' || (origin.source === 'list' && known?.provenance.source === 'typed')
  if (same && !vouched) return context
  const provenance = provenanceOf(context, known, value, origin)
  return putAnswer(context, fieldId, { value, provenance, ...(unit === undefined ? {} : { unit }) })
}

const putAnswer = (context: WizardContext, fieldId: string, answer: Answer): WizardContext => {
  if (isFixed(context, fieldId)) return context
  // A row's answer also changes what is said of its group.
  const touched = [fieldId, readRowKey(fieldId)?.group]
  const fallen = new Set(
    rulesWithRows(context.procedure, valuesOf(context.procedure, context.answers, dayOf(context)))
      .filter((rule) => rule.fields.some((field) => touched.includes(field)))
      .map((rule) => rule.id),
  )
  return {
    ...context,
    answers: { ...context.answers, [fieldId]: answer },
    confirmedWarnings: context.confirmedWarnings.filter((kept) => !fallen.has(kept.rule)),
  }
}

/** What the form proposes, as long as nobody has said anything else. */
const propose = (context: WizardContext, field: Field, day: Day): WizardContext => {
  const known = context.answers[field.id]
  if (known !== undefined && known.provenance.source !== 'proposed') return context
  const values = valuesOf(context.procedure, context.answers, day)
  const proposal = proposalFor(field, values, context.pointPlace, context.answers)
  if (proposal === undefined || proposal.value === (known?.value ?? '')) return context
  return put(context, field.id, proposal.value, { source: 'proposed', basis: proposal.basis })
}

/** Initial values, proposals, words of dates, sentences made of answers, for the steps the clerk has seen. */
const derive = (context: WizardContext): WizardContext => {
  const day = dayOf(context)
  let next = context
  for (const stepId of context.visited) {
    for (const field of visibleFields(next.procedure, stepId, next.answers, day)) {
      const derived = derivedValue(field, valuesOf(next.procedure, next.answers, day))
      const initial = field.type === 'rows' ? (field.initial ?? String(field.min)) : field.initial
      if (derived !== undefined) {
        if (derived !== '' || next.answers[field.id] !== undefined) next = put(next, field.id, derived, { source: 'derived' })
      } else if (initial !== undefined && next.answers[field.id] === undefined) {
        next = put(next, field.id, initial, { source: 'initial' })
      } else {
        next = propose(next, field, day)
      }
    }
  }
  return next
}

/** Findings that say the same stay the same object: most keystrokes change none, and what shows them need not be drawn again. */
const findingsAfter = (before: WizardContext['findings'], context: WizardContext): WizardContext['findings'] => {
  const now = Object.fromEntries(
    context.checked.map((place) => {
      const [known, found] = [before[place], findingsOf(context, place)]
      return [place, known !== undefined && JSON.stringify(known) === JSON.stringify(found) ? known : found]
    }),
  )
  const places = Object.keys(now)
  return places.length === Object.keys(before).length && places.every((place) => now[place] === before[place]) ? before : now
}

/** Brings everything that follows from the answers up to date. */
export const settle = (context: WizardContext): WizardContext => {
  const derived = derive(context)
  return { ...derived, findings: findingsAfter(derived.findings, derived) }
}

/** While a clerk types, the text stays as typed: only NFC, nothing trimmed under the cursor. */
export const answer = (
  context: WizardContext,
  fieldId: string,
  raw: string,
  { source, unit }: { source: 'typed' | 'list'; unit?: UnitCodes | undefined } = { source: 'typed' },
): WizardContext =>
  findField(context.procedure, fieldId) === undefined || isLocked(context.answers[fieldId])
    ? context
    : settle(put(context, fieldId, cutAt(raw.normalize('NFC'), maxAnswerLength), { source }, unit))

/** What other dossiers said of the same people: exactly the choices the clerk made. The chip's own word in this dossier stays. */
export const takeOver = (
  context: WizardContext,
  choices: readonly { fieldId: string; choice: OfferedChoice }[],
): WizardContext => {
  const by = { at: context.now().toISOString(), operatorId: context.operatorId }
  return settle(
    choices
      .filter(({ fieldId }) => findField(context.procedure, fieldId) !== undefined && !isLocked(context.answers[fieldId]))
      .reduce((next, { fieldId, choice }) => putAnswer(next, fieldId, takenOver(choice, by)), context),
  )
}

/** The deliberate act before a chip's value may be changed: it is recorded, whatever is typed then. */
export const unlock = (context: WizardContext, fieldId: string): WizardContext => {
  const known = context.answers[fieldId]
  if (known === undefined || !isLocked(known) || isFixed(context, fieldId)) return context
  const provenance: Provenance = {
    ...known.provenance,
    source: 'typed-over-card',
    over: { source: 'card', value: known.value, at: known.provenance.at },
    at: context.now().toISOString(),
    operatorId: context.operatorId,
  }
  return settle({ ...context, answers: { ...context.answers, [fieldId]: { ...known, provenance } } })
}

const stampOf = (context: WizardContext): Provenance => ({
  source: 'typed',
  at: context.now().toISOString(),
  operatorId: context.operatorId,
})

/** Doubts kept about rows fall when rows move: they were kept for the row that stood there. */
const withoutKeptRows = (context: WizardContext, answers: Answers): WizardContext =>
  settle({ ...context, answers, confirmedWarnings: context.confirmedWarnings.filter((kept) => !/_\d+$/.test(kept.rule)) })

export const withRow = (context: WizardContext, group: string): WizardContext =>
  isFixed(context, group)
    ? context
    : settle({ ...context, answers: addRow(context.procedure, context.answers, group, stampOf(context)) })

export const withRowsArranged = (context: WizardContext, group: string, order: readonly number[]): WizardContext =>
  isFixed(context, group)
    ? context
    : withoutKeptRows(context, arrangeRows(context.procedure, context.answers, group, order, stampOf(context)))

/** Values the clerk ticked, from a chip or a card's QR. */
export const fill = (context: WizardContext, values: readonly OfferedValue[], origin: ValueOrigin): WizardContext =>
  settle(
    values
      .filter(({ fieldId }) => findField(context.procedure, fieldId) !== undefined)
      .reduce((next, { fieldId, value }) => put(next, fieldId, value, origin), context),
  )

/** What the same person already declared at another place, asked for by the clerk. */
export const copy = (context: WizardContext): WizardContext =>
  settle(copiesOffered(context).reduce((next, { fieldId, value }) => put(next, fieldId, value, { source: 'derived' }), context))

/** A date a clerk typed with two digits of its year. */
const wholeYearOf = (context: WizardContext, field: Field): string | undefined => {
  const known = context.answers[field.id]
  if (field.type !== 'date' || known === undefined || known.value === '') return undefined
  const whole = withWholeYear(known.value, { ...dayOf(context), future: field.future })
  return whole === known.value ? undefined : whole
}

/** Answers in the form's notation; where they came from does not change by that. */
export const commit = (context: WizardContext): WizardContext => {
  const answers: Answers = { ...context.answers }
  for (const field of fieldsWithRows(context.procedure, context.answers)) {
    const known = answers[field.id]
    if (known === undefined) continue
    const value = isFixed(context, field.id) ? known.value : (wholeYearOf(context, field) ?? printedValue(field, context.answers))
    // An answer that stays stays the same object: what is kept for it and drawn of it holds.
    if (value !== known.value) answers[field.id] = { ...known, value }
  }
  return settle({ ...context, answers })
}

export const enter = (context: WizardContext, place: string): WizardContext =>
  settle({
    ...context,
    place,
    visited: withAll(context.visited, [place]),
    // On review everything is looked at, so a doubt or a gap that a later change opened is seen there.
    checked:
      place === 'review'
        ? withAll(
            context.checked,
            placesOf(context.procedure).filter((other) => other !== 'review'),
          )
        : context.checked,
    returnToReview: place === 'review' ? false : context.returnToReview,
  })

export const check = (context: WizardContext, place: string): WizardContext =>
  settle({ ...context, checked: withAll(context.checked, [place]) })

export const consent = (context: WizardContext, id: string, given: boolean): WizardContext => {
  const asked = askedConsents(context).find((candidate) => candidate.id === id)
  if (asked === undefined) return context
  const said: Consent = { id, purpose: asked.purpose, given, at: context.now().toISOString() }
  return settle({ ...context, consents: [...context.consents.filter((known) => known.id !== id), said] })
}

/** Whoever finishes has read the proposals on review, and says that they are right. */
export const confirmProposals = (context: WizardContext): WizardContext => {
  const by = { at: context.now().toISOString(), operatorId: context.operatorId, confirmed: true }
  return {
    ...context,
    answers: Object.fromEntries(
      Object.entries(context.answers).map(([id, answer]) => [
        id,
        answer.provenance.source === 'proposed' ? { ...answer, provenance: { ...answer.provenance, ...by } } : answer,
      ]),
    ),
  }
}

/** A purpose nobody ticked is recorded as not given. */
export const closeConsents = (context: WizardContext): WizardContext =>
  askedConsents(context)
    .filter((asked) => !context.consents.some((known) => known.id === asked.id))
    .reduce((next, asked) => consent(next, asked.id, false), context)

export const keepAnyway = (context: WizardContext, ruleId: string): WizardContext => {
  const open = placesOf(context.procedure).flatMap((place) => context.findings[place] ?? [])
  const doubt = open.find((finding) => finding.rule === ruleId && finding.severity === 'warning')
  if (doubt === undefined || isKept(context, doubt)) return context
  const kept: ConfirmedWarning = { rule: ruleId, at: context.now().toISOString(), operatorId: context.operatorId }
  return { ...context, confirmedWarnings: [...context.confirmedWarnings, kept] }
}
