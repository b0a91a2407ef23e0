import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dateInWords } from './date-in-words.ts'
import { daysBetween, daysInMonth, earliest, formatDate, latest, readDate, todayInVietnam } from './dates.ts'

const seed = { seed: 20261122, numRuns: 300 }

const partialDate = fc
  .record({
    year: fc.integer({ min: 1880, max: 2200 }),
    month: fc.integer({ min: 1, max: 12 }),
    day: fc.integer({ min: 1, max: 31 }),
    depth: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ year, month, day, depth }) => {
    if (depth === 1) return { year }
    return depth === 2 ? { year, month } : { year, month, day: Math.min(day, daysInMonth(year, month)) }
  })

/** Reads Vietnamese numbers back, by other means than they were written. */
const numberOfWords = (words: string): number => {
  const units = ['không', 'một', 'hai', 'ba', 'bốn', 'năm', 'sáu', 'bảy', 'tám', 'chín']
  const other: Record<string, number> = { mốt: 1, tư: 4, lăm: 5 }
  let total = 0
  let last = 0
  for (const word of words.split(' ')) {
    if (word === 'nghìn' || word === 'trăm' || word === 'mươi') {
      total += last * (word === 'nghìn' ? 1000 : word === 'trăm' ? 100 : 10)
      last = 0
    } else if (word === 'mười') total += 10
    else if (word !== 'linh') last = other[word] ?? units.indexOf(word)
  }
  return total + last
}

describe('dates of the civil registry', () => {
  it('read back what was printed, whole or partial', () => {
    fc.assert(
      fc.property(partialDate, (date) => {
        expect(readDate(formatDate(date))).toEqual({ ok: true, value: date })
        expect(earliest(date)).toBeLessThanOrEqual(latest(date))
      }),
      seed,
    )
  })

  it('keep a year alone as a year', () => {
    expect(readDate('1990')).toEqual({ ok: true, value: { year: 1990 } })
    expect(formatDate({ year: 1990 })).toBe('1990')
  })

  it.each([
    ['2/11/2026', '02/11/2026'],
    ['2-11-2026', '02/11/2026'],
    ['02112026', '02/11/2026'],
    ['2.11.2026', '02/11/2026'],
    ['ngày 2 tháng 11 năm 2026', '02/11/2026'],
    ['9/1990', '09/1990'],
  ])('understand %s', (text, printed) => {
    const read = readDate(text)
    expect(read.ok && formatDate(read.value)).toBe(printed)
  })

  it.each([
    ['29/2/2025', 'no-such-day'],
    ['31/04/2026', 'no-such-day'],
    ['1/13/2026', 'no-such-month'],
    ['1/1/90', 'short-year'],
    ['01/01/0090', 'year-out-of-range'],
    ['hôm qua', 'not-a-date'],
    ['1/2/3/2026', 'not-a-date'],
    ['', 'not-a-date'],
  ])('say what is wrong with %s', (text, type) => {
    const read = readDate(text)
    expect(read.ok ? 'read' : read.error.type).toBe(type)
  })

  it('know 29 February of leap years only', () => {
    expect([1900, 2000, 2024, 2025].map((year) => daysInMonth(year, 2))).toEqual([28, 29, 29, 28])
  })

  it('count days between whole dates and refuse to guess between partial ones', () => {
    expect(daysBetween({ year: 2026, month: 2, day: 28 }, { year: 2026, month: 3, day: 1 })).toBe(1)
    expect(daysBetween({ year: 2026 }, { year: 2026, month: 3, day: 1 })).toBeUndefined()
  })

  it('take the day from Vietnam, seven hours before UTC', () => {
    expect(todayInVietnam(new Date('2026-11-21T16:59:59Z'))).toBe('2026-11-21')
    expect(todayInVietnam(new Date('2026-11-21T17:00:00Z'))).toBe('2026-11-22')
  })
})

describe('a date in words', () => {
  it.each([
    ['02/11/2026', 'Ngày hai tháng mười một năm hai nghìn không trăm hai mươi sáu'],
    ['24/04/1994', 'Ngày hai mươi tư tháng tư năm một nghìn chín trăm chín mươi tư'],
    ['15/05/2005', 'Ngày mười lăm tháng năm năm hai nghìn không trăm linh năm'],
    ['21/10/2000', 'Ngày hai mươi mốt tháng mười năm hai nghìn'],
    ['14/01/1915', 'Ngày mười bốn tháng một năm một nghìn chín trăm mười lăm'],
    ['31/12/2111', 'Ngày ba mươi mốt tháng mười hai năm hai nghìn một trăm mười một'],
    ['11/1990', 'Tháng mười một năm một nghìn chín trăm chín mươi'],
    ['1900', 'Năm một nghìn chín trăm'],
    ['31/02/2026', ''],
  ])('%s is %s', (date, words) => {
    expect(dateInWords(date)).toBe(words)
  })

  it('can be read back to the same date', () => {
    fc.assert(
      fc.property(partialDate, (date) => {
        const words = dateInWords(formatDate(date)).toLowerCase()
        const parts = /^(?:ngày (.+?) )?(?:tháng (.+?) )?năm (.+)$/.exec(words)
        const [, day, month, year] = parts ?? []
        expect({
          ...(day === undefined ? {} : { day: numberOfWords(day) }),
          ...(month === undefined ? {} : { month: numberOfWords(month) }),
          year: numberOfWords(year ?? ''),
        }).toEqual(date)
      }),
      seed,
    )
  })
})
