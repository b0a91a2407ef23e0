/**
 * What of a dossier the gateway may keep for somebody who consented: facts of that person, and of those only what saves typing and harms
 * least.
 *
 * Invariants: nothing of anybody else, so no relative's name and nobody's marriage; nothing that the law calls sensitive (religion, origin,
 * marks of the body, health, bank accounts); nothing that the chip says at the same counter anyway (name, number, birth, sex); no paper and
 * no signature; nothing that nobody said, such as a form's own proposal.
 */
import type { KeptFacts, KeptValue } from '../../contracts/citizen-store.ts'
import type { Dossier, ValueSource } from '../../contracts/dossier.ts'
import type { Procedure } from '../../contracts/procedure.ts'
import type { FactName } from '../../contracts/procedure-field.ts'
import type { KnownValue } from '../../contracts/visit.ts'
import { type Day, isSpecimenNumber, personsWhoKeep } from '../rules/index.ts'
import { factsOf, learn, nobody } from './known-people.ts'

/** A list of what may be kept, not of what may not: a fact that is new tomorrow is not kept until somebody has thought about it. */
export const keepable: readonly FactName[] = [
  'otherName',
  'birthPlace',
  'birthRegistrationPlace',
  'residence',
  'permanentResidence',
  'temporaryResidence',
  'currentResidence',
  'phone',
  'email',
  'occupation',
  'workplace',
  'education',
  'socialInsuranceNumber',
  'householdNumber',
]

const said: ReadonlySet<ValueSource> = new Set(['card', 'qr', 'dossier', 'store', 'list', 'typed', 'typed-over-card'])

const asKept = (procedure: Procedure, { value, unit, provenance, procedureCode }: KnownValue): KeptValue[] => {
  const isSaid = said.has(provenance.source) || (provenance.source === 'proposed' && provenance.confirmed === true)
  if (!isSaid) return []
  const { source, at } = provenance.from ?? provenance
  return [
    {
      value,
      ...(unit === undefined ? {} : { unit }),
      procedureCode: procedureCode ?? procedure.code,
      source,
      declaredAt: at,
    },
  ]
}

/** By personal number. */
export const factsToKeep = (
  procedure: Procedure,
  dossier: Pick<Dossier, 'answers' | 'consents' | 'training'>,
  day: Day,
): Map<string, KeptFacts> => {
  const { people } = learn(nobody, procedure, dossier.answers, day)
  const kept = new Map<string, KeptFacts>()
  for (const personId of personsWhoKeep(procedure, dossier, day)) {
    const person = people.find(({ roles }) => roles.includes(personId))
    const number = person && factsOf(person).personalNumber
    // Training says nothing of real people, and nothing real of specimens.
    if (person === undefined || number === undefined || isSpecimenNumber(number) !== dossier.training) continue
    const facts = keepable.flatMap((fact) => {
      const [value] = (person.facts[fact] ?? []).flatMap((known) => asKept(procedure, known))
      return value === undefined ? [] : [[fact, value] as const]
    })
    kept.set(number, Object.fromEntries(facts))
  }
  return kept
}
