/**
 * Values offered for fields: from a card that was read, and from another place of the form where the same person stands.
 * Both are offers: nothing here changes an answer, and one citizen's card never fills another's fields.
 */
import { CardPerson } from '../../contracts/card.ts'
import type { Answers } from '../../contracts/dossier.ts'
import type { Procedure } from '../../contracts/procedure.ts'
import { holds } from './conditions.ts'
import { earliest, readDate } from './dates.ts'
import { normalizeAnswer } from './normalise.ts'
import { allFields, type Day, findField, findStep, printedValue, valuesOf } from './visibility.ts'

export type OfferedValue = { fieldId: string; value: string }

/** Law on Identity 26/2023/QH15: cards issued from this day are "thẻ căn cước", by the Ministry; earlier ones "thẻ căn cước công dân". */
const identityLaw = 20240701

/** What a document may name as `fill.value`: what a card holds, and two things that follow from it. */
export const fillableValues: ReadonlySet<string> = new Set([...Object.keys(CardPerson.shape), 'paperType', 'issuingAuthority'])

const paperOf = (person: CardPerson): { paperType: string; issuingAuthority?: string } => {
  const issued = readDate(person.issueDate ?? '')
  if (!issued.ok) return { paperType: 'Số định danh cá nhân' }
  return earliest(issued.value) >= identityLaw
    ? { paperType: 'Thẻ căn cước', issuingAuthority: 'Bộ Công an' }
    : { paperType: 'Thẻ căn cước công dân', issuingAuthority: 'Cục Cảnh sát quản lý hành chính về trật tự xã hội' }
}

export const fillFromCard = (procedure: Procedure, personId: string, person: CardPerson): OfferedValue[] => {
  const readings: Record<string, string | undefined> = { ...person, ...paperOf(person) }
  return allFields(procedure).flatMap((field) => {
    if (field.fill === undefined || field.fill.person !== personId) return []
    const raw = readings[field.fill.value]
    const value = raw === undefined ? '' : normalizeAnswer(field, raw)
    return value === '' ? [] : [{ fieldId: field.id, value }]
  })
}

/** What may be taken over into a step whose own fields are still empty, when the document says it is the same person. */
export const offeredCopies = (procedure: Procedure, stepId: string, answers: Answers, day: Day): OfferedValue[] => {
  const values = valuesOf(procedure, answers, day)
  return (findStep(procedure, stepId)?.fields ?? []).flatMap((field) => {
    if (field.copyFrom === undefined || !holds(field.copyFrom.when, values) || printedValue(field, answers) !== '') return []
    const source = findField(procedure, field.copyFrom.field)
    const value = source === undefined ? undefined : values[source.id]
    return value === undefined ? [] : [{ fieldId: field.id, value: normalizeAnswer(field, value) }]
  })
}
