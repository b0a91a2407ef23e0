/**
 * Working days and what an agency's time limit comes to (Civil Code 2015, articles 147 and 148: the first day does not count; an
 * end on a day off moves to the next working day). Days off are data with their sources.
 *
 * Invariants: days are yyyy-MM-dd of Vietnam. A day off that is only expected counts as off and a day made up for it does not
 * count as a working day, so that nobody is promised a result too early. All of it is an expectation: the agency's appointment wins.
 */
import { z } from 'zod'
import type { TimeLimit } from '../../contracts/procedure-terms.ts'
import json from './days-off.json' with { type: 'json' }

const Day = z.strictObject({ day: z.iso.date(), name: z.string(), confirmed: z.boolean() })
const calendar = z
  .strictObject({
    sources: z.array(z.strictObject({ source: z.string(), checkedOn: z.iso.date() })).min(1),
    years: z.array(z.number().int()),
    off: z.array(Day),
    madeUp: z.array(Day),
  })
  .parse(json)

const off = new Set(calendar.off.map(({ day }) => day))
const madeUp = new Set(calendar.madeUp.filter(({ confirmed }) => confirmed).map(({ day }) => day))
const unsure = new Set([...calendar.off, ...calendar.madeUp].filter(({ confirmed }) => !confirmed).map(({ day }) => day))
const years = new Set(calendar.years)

export const addDays = (day: string, count: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10)

export const isWorkingDay = (day: string): boolean => {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return madeUp.has(day) || (weekday !== 0 && weekday !== 6 && !off.has(day))
}

export const nextWorkingDay = (day: string): string => {
  let next = addDays(day, 1)
  while (!isWorkingDay(next)) next = addDays(next, 1)
  return next
}

export const addWorkingDays = (day: string, count: number): string => {
  let end = day
  for (let left = count; left > 0; left -= 1) end = nextWorkingDay(end)
  return end
}

/** The day itself, or the next working day when it is a day off. */
export const movedToWorkingDay = (day: string): string => (isWorkingDay(day) ? day : nextWorkingDay(day))

/** Whether a span touches a day that is not announced yet, or a year this calendar does not know. */
export const isUnsure = (from: string, to: string): boolean => {
  for (let day = from; day <= to; day = addDays(day, 1)) if (unsure.has(day) || !years.has(Number(day.slice(0, 4)))) return true
  return false
}

export type ExpectedResult = {
  /** yyyy-MM-dd, or with the hour yyyy-MM-ddTHH:mm where the limit is in hours. */
  expected: string
  /** True where the calendar itself is only expected. */
  unsure: boolean
}

/** `receivedAt` is yyyy-MM-ddTHH:mm in Vietnam. */
export const expectedResult = (
  receivedAt: string,
  limit: { amount: number; unit: TimeLimit['limits'][number]['unit'] },
  receivedUntil?: string,
): ExpectedResult => {
  const day = receivedAt.slice(0, 10)
  const time = receivedAt.slice(11, 16)
  if (limit.unit === 'hour') {
    const end = new Date(Date.parse(`${day}T${time}:00Z`) + limit.amount * 3_600_000).toISOString().slice(0, 16)
    return { expected: end, unsure: false }
  }
  const begins = receivedUntil !== undefined && time > receivedUntil ? nextWorkingDay(day) : day
  const end =
    limit.unit === 'working-day' ? addWorkingDays(begins, limit.amount) : movedToWorkingDay(addDays(begins, limit.amount))
  return { expected: end, unsure: isUnsure(day, end) }
}
