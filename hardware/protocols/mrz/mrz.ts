/**
 * The machine readable zone: TD1, TD2 and TD3 (Doc 9303 parts 5, 6, 4), its check digits (Doc 9303-3 section 4.9) and the key
 * information that opens a chip by BAC (Doc 9303-11 section 4.3.2).
 *
 * Invariants: any text gives a Result; a document number longer than nine characters continues in the optional data
 * (Doc 9303-5 section 4.2.2.1 note j). The Vietnamese personal number is the first twelve digits of the optional data of a TD1.
 */
import type { MrzCheck } from '../../../contracts/card-proof.ts'
import { err, ok, type Result } from '../../../contracts/result.ts'

export type MrzFields = {
  format: 'TD1' | 'TD2' | 'TD3'
  lines: string[]
  documentCode: string
  issuingState: string
  documentNumber: string
  birthDate: string
  sex: string
  expiryDate: string
  nationality: string
  optionalData: string
  /** As printed: primary identifier, two fillers, secondary identifier, without the fillers at the end. */
  name: string
}
export type MrzMalformed = { type: 'mrz-malformed'; detail: string }
export type MrzFailure = MrzMalformed | { type: 'mrz-check-digit'; checks: MrzCheck[] }

const weightOf = (character: string): number => {
  if (character === '<') return 0
  const code = character.charCodeAt(0)
  return code <= 57 ? code - 48 : code - 55
}

/** Weights 7, 3, 1 (Doc 9303-3 section 4.9). The text holds A-Z, 0-9 and the filler only. */
export const checkDigit = (text: string): string => {
  const weights = [7, 3, 1]
  let sum = 0
  for (let at = 0; at < text.length; at += 1) sum += weightOf(text.charAt(at)) * (weights[at % 3] ?? 0)
  return String(sum % 10)
}

/** "MRZ_information" of Doc 9303-11 section 4.3.2: number, birth, expiry, each with its check digit. */
export const mrzKeyInformation = (key: { documentNumber: string; birthDate: string; expiryDate: string }): string => {
  const number = key.documentNumber.padEnd(9, '<')
  return [number, key.birthDate, key.expiryDate].map((part) => part + checkDigit(part)).join('')
}

const withoutFillers = (text: string): string => text.replace(/<+$/, '')

const splitLines = (text: string): Result<{ format: MrzFields['format']; lines: string[] }, MrzMalformed> => {
  const flat = text.replaceAll(/[\r\n]/g, '')
  if (!/^[A-Z0-9<]*$/.test(flat)) return err({ type: 'mrz-malformed', detail: 'characters outside A-Z, 0-9 and <' })
  const shape = ({ 90: ['TD1', 30], 72: ['TD2', 36], 88: ['TD3', 44] } as const)[flat.length]
  if (shape === undefined) return err({ type: 'mrz-malformed', detail: `length ${flat.length}` })
  const [format, width] = shape
  const lines: string[] = []
  for (let at = 0; at < flat.length; at += width) lines.push(flat.slice(at, at + width))
  return ok({ format, lines })
}

/** A long number: nine characters, a filler for its check digit, the rest and the check digit at the head of the optional data. */
const longNumber = (
  number: string,
  digit: string,
  optional: string,
): { number: string; digit: string; optional: string } | null => {
  if (digit !== '<') return null
  const [head = '', ...rest] = optional.split('<')
  if (head.length < 2) return null
  return { number: number + head.slice(0, -1), digit: head.slice(-1), optional: withoutFillers(rest.join('<')) }
}

