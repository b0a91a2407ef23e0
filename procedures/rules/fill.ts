/**
 * Values offered for fields: from a card that was read, and from another place of the form where the same person stands.
 * Both are offers: nothing here changes an answer, and one citizen's card never fills another's fields.
 */
import type { CardPerson } from '../../contracts/card.ts'
import type { Answers } from '../../contracts/dossier.ts'
import type { Field, Procedure } from '../../contracts/procedure.ts'
import type { FactName } from '../../contracts/procedure-field.ts'
import { holds } from './conditions.ts'
import { earliest, readDate } from './dates.ts'
import { normalizeAnswer } from './normalise.ts'
import { fieldsOfRow } from './rows.ts'
import { allFields, type Day, findField, findStep, printedValue, valuesOf, visibleFieldsOf } from './visibility.ts'

export type OfferedValue = { fieldId: string; value: string }

/** What is known of one person, from whatever source. */
export type PersonFacts = Partial<Record<FactName, string>>

/** Law on Identity 26/2023/QH15: cards issued from this day are "thẻ căn cước", by the Ministry; earlier ones "thẻ căn cước công dân". */
const identityLaw = 20240701

const paperOf = (person: CardPerson): PersonFacts => {
  const issued = readDate(person.issueDate ?? '')
  if (!issued.ok) return { paperType: 'Số định danh cá nhân' }
  return earliest(issued.value) >= identityLaw
    ? { paperType: 'Thẻ căn cước', paperIssuer: 'Bộ Công an' }
    : { paperType: 'Thẻ căn cước công dân', paperIssuer: 'Cục Cảnh sát quản lý hành chính về trật tự xã hội' }
}

/** A card's values in the forms' vocabulary. The chip's residence is the permanent one (nơi thường trú). */
export const factsOfCard = (person: CardPerson): PersonFacts => {
  const { issueDate, expiryDate, residence, ...same } = person
  const facts: Record<string, string | undefined> = {
    ...same,
    residence,
    permanentResidence: residence,
    paperIssueDate: issueDate,
    paperExpiryDate: expiryDate,
    ...paperOf(person),
  }
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined && value !== ''))
}

/** Fields that may hold facts of this person, in one row of a group when the person is `members_2`. */
export const fieldsOfPerson = (procedure: Procedure, personId: string): Field[] => {
  const [, group, number] = /^([a-z][A-Za-z0-9]*)_(\d+)$/.exec(personId) ?? []
  if (group === undefined) return allFields(procedure)
  const rows = findField(procedure, group)
  return rows?.type === 'rows' ? [...fieldsOfRow(rows, Number(number))] : []
}

export const fillFromFacts = (procedure: Procedure, personId: string, facts: PersonFacts): OfferedValue[] =>
  fieldsOfPerson(procedure, personId).flatMap((field) => {
    if (field.fact === undefined || field.fact.person !== personId) return []
    const raw = facts[field.fact.value]
    const value = raw === undefined ? '' : normalizeAnswer(field, raw)
    return value === '' ? [] : [{ fieldId: field.id, value }]
  })

export const fillFromCard = (procedure: Procedure, personId: string, person: CardPerson): OfferedValue[] =>
  procedure.persons.some(({ id, card }) => id === personId && !card)
    ? []
    : fillFromFacts(procedure, personId, factsOfCard(person))

/** What a dossier declares of each of its persons; the first field that holds a fact gives it. */
export const factsOfPerson = (procedure: Procedure, personId: string, answers: Answers, day: Day): PersonFacts => {
  const values = valuesOf(procedure, answers, day)
  const facts: PersonFacts = {}
  for (const field of fieldsOfPerson(procedure, personId)) {
    const value = values[field.id]
    if (field.fact?.person === personId && value !== undefined) facts[field.fact.value] ??= value
  }
  return facts
}

/** What may be taken over into fields of a step that are still empty, when the document says that it is the same person. */
export const offeredCopies = (procedure: Procedure, stepId: string, answers: Answers, day: Day): OfferedValue[] => {
  const step = findStep(procedure, stepId)
  const values = valuesOf(procedure, answers, day)
  const meant = procedure.samePersons.filter((same) => holds(same.when, values))
  if (step === undefined || meant.length === 0) return []
  // A field that a taken-over value would open is offered with it, so hidden ones of the same person count too.
  const fields = new Set([...step.fields, ...visibleFieldsOf(step, values)])
  const declared = new Map(meant.map((same) => [same.as, factsOfPerson(procedure, same.as, answers, day)]))
  const offers = [...fields].flatMap((field) => {
    const { fact } = field
    if (fact === undefined || printedValue(field, answers) !== '') return []
    const source = meant.find((same) => same.person === fact.person)
    const known = source === undefined ? undefined : declared.get(source.as)?.[fact.value]
    return known === undefined ? [] : [{ fieldId: field.id, value: normalizeAnswer(field, known) }]
  })
  const taken = Object.fromEntries(offers.map(({ fieldId, value }) => [fieldId, value]))
  const asked = new Set(visibleFieldsOf(step, { ...values, ...taken }).map(({ id }) => id))
  return offers.filter(({ fieldId }) => asked.has(fieldId))
}
