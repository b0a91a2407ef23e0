/**
 * What dossiers say of people, gathered: facts by person, with where each came from, and who is whose parent or spouse.
 *
 * Invariants: a person's facts are only what was declared of that person; two whom nothing proves the same stay two; values that
 * differ are all kept. The account's holder and the helper are no persons of a dossier and never appear here.
 */
import type { Answer, Answers, Provenance } from '../../contracts/dossier.ts'
import type { Field, Procedure } from '../../contracts/procedure.ts'
import type { FactName } from '../../contracts/procedure-field.ts'
import type { Kinship, KnownPeople, KnownPerson, KnownValue } from '../../contracts/visit.ts'
import {
  type Day,
  declaredAnswers,
  fieldsWithRows,
  findField,
  holds,
  type PersonFacts,
  readRowKey,
  valuesOf,
} from '../rules/index.ts'
import { kinOfRelation } from './relation-words.ts'
import { compareIdentity } from './same-citizen.ts'

export const nobody: KnownPeople = { people: [], kin: [], latest: {} }

const trust: Readonly<Record<Provenance['source'], number>> = {
  card: 0,
  qr: 1,
  dossier: 2,
  store: 4,
  agency: 1,
  list: 3,
  typed: 3,
  'typed-over-card': 3,
  derived: 4,
  initial: 5,
  proposed: 5,
}

/** A value that was taken over is as good as where it was first declared; one that was kept may be a year old, whoever said it then. */
const trustOf = ({ provenance }: KnownValue): number =>
  provenance.source === 'store' ? trust.store : trust[provenance.from?.source ?? provenance.source]

/** A card read in this visit before the dossier it was taken into: what comes straight from the chip stays locked. */
const atSecondHand = ({ procedureCode }: KnownValue): number => (procedureCode === undefined ? 0 : 1)

const byTrust = (one: KnownValue, other: KnownValue): number =>
  trustOf(one) - trustOf(other) || atSecondHand(one) - atSecondHand(other) || other.provenance.at.localeCompare(one.provenance.at)

const withValue = (values: readonly KnownValue[], added: KnownValue): KnownValue[] => {
  const same = values.find((known) => known.value === added.value)
  const better = same === undefined || byTrust(added, same) < 0 ? added : same
  return [...values.filter((known) => known.value !== added.value), better].sort(byTrust)
}

/** The most trusted value of each fact. */
export const factsOf = (person: KnownPerson): PersonFacts =>
  Object.fromEntries(Object.entries(person.facts).map(([fact, values]) => [fact, values[0]?.value ?? '']))

/** What follows from other answers or is given anew each time. */
const neverTakenOver: ReadonlySet<Field['type']> = new Set(['signature', 'date-in-words', 'composed', 'rows'])

/** An answer as a source for later dossiers; one that was itself taken over keeps where it was first declared. */
const asKnown = (procedure: Procedure, { value, unit, provenance }: Answer, here: boolean): KnownValue => ({
  value,
  provenance,
  procedureCode: provenance.from?.procedureCode ?? procedure.code,
  ...(unit === undefined ? {} : { unit }),
  ...(here ? { here } : {}),
})

type Declared = { roles: string[]; facts: Map<FactName, KnownValue[]> }

const declaredPersons = (procedure: Procedure, answers: Answers, day: Day, here: boolean): Map<string, Declared> => {
  const declared = declaredAnswers(procedure, answers, day)
  const persons = new Map<string, Declared>()
  for (const field of fieldsWithRows(procedure, answers)) {
    const answer: Answer | undefined = declared[field.id]
    if (field.fact === undefined || answer === undefined || neverTakenOver.has(field.type)) continue
    const { person, value: fact } = field.fact
    const found = persons.get(person) ?? { roles: [person], facts: new Map<FactName, KnownValue[]>() }
    persons.set(person, found)
    found.facts.set(fact, withValue(found.facts.get(fact) ?? [], asKnown(procedure, answer, here)))
  }
  return persons
}

const asPerson = (id: string, declared: Declared): KnownPerson => ({
  id,
  facts: Object.fromEntries(declared.facts),
  roles: declared.roles,
})

const merge = (person: KnownPerson, other: KnownPerson): KnownPerson => {
  const facts: KnownPerson['facts'] = { ...person.facts }
  for (const [fact, values] of Object.entries(other.facts) as [FactName, KnownValue[]][]) {
    facts[fact] = values.reduce((known, value) => withValue(known, value), facts[fact] ?? [])
  }
  return { id: person.id, facts, roles: [...new Set([...person.roles, ...other.roles])] }
}

/** Somebody of whom neither a name nor a number is known is nobody to speak of. */
const isSomebody = ({ facts }: Declared): boolean => facts.has('fullName') || facts.has('personalNumber')

const nextId = (people: readonly KnownPerson[]): string =>
  `p${people.reduce((most, { id }) => Math.max(most, Number(id.slice(1))), 0) + 1}`

