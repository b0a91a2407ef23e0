import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeTd1, mrzKeyInformation, parseMrz, vietnamesePersonalNumber } from './mrz.ts'

const parsed = (...lines: string[]) => {
  const result = parseMrz(lines.join(''))
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

describe('the specimens of Doc 9303', () => {
  it('part 5 appendix A: TD1', () => {
    expect(
      parsed('I<UTOD231458907<<<<<<<<<<<<<<<', '7408122F1204159UTO<<<<<<<<<<<6', 'ERIKSSON<<ANNA<MARIA<<<<<<<<<<'),
    ).toMatchObject({
      format: 'TD1',
      documentCode: 'I',
      issuingState: 'UTO',
      documentNumber: 'D23145890',
      birthDate: '740812',
      sex: 'F',
      expiryDate: '120415',
      nationality: 'UTO',
      optionalData: '',
      name: 'ERIKSSON<<ANNA<MARIA',
    })
  })

  it('part 6 appendix A: TD2', () => {
    expect(parsed('I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<', 'D231458907UTO7408122F1204159<<<<<<<6')).toMatchObject({
      format: 'TD2',
      documentNumber: 'D23145890',
      name: 'ERIKSSON<<ANNA<MARIA',
    })
  })

  it('part 4 appendix A: TD3', () => {
    expect(parsed('P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10')).toMatchObject({
      format: 'TD3',
      documentNumber: 'L898902C3',
      optionalData: 'ZE184226B',
      birthDate: '740812',
    })
  })

  it('part 11 appendix D.2: a TD1 whose number is longer than nine characters', () => {
    const fields = parsed('I<UTOD23145890<7349<<<<<<<<<<<', '3407127M9507122UTO<<<<<<<<<<<2', 'STEVENSON<<PETER<JOHN<<<<<<<<<')
    expect(fields.documentNumber).toBe('D23145890734')
    expect(fields.optionalData).toBe('')
    expect(mrzKeyInformation(fields)).toBe('D23145890734934071279507122')
  })
})

describe('the Vietnamese TD1', () => {
  const lines = encodeTd1({
    documentCode: 'ID',
    issuingState: 'VNM',
    documentNumber: '190000017',
    optionalData: '000190000017<<4',
    birthDate: '900514',
    sex: 'F',
    expiryDate: '300514',
    nationality: 'VNM',
    name: 'NGUYEN<<THI<MAU',
  })

  it('carries the personal number in its optional data', () => {
    expect(lines[0]).toBe('IDVNM1900000174000190000017<<4')
    expect(vietnamesePersonalNumber(parsed(...lines))).toBe('000190000017')
  })

  it('has no personal number where another state issued it', () => {
    const fields = parsed('I<UTOD231458907<<<<<<<<<<<<<<<', '7408122F1204159UTO<<<<<<<<<<<6', 'ERIKSSON<<ANNA<MARIA<<<<<<<<<<')
    expect(vietnamesePersonalNumber(fields)).toBeUndefined()
  })

  it('is refused when one digit of a checked field is another', () => {
    const text = lines.join('')
    // Positions of number, optional data, birth and expiry with their check digits.
    const positions = [
      ...Array.from({ length: 25 }, (_, at) => 5 + at),
      ...Array.from({ length: 7 }, (_, at) => 30 + at),
      ...Array.from({ length: 7 }, (_, at) => 38 + at),
    ]
    for (const at of positions) {
      const digit = text.charAt(at)
      if (!/\d/.test(digit)) continue
      const changed = text.slice(0, at) + String((Number(digit) + 1) % 10) + text.slice(at + 1)
      expect(parseMrz(changed), `position ${at}`).toMatchObject({ ok: false, error: { type: 'mrz-check-digit' } })
    }
  })
})

it('any text gives a Result', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ maxLength: 100 }),
        fc
          .constantFrom(72, 88, 90)
          .chain((length) => fc.string({ unit: fc.constantFrom(...'ABIVNM<0123456789'), minLength: length, maxLength: length })),
      ),
      (text) => {
        expect(typeof parseMrz(text).ok).toBe('boolean')
      },
    ),
    { seed: 9303, numRuns: 500 },
  )
})

it('gives back what was encoded', () => {
  const letters = fc.string({ unit: fc.constantFrom(...'ABCDEFXYZ0123456789'), minLength: 9, maxLength: 9 })
  const date = fc
    .tuple(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
    .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(''))
  fc.assert(
    fc.property(letters, date, date, fc.stringMatching(/^[0-9]{12}$/), (documentNumber, birthDate, expiryDate, optionalData) => {
      const given = {
        documentCode: 'ID',
        issuingState: 'VNM',
        documentNumber,
        birthDate,
        expiryDate,
        optionalData,
        sex: 'M',
        nationality: 'VNM',
        name: 'MAU<<THU',
      }
      expect(parsed(...encodeTd1(given))).toMatchObject(given)
    }),
    { seed: 9303, numRuns: 200 },
  )
})
