/** Who is asked about in a step: the likely ones, at most as many as there are keys. What the screen shows and what is counted is this. */
import type { Answers } from '../../contracts/dossier.ts'
import type { Procedure } from '../../contracts/procedure.ts'
import type { KnownPeople } from '../../contracts/visit.ts'
import { type Day, factsOfPerson, groupOfPerson, visibleFields } from '../rules/index.ts'
import { factsOf, learn } from './known-people.ts'
import { type Candidate, candidatesFor, type Reason } from './offers.ts'
import { compareIdentity } from './same-citizen.ts'

export type PersonOffered = { personId: string; candidate: Candidate }

export const mostOffered = 4

/** Drafts of other citizens lie on the machine too: theirs speak only of people whom this dossier itself proves the same, or their family. */
const proven: ReadonlySet<Reason> = new Set(['same-person', 'mother', 'father', 'spouse'])
/** The form itself says whose relative this is. */
const likely: ReadonlySet<Reason> = new Set(['mother', 'father', 'spouse'])

/** A draft of this visit says of somebody what the visit says too: only what it says beyond that is asked about a second time. */
const beyond = (candidate: Candidate, asked: readonly Candidate[]): Candidate[] => {
  const theirs = asked.filter(({ person }) => compareIdentity(factsOf(person), factsOf(candidate.person)) === 'same')
  const said = new Set(
    theirs.flatMap(({ offers }) => offers.flatMap(({ fieldId, choices }) => choices.map(({ value }) => `${fieldId} ${value}`))),
  )
  const offers = candidate.offers.filter(({ fieldId, choices }) => choices.some(({ value }) => !said.has(`${fieldId} ${value}`)))
  return offers.length === 0 ? [] : [{ ...candidate, offers }]
}

export const peopleOffered = (
  procedure: Procedure,
  stepId: string,
  { visit, drafts }: { visit: KnownPeople; drafts: KnownPeople },
  answers: Answers,
  day: Day,
): PersonOffered[] => {
  const fields = visibleFields(procedure, stepId, answers, day)
  const all = [...new Set(fields.flatMap((field) => (field.fact === undefined ? [] : [field.fact.person])))]
  // Rows wait for each other: of those in which nobody stands yet, the first is asked about.
  const isEmpty = (personId: string): boolean => {
    const { fullName, personalNumber } = factsOfPerson(procedure, personId, answers, day)
    return fullName === undefined && personalNumber === undefined
  }
  const waiting = new Map<string, string>()
  for (const personId of all) {
    const group = groupOfPerson(personId)
    if (group !== undefined && !waiting.has(group) && isEmpty(personId)) waiting.set(group, personId)
  }
  const persons = all.filter((personId) => {
    const group = groupOfPerson(personId)
    return group === undefined || !isEmpty(personId) || waiting.get(group) === personId
  })
  const hasRows = persons.some((personId) => groupOfPerson(personId) !== undefined)
  const withThisDossier = hasRows ? learn(visit, procedure, answers, day, true) : visit
  const offered = persons.flatMap((personId) => {
    // Who stands in a row may have been declared in this very dossier; for the others the form says who is the same (samePersons).
    const known = groupOfPerson(personId) === undefined ? visit : withThisDossier
    const here = candidatesFor(procedure, personId, known, answers, day)
    const inDrafts = candidatesFor(procedure, personId, drafts, answers, day)
      .filter(({ reason }) => proven.has(reason))
      .flatMap((candidate) => beyond(candidate, here))
    const both = [...here, ...inDrafts]
    const settled = both.some(({ reason }) => reason === 'same-person')
    const isPlaced = both.some(({ reason }) => likely.has(reason))
    // Who merely stands at the counter is asked about only while the form does not say whom it means; another of the family may declare this time.
    return both
      .filter(({ reason }) => (settled ? reason === 'same-person' : !isPlaced || likely.has(reason)))
      .map((candidate, rank) => ({ personId, candidate, rank }))
  })
  // Everybody's likeliest before anybody's second: one person's many candidates must not hide the next person's only one.
  const chosen = new Set(offered.toSorted((one, other) => one.rank - other.rank).slice(0, mostOffered))
  return offered.filter((each) => chosen.has(each))
}
