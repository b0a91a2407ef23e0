/**
 * What may be taken over into a dossier from what is known of its people. Who is who is proposed here and decided by the clerk; a value is
 * offered, never put; values that differ are offered side by side.
 *
 * Invariants: a field of one person is never offered what was declared of another, unless the form asks for just that (the name of a
 * child's father); whoever the answers prove to be somebody else is no candidate.
 */
import type { Answer, Answers, Provenance, UnitCodes, ValueSource } from '../../contracts/dossier.ts'
import type { Procedure } from '../../contracts/procedure.ts'
import type { FactName } from '../../contracts/procedure-field.ts'
import type { Kinship, KnownPeople, KnownPerson, KnownValue } from '../../contracts/visit.ts'
import { earliest, latest, readDate } from '../rules/dates.ts'
import {
  type Day,
  factsOfPerson,
  fieldsOfPerson,
  fieldsWithRows,
  findStep,
  groupOfPerson,
  normalizeAnswer,
  printedDay,
  printedValue,
} from '../rules/index.ts'
import { factsOf } from './known-people.ts'
import { compareIdentity } from './same-citizen.ts'

export type OfferedChoice = { value: string; unit?: UnitCodes; known: KnownValue }

/** `choices` without what stands in the field already; `current` when something else stands there. */
export type FieldOffer = { fieldId: string; choices: OfferedChoice[]; current?: { value: string; source: ValueSource } }

/** Why this may be the person, the strongest reason first. */
export type Reason = 'same-person' | 'mother' | 'father' | 'spouse' | 'relative' | 'same-role' | 'at-the-counter'
export type Candidate = { person: KnownPerson; reason: Reason; offers: FieldOffer[] }

/** A fact that says the same as another: what the form calls residence is the permanent one where there is one. */
const standsFor: Partial<Record<FactName, readonly FactName[]>> = {
  residence: ['permanentResidence', 'temporaryResidence', 'currentResidence'],
  paperNumber: ['personalNumber'],
  lastResidence: ['permanentResidence', 'residence'],
}

const relatives: Partial<Record<FactName, 'mother' | 'father' | 'spouse'>> = {
  fatherName: 'father',
  motherName: 'mother',
  spouseName: 'spouse',
}

const valuesFor = (known: KnownPeople, person: KnownPerson, fact: FactName): readonly KnownValue[] => {
  const own = person.facts[fact]
  if (own !== undefined) return own
  for (const other of standsFor[fact] ?? []) {
    const values = person.facts[other]
    if (values !== undefined) return values
  }
  const relation = relatives[fact]
  if (relation === undefined) return []
  const relative = known.kin.find((kin) => kin.of === person.id && kin.relation === relation)
  return known.people.find(({ id }) => id === relative?.person)?.facts.fullName ?? []
}

export const offersOf = (
  procedure: Procedure,
  personId: string,
  known: KnownPeople,
  person: KnownPerson,
  answers: Answers,
): FieldOffer[] =>
  fieldsOfPerson(procedure, personId).flatMap((field): FieldOffer[] => {
    if (field.fact?.person !== personId || field.type === 'signature') return []
    // What the chip says in this very dossier is locked, and better than what another one says.
    if (answers[field.id]?.provenance.source === 'card') return []
    const written = printedValue(field, answers)
    const choices = valuesFor(known, person, field.fact.value).flatMap((each): OfferedChoice[] => {
      const value = normalizeAnswer(field, each.value)
      return value === '' ? [] : [{ value, known: each, ...(each.unit === undefined ? {} : { unit: each.unit }) }]
    })
    const distinct = choices.filter(({ value }, place) => choices.findIndex((other) => other.value === value) === place)
    // What the citizen or the chip said already and one source agrees with is settled.
    if (distinct.length === 0 || distinct.some(({ value }) => value === written)) return []
    const source = answers[field.id]?.provenance.source
    const settled = written !== '' && source !== undefined && source !== 'initial' && source !== 'proposed'
    return [{ fieldId: field.id, choices: distinct, ...(settled ? { current: { value: written, source } } : {}) }]
  })

/**
 * What the latest dossier of this procedure said beside the facts of persons, for the fields of a step which are still empty: the agency, the
 * marriage certificate. Offered only while somebody of that dossier stands in this one too, for then it is the same family's business.
 */
export const offersOfLatest = (
  procedure: Procedure,
  stepId: string,
  known: KnownPeople,
  answers: Answers,
  day: Day,
): FieldOffer[] => {
  const latest = known.latest[procedure.code]
  if (latest === undefined) return []
  const people = known.people.filter((person) => latest.people.includes(person.id)).map(factsOf)
  const here = procedure.persons.map(({ id }) => factsOfPerson(procedure, id, answers, day))
  if (!here.some((facts) => people.some((person) => compareIdentity(facts, person) === 'same'))) return []
  return (findStep(procedure, stepId)?.fields ?? []).flatMap((field): FieldOffer[] => {
    const value = latest.values[field.id]
    const written = printedValue(field, answers)
    const source = answers[field.id]?.provenance.source
    const untouched = written === '' || source === 'initial' || source === 'proposed'
    if (value === undefined || field.fact !== undefined || !untouched || written === value.value) return []
    return [
      {
        fieldId: field.id,
        choices: [{ value: value.value, known: value, ...(value.unit === undefined ? {} : { unit: value.unit }) }],
      },
    ]
  })
}

