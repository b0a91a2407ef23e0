/**
 * What follows from a procedure's terms for one dossier: what it costs, by when the citizen must act, when a result is expected.
 * Pure: the clock and the place are given. What is not known is said to be unknown and never counted as nothing.
 */
import type { Answers } from '../../contracts/dossier.ts'
import type { LocalizedText } from '../../contracts/encoding.ts'
import type { Procedure } from '../../contracts/procedure.ts'
import type { Channel } from '../../contracts/procedure-field.ts'
import type { Deadline, Fee } from '../../contracts/procedure-terms.ts'
import { addDays, addWorkingDays, type ExpectedResult, expectedResult, movedToWorkingDay } from '../calendar/working-days.ts'
import { holds, type Values } from './conditions.ts'
import { isWhole, readDate } from './dates.ts'
import { type Day, valuesOf } from './visibility.ts'

export type FeeLine = {
  id: string
  label: LocalizedText
  /** đồng for one; undefined = not known here, ask the agency. */
  amount?: number
  count: number
  exempt?: LocalizedText
  /** False when the amount was not verified. */
  sure: boolean
  source?: string
}
/** `total` counts what is known; `whole` is false when an amount is missing or unsure. */
export type FeeAnswer = { lines: FeeLine[]; total: number; whole: boolean }

type Amount = Fee['items'][number]['amounts'][number]

/** `province` is its two-digit code; without it, amounts set by a province are not known. */
export const feeOf = (
  procedure: Procedure,
  answers: Answers,
  where: Day & { province?: string; channel: Channel },
): FeeAnswer => {
  const values = valuesOf(procedure, answers, where)
  const fits = (amount: Amount): boolean =>
    holds(amount.when, values) &&
    (amount.channels === undefined || amount.channels.includes(where.channel)) &&
    (amount.provinces === undefined || (where.province !== undefined && amount.provinces.includes(where.province))) &&
    (amount.from === undefined || amount.from <= where.today) &&
    (amount.until === undefined || amount.until >= where.today)
  const lines = procedure.fee.items
    .filter((item) => holds(item.when, values))
    .map((item): FeeLine => {
      const count = item.times === undefined ? 1 : Number(values[item.times] ?? 0)
      const line = { id: item.id, label: item.label, count }
      const exemption = item.exemptions.find((each) => holds(each.when, values))
      if (exemption !== undefined) return { ...line, amount: 0, exempt: exemption.reason, sure: true }
      const found = item.amounts.find(fits)
      return found === undefined
        ? { ...line, sure: false }
        : { ...line, amount: found.amount, sure: found.status === 'A' || found.status === 'B', source: found.source }
    })
  return {
    lines,
    total: lines.reduce((sum, line) => sum + (line.amount ?? 0) * line.count, 0),
    whole: lines.every((line) => line.amount !== undefined && line.sure),
  }
}

/** yyyy-MM-ddTHH:mm of an instant in Vietnam (UTC+7, no summer time since 1975). */
export const vietnamClock = (now: Date): string => new Date(now.getTime() + 7 * 3_600_000).toISOString().slice(0, 16)

export type DeadlineAnswer = {
  deadline: Deadline
  /** `unknown` while the date it runs from is not given in full. */
  state: 'in-time' | 'near' | 'late' | 'unknown'
  /** Last minute in time, yyyy-MM-ddTHH:mm in Vietnam. */
  until?: string
}

const endOf = (deadline: Deadline, value: string): string | undefined => {
  const [date = '', time = ''] = value.split(' ')
  const read = readDate(date)
  if (!read.ok || !isWhole(read.value)) return undefined
  const { year, month, day } = read.value
  const start = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
  const { within } = deadline
  if (within.type === 'hour') {
    // Without an hour the earlier end is said: it harms nobody to be in time.
    return time > within.hour ? `${addDays(start, 1)}T${within.afterwards}` : `${start}T${within.hour}`
  }
  const end =
    within.unit === 'working-day' ? addWorkingDays(start, within.count) : movedToWorkingDay(addDays(start, within.count))
  return `${end}T23:59`
}

const minutesBetween = (from: string, to: string): number => (Date.parse(`${to}:00Z`) - Date.parse(`${from}:00Z`)) / 60_000

/** How a deadline stands whose end is known. */
export const stateAt = (deadline: Pick<Deadline, 'nearHours'>, until: string, now: Date): 'in-time' | 'near' | 'late' => {
  const left = minutesBetween(vietnamClock(now), until)
  return left < 0 ? 'late' : left <= deadline.nearHours * 60 ? 'near' : 'in-time'
}

export const deadlineState = (deadline: Deadline, values: Values, now: Date): DeadlineAnswer => {
  const until = endOf(deadline, values[deadline.from] ?? '')
  if (until === undefined) return { deadline, state: 'unknown' }
  return { deadline, until, state: stateAt(deadline, until, now) }
}

/** The deadlines that concern this dossier now; the same call says it before the work, while it waits, and at the end. */
export const deadlinesOf = (procedure: Procedure, answers: Answers, day: Day, now: Date): DeadlineAnswer[] => {
  const values = valuesOf(procedure, answers, day)
  return procedure.deadlines
    .filter((deadline) => holds(deadline.when, values))
    .map((deadline) => deadlineState(deadline, values, now))
}

/** When a result may be expected, were it received at this instant; undefined where the limit is only words. */
export const resultExpected = (
  procedure: Procedure,
  answers: Answers,
  where: Day & { channel: Channel },
  receivedAt: Date,
): ExpectedResult | undefined => {
  const values = valuesOf(procedure, answers, where)
  const limit = procedure.timeLimit.limits.find(
    (each) => holds(each.when, values) && (each.channels === undefined || each.channels.includes(where.channel)),
  )
  return limit === undefined ? undefined : expectedResult(vietnamClock(receivedAt), limit, procedure.timeLimit.receivedUntil)
}
