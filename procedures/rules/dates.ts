/**
 * Dates of the civil registry: dd/MM/yyyy, MM/yyyy or yyyy.
 * Invariant: what is not known stays unknown; nothing is ever padded to the first of January.
 */

export type PartialDate = { year: number; month?: number; day?: number }

export type DateProblem =
  | { type: 'not-a-date' }
  | { type: 'short-year' }
  | { type: 'year-out-of-range' }
  | { type: 'no-such-month'; month: number }
  | { type: 'no-such-day'; day: number; month: number; year: number; daysInMonth: number }

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
const daysByMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

export const daysInMonth = (year: number, month: number): number =>
  month === 2 && isLeap(year) ? 29 : (daysByMonth[month - 1] ?? 0)

const two = (value: number): string => String(value).padStart(2, '0')

export const formatDate = (date: PartialDate): string => {
  const year = String(date.year).padStart(4, '0')
  if (date.month === undefined) return year
  if (date.day === undefined) return `${two(date.month)}/${year}`
  return `${two(date.day)}/${two(date.month)}/${year}`
}

/** The numbers of a text, whatever stands between them; undefined when it holds anything else than a date could. */
const numbersOf = (text: string): string[] | undefined => {
  const joined = text.toLowerCase().replace(/ngày|tháng|năm|mồng|mùng/g, ' ')
  if (!/^[\d\s/.\-,]+$/.test(joined)) return undefined
  const compact = joined.trim()
  if (/^\d{8}$/.test(compact)) return [compact.slice(0, 2), compact.slice(2, 4), compact.slice(4)]
  return joined.split(/[\s/.\-,]+/).filter((part) => part !== '')
}

export const readDate = (text: string): { ok: true; value: PartialDate } | { ok: false; error: DateProblem } => {
  const parts = numbersOf(text)
  const yearText = parts?.at(-1)
  if (parts === undefined || yearText === undefined || parts.length > 3) return { ok: false, error: { type: 'not-a-date' } }
  if (parts.slice(0, -1).some((part) => part.length > 2)) return { ok: false, error: { type: 'not-a-date' } }
  if (yearText.length < 4) return { ok: false, error: { type: parts.length === 1 ? 'not-a-date' : 'short-year' } }
  const year = Number(yearText)
  if (yearText.length > 4 || year < 1880 || year > 2200) return { ok: false, error: { type: 'year-out-of-range' } }
  if (parts.length === 1) return { ok: true, value: { year } }
  const month = Number(parts.at(-2))
  if (month < 1 || month > 12) return { ok: false, error: { type: 'no-such-month', month } }
  if (parts.length === 2) return { ok: true, value: { year, month } }
  const day = Number(parts[0])
  const last = daysInMonth(year, month)
  if (day < 1 || day > last) return { ok: false, error: { type: 'no-such-day', day, month, year, daysInMonth: last } }
  return { ok: true, value: { year, month, day } }
}

/** yyyymmdd of the first and the last day the date can be. */
export const earliest = (date: PartialDate): number => date.year * 10000 + (date.month ?? 1) * 100 + (date.day ?? 1)
export const latest = (date: PartialDate): number => {
  const month = date.month ?? 12
  return date.year * 10000 + month * 100 + (date.day ?? daysInMonth(date.year, month))
}

export const isWhole = (date: PartialDate): date is Required<PartialDate> => date.day !== undefined && date.month !== undefined

/** Days from one whole date to another, or undefined when either is partial. */
export const daysBetween = (from: PartialDate, to: PartialDate): number | undefined =>
  isWhole(from) && isWhole(to)
    ? (Date.UTC(to.year, to.month - 1, to.day) - Date.UTC(from.year, from.month - 1, from.day)) / 86_400_000
    : undefined

/** The day before the same day so many years on; empty for a date that is not whole. */
export const lastDayOfYears = (date: PartialDate, years: number): string => {
  if (!isWhole(date)) return ''
  const day = new Date(Date.UTC(date.year + years, date.month - 1, date.day - 1))
  return formatDate({ year: day.getUTCFullYear(), month: day.getUTCMonth() + 1, day: day.getUTCDate() })
}

/** The calendar day in Vietnam (UTC+7, no summer time since 1975), yyyy-MM-dd. */
export const todayInVietnam = (now: Date): string => new Date(now.getTime() + 7 * 3_600_000).toISOString().slice(0, 10)

/** yyyy-MM-dd as dd/MM/yyyy. Throws on anything else: the caller's bug. */
export const printedDay = (isoDay: string): string => {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(isoDay)
  if (parts === null) throw new Error('today must be yyyy-MM-dd')
  return `${parts[3]}/${parts[2]}/${parts[1]}`
}
