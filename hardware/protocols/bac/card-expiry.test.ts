import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expiryCandidates, maxCandidates } from './card-expiry.ts'

const today = '2026-11-22'

describe('Law 26/2023/QH15 article 21', () => {
  it.each([
    // Nothing but the birth date: every age that cards issued from 2021 to today can end at.
    [{ birthDate: '1990-05-14' }, ['300514']],
    [{ birthDate: '1988-11-30' }, ['281130']],
    [{ birthDate: '1999-02-03' }, ['390203', '240203']],
    [{ birthDate: '1950-01-01' }, ['991231']],
    [{ birthDate: '1964-06-01' }, ['991231', '240601']],
    [{ birthDate: '1985-04-10' }, ['450410', '250410']],
    [{ birthDate: '2015-03-08' }, ['290308']],
    [{ birthDate: '2013-03-08' }, ['270308', '380308']],
    // The date of issue leaves one.
    [{ birthDate: '1999-02-03', issueDate: '2023-06-12' }, ['390203']],
    [{ birthDate: '1999-02-03', issueDate: '2021-06-12' }, ['240203']],
    [{ birthDate: '1966-02-03', issueDate: '2024-02-04' }, ['991231']],
    // On the very day offices may count either way.
    [{ birthDate: '1999-02-03', issueDate: '2022-02-03' }, ['390203', '240203']],
    // The date of expiry leaves itself.
    [{ birthDate: '1999-02-03', issueDate: '2023-06-12', expiryDate: '2039-02-03' }, ['390203']],
    [{ birthDate: '1950-01-01', expiryDate: 'unlimited' }, ['991231']],
    // A 29 February in a year that has none.
    [{ birthDate: '2004-02-29', issueDate: '2021-05-05' }, ['290228', '290301']],
    [{ birthDate: '1988-02-29', issueDate: '2021-05-05' }, ['280229']],
  ])('%o leaves %o', (card, expected) => {
    expect(expiryCandidates(card, today)).toEqual(expected)
  })

  it('few, whole and none twice, whatever the dates', () => {
    const day = fc.date({ min: new Date('1900-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
    fc.assert(
      fc.property(day, fc.option(day), (birth, issue) => {
        const candidates = expiryCandidates(
          { birthDate: birth.toISOString().slice(0, 10), issueDate: issue?.toISOString().slice(0, 10) },
          today,
        )
        expect(candidates.length).toBeGreaterThan(0)
        expect(candidates.length).toBeLessThanOrEqual(maxCandidates)
        expect(new Set(candidates).size).toBe(candidates.length)
        for (const candidate of candidates) expect(candidate).toMatch(/^\d{6}$/)
      }),
      { seed: 26, numRuns: 500 },
    )
  })
})
