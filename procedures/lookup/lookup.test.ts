import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadUnits } from '../administrative-units/load-units.ts'
import { everythingOf, type LookupValue, loadLookup } from './everything.ts'
import type { Lookup, LookupEntry, LookupOptions } from './lookup.ts'
import { agreement, lettersOf, readWord } from './words.ts'

let entries: LookupEntry<LookupValue>[]
let lookup: Lookup<LookupValue>
beforeAll(async () => {
  entries = everythingOf(await loadUnits())
  lookup = await loadLookup()
})

const seed = 20261122
const units = ['provinces', 'communes', 'former-communes']

const title = ({ list, name, value }: LookupEntry<LookupValue>): string => {
  if (value.type === 'commune') return `${name}, ${value.commune.province.name}`
  if (value.type === 'former') return `${name}, ${value.former.district}, ${value.former.province} (cũ)`
  return value.type === 'listed' ? `${list}: ${name}` : name
}
const found = (query: string, options?: LookupOptions<LookupValue>): string[] =>
  lookup.search(query, options).map(({ entry }) => title(entry))
const foundUnits = (query: string, limit = 20): string[] => found(query, { lists: units, limit })

describe('what a clerk types', () => {
  test('"xã tân tiến" is seven communes, each with its province, before those of before', () => {
    const all = foundUnits('xã tân tiến')
    expect(all.slice(0, 7).every((name) => /^Xã Tân Tiến, (Tỉnh|Thành phố) /.test(name) && !name.endsWith('(cũ)'))).toBe(true)
    expect(new Set(all.slice(0, 7)).size).toBe(7)
    expect(all[7]).toMatch(/\(cũ\)$/)
  })

  test.each([
    ['q1', /, Quận 1, Thành phố Hồ Chí Minh \(cũ\)$/],
    ['quận 1 tp hcm', /, Quận 1, Thành phố Hồ Chí Minh \(cũ\)$/],
    ['p12 go vap', /^Phường 12, Quận Gò Vấp, /],
    ['P.12, Q. Gò Vấp', /^Phường 12, Quận Gò Vấp, /],
    ['bến nghé q1', /^Phường Bến Nghé, Quận 1, /],
    ['tp hcm', /^Thành phố Hồ Chí Minh$/],
    ['TP.HCM', /^Thành phố Hồ Chí Minh$/],
    ['thua thien hue', /^Thành phố Huế$/],
    ['tx sa pa', /^Phường Sa Pa, Thị xã Sa Pa, /],
    ['sa pa', /^Phường Sa Pa, Tỉnh Lào Cai$/],
    ['Đăk Lăk', /^Tỉnh Đắk Lắk$/],
    ["xã M'Drắk", /^Xã M’Drắk, Tỉnh Đắk Lắk$/],
    ['m drak', /^Xã M’Drắk, Tỉnh Đắk Lắk$/],
    ['hoà bình phú thọ', /^Phường Hòa Bình, Tỉnh Phú Thọ$/],
    ['tantien ca mau', /^Xã Tân Tiến, Tỉnh Cà Mau$/],
    ['con dao', /^Đặc khu Côn Đảo, Thành phố Hồ Chí Minh$/],
    ['xã lộc ninh', /^Phường Lộc Ninh, Thành phố Đồng Nai$/],
    ['phường thủ dầu một', /^Phường Thủ Dầu Một, /],
    ['cát tiên lâm đồng', /^Xã Cát Tiên, Tỉnh Lâm Đồng$/],
    ['ngoc ha ba dinh', /^Phường Ngọc Hà, Quận Ba Đình, Thành phố Hà Nội \(cũ\)$/],
    ['muong ang dien bine', /^Xã Mường Ảng, Tỉnh Điện Biên$/],
  ])('%s', (query, first) => {
    expect(foundUnits(query)[0]).toMatch(first)
  })

  test('marks that differ come after marks that agree', () => {
    const ba = foundUnits('xã ba tô')
    expect(ba.indexOf('Xã Ba Tô, Tỉnh Quảng Ngãi')).toBeLessThan(ba.indexOf('Xã Ba Tơ, Tỉnh Quảng Ngãi'))
    expect(foundUnits('Xã Cẩm Giàng', 2).every((name) => name.startsWith('Xã Cẩm Giàng,'))).toBe(true)
    expect(foundUnits('Xã Cẩm Giang')[0]).toMatch(/^Xã Cẩm Giang,/)
  })

  test('"phường 1" is not "phường 12"', () => {
    expect(foundUnits('phường 1', 40).every((name) => name.startsWith('Phường 1, '))).toBe(true)
  })

  test('"sài gòn" is the ward of that name and the city people call so', () => {
    expect(foundUnits('sài gòn', 2)).toEqual(['Phường Sài Gòn, Thành phố Hồ Chí Minh', 'Thành phố Hồ Chí Minh'])
  })

  test('what is near stands before its equals', () => {
    const near = (value: LookupValue): boolean => value.type === 'commune' && value.commune.province.name === 'Tỉnh Cà Mau'
    expect(found('tân tiến', { lists: units, near })[0]).toBe('Xã Tân Tiến, Tỉnh Cà Mau')
  })

  test('a code list is searched by the same rules, and says by which other name', () => {
    expect(found('khmer', { lists: ['ethnic-groups'] })).toEqual(['ethnic-groups: Khơ-me'])
    expect(lookup.search('mèo', { lists: ['ethnic-groups'] })[0]).toMatchObject({ entry: { name: 'HMông' }, alias: 'Mèo' })
    expect(found('ede', { lists: ['ethnic-groups'] })).toEqual(['ethnic-groups: Ê-đê'])
    expect(found('viet nam', { lists: ['nationalities'] })[0]).toBe('nationalities: Việt Nam')
    expect(
      found('bố', { lists: ['relations-to-head'] })
        .slice(0, 3)
        .sort(),
    ).toEqual(['Cha dượng', 'Cha nuôi', 'Cha đẻ'].map((name) => `relations-to-head: ${name}`))
    expect(found('hoà hảo', { lists: ['religions-population'] })).toEqual(['religions-population: Phật giáo Hoà Hảo'])
  })

  test('nothing, blanks and signs alone find nothing and break nothing', () => {
    for (const query of ['', '   ', '...', '\u0301', '🙂', 'zzzzqqqq']) expect(found(query)).toEqual([])
  })
})

