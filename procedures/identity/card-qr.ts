/**
 * The QR printed on the identity card, as text: data entry, never proof of anybody.
 *
 *     2021 (front)  number|old CMND or empty|name|ddMMyyyy|Nam or Nữ|address|ddMMyyyy of issue
 *     2024 (back)   the same seven and four more, whose meaning is not published
 *
 * Invariants: takes any text, throws never, works in linear time. What an input program or a scanner in the wrong mode has changed is
 * named as such; of it only a number that is still whole may be used.
 */
import { err, ok, type Result } from '../../contracts/result.ts'
import { formatDate, readDate } from '../rules/dates.ts'
import { looksGarbled } from '../rules/field-checks.ts'

export type CardQr = {
  layout: '2021' | '2024'
  personalNumber: string
  oldIdentityNumber?: string
  fullName: string
  /** dd/MM/yyyy, MM/yyyy or yyyy. */
  birthDate: string
  sex: 'Nam' | 'Nữ'
  residence: string
  issueDate?: string
  /** The further fields of 2024, as they stand. */
  unexplained: string[]
}

export type CardQrFailure =
  | { type: 'code-not-of-a-card' }
  /** Begins as a card's code and ends too early: the scanner cut it. */
  | { type: 'code-incomplete'; personalNumber: string }
  /** Letters were changed or lost on the way: by Telex, by a code page. The number is there when it is still whole. */
  | { type: 'code-mangled'; personalNumber?: string }

/** More than any card holds (version 11 of the QR symbol, some 320 bytes). */
export const maxCodeLength = 2_000

/** Control characters but the tab, which is looked at as a mangled separator. */
const isControl = (character: string): boolean => {
  const code = character.codePointAt(0) ?? 0
  return (code < 32 && code !== 9) || (code >= 127 && code < 160)
}
const withoutControls = (text: string): string => {
  const clean = [...text].filter((character) => !isControl(character)).join('')
  // A byte order mark, which some scanners send first.
  return clean.startsWith('\ufeff') ? clean.slice(1) : clean
}

/** ddMMyyyy; 00 stands for a day or month that nobody knows. */
const dateOf = (text: string): string | undefined => {
  const parts = /^(\d\d)(\d\d)(\d{4})$/.exec(text)
  if (parts === null) return undefined
  const known = [parts[1], parts[2], parts[3]].filter((part, at) => at === 2 || part !== '00')
  // A day without its month is no date.
  if (parts[1] !== '00' && parts[2] === '00') return undefined
  const read = readDate(known.join('/'))
  return read.ok ? formatDate(read.value) : undefined
}

const vietnameseName = /^[\p{L}\p{M} '’ʼ.-]+$/u
const anyDiacritic = /[^\p{ASCII}]/u

export const parseCardQr = (raw: string): Result<CardQr, CardQrFailure> => {
  if (raw.length > maxCodeLength) return err({ type: 'code-not-of-a-card' })
  const text = withoutControls(raw).normalize('NFC').trim()
  const fields = text.split('|').map((field) => field.trim())
  const [number = '', oldNumber = '', fullName = '', birth = '', sex = '', residence = '', issued = ''] = fields
  if (!/^\d{12}$/.test(number)) {
    // A keyboard's layout or an input program turned the separators into something else; the digits came through.
    const begun = /^(\d{12})(?!\d)/.exec(text)?.[1]
    if (begun !== undefined && text.length > 40) return err({ type: 'code-mangled', personalNumber: begun })
    // The second field is as telling as the first when a digit of the first was changed.
    const likeACard = fields.length >= 6 && fields.some((field) => /^\d{8}$/.test(field))
    return err({ type: likeACard ? 'code-mangled' : 'code-not-of-a-card' })
  }
  if (fields.length === 1) return err({ type: 'code-not-of-a-card' })
  if (fields.length < 7) return err({ type: 'code-incomplete', personalNumber: number })
  const mangled = err({ type: 'code-mangled', personalNumber: number } as const)
  if (sex !== 'Nam' && sex !== 'Nữ') return mangled
  const birthDate = dateOf(birth)
  if (birthDate === undefined || (oldNumber !== '' && !/^\d{9}(\d{3})?$/.test(oldNumber))) return mangled
  if (!vietnameseName.test(fullName) || residence === '' || looksGarbled(fullName + residence)) return mangled
  // A woman's code proves by "Nữ" that letters came through; a man's must show one somewhere, as every address does.
  if (sex === 'Nam' && !anyDiacritic.test(fullName + residence)) return mangled
  const issueDate = issued === '' ? undefined : dateOf(issued)
  if (issued !== '' && issueDate === undefined) {
    return err({ type: /^\d{0,7}$/.test(issued) ? 'code-incomplete' : 'code-mangled', personalNumber: number })
  }
  return ok({
    layout: fields.length >= 11 ? '2024' : '2021',
    personalNumber: number,
    ...(oldNumber === '' ? {} : { oldIdentityNumber: oldNumber }),
    fullName,
    birthDate,
    sex,
    residence,
    ...(issueDate === undefined ? {} : { issueDate }),
    unexplained: fields.slice(7),
  })
}

/** Any code a scanner gives on this desk that says whose card to open: the card's QR, or the bare number. */
export const personalNumberOfCode = (raw: string): string | undefined => {
  const parsed = parseCardQr(raw)
  if (parsed.ok) return parsed.value.personalNumber
  if (parsed.error.type !== 'code-not-of-a-card') return parsed.error.personalNumber
  const bare = withoutControls(raw.slice(0, 40)).trim()
  return /^\d{12}$/.test(bare) ? bare : undefined
}
