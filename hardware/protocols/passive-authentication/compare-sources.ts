/**
 * What was typed, what the QR says and what the chip's groups say of one person, compared with each other.
 *
 * Invariants: only what two sources both say is compared; a name in the MRZ is without diacritics and may be cut (Doc 9303-3 section 4.6).
 * A finding names the field and the sources, never the values.
 */
import type { CardFinding, CardSourceName } from '../../../contracts/card-proof.ts'

/** Dates as dd/MM/yyyy, or YYMMDD as the MRZ has them; names as written, or as in the MRZ with '<'. */
export type SourceFacts = {
  /** Twelve digits, or of what was typed the last six: the card access number of a Vietnamese card. */
  personalNumber?: string | undefined
  documentNumber?: string | undefined
  name?: string | undefined
  birthDate?: string | undefined
  sex?: string | undefined
  expiryDate?: string | undefined
  issueDate?: string | undefined
}

const digitsOf = (text: string): string => text.replaceAll(/\D/g, '')

/** YYMMDD of either form; undefined for words ("Không thời hạn") and dates not wholly known. */
const shortDate = (text: string): string | undefined => {
  if (/^\d{6}$/.test(text)) return text
  const parts = /^(\d\d)\/(\d\d)\/\d\d(\d\d)$/.exec(text)
  return parts === null ? undefined : `${parts[3]}${parts[2]}${parts[1]}`
}

/** Letters as the MRZ writes Vietnamese ones: without marks, Đ as D. */
const plainName = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toUpperCase()
    .replaceAll('Đ', 'D')
    .replaceAll(/[^A-Z]+/g, ' ')
    .trim()

const sexOf = (text: string): string | undefined => {
  const letter = text.trim().toUpperCase()
  if (letter === 'M' || letter === 'NAM') return 'M'
  return letter === 'F' || letter === 'NỮ' ? 'F' : undefined
}

/** The MRZ's name field of a TD1 holds 30 characters; who has a longer name is cut. */
const cutLength = 29

const sameName = (left: string, right: string): boolean => {
  const [a, b] = [plainName(left), plainName(right)]
  // Primary and secondary identifier may stand in either order.
  const sorted = (name: string): string => name.split(' ').sort().join(' ')
  if (a === b || sorted(a) === sorted(b)) return true
  const [shorter, longer] = a.length < b.length ? [a, b] : [b, a]
  return shorter.length >= cutLength && longer.startsWith(shorter)
}

type Field = Extract<CardFinding, { type: 'sources-differ' }>['field']
type Comparison = { field: Field; key: keyof SourceFacts; same: (left: string, right: string) => boolean | undefined }

const sameOf =
  (form: (text: string) => string | undefined) =>
  (left: string, right: string): boolean | undefined => {
    const [a, b] = [form(left), form(right)]
    return a === undefined || b === undefined ? undefined : a === b
  }

const sameNumber = (left: string, right: string): boolean => {
  const [a, b] = [digitsOf(left), digitsOf(right)]
  return a.length === 6 || b.length === 6 ? a.endsWith(b) || b.endsWith(a) : a === b
}

const comparisons: readonly Comparison[] = [
  { field: 'personal-number', key: 'personalNumber', same: sameNumber },
  { field: 'document-number', key: 'documentNumber', same: sameOf((text) => text.replace(/<+$/, '')) },
  { field: 'name', key: 'name', same: sameName },
  { field: 'birth-date', key: 'birthDate', same: sameOf(shortDate) },
  { field: 'sex', key: 'sex', same: sameOf(sexOf) },
  { field: 'expiry-date', key: 'expiryDate', same: sameOf(shortDate) },
  { field: 'issue-date', key: 'issueDate', same: sameOf(shortDate) },
]

const order: readonly CardSourceName[] = ['dg1', 'dg13', 'dg11', 'scanned', 'typed']

/** Whether two groups of one chip are of two people: by their numbers, else by name and birth date both. */
export const arePersonsApart = (left: SourceFacts, right: SourceFacts): boolean => {
  if (left.personalNumber !== undefined && right.personalNumber !== undefined)
    return !sameNumber(left.personalNumber, right.personalNumber)
  const [names, dates] = [
    [left.name, right.name],
    [left.birthDate, right.birthDate],
  ] as const
  if (names[0] === undefined || names[1] === undefined || dates[0] === undefined || dates[1] === undefined) return false
  return !sameName(names[0], names[1]) && sameOf(shortDate)(dates[0], dates[1]) === false
}

export const compareSources = (sources: Partial<Record<CardSourceName, SourceFacts>>): CardFinding[] => {
  const findings: CardFinding[] = []
  for (const { field, key, same } of comparisons)
    for (const [at, left] of order.entries())
      for (const right of order.slice(at + 1)) {
        const [a, b] = [sources[left]?.[key], sources[right]?.[key]]
        if (a !== undefined && b !== undefined && same(a, b) === false)
          findings.push({ type: 'sources-differ', field, between: [left, right] })
      }
  return findings
}
