import { expect, test } from 'vitest'
import type { Kinship } from '../../contracts/visit.ts'
import { type Relative, wordOfKin } from './relation-words.ts'

const someone = (id: string, facts: Relative['facts'] = {}): Relative => ({ id, facts })
const bride = someone('bride', { sex: 'Nữ' })
const groom = someone('groom')
const child = someone('child', { personalNumber: '000319000045' })
const family: Kinship[] = [
  { person: 'groom', relation: 'spouse', of: 'bride' },
  { person: 'bride', relation: 'spouse', of: 'groom' },
  { person: 'bride', relation: 'mother', of: 'child' },
  { person: 'groom', relation: 'father', of: 'child' },
  { person: 'hers', relation: 'mother', of: 'bride' },
  { person: 'his', relation: 'father', of: 'groom' },
]

test.each([
  ['the husband whose sex only his wife’s says', groom, bride, 'Chồng'],
  ['the wife', bride, groom, 'Vợ'],
  ['the mother', bride, child, 'Mẹ đẻ'],
  ['the child', child, groom, 'Con đẻ'],
  ['the mother’s mother', someone('hers'), child, 'Bà ngoại'],
  ['the father’s father', someone('his'), child, 'Ông nội'],
  ['the husband’s father', someone('his'), bride, 'Cha chồng'],
  ['the wife’s mother', someone('hers'), someone('groom', { sex: 'Nam' }), 'Mẹ vợ'],
  ['the son’s wife', bride, someone('his'), 'Con dâu'],
  // A man's number says it as well as the word.
  ['the daughter’s husband', someone('groom', { personalNumber: '000088000024' }), someone('hers'), 'Con rể'],
])('%s', (_, of, to, word) => {
  expect(wordOfKin(family, of, to, 'relations-to-head')).toBe(word)
})

test.each([
  ['a spouse where neither’s sex is known', groom, someone('bride')],
  ['a parent-in-law of somebody whose sex is not known', someone('his'), someone('bride')],
  // "Cháu nội", "cháu ngoại" and "cháu ruột" all stand in the list: which one the agency writes is not ours to say.
  ['a grandchild', child, someone('hers')],
  ['the two families’ parents', someone('hers'), someone('his')],
  ['strangers', someone('nobody'), bride],
])('%s has no word', (_, of, to) => {
  expect(wordOfKin(family, of, to, 'relations-to-head')).toBeUndefined()
})

test('a list that lacks the word is offered none', () => {
  expect(wordOfKin(family, someone('his'), bride, 'relations-to-child')).toBeUndefined()
  expect(wordOfKin(family, someone('hers'), child, 'relations-to-child')).toBe('Bà ngoại')
})