describe('for every entry and every query', () => {
  const anyUnit = fc.nat().map((place) => entries[place % entries.length] ?? entries[0])

  test('an entry is found by its name and surroundings, with marks, without, composed or not, in any case', () => {
    fc.assert(
      fc.property(anyUnit, (entry) => {
        if (entry === undefined) return
        const query = `${entry.name} ${(entry.within ?? []).join(' ')}`.split(' ').slice(0, 10).join(' ')
        const ways = [query, lettersOf(query), query.normalize('NFD'), query.toUpperCase(), query.replace(/['’]/g, '‘')]
        for (const way of ways) {
          const hits = lookup.search(way, { lists: [entry.list], limit: 30 })
          expect(
            hits.map((hit) => title(hit.entry)),
            way,
          ).toContain(title(entry))
        }
      }),
      { seed, numRuns: 150 },
    )
  })

  test('the same question has the same answer however it is written', () => {
    const text = fc.array(fc.constantFrom('tân', 'hoà', 'đắk', 'q1', 'P.', 'xã', 'mỹ', 'nguyễn', 'ê', 'ơ', '12', 'tp', 'hcm'), {
      maxLength: 6,
    })
    fc.assert(
      fc.property(text, (words) => {
        const query = words.join(' ')
        const answer = found(query)
        expect(found(query.normalize('NFD'))).toEqual(answer)
        expect(found(query.toUpperCase())).toEqual(answer)
        expect(found(`  ${words.join(' ,  ')} `)).toEqual(answer)
        expect(found(query.replace('hoà', 'hòa'))).toEqual(answer)
        expect(found(query, { limit: 5 })).toEqual(answer.slice(0, 5))
      }),
      { seed, numRuns: 60 },
    )
  })

  test('any text at all is an acceptable question', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (query) => {
        const hits = lookup.search(query)
        expect(hits.length).toBeLessThanOrEqual(20)
        expect(hits.map((hit) => hit.score)).toEqual(hits.map((hit) => hit.score).sort((one, other) => other - one))
      }),
      { seed, numRuns: 100 },
    )
  })
})

describe('words', () => {
  test('a tone mark may stand on either vowel, a missing mark may be any, another mark is another word', () => {
    expect(agreement(readWord('hoà'), readWord('hòa'))).toBe(2)
    expect(agreement(readWord('hoa'), readWord('hòa'))).toBe(1)
    expect(agreement(readWord('tiên'), readWord('tiến'))).toBe(1)
    expect(agreement(readWord('hóa'), readWord('hòa'))).toBe(0)
    expect(agreement(readWord('dak'), readWord('đắk'))).toBe(1)
    expect(agreement(readWord('đa'), readWord('đà'))).toBe(1)
    expect(agreement(readWord('đa'), readWord('dạ'))).toBe(0)
  })

  test('letters and vowels are of one length', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const word = readWord(text)
        expect([...word.letters].length).toBe([...word.vowels].length)
      }),
      { seed },
    )
  })
})
