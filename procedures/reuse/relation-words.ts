/**
 * Relations as forms write them ("Vợ", "Con đẻ", "Mẹ") and kinship as the visit keeps it, one from the other. Only relations by birth and
 * marriage: of an adopted child or a step-father no form here says what follows.
 */
import type { Kinship } from '../../contracts/visit.ts'
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

/** One of two people: who it is among the known, and what is known of that person. */
export type Relative = { id: string; facts: PersonFacts }

/** A marriage that a form or a chip tells is one of a man and a woman (Law on Marriage and Family, article 8): the one's sex follows from the other's. */
const sexOfSpouse = (own: PersonFacts, spouse: PersonFacts): string | undefined => {
  const other = sexOf(spouse)
  return sexOf(own) ?? (other === undefined ? undefined : other === 'Nữ' ? 'Nam' : 'Nữ')
}

/** Words of what `of` is to `to`, in the wordings of our lists; none where it does not follow without a doubt. */
const wordsOfKin = (kin: readonly Kinship[], of: Relative, to: Relative): readonly string[] => {
  const idsOf = (person: string, relation: Kinship['relation']): string[] =>
    kin.filter((each) => each.of === person && each.relation === relation).map((each) => each.person)
  const is = (person: string, relation: Kinship['relation'], other: string): boolean => idsOf(other, relation).includes(person)
  const isParent = (person: string, other: string): boolean => is(person, 'mother', other) || is(person, 'father', other)
  if (is(of.id, 'mother', to.id)) return ['Mẹ', 'Mẹ đẻ']
  if (is(of.id, 'father', to.id)) return ['Cha', 'Cha đẻ']
  if (isParent(to.id, of.id)) return ['Con', 'Con đẻ']
  if (is(of.id, 'spouse', to.id)) {
    const sex = sexOfSpouse(of.facts, to.facts)
    return sex === undefined ? [] : [sex === 'Nữ' ? 'Vợ' : 'Chồng']
  }
  for (const [parent, side] of [
    ['mother', 'ngoại'],
    ['father', 'nội'],
  ] as const) {
    for (const person of idsOf(to.id, parent)) {
      if (is(of.id, 'mother', person)) return [`Bà ${side}`]
      if (is(of.id, 'father', person)) return [`Ông ${side}`]
    }
  }
  const ownSex = sexOf(to.facts)
  const inLaw = ownSex === undefined ? undefined : ownSex === 'Nữ' ? 'chồng' : 'vợ'
  for (const spouse of idsOf(to.id, 'spouse')) {
    if (inLaw !== undefined && is(of.id, 'mother', spouse)) return [`Mẹ ${inLaw}`]
    if (inLaw !== undefined && is(of.id, 'father', spouse)) return [`Cha ${inLaw}`]
  }
  if (idsOf(of.id, 'spouse').some((spouse) => isParent(to.id, spouse))) {
    const sex = sexOf(of.facts)
    return sex === undefined ? [] : [sex === 'Nữ' ? 'Con dâu' : 'Con rể']
  }
  return []
}

/** The word of a list for what `of` is to `to`; undefined where nothing is known or the list has no such word. */
export const wordOfKin = (kin: readonly Kinship[], of: Relative, to: Relative, list: string): string | undefined =>
  wordsOfKin(kin, of, to).find((word) => entriesOf(list).some(({ name }) => name === word))
