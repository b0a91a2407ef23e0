/**
 * What a clerk types or pastes to open a chip: document number, birth date and expiry of the card's MRZ (Doc 9303-5, TD1).
 * Dates may be typed as printed (dd/MM/yyyy) or as the MRZ has them (YYMMDD).
 */
import type { CardAccess } from '../../contracts/card.ts'
import { err, ok, type Result } from '../../contracts/result.ts'
import { fold } from '../ui/fold.ts'

export type MrzProblem = 'document-number' | 'birth-date' | 'expiry-date'
export type MrzInput = { documentNumber: string; birthDate: string; expiryDate: string }

const compact = (text: string): string => text.replace(/[\s.-]/g, '').toUpperCase()

const isRealDay = (year: number, month: number, day: number): boolean => {
  const at = new Date(Date.UTC(year, month - 1, day))
  return at.getUTCMonth() === month - 1 && at.getUTCDate() === day
}

export const toMrzDate = (text: string): string | null => {
  const trimmed = text.trim()
  // Cards given at 60 or later never expire; their MRZ says 31/12/1999.
  if (fold(trimmed) === 'khong thoi han') return '991231'
  const printed = /^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})$/.exec(trimmed)
  const digits = /^(\d{2})(\d{2})(\d{2})$/.exec(trimmed)
  if (printed !== null) {
    const [day, month, year] = [Number(printed[1]), Number(printed[2]), Number(printed[3])]
    if (!isRealDay(year, month, day)) return null
    return `${String(year % 100).padStart(2, '0')}${String(month).padStart(2, '0')}${String(day).padStart(2, '0')}`
  }
  if (digits !== null) {
    const [year, month, day] = [Number(digits[1]), Number(digits[2]), Number(digits[3])]
    // The century is not in the MRZ: a day real in either one passes.
    return isRealDay(1900 + year, month, day) || isRealDay(2000 + year, month, day) ? trimmed : null
  }
  return null
}

/** The three MRZ lines of a card, pasted or scanned as text; null when they are not. */
export const readMrzLines = (text: string): MrzInput | null => {
  const lines = text
    .toUpperCase()
    .split(/\r?\n/)
    .map((line) => line.replace(/\s/g, ''))
    .filter((line) => line !== '')
  const joined = lines.join('')
  if (joined.length !== 90 || !/^[A-Z0-9<]{90}$/.test(joined)) return null
  const [first, second] = [joined.slice(0, 30), joined.slice(30, 60)]
  return { documentNumber: first.slice(5, 14), birthDate: second.slice(0, 6), expiryDate: second.slice(8, 14) }
}

export const toCardAccess = (input: MrzInput): Result<CardAccess, { type: 'mrz-incomplete'; problems: MrzProblem[] }> => {
  const typed = compact(input.documentNumber)
  // A Vietnamese card's document number is the last 9 digits of the 12 printed in front.
  const documentNumber = /^\d{12}$/.test(typed) ? typed.slice(3) : typed
  const birthDate = toMrzDate(input.birthDate)
  const expiryDate = toMrzDate(input.expiryDate)
  const problems: MrzProblem[] = [
    ...(/^[A-Z0-9<]{9}$/.test(documentNumber) ? [] : (['document-number'] as const)),
    ...(birthDate === null ? (['birth-date'] as const) : []),
    ...(expiryDate === null ? (['expiry-date'] as const) : []),
  ]
  if (problems.length > 0 || birthDate === null || expiryDate === null) return err({ type: 'mrz-incomplete', problems })
  return ok({ type: 'mrz', documentNumber, birthDate, expiryDate })
}