/** A choice as an answer: where it came from stays with it. */
export const takenOver = ({ value, unit, known }: OfferedChoice, by: { at: string; operatorId: string }): Answer => {
  const codes = unit === undefined ? {} : { unit }
  // Of a card that was read in this visit the value is the card's own, wherever the card was laid on.
  if (known.procedureCode === undefined) return { value, provenance: { ...known.provenance, confirmed: true }, ...codes }
  if (known.here === true) {
    const { source } = known.provenance
    // Of the same citizen in the same dossier: what chip, code, store or an earlier dossier said stays theirs; what was typed is another field's.
    const isTheirs = source === 'card' || source === 'qr' || source === 'store' || source === 'dossier'
    const provenance: Provenance = isTheirs ? known.provenance : { source: 'derived', ...by }
    return { value, provenance: { ...provenance, confirmed: true }, ...codes }
  }
  const { source: first, at, chip } = known.provenance.from ?? known.provenance
  const from = { procedureCode: known.procedureCode, source: first, at, ...(chip === undefined ? {} : { chip }) }
  const source = known.provenance.source === 'store' ? 'store' : 'dossier'
  return { value, provenance: { source, ...by, from, confirmed: true }, ...codes }
}

/** Luật Căn cước 2023, Điều 19: from this age on a citizen has a card of their own, and speaks at a counter for somebody. */
const ageOfCard = 14

const isChild = (person: KnownPerson, { today }: Day): boolean => {
  const born = readDate(factsOf(person).birthDate ?? '')
  const on = readDate(printedDay(today))
  return born.ok && on.ok && earliest(born.value) + ageOfCard * 10_000 > latest(on.value)
}

const strength: readonly Reason[] = ['same-person', 'mother', 'father', 'spouse', 'same-role', 'relative', 'at-the-counter']

/** Who of the known people the person of this dossier may be, the likeliest first, each with what would be filled. */
export const candidatesFor = (
  procedure: Procedure,
  personId: string,
  known: KnownPeople,
  answers: Answers,
  day: Day,
): Candidate[] => {
  const written = (id: string) => factsOfPerson(procedure, id, answers, day)
  const own = written(personId)
  const inRows = fieldsWithRows(procedure, answers).flatMap(({ fact }) => (fact === undefined ? [] : [fact.person]))
  const others = new Map([...procedure.persons.map(({ id }) => id), ...inRows].map((id) => [id, written(id)]))
  const is = (person: KnownPerson, id: string): boolean =>
    compareIdentity(others.get(id) ?? written(id), factsOf(person)) === 'same'

  /** Those of the known who stand in this dossier. */
  const here = new Set(known.people.filter((each) => [...others.keys()].some((id) => is(each, id))).map(({ id }) => id))

  const reasonFor = (person: KnownPerson): Reason | undefined => {
    const identity = compareIdentity(own, factsOf(person))
    if (identity === 'different') return undefined
    if (identity === 'same') return 'same-person'
    for (const kinship of procedure.kinship) {
      const isRole = kinship.person === personId
      if (!isRole && !(kinship.relation === 'spouse' && kinship.of === personId)) continue
      const other = known.people.find((each) => is(each, isRole ? kinship.of : kinship.person))
      const fits = (kin: Kinship): boolean =>
        kin.person === person.id && kin.relation === kinship.relation && kin.of === other?.id
      if (other !== undefined && known.kin.some(fits)) return kinship.relation
    }
    // Another person of this dossier is no candidate for a second place, but where the form says that it is the same citizen.
    const elsewhere = [...others.keys()].filter((id) => id !== personId && is(person, id))
    const mayBe = (id: string): boolean =>
      procedure.samePersons.some(
        (same) => same.as === id && (same.person === personId || same.person === groupOfPerson(personId)),
      )
    if (!elsewhere.every(mayBe)) return undefined
    if (person.roles.includes(personId)) return 'same-role'
    // By a relative's card no more than the name is known: asked about only where the form itself does not say who is whose relative.
    const isNameAlone = Object.keys(person.facts).join() === 'fullName'
    const isPlaced = procedure.kinship.some((kin) => kin.person === personId || kin.of === personId)
    if (isNameAlone && isPlaced) return undefined
    const isRelative = known.kin.some(
      (kin) => (kin.person === person.id && here.has(kin.of)) || (kin.of === person.id && here.has(kin.person)),
    )
    return isRelative ? 'relative' : 'at-the-counter'
  }
  return known.people
    .flatMap((person): Candidate[] => {
      const reason = reasonFor(person)
      if (reason === undefined) return []
      const offers = offersOf(procedure, personId, known, person, answers)
      return offers.length === 0 ? [] : [{ person, reason, offers }]
    })
    .sort(
      (one, other) =>
        strength.indexOf(one.reason) - strength.indexOf(other.reason) ||
        // Of two who merely stand at the counter the child is the less likely one.
        Number(isChild(one.person, day)) - Number(isChild(other.person, day)),
    )
}
