/**
 * What the gateway kept of somebody and gave back to his card, as a source beside the others: offered like what dossiers of the visit said,
 * with its own name and day.
 * Invariant: it is the card that says whose it is; of somebody whose card names no number nothing is taken.
 */
import type { CardPerson } from '../../contracts/card.ts'
import type { KeptFacts } from '../../contracts/citizen-store.ts'
import type { CardHeard, KnownPeople, KnownPerson } from '../../contracts/visit.ts'
import { learnCard } from './known-cards.ts'
import { meet } from './known-people.ts'

const learnKept = (
  known: KnownPeople,
  { personalNumber }: Pick<CardPerson, 'personalNumber'>,
  kept: KeptFacts,
  asked: { at: string; operatorId: string },
): KnownPeople => {
  if (personalNumber === undefined) return known
  const facts = Object.fromEntries(
    Object.entries(kept).flatMap(([fact, value]) => {
      if (value === undefined) return []
      const { procedureCode, source, declaredAt } = value
      const from = { procedureCode, source, at: declaredAt }
      const unit = value.unit === undefined ? {} : { unit: value.unit }
      return [[fact, [{ value: value.value, ...unit, procedureCode, provenance: { source: 'store' as const, ...asked, from } }]]]
    }),
  )
  const number: KnownPerson['facts'] = { personalNumber: [{ value: personalNumber, provenance: { source: 'store', ...asked } }] }
  return meet(known, { id: 'p1', roles: [], facts: { ...facts, ...number } }).known
}

/** A card of this visit, with what was fetched for it. */
export const learnHeard = (known: KnownPeople, { person, read, kept }: CardHeard): KnownPeople => {
  const withCard = learnCard(known, person, read)
  return kept === undefined ? withCard : learnKept(withCard, person, kept, { at: read.at, operatorId: read.operatorId })
}

/** After an erasure: nothing of what was fetched is offered any more. */
export const withoutKept = (known: KnownPeople): KnownPeople => ({
  ...known,
  people: known.people.map((person) => ({
    ...person,
    facts: Object.fromEntries(
      Object.entries(person.facts).flatMap(([fact, values]) => {
        const left = (values ?? []).filter(({ provenance }) => provenance.source !== 'store')
        return left.length === 0 ? [] : [[fact, left]]
      }),
    ),
  })),
})
