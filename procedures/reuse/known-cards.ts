/**
 * What a card that was read in this visit says: of its holder everything the chip holds, also what the form at hand does not ask, and of the
 * holder's parents and spouse their names alone. The next form of the visit may ask more than the first.
 *
 * Invariants: nothing of a relative but the name is ever known by another's card; a value taken from here is the card's, with its proof.
 */
import type { CardPerson } from '../../contracts/card.ts'
import type { Provenance } from '../../contracts/dossier.ts'
import type { FactName } from '../../contracts/procedure-field.ts'
import type { KnownPeople, KnownPerson, KnownValue } from '../../contracts/visit.ts'
import { factsOfCard } from '../rules/index.ts'
import { meet } from './known-people.ts'

const relatives = { motherName: 'mother', fatherName: 'father', spouseName: 'spouse' } as const

/** `read` is where the values come from: chip or printed code, when, by whom, and what the chip rests on. */
export const learnCard = (known: KnownPeople, card: CardPerson, read: Provenance): KnownPeople => {
  const valuesOf = (value: string): KnownValue[] => [{ value, provenance: read }]
  const { source, at, operatorId, chip } = read
  const from = { source, at, ...(chip === undefined ? {} : { chip }) }
  const ofRelative = (value: string): KnownValue[] => [{ value, provenance: { source: 'derived', at, operatorId, from } }]
  const facts = factsOfCard(card)
  if (facts.fullName === undefined && facts.personalNumber === undefined) return known
  const holder: KnownPerson = {
    id: 'p1',
    roles: [],
    facts: Object.fromEntries(Object.entries(facts).map(([fact, value]) => [fact, valuesOf(value)])),
  }
  let met = meet(known, holder)
  const own = met.id
  for (const [fact, relation] of Object.entries(relatives)) {
    const name = facts[fact as FactName]
    if (name === undefined) continue
    const isAlready = met.known.kin.some((kin) => kin.of === own && kin.relation === relation)
    if (isAlready) continue
    const relative = meet(met.known, { id: 'p1', roles: [], facts: { fullName: ofRelative(name) } })
    const kin = [{ person: relative.id, relation, of: own }]
    if (relation === 'spouse') kin.push({ person: own, relation, of: relative.id })
    met = { id: own, known: { ...relative.known, kin: [...relative.known.kin, ...kin] } }
  }
  return met.known
}
