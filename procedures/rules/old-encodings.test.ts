import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { codeLists } from '../code-lists/index.ts'
import { specimens } from '../specimens.ts'
import { normalizeAnswer } from './normalise.ts'
import { looksLikeOldEncoding } from './old-encodings.ts'

describe('a name in the letters of before Unicode', () => {
  test.each(['NguyÔn ThÞ MÉu', 'TrÇn V¨n Thö', 'Nguyeãn Thò Maãu', 'Traàn Vaên Thöû', 'Hoaøng'])('is doubted: %s', (name) => {
    expect(looksLikeOldEncoding(name)).toBe(true)
  })

  test.each([
    'NGUYỄN THỊ MẪU',
    'Trần Văn Thử',
    'Hoà',
    'Hòa',
    'Nguyễn Thị Thuý',
    'Y Bhăm Niê Kdăm',
    "H'Bia Êban",
    'Đèo Văn Ửng',
    'Tuấn',
    'Quách Thị Yến',
  ])('is not doubted when it is Unicode: %s', (name) => {
    expect(looksLikeOldEncoding(name)).toBe(false)
    expect(looksLikeOldEncoding(name.normalize('NFD'))).toBe(false)
  })

  test('no name of the specimens and of the 54 peoples is doubted', () => {
    const names = Object.values(specimens).flatMap(({ answers }) => Object.entries(answers).filter(([id]) => /name$/iu.test(id)))
    for (const [, name] of names) expect(looksLikeOldEncoding(name), name).toBe(false)
    for (const { name } of codeLists['ethnic-groups']?.entries ?? []) expect(looksLikeOldEncoding(name), name).toBe(false)
  })

  test('is never converted: normalising keeps every letter', () => {
    const field = { type: 'name', id: 'x', label: { vi: 'Tên' }, required: false, visibleWhen: true, width: 'full' } as const
    const words = fc.array(fc.constantFrom('NguyÔn', 'ThÞ', 'MÉu', 'Nguyeãn', 'Thò', 'Maãu', 'Nguyễn', 'Thị', 'Mẫu'), {
      minLength: 1,
      maxLength: 6,
    })
    fc.assert(
      fc.property(words, (parts) => {
        expect(normalizeAnswer(field, parts.join(' '))).toBe(parts.join(' '))
      }),
      { seed: 20261122, numRuns: 100 },
    )
  })
})
