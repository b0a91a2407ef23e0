/**
 * From what was typed or read to what the form prints. Silent only where nothing can be lost: blanks, dots in numbers, +84,
 * a day without its zero, a name of a list without its marks. What cannot be understood stays as it is, for the check to say.
 * Invariant: normalising twice is normalising once.
 */
import type { Field } from '../../contracts/procedure.ts'
import { findInList } from './code-lists.ts'
import { formatDate, readDate } from './dates.ts'

export const maxAnswerLength = 2000

const cleanText = (raw: string): string =>
  raw
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, maxAnswerLength)
    .trim()

const compactNumber = (text: string): string => {
  const compact = text.replace(/[\s.-]/g, '')
  return /^\+?\d+$/.test(compact) ? compact : text
}

const compactPhone = (text: string): string => {
  const compact = compactNumber(text.replace(/[()]/g, ''))
  const local = compact.replace(/^(?:\+84|0084)0?/, '0')
  return /^84\d{9}$/.test(local) ? `0${local.slice(2)}` : local
}

export const normalizeAnswer = (field: Field, raw: string): string => {
  const text = cleanText(raw)
  switch (field.type) {
    case 'date': {
      const read = readDate(text)
      return read.ok ? formatDate(read.value) : text
    }
    case 'personal-number':
    case 'number':
      return compactNumber(text)
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
      return text
  }
}
