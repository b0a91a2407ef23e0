import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogue } from './catalogue.ts'
import { inForceOn, isTaken, lastDayTaken, versionState } from './versions.ts'

const { procedures } = catalogue.parseAll()

const later = procedures.find(({ code, version }) => code === '1.004222' && version === '2026-07-01')
const [template] = procedures
if (template === undefined || later === undefined) throw new Error('the catalogue holds permanent residence')
const { effectiveUntil: _, ...endless } = template
const ended = { ...endless, effectiveFrom: '2025-07-01', effectiveUntil: '2026-06-30', graceDays: 30 }

describe('a version', () => {
  it('holds from its first to its last day, and the one that began last holds before others', () => {
    expect(['2025-06-30', '2025-07-01', '2026-06-30', '2026-07-01'].map((day) => versionState(ended, day))).toEqual([
      'future',
      'in-force',
      'in-force',
      'ended',
    ])
    expect(inForceOn([ended, later], '2026-06-30')).toBe(ended)
    expect(inForceOn([ended, later], '2026-07-01')).toBe(later)
    expect(inForceOn([later, { ...later, effectiveFrom: '2026-08-01' }], '2026-08-01')?.effectiveFrom).toBe('2026-08-01')
    expect(inForceOn([later], '2020-01-01')).toBeUndefined()
  })

  it.each([
    ['2026-06-30', '2026-06-30', true],
    // Sealed on its last day, a long way without a network.
    ['2026-06-30', '2027-03-01', true],
    // Begun in time, finished in the days of grace.
    ['2026-07-30', '2026-07-30', true],
    ['2026-07-31', '2026-07-31', false],
    // A clock that runs ahead says nothing, nor does one from before the version.
    ['2030-01-01', '2026-07-30', true],
    ['2030-01-01', '2026-07-31', false],
    ['2020-01-01', '2026-07-31', false],
    ['2020-01-01', '2025-06-30', false],
  ])('sealed on %s and received on %s: %s', (sealed, received, taken) => {
    expect(isTaken(ended, sealed, received)).toBe(taken)
  })

  it('without an end is taken from its first day on, whatever the station’s clock says', () => {
    const day = fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
    fc.assert(
      fc.property(day, day, (sealed, received) => {
        const on = received.toISOString().slice(0, 10)
        expect(isTaken(later, sealed.toISOString().slice(0, 10), on)).toBe(on >= later.effectiveFrom)
      }),
      { seed: 20261122 },
    )
    expect(lastDayTaken(later)).toBeUndefined()
    expect(lastDayTaken(ended)).toBe('2026-07-30')
  })
})