/** With the check digits that do not fit: a chip's MRZ is signed, and some issuers have miscalculated. */
export const readMrz = (text: string): Result<{ fields: MrzFields; wrongChecks: MrzCheck[] }, MrzMalformed> => {
  const split = splitLines(text)
  if (!split.ok) return split
  const { format, lines } = split.value
  const [first = '', second = '', third = ''] = lines
  const td1 = format === 'TD1'
  const numberField = td1 ? first.slice(5, 14) : second.slice(0, 9)
  const numberDigit = td1 ? first.slice(14, 15) : second.slice(9, 10)
  const optionalField = td1 ? first.slice(15, 30) : format === 'TD2' ? second.slice(28, 35) : second.slice(28, 42)
  const birthDate = td1 ? second.slice(0, 6) : second.slice(13, 19)
  const birthDigit = td1 ? second.slice(6, 7) : second.slice(19, 20)
  const sex = td1 ? second.slice(7, 8) : second.slice(20, 21)
  const expiryDate = td1 ? second.slice(8, 14) : second.slice(21, 27)
  const expiryDigit = td1 ? second.slice(14, 15) : second.slice(27, 28)
  const nationality = td1 ? second.slice(15, 18) : second.slice(10, 13)
  const composite = td1
    ? first.slice(5, 30) + second.slice(0, 7) + second.slice(8, 15) + second.slice(18, 29)
    : second.slice(0, 10) + second.slice(13, 20) + second.slice(21, format === 'TD2' ? 35 : 43)
  const compositeDigit = td1 ? second.slice(29, 30) : second.slice(-1)

  const long = format === 'TD3' ? null : longNumber(numberField, numberDigit, optionalField)
  const checked: [MrzCheck, string, string][] = [
    ['document-number', long === null ? numberField : long.number, long === null ? numberDigit : long.digit],
    ['birth-date', birthDate, birthDigit],
    ['expiry-date', expiryDate, expiryDigit],
    ['composite', composite, compositeDigit],
  ]
  // Doc 9303-4 section 4.2.2.2: an empty personal number may carry a filler in place of its check digit.
  if (format === 'TD3' && !(withoutFillers(optionalField) === '' && second.slice(42, 43) === '<'))
    checked.push(['optional-data', optionalField, second.slice(42, 43)])
  const wrongChecks = checked.filter(([, value, digit]) => checkDigit(value) !== digit).map(([check]) => check)
  // Part of a birth date may be unknown (fillers); the expiry date is whole.
  const datesRead = /^[0-9<]{6}$/.test(birthDate) && /^\d{6}$/.test(expiryDate)
  if (!datesRead && wrongChecks.length === 0) return err({ type: 'mrz-malformed', detail: 'date' })
  const fields: MrzFields = {
    format,
    lines,
    documentCode: withoutFillers(first.slice(0, 2)),
    issuingState: withoutFillers(first.slice(2, 5)),
    documentNumber: long === null ? withoutFillers(numberField) : long.number,
    birthDate,
    sex,
    expiryDate,
    nationality: withoutFillers(nationality),
    optionalData: long === null ? withoutFillers(optionalField) : long.optional,
    name: withoutFillers(td1 ? third : first.slice(5)),
  }
  return ok({ fields, wrongChecks })
}

/** As typed by somebody: every check digit must fit. */
export const parseMrz = (text: string): Result<MrzFields, MrzFailure> => {
  const read = readMrz(text)
  if (!read.ok) return read
  const { fields, wrongChecks } = read.value
  return wrongChecks.length > 0 ? err({ type: 'mrz-check-digit', checks: wrongChecks }) : ok(fields)
}

/** Twelve digits, then fillers and a check digit over the twelve, as Vietnamese cards carry them. */
export const vietnamesePersonalNumber = (fields: MrzFields): string | undefined => {
  if (fields.format !== 'TD1' || fields.issuingState !== 'VNM') return undefined
  return /^(\d{12})(?:<|$)/.exec(fields.optionalData)?.[1]
}

export const encodeTd1 = (fields: {
  documentCode: string
  issuingState: string
  documentNumber: string
  optionalData: string
  birthDate: string
  sex: string
  expiryDate: string
  nationality: string
  name: string
}): string[] => {
  const pad = (text: string, width: number): string => text.padEnd(width, '<').slice(0, width)
  const number = pad(fields.documentNumber, 9)
  const first =
    pad(fields.documentCode, 2) + pad(fields.issuingState, 3) + number + checkDigit(number) + pad(fields.optionalData, 15)
  const birth = fields.birthDate + checkDigit(fields.birthDate)
  const expiry = fields.expiryDate + checkDigit(fields.expiryDate)
  const optional2 = pad('', 11)
  const composite = checkDigit(first.slice(5) + birth + expiry + optional2)
  return [first, birth + pad(fields.sex, 1) + expiry + pad(fields.nationality, 3) + optional2 + composite, pad(fields.name, 30)]
}
