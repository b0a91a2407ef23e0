import fc from 'fast-check'
import { expect, it } from 'vitest'
import { daysInMonth, formatDate } from './dates.ts'
import { withWholeYear } from './short-year.ts'

const past = { today: '2026-11-22', future: false }
const ahead = { today: '2026-11-22', future: true }

it.each([
  ['140590', '14/05/1990'],
  ['14/5/90', '14/05/1990'],
  ['1.6.19', '01/06/2019'],
  ['221126', '22/11/2026'],
  // Tomorrow has not happened: a hundred years ago.
  ['231126', '23/11/1926'],
  ['290200', '29/02/2000'],
])('%s is %s, which lies in the last hundred years', (typed, date) => {
  expect(withWholeYear(typed, past)).toBe(date)
})

it.each([
  ['011226', '01/12/2026'],
  ['301146', '30/11/1946'],
  ['221146', '22/11/2046'],
])('%s is %s where it may lie ahead', (typed, date) => {
  expect(withWholeYear(typed, ahead)).toBe(date)
})

it.each([
  '',
  '1990',
  '05/1990',
  '310290',
  '290299',
  '001090',
  '141390',
  '102001',
  '14051990',
  '14/05/1990',
  '14/05/190',
  'hôm qua',
])('leaves %s as it is', (text) => {
  expect(withWholeYear(text, past)).toBe(text)
})

it('gives back every day of the last hundred years from its short form', () => {
  const days = fc
    .record({
      year: fc.integer({ min: 1927, max: 2025 }),
      month: fc.integer({ min: 1, max: 12 }),
      day: fc.integer({ min: 1, max: 31 }),
    })
    .map(({ year, month, day }) => formatDate({ year, month, day: Math.min(day, daysInMonth(year, month)) }))
  fc.assert(
    fc.property(days, (date) => {
      const digits = date.replaceAll('/', '')
      expect(withWholeYear(digits.slice(0, 4) + digits.slice(6), past)).toBe(date)
      expect(withWholeYear(withWholeYear(digits, past), past)).toBe(digits)
    }),
    { seed: 20261122, numRuns: 300 },
  )
})
