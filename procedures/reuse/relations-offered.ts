/** Relations of a step which an earlier dossier or a card has said already, offered with the step's other fields. */
import type { Answers } from '../../contracts/dossier.ts'
import type { Procedure } from '../../contracts/procedure.ts'
import type { KnownPeople, KnownPerson } from '../../contracts/visit.ts'
import { type Day, factsOfPerson, type PersonFacts, printedValue, visibleFields } from '../rules/index.ts'
import { factsOf } from './known-people.ts'
import type { FieldOffer } from './offers.ts'
import { type Relative, wordOfKin } from './relation-words.ts'
import { compareIdentity } from './same-citizen.ts'

/** By a relative's card only the name is known; taken over from there, it stands in both places. */
const isSameName = (facts: PersonFacts, known: PersonFacts): boolean =>
  Object.keys(known).join() === 'fullName' && facts.fullName !== undefined && facts.fullName === known.fullName

/** Relations of a step that are known already: both people stand in this dossier, and an earlier one said how they are related. */
export const offeredRelations = (
  procedure: Procedure,
  stepId: string,
  known: KnownPeople,
  answers: Answers,
  day: Day,
): FieldOffer[] =>
  visibleFields(procedure, stepId, answers, day).flatMap((field): FieldOffer[] => {
    if (field.relation === undefined || field.type !== 'listed' || printedValue(field, answers) !== '') return []
    const find = (personId: string): (Relative & { person: KnownPerson }) | undefined => {
      const facts = factsOfPerson(procedure, personId, answers, day)
      const person = known.people.find(
        (each) => compareIdentity(facts, factsOf(each)) === 'same' || isSameName(facts, factsOf(each)),
      )
      return person === undefined ? undefined : { id: person.id, facts: { ...factsOf(person), ...facts }, person }
    }
    const of = find(field.relation.of)
    const to = find(field.relation.to)
    if (of === undefined || to === undefined || of.id === to.id) return []
    const value = wordOfKin(known.kin, of, to, field.list)
    const first = Object.values(of.person.facts)[0]?.[0]
    if (value === undefined || first === undefined) return []
    const { at, operatorId } = first.provenance
    const { procedureCode } = first
    const said = { value, provenance: { source: 'derived' as const, at, operatorId } }
    return [{ fieldId: field.id, choices: [{ value, known: procedureCode === undefined ? said : { ...said, procedureCode } }] }]
  })