/** Somebody who is proven to be known already is that person; anybody else is one more. */
export const meet = (known: KnownPeople, person: KnownPerson): { id: string; known: KnownPeople } => {
  const place = known.people.findIndex((other) => compareIdentity(factsOf(person), factsOf(other)) === 'same')
  const found = known.people[place]
  if (found !== undefined) {
    return { id: found.id, known: { ...known, people: known.people.with(place, merge(found, person)) } }
  }
  const id = nextId(known.people)
  return { id, known: { ...known, people: [...known.people, { ...person, id }] } }
}

const asWritten = (name: string | undefined): string => (name ?? '').normalize('NFC').toLocaleUpperCase('vi')

/**
 * Of one person there is one mother, one father, one spouse: whoever is known by name alone as that, and somebody of the same name whom a
 * dossier declares as that, are one.
 */
const joinRelatives = (known: KnownPeople): KnownPeople => {
  for (const { person: id, relation, of } of known.kin) {
    const one = known.people.find((person) => person.id === id)
    if (one === undefined || Object.keys(one.facts).join() !== 'fullName') continue
    const other = known.people.find(
      (person) =>
        person.id !== id &&
        known.kin.some((kin) => kin.person === person.id && kin.relation === relation && kin.of === of) &&
        asWritten(factsOf(person).fullName) === asWritten(factsOf(one).fullName),
    )
    if (other === undefined) continue
    const now = (each: string): string => (each === id ? other.id : each)
    const kin = known.kin.map((each) => ({ ...each, person: now(each.person), of: now(each.of) }))
    const distinct = new Map(kin.map((each) => [`${each.person} ${each.relation} ${each.of}`, each]))
    const people = known.people
      .filter((person) => person.id !== id)
      .map((person) => (person === other ? merge(other, one) : person))
    return joinRelatives({ ...known, people, kin: [...distinct.values()] })
  }
  return known
}

/**
 * Everything known before and what this dossier says. Learning the same dossier twice changes nothing. `here`: it is the dossier that is
 * being filled in.
 */
export const learn = (known: KnownPeople, procedure: Procedure, answers: Answers, day: Day, here = false): KnownPeople => {
  const people = [...known.people]
  const values = valuesOf(procedure, answers, day)
  const idByRole = new Map<string, string>()
  const roots = new Map(procedure.samePersons.filter((same) => holds(same.when, values)).map((same) => [same.person, same.as]))
  for (const [role, declared] of declaredPersons(procedure, answers, day, here)) {
    if (!isSomebody(declared)) continue
    const person = asPerson('p1', declared)
    const facts = factsOf(person)
    const said = idByRole.get(roots.get(role) ?? '')
    const place = people.findIndex(
      (other) =>
        compareIdentity(facts, factsOf(other)) === 'same' ||
        (other.id === said && compareIdentity(facts, factsOf(other)) !== 'different'),
    )
    const found = people[place]
    if (found === undefined) {
      const id = nextId(people)
      people.push({ ...person, id })
      idByRole.set(role, id)
    } else {
      people[place] = merge(found, person)
      idByRole.set(role, found.id)
    }
  }
  const kin = procedure.kinship.flatMap(({ person, relation, of, when }): Kinship[] => {
    const who = idByRole.get(person)
    const whose = idByRole.get(of)
    if (who === undefined || whose === undefined || who === whose || !holds(when, values)) return []
    const own: Kinship = { person: who, relation, of: whose }
    return relation === 'spouse' ? [own, { person: whose, relation, of: who }] : [own]
  })
  for (const field of fieldsWithRows(procedure, answers)) {
    const { relation } = field
    const who = idByRole.get(relation?.of ?? '')
    const whose = idByRole.get(relation?.to ?? '')
    if (relation === undefined || who === undefined || whose === undefined || who === whose) continue
    const of = people.find(({ id }) => id === whose)
    const own = kinOfRelation(values[field.id] ?? '', who, whose, of === undefined ? {} : factsOf(of))
    if (own !== undefined) kin.push(own)
    if (own?.relation === 'spouse') kin.push({ person: own.of, relation: 'spouse', of: own.person })
  }
  const key = (each: Kinship): string => `${each.person} ${each.relation} ${each.of}`
  const all = new Map([...known.kin, ...kin].map((each) => [key(each), each]))
  const said = Object.entries(declaredAnswers(procedure, answers, day)).flatMap(([fieldId, answer]): [string, KnownValue][] => {
    const field = findField(procedure, fieldId)
    const ofNobody = field !== undefined && field.fact === undefined && readRowKey(fieldId) === undefined
    return ofNobody && !neverTakenOver.has(field.type) ? [[fieldId, asKnown(procedure, answer, here)]] : []
  })
  const latest = { people: [...new Set(idByRole.values())], values: Object.fromEntries(said) }
  return joinRelatives({ people, kin: [...all.values()], latest: { ...known.latest, [procedure.code]: latest } })
}

export const forget = (known: KnownPeople, personId: string): KnownPeople => ({
  ...known,
  people: known.people.filter((person) => person.id !== personId),
  kin: known.kin.filter((each) => each.person !== personId && each.of !== personId),
})
