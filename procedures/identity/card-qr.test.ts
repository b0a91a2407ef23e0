import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maxCodeLength, parseCardQr, personalNumberOfCode } from './card-qr.ts'

const front = '000190000017|000000017|Nguyễn Thị Mẫu|14051990|Nữ|Bản Mẫu, Xã Thử Nghiệm, Tỉnh Ví Dụ|20072021'
const man = '000088000024||Trần Văn Thử|30111988|Nam|Bản Mẫu, Xã Thử Nghiệm, Tỉnh Ví Dụ|09032022'
const back = `${front}|||Nguyễn Văn Giả|Phạm Thị Định`
const failureOf = (text: string) => {
  const parsed = parseCardQr(text)
  return parsed.ok ? 'read' : parsed.error.type
}

describe("the card's QR", () => {
  it('reads the seven fields of 2021', () => {
    expect(parseCardQr(front)).toEqual({
      ok: true,
      value: {
        layout: '2021',
        personalNumber: '000190000017',
        oldIdentityNumber: '000000017',
        fullName: 'Nguyễn Thị Mẫu',
        birthDate: '14/05/1990',
        sex: 'Nữ',
        residence: 'Bản Mẫu, Xã Thử Nghiệm, Tỉnh Ví Dụ',
        issueDate: '20/07/2021',
        unexplained: [],
      },
    })
    expect(parseCardQr(man)).not.toHaveProperty('value.oldIdentityNumber')
  })

  it('reads the eleven of 2024, keeping the four unexplained ones as they stand', () => {
    expect(parseCardQr(back)).toMatchObject({
      value: { layout: '2024', unexplained: ['', '', 'Nguyễn Văn Giả', 'Phạm Thị Định'] },
    })
  })

  it('strips NULs, line ends and a byte order mark, and composes to NFC', () => {
    const sent = `\ufeff${front.normalize('NFD').split('').join('')}\u0000\u0000\r\n`
    expect(parseCardQr(sent)).toEqual(parseCardQr(front))
    expect(parseCardQr(front.replaceAll('|', '\u0000|\u0000'))).toEqual(parseCardQr(front))
  })

  it('keeps an unknown day or month unknown', () => {
    expect(parseCardQr(front.replace('14051990', '00051990'))).toMatchObject({ value: { birthDate: '05/1990' } })
    expect(parseCardQr(front.replace('14051990', '00001990'))).toMatchObject({ value: { birthDate: '1990' } })
    expect(failureOf(front.replace('14051990', '14001990'))).toBe('code-mangled')
    expect(failureOf(front.replace('14051990', '31021990'))).toBe('code-mangled')
  })

  it.each([
    ['', 'code-not-of-a-card'],
    ['https://example.test/?a|b|c|d|e|f|g', 'code-not-of-a-card'],
    ['8934567890123', 'code-not-of-a-card'],
    ['000190000017', 'code-not-of-a-card'],
    ['x'.repeat(maxCodeLength + 1), 'code-not-of-a-card'],
    ['000190000017|000000017|Nguyễn Thị', 'code-incomplete'],
    [front.slice(0, -3), 'code-incomplete'],
    [front.replace('Nữ', 'Nu'), 'code-mangled'],
    [front.replace('Nữ', 'N?'), 'code-mangled'],
    [front.replace('Mẫu', 'M\ufffdu'), 'code-mangled'],
    [front.replace('Mẫu', 'Ma6u'), 'code-mangled'],
    [String.fromCharCode(...new TextEncoder().encode(front)), 'code-mangled'],
    [
      man
        .normalize('NFD')
        .replace(/[\u0300-\u036f]/g, '')
        .replaceAll('đ', 'd'),
      'code-mangled',
    ],
    [front.replaceAll('|', '~'), 'code-mangled'],
    [front.replace('000190000017', '00019000001'), 'code-mangled'],
  ])('%j: %s', (text, expected) => {
    expect(failureOf(text)).toBe(expected)
  })

  it('gives the number of any code that says it whole', () => {
    expect(personalNumberOfCode(front)).toBe('000190000017')
    expect(personalNumberOfCode(' 000190000017\r\n')).toBe('000190000017')
    expect(personalNumberOfCode(front.replaceAll('|', '~'))).toBe('000190000017')
    expect(personalNumberOfCode(front.replace('Nữ', 'Nu'))).toBe('000190000017')
    expect(personalNumberOfCode('8934567890123')).toBeUndefined()
    expect(personalNumberOfCode(front.replace('000190000017', '00019000001'))).toBeUndefined()
  })

  it('takes anything: noise, and specimens with a part changed, cut or doubled', () => {
    const noise = fc.string({ unit: 'binary', maxLength: 400 })
    const fields = fc.array(fc.oneof(fc.constantFrom(...back.split('|')), fc.string({ maxLength: 20 })), { maxLength: 14 })
    const changed = fc
      .tuple(fc.constantFrom(front, man, back), fc.nat(120), fc.nat(12), fc.string({ unit: 'binary', maxLength: 6 }))
      .map(([code, at, length, put]) => code.slice(0, at) + put + code.slice(at + length))
    fc.assert(
      fc.property(
        fc.oneof(
          noise,
          changed,
          fields.map((all) => all.join('|')),
        ),
        (text) => {
          const parsed = parseCardQr(text)
          if (!parsed.ok) return
          expect(parsed.value.personalNumber).toMatch(/^\d{12}$/)
          expect(parsed.value.fullName).toBe(parsed.value.fullName.normalize('NFC'))
          expect(parsed.value.birthDate).toMatch(/^((\d\d\/)?\d\d\/)?\d{4}$/)
          expect(['Nam', 'Nữ']).toContain(parsed.value.sex)
        },
      ),
      { seed: 20261122, numRuns: 5_000 },
    )
  })
})
