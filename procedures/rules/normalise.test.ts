import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Field } from '../../contracts/procedure.ts'
import { catalogue } from '../catalogue.ts'
import { codeLists } from '../code-lists/index.ts'
import { findInList, foldForSearch } from './code-lists.ts'
import { normalizeAnswer } from './normalise.ts'
import { allFields } from './visibility.ts'

const { procedures } = catalogue.parseAll()

const base = { label: { vi: 'Ô thử' }, required: false, visibleWhen: true, width: 'full' } as const
const text: Field = { ...base, id: 'text', type: 'text', maxLength: 500, lines: 1 }
const name: Field = { ...base, id: 'name', type: 'name' }
const date: Field = { ...base, id: 'date', type: 'date', partial: true, future: false }
const number: Field = { ...base, id: 'number', type: 'personal-number' }
const phone: Field = { ...base, id: 'phone', type: 'phone' }
const relation: Field = { ...base, id: 'relation', type: 'listed', list: 'relations-to-child', free: true }
const ethnicity: Field = { ...base, id: 'ethnicity', type: 'listed', list: 'ethnic-groups', free: false }

describe('normalising', () => {
  it.each([
    [name, '  Nguyễn\u00a0 Thị \t Ẳnh ', 'Nguyễn Thị Ẳnh'],
    [name, 'Nguye\u0302\u0303n', 'Nguyễn'],
    [name, 'H’HOA NIÊ', 'H’HOA NIÊ'],
    [text, 'a\u200bb\u0000c', 'a b c'],
    [text, '\u{20bb7} a\ud842', '\u{20bb7} a'],
    [text, `${'a'.repeat(1_999)}\u{20bb7}`, 'a'.repeat(1_999)],
    [date, '2/11/2026', '02/11/2026'],
    [date, '1990', '1990'],
    [date, '31/2/2026', '31/2/2026'],
    [number, '000 196 000 127', '000196000127'],
    [number, '000.196.000.127', '000196000127'],
    [number, '00019600012O', '00019600012O'],
    [phone, '+84 912 345 678', '0912345678'],
    [phone, '+84 0912 345 678', '0912345678'],
    [phone, '84912345678', '0912345678'],
    [phone, '0912.345.678', '0912345678'],
    [ethnicity, 'kinh', 'Kinh'],
    [ethnicity, 'H mong', 'HMông'],
    [ethnicity, "M'Nông", 'Mnông'],
    [ethnicity, 'Raglai', 'Ra-glai'],
    [ethnicity, 'Klingon', 'Klingon'],
    [relation, 'nguoi duoc uy quyen', 'Người được ủy quyền'],
    [relation, 'chú', 'Chú'],
    // Other marks make another word: nothing may be turned into a different relation.
    [relation, 'chư', 'chư'],
    [relation, 'bá', 'bá'],
  ])('%#: %o', (field, raw, expected) => {
    expect(normalizeAnswer(field, raw)).toBe(expected)
  })

  it('done twice is done once, for every field and any text', () => {
    const fields = [...procedures.flatMap(allFields), phone]
    const anyText = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.stringMatching(/^[\d +./()-]{0,16}$/),
      fc.string({ maxLength: 30 }),
    )
    fc.assert(
      fc.property(fc.constantFrom(...fields), anyText, (field, raw) => {
        const once = normalizeAnswer(field, raw)
        expect(normalizeAnswer(field, once)).toBe(once)
        expect(once).toBe(once.normalize('NFC'))
      }),
      { seed: 20261122, numRuns: 1500 },
    )
  })
})

describe('the code lists', () => {
  it('hold 54 ethnic groups, foreigners and unknown, with 20 Mnông and 21 Ra-glai', () => {
    const entries = codeLists['ethnic-groups']?.entries ?? []
    expect(entries).toHaveLength(56)
    expect(entries.map((entry) => entry.code)).toEqual([
      ...Array.from({ length: 55 }, (_, index) => String(index + 1).padStart(2, '0')),
      '99',
    ])
    expect(entries.filter((entry) => ['20', '21'].includes(entry.code)).map((entry) => entry.name)).toEqual(['Mnông', 'Ra-glai'])
  })

  it.each(Object.values(codeLists).map((list) => [list.id, list] as const))(
    '%s: a spelling leads to its one entry, or to none when several share it',
    (id, list) => {
      const owners = new Map<string, Set<string>>()
      const spellings = list.entries.flatMap((entry) => [entry.name, ...entry.aliases].map((spelling) => ({ entry, spelling })))
      for (const { entry, spelling } of spellings) {
        const letters = foldForSearch(spelling)
        owners.set(letters, (owners.get(letters) ?? new Set()).add(entry.code))
      }
      for (const { entry, spelling } of spellings) {
        expect(spelling).toBe(spelling.normalize('NFC'))
        const shared = (owners.get(foldForSearch(spelling))?.size ?? 0) > 1
        if (!shared || spelling === entry.name) expect(findInList(id, spelling)?.code, spelling).toBe(entry.code)
        else expect([undefined, entry.code], spelling).toContain(findInList(id, spelling)?.code)
      }
      const shared = [...owners].filter(([, codes]) => codes.size > 1).map(([letters]) => letters)
      expect(id === 'relations-to-head' || shared.length === 0, shared.join()).toBe(true)
    },
  )

  it('a word for father does not say which father', () => {
    for (const word of ['Cha', 'Ba', 'Bố', 'Tía']) expect(findInList('relations-to-head', word)).toBeUndefined()
    expect(findInList('relations-to-head', 'bố vợ')?.name).toBe('Cha vợ')
  })
})
