/**
 * Numbers of a person as typed or scanned: the personal number of 12 digits, the old identity number (CMND) of 9.
 * A personal number has no check digit; place, century, sex and year are looked at (Decree 137/2015/NĐ-CP article 13, Circular
 * 59/2021/TT-BCA). Invariant: a doubt warns and never blocks, for papers and numbers do differ.
 */
import { err, ok, type Result } from '../../contracts/result.ts'
import { readDate } from '../rules/dates.ts'
import { birthYearOfNumber, isPersonalNumber, sexOfNumber } from '../rules/personal-number.ts'
import { registrationPlaceOf } from './registration-places.ts'

export type IdentityNumber = { kind: 'personal-number' | 'old-number'; digits: string }
export type NumberProblem = { type: 'number-empty' } | { type: 'not-digits' } | { type: 'digit-count'; count: number }

/** Grouping is taken silently: blanks, dots, hyphens. Nothing else is. */
export const readIdentityNumber = (text: string): Result<IdentityNumber, NumberProblem> => {
  const compact = text.replace(/[\s.\-\u00a0]/g, '')
  if (compact === '') return err({ type: 'number-empty' })
  if (!/^\d+$/.test(compact)) return err({ type: 'not-digits' })
  if (compact.length === 12) return ok({ kind: 'personal-number', digits: compact })
  if (compact.length === 9) return ok({ kind: 'old-number', digits: compact })
  return err({ type: 'digit-count', count: compact.length })
}

/** 011 190 004 278: as shown in full. */
export const groupedNumber = (digits: string): string => digits.replace(/(\d{3})(?=\d)/g, '$1 ')

export type NumberDoubt =
  | { type: 'unknown-place'; code: string }
  | { type: 'birth-year-differs'; ofNumber: number; stated: number }
  | { type: 'sex-differs'; ofNumber: 'Nam' | 'Nữ'; stated: string }
  | { type: 'not-yet-born'; ofNumber: number }

/** What of the number does not go with what else is known; `year` is the present one. */
export const doubtsOfNumber = (
  digits: string,
  stated: { birthDate?: string | undefined; sex?: string | undefined },
  year: number,
): NumberDoubt[] => {
  if (!isPersonalNumber(digits)) return []
  const doubts: NumberDoubt[] = []
  const code = digits.slice(0, 3)
  if (registrationPlaceOf(code).type === 'unknown') doubts.push({ type: 'unknown-place', code })
  const born = birthYearOfNumber(digits)
  const date = readDate(stated.birthDate ?? '')
  if (born !== undefined && date.ok && date.value.year !== born)
    doubts.push({ type: 'birth-year-differs', ofNumber: born, stated: date.value.year })
  if (born !== undefined && born > year) doubts.push({ type: 'not-yet-born', ofNumber: born })
  const sex = sexOfNumber(digits)
  if (sex !== undefined && stated.sex !== undefined && stated.sex !== '' && stated.sex.normalize('NFC') !== sex)
    doubts.push({ type: 'sex-differs', ofNumber: sex, stated: stated.sex })
  return doubts
}
