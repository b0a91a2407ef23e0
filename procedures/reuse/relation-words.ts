/**
 * Relations as forms write them ("Vợ", "Con đẻ", "Mẹ") and kinship as the visit keeps it, one from the other. Only relations by birth and
 * marriage: of an adopted child or a step-father no form here says what follows.
 */
import type { Kinship, KnownPerson } from '../../contracts/visit.ts'
import { entriesOf, type PersonFacts } from '../rules/index.ts'
import { sexOfNumber } from '../rules/personal-number.ts'

type Relation = Kinship['relation'] | 'child'

const names: Readonly<Record<string, Relation>> = {
  mẹ: 'mother',
  'mẹ đẻ': 'mother',
  cha: 'father',
  bố: 'father',
  'cha đẻ': 'father',
  vợ: 'spouse',
  chồng: 'spouse',
  con: 'child',
  'con đẻ': 'child',
  'con trai': 'child',
  'con gái': 'child',
}

const sexOf = ({ sex, personalNumber }: PersonFacts): string | undefined => sex ?? sexOfNumber(personalNumber ?? '')

/** `of` is the relation of `to`, by the word the form holds: who is whose mother, father or spouse. */
export const kinOfRelation = (word: string, of: string, to: string, factsOfTo: PersonFacts): Kinship | undefined => {
  const key = word.normalize('NFC').toLocaleLowerCase('vi').trim()
  const relation = Object.hasOwn(names, key) ? names[key] : undefined
  if (relation === undefined) return undefined
  if (relation !== 'child') return { person: of, relation, of: to }
  const sex = sexOf(factsOfTo)
  return sex === undefined ? undefined : { person: to, relation: sex === 'Nữ' ? 'mother' : 'father', of }
}

/** The word of a list for what `of` is to `to`; undefined where nothing is known or the list has no such word. */
export const wordOfKin = (kin: readonly Kinship[], of: KnownPerson, to: KnownPerson, list: string): string | undefined => {
  const is = (person: string, other: string): Kinship['relation'] | undefined =>
    kin.find((each) => each.person === person && each.of === other)?.relation
  const straight = is(of.id, to.id)
  const back = is(to.id, of.id)
  const sex = of.facts.sex?.[0]?.value ?? sexOfNumber(of.facts.personalNumber?.[0]?.value ?? '')
  const wanted =
    straight === 'mother'
      ? ['Mẹ', 'Mẹ đẻ']
      : straight === 'father'
        ? ['Cha', 'Cha đẻ']
        : straight === 'spouse'
          ? sex === undefined
            ? []
            : [sex === 'Nữ' ? 'Vợ' : 'Chồng']
          : back === 'mother' || back === 'father'
            ? ['Con', 'Con đẻ']
            : []
  return wanted.find((word) => entriesOf(list).some(({ name }) => name === word))
}
