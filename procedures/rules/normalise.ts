/**
 * From what was typed or read to what the form prints. Silent only where nothing can be lost: blanks, dots in numbers, +84,
 * a day without its zero, a name of a list without its marks. What cannot be understood stays as it is, for the check to say.
 * Invariant: normalising twice is normalising once.
 */
import type { Field } from '../../contracts/procedure.ts'
import { findInList } from './code-lists.ts'
import { formatDate, readDate } from './dates.ts'

export const maxAnswerLength = 2000
/** A signature drawn on the screen is path data, longer than any text. */
export const maxSignatureLength = 8000

/** So many UTF-16 units at most, and no half of a letter that takes two. */
export const cutAt = (text: string, most: number): string => text.slice(0, most).replace(/\p{Cs}$/u, '')

/** Half a pair of surrogates among them, which no database keeps. */
const blanks = /[\p{Cc}\p{Cf}\p{Cs}\s]+/gu
/** Anything but single spaces between words: hardly any answer has it, and finding none is quicker than writing all of them anew. */
const unclean = /[\p{Cc}\p{Cf}\p{Cs}]|[^\S ]| {2}/u

const cleanText = (raw: string): string => {
  const text = raw.normalize('NFC')
  return cutAt((unclean.test(text) ? text.replace(blanks, ' ') : text).trim(), maxAnswerLength).trim()
}

const compactNumber = (text: string): string => {
  const compact = text.replace(/[\s.-]/g, '')
  return /^\+?\d+$/.test(compact) ? compact : text
}

const compactPhone = (text: string): string => {
  const digits = compactNumber(text.replace(/[()]/g, ''))
  const compact = /^\+?\d+$/.test(digits) ? digits : text
  const local = compact.replace(/^(?:\+84|0084)0?/, '0')
  return /^84\d{9}$/.test(local) ? `0${local.slice(2)}` : local
}

const two = (digits: string): string => digits.padStart(2, '0')

/** 22h15, 22 giờ 15 phút, 22:15, 2215 → 22:15; 22 giờ → 22. */
const printedTime = (text: string): string => {
  const parts =
    /^(\d{1,2})(?:\s*(?:h|giờ|g|:|\.)\s*(?:(\d{1,2})\s*(?:phút|p|’|')?)?)?$/i.exec(text) ?? /^(\d{2})(\d{2})$/.exec(text)
  const [, hour, minute] = parts ?? []
  if (hour === undefined) return text
  return minute === undefined ? two(hour) : `${two(hour)}:${two(minute)}`
}

/** Date first or hour first, as people say it: 22h15 ngày 2/11/2026. */
const printedDateTime = (text: string): string => {
  const hour = /(?:^|\s)(\d{1,2}\s*(?:h|giờ|:)\s*(?:\d{1,2}(?:\s*phút)?)?)(?=\s|,|$)/i.exec(text)
  if (hour?.[1] === undefined) return text
  const date = readDate(text.replace(hour[1], ' ').replace(/[,]/g, ' ').trim())
  const time = printedTime(hour[1].trim())
  return date.ok ? `${formatDate(date.value)} ${time.length === 2 ? `${time}:00` : time}` : text
}

export const normalizeAnswer = (field: Field, raw: string): string => {
  const text = cleanText(raw)
  switch (field.type) {
    case 'date': {
      const read = readDate(text)
      return read.ok ? formatDate(read.value) : text
    }
    case 'personal-number':
    case 'digits':
    case 'number':
    case 'money':
    case 'rows':
      return compactNumber(text)
    case 'time':
      return printedTime(text)
    case 'date-time':
      return printedDateTime(text)
    case 'email':
      return text.replaceAll(' ', '').toLowerCase()
    case 'signature':
      return raw.trim().slice(0, maxSignatureLength)
    case 'multi-choice': {
      const wanted = text.split(';').map((each) => each.trim().toLowerCase())
      const known = field.options.filter((option) => wanted.includes(option.value.toLowerCase()))
      return known.length === wanted.length ? known.map((option) => option.value).join('; ') : text
    }
    case 'phone':
      return compactPhone(text)
    case 'listed':
      return findInList(field.list, text)?.name ?? text
    case 'choice': {
      const wanted = text.toLowerCase()
      return field.options.find((option) => option.value.toLowerCase() === wanted)?.value ?? text
    }
    case 'text':
    case 'name':
    case 'date-in-words':
    case 'unit':
    case 'address':
    case 'composed':
      return text
  }
}
