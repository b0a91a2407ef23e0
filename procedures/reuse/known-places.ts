/** Places this dossier and this visit have named: what a place that is being typed may be completed with. Chosen by the clerk, never put. */
import type { Answers } from '../../contracts/dossier.ts'
import type { Procedure } from '../../contracts/procedure.ts'
import type { FactName } from '../../contracts/procedure-field.ts'
import type { KnownPeople } from '../../contracts/visit.ts'
import { fieldsWithRows, printedValue } from '../rules/index.ts'

const placeFacts: readonly FactName[] = [
  'residence',
  'permanentResidence',
  'temporaryResidence',
  'currentResidence',
  'lastResidence',
  'placeOfOrigin',
  'birthPlace',
  'birthRegistrationPlace',
]

const namesAUnit = /(?:^|[\s,])(?:xã|phường|thị trấn|đặc khu|tỉnh|thành phố)\s/iu

export const isPlaceField = (type: string): boolean => type === 'address' || type === 'unit' || type === 'text'

export const knownPlaces = (procedure: Procedure, answers: Answers, known: KnownPeople, except?: string): string[] => {
  const here = fieldsWithRows(procedure, answers).flatMap((field) => {
    const value = field.id !== except && isPlaceField(field.type) ? printedValue(field, answers) : ''
    return namesAUnit.test(value) ? [value] : []
  })
  const ofPeople = known.people.flatMap((person) =>
    placeFacts.flatMap((fact) => (person.facts[fact] ?? []).map(({ value }) => value)),
  )
  const ofLatest = Object.values(known.latest).flatMap(({ values }) => Object.values(values).map(({ value }) => value))
  return [...new Set([...here, ...ofPeople, ...ofLatest.filter((value) => namesAUnit.test(value))])]
}
