import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold, matches } from './fold.ts'

describe('search without diacritics', () => {
  it('finds a procedure typed without marks, in any case and word order', () => {
    expect(matches('Đăng ký khai sinh 1.001193', 'dang ky')).toBe(true)
    expect(matches('Đăng ký khai sinh 1.001193', 'KHAI dang')).toBe(true)
    expect(matches('Đăng ký khai sinh 1.001193', '1.0011')).toBe(true)
    expect(matches('Đăng ký khai sinh 1.001193', 'đăng ký kết hôn')).toBe(false)
    expect(fold('Nguyễn Thị Ẳnh')).toBe('nguyen thi anh')
  })

  it('folds composed and decomposed spellings alike', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(fold(text.normalize('NFD'))).toBe(fold(text.normalize('NFC')))
      }),
      { seed: 20261123 },
    )
  })

  it('finds every text by itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(matches(text, text)).toBe(true)
      }),
      { seed: 20261123 },
    )
  })
})
