import { describe, expect, it } from 'vitest'
import { doubtsOfNumber, groupedNumber, readIdentityNumber } from './identity-number.ts'
import { registrationPlaceOf } from './registration-places.ts'

describe('identity numbers', () => {
  it('tells 12 digits from 9, takes grouping silently, counts the rest', () => {
    expect(readIdentityNumber(' 000 190.000-017 ')).toEqual({
      ok: true,
      value: { kind: 'personal-number', digits: '000190000017' },
    })
    expect(readIdentityNumber('000 000 017')).toMatchObject({ value: { kind: 'old-number' } })
    expect(readIdentityNumber('00019000001')).toEqual({ ok: false, error: { type: 'digit-count', count: 11 } })
    expect(readIdentityNumber('B1234567')).toMatchObject({ error: { type: 'not-digits' } })
    expect(readIdentityNumber('  ')).toMatchObject({ error: { type: 'number-empty' } })
    expect(groupedNumber('000190000017')).toBe('000 190 000 017')
  })

  it('warns of year and sex that do not go with the number, and of a place nobody has', () => {
    expect(doubtsOfNumber('011190004278', { birthDate: '03/09/1990', sex: 'Nữ' }, 2026)).toEqual([])
    expect(doubtsOfNumber('011190004278', { birthDate: '1991', sex: 'Nam' }, 2026)).toEqual([
      { type: 'birth-year-differs', ofNumber: 1990, stated: 1991 },
      { type: 'sex-differs', ofNumber: 'Nữ', stated: 'Nam' },
    ])
    expect(doubtsOfNumber('003190004278', {}, 2026)).toEqual([{ type: 'unknown-place', code: '003' }])
    expect(doubtsOfNumber('001395004278', {}, 2026)).toEqual([{ type: 'not-yet-born', ofNumber: 2095 }])
    expect(doubtsOfNumber('12', { sex: 'Nam' }, 2026)).toEqual([])
  })

  it('names the place of registration', () => {
    expect(registrationPlaceOf('011')).toEqual({ type: 'province', name: 'Điện Biên' })
    expect(registrationPlaceOf('000')).toEqual({ type: 'specimen' })
    expect(registrationPlaceOf('214')).toEqual({ type: 'abroad' })
    expect(registrationPlaceOf('099')).toEqual({ type: 'unknown' })
    expect(registrationPlaceOf('constructor')).toEqual({ type: 'unknown' })
  })
})
