import { describe, expect, it } from 'vitest'
import { builtIn } from '../built-in.ts'
import { expectedResult } from '../calendar/working-days.ts'
import { blocksOf } from '../documents/catalogue-source.ts'
import { parseProcedure } from '../documents/parse-procedure.ts'
import { smallProcedure } from '../documents/small-procedure.fixture.ts'
import { typedAnswers } from '../typed-answers.ts'
import { inForceOn, isTaken, versionState } from '../versions.ts'
import { deadlinesOf, feeOf, resultExpected } from './terms.ts'

const parsed = parseProcedure(smallProcedure(), blocksOf([builtIn]))
const procedure = parsed.ok ? parsed.value : expect.fail(parsed.error.problems.join('\n'))
/** An instant by the clock in Vietnam. */
const at = (clock: string): Date => new Date(`${clock}:00+07:00`)

describe('a result is expected', () => {
  it.each([
    ['2026-11-20T10:00', 1, undefined, '2026-11-23'],
    ['2026-11-23T14:00', 3, undefined, '2026-11-27'],
    ['2026-11-23T15:30', 3, '15:00', '2026-11-30'],
    ['2026-04-24T10:00', 3, undefined, '2026-05-04'],
    ['2026-08-28T10:00', 3, undefined, '2026-09-07'],
    ['2026-02-13T10:00', 7, undefined, '2026-03-03'],
    ['2026-12-30T10:00', 7, undefined, '2027-01-11'],
    // The day made up on Saturday 22/8 is not confirmed.
    ['2026-08-21T10:00', 1, undefined, '2026-08-24'],
  ])('%s + %i working days (received until %s): %s', (received, amount, until, expected) => {
    expect(expectedResult(received, { amount, unit: 'working-day' }, until).expected).toBe(expected)
  })
  it('by the first limit that fits the channel, and says when the calendar itself is unsure', () => {
    const none = typedAnswers({})
    const day = { today: '2026-11-23' }
    expect(resultExpected(procedure, none, { ...day, channel: 'online' }, at('2026-11-23T14:20'))).toEqual({
      expected: '2026-11-23T15:20',
      unsure: false,
    })
    expect(resultExpected(procedure, none, { ...day, channel: 'counter' }, at('2026-11-23T15:20'))).toEqual({
      expected: '2026-11-30',
      unsure: false,
    })
    expect(resultExpected(procedure, none, { ...day, channel: 'post' }, at('2026-08-28T10:00'))?.unsure).toBe(true)
  })
})

describe('what it costs', () => {
  const fee = (values: Record<string, string>, channel: 'online' | 'counter', province?: string, today = '2026-11-22') =>
    feeOf(procedure, typedAnswers(values), { today, channel, ...(province === undefined ? {} : { province }) })
  it('goes by province, day, channel, exemption and number', () => {
    expect(fee({}, 'online').lines[0]).toMatchObject({ amount: 5000, sure: true })
    expect(fee({}, 'online', '11', '2026-09-30').lines[0]).toMatchObject({ amount: 9000 })
    expect(fee({}, 'online', '11', '2026-10-01').lines[0]).toMatchObject({ amount: 5000 })
    expect(fee({ purpose: 'Thăm thân' }, 'counter').lines[0]).toMatchObject({ amount: 0, exempt: { vi: 'Thăm thân được miễn' } })
    expect(fee({ guestName: 'A', members: '3' }, 'online')).toMatchObject({ total: 8000, whole: true })
  })
  it('is not said to be known when it is not', () => {
    expect(fee({}, 'counter')).toMatchObject({ total: 10_000, whole: false })
  })
})

describe('in time or not', () => {
  const state = (arrival: string, now: string) => {
    const [answer] = deadlinesOf(procedure, typedAnswers({ arrival }), { today: now.slice(0, 10) }, at(now))
    return [answer?.state, answer?.until]
  }
  it.each([
    ['22/11/2026 20:00', '2026-11-22T20:10', 'in-time', '2026-11-22T23:00'],
    ['22/11/2026 20:00', '2026-11-22T21:00', 'near', '2026-11-22T23:00'],
    ['22/11/2026 20:00', '2026-11-22T23:00', 'near', '2026-11-22T23:00'],
    ['22/11/2026 20:00', '2026-11-22T23:01', 'late', '2026-11-22T23:00'],
    ['22/11/2026 23:30', '2026-11-22T23:40', 'in-time', '2026-11-23T08:00'],
    ['22/11/2026', '2026-11-22T10:00', 'in-time', '2026-11-22T23:00'],
  ])('arrived %s, now %s: %s', (arrival, now, expected, until) => {
    expect(state(arrival, now)).toEqual([expected, until])
  })
  it('stays unknown while the date is', () => {
    expect(state('11/2026', '2026-11-22T20:10')).toEqual(['unknown', undefined])
  })
})

describe('versions', () => {
  const next = { ...procedure, version: '2027-01-01', effectiveFrom: '2027-01-01', effectiveUntil: undefined }
  it('hold from their first day to their last', () => {
    expect(['2026-06-30', '2026-07-01', '2026-12-31', '2027-01-01'].map((day) => versionState(procedure, day))).toEqual([
      'future',
      'in-force',
      'in-force',
      'ended',
    ])
    expect(inForceOn([procedure, next], '2026-12-31')?.version).toBe('2026-07-01')
    expect(inForceOn([procedure, next], '2027-01-01')?.version).toBe('2027-01-01')
    expect(inForceOn([procedure], '2027-01-01')).toBeUndefined()
  })
  it.each([
    ['2026-12-31', '2027-02-20', true],
    ['2027-01-10', '2027-02-20', true],
    ['2027-01-11', '2027-02-20', false],
    // A clock far behind or ahead: the day of receipt decides.
    ['2019-01-01', '2026-11-22', true],
    ['2019-01-01', '2027-01-11', false],
    ['2030-01-01', '2026-11-22', true],
    ['2026-06-01', '2026-06-30', false],
  ])('sealed on %s, received on %s: taken %s', (sealed, received, taken) => {
    expect(isTaken(procedure, sealed, received)).toBe(taken)
  })
})
