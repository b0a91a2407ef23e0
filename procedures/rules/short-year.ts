/**
 * A whole date whose year a clerk typed with two digits: 140590, 14/5/90. Read on the kiosk alone, where the clerk sees the whole date as soon
 * as the field is left; a packet that holds such a date is refused like any other text.
 *
 * What has happened lies in the last hundred years up to today; what may lie ahead, within twenty years of today, else before it. Who is a
 * hundred years old or more is typed in full.
 */
import { daysInMonth, earliest, formatDate } from './dates.ts'

const yearsAhead = 20

const partsOf = (text: string): [number, number, number] | undefined => {
  const parts = /^(\d{2})(\d{2})(\d{2})$/.exec(text) ?? /^(\d{1,2})[\s/.\-,]+(\d{1,2})[\s/.\-,]+(\d{2})$/.exec(text)
  return parts === null ? undefined : [Number(parts[1]), Number(parts[2]), Number(parts[3])]
}

/** The date with its whole year; the text as it is where it holds none or none that could be meant. `today` is yyyy-MM-dd. */
export const withWholeYear = (text: string, { today, future }: { today: string; future: boolean }): string => {
  const [day, month, short] = partsOf(text.trim()) ?? []
  if (day === undefined || month === undefined || short === undefined || month < 1 || month > 12) return text
  const now = Number(today.replaceAll('-', ''))
  const last = future ? now + yearsAhead * 10_000 : now
  const century = Math.floor(last / 1_000_000) * 100
  const year = [century + short, century - 100 + short].find((each) => earliest({ year: each, month, day }) <= last)
  if (year === undefined || day < 1 || day > daysInMonth(year, month)) return text
  return formatDate({ year, month, day })
}
