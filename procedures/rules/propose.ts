/**
 * What a form proposes for a field that nobody has filled in: a document's own expression over the other answers and the commune the point
 * stands in. A proposal is shown as one, follows what it was made of, and ends with the first word of the clerk; review confirms it.
 */
import type { Answers, Provenance } from '../../contracts/dossier.ts'
import type { Field } from '../../contracts/procedure.ts'
import { textOf, type Values } from './conditions.ts'
import { normalizeAnswer } from './normalise.ts'

export type Proposal = { value: string; basis: NonNullable<Provenance['basis']> }

/** `newAddress_former`: the older name by which the place was found, as the paper at hand has it. */
const formerNames = (answers: Answers): Values =>
  Object.fromEntries(
    Object.entries(answers).flatMap(([id, { unit }]) => (unit?.former === undefined ? [] : [[`${id}_former`, unit.former]])),
  )

/** Undefined for a field for which its form proposes nothing; empty while what it is made of is not there. */
export const proposalFor = (
  field: Field,
  values: Values,
  pointPlace: string | undefined,
  answers: Answers = {},
): Proposal | undefined => {
  if (field.proposed === undefined) return undefined
  const { proposed } = field
  const read = (from: Values): string => normalizeAnswer(field, textOf(proposed, from))
  const known: Values = { ...values, ...formerNames(answers) }
  const withoutPoint = read(known)
  const value = pointPlace === undefined ? withoutPoint : read({ ...known, point: pointPlace })
  return { value, basis: value === withoutPoint ? 'answers' : 'point' }
}
