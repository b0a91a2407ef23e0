import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EntryState } from '../../contracts/outbox.ts'
import { bytesPerMs, estimateMs, noteTransfer, unknownLink } from './link.ts'
import { largeBytes, type OpenEntry, planSends } from './schedule.ts'

fc.configureGlobal({ seed: 20261122, numRuns: 2_000 })

const at = 1_700_000_000_000
const state: fc.Arbitrary<EntryState> = fc.oneof(
  fc.constant<EntryState>({ name: 'queued' }),
  fc
    .integer({ min: -60_000, max: 60_000 })
    .map((ahead): EntryState => ({ name: 'waiting', until: at + ahead, reason: 'network' })),
  fc.constant<EntryState>({ name: 'needs-attention', reason: 'rejected', detail: '', findings: [] }),
)
const entries: fc.Arbitrary<OpenEntry[]> = fc
  .array(
    fc.record({
      dossierId: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      sequence: fc.integer({ min: 1, max: 3 }),
      state,
      bytesLeft: fc.constantFrom(0, 200_000, largeBytes + 1),
    }),
    { maxLength: 12 },
  )
  .map((rows) =>
    rows.map(({ state: one, ...row }, index) => ({
      ...row,
      packetId: `p${index}`,
      progress: { state: one, attempt: 0, reuploads: 0 },
    })),
  )

describe('what goes now', () => {
  it('never starts an event before an earlier one of its dossier, nor more than there are lanes', () => {
    fc.assert(
      fc.property(entries, fc.integer({ min: 1, max: 5 }), fc.array(fc.nat(11), { maxLength: 4 }), (open, lanes, running) => {
        const inFlight = new Set(running.map((index) => `p${index}`).slice(0, lanes))
        const { start, wakeAt } = planSends({ entries: open, now: at, inFlight, lanes })
        expect(start.length + inFlight.size).toBeLessThanOrEqual(lanes)
        for (const packetId of start) {
          const entry = open.find((one) => one.packetId === packetId)
          if (entry === undefined) throw new Error('unknown')
          expect(inFlight.has(packetId)).toBe(false)
          expect(open.some((one) => one.dossierId === entry.dossierId && one.sequence < entry.sequence)).toBe(false)
        }
        if (wakeAt !== undefined) expect(wakeAt).toBeGreaterThan(at)
      }),
    )
  })

  it('keeps a lane for small dossiers behind any number of large ones', () => {
    const row = (packetId: string, bytesLeft: number): OpenEntry => ({
      packetId,
      dossierId: packetId,
      sequence: 1,
      progress: { state: { name: 'queued' }, attempt: 0, reuploads: 0 },
      bytesLeft,
    })
    const open = [...['l1', 'l2', 'l3', 'l4', 'l5'].map((id) => row(id, 5 * largeBytes)), row('s1', 1_000)]
    expect(planSends({ entries: open, now: at, inFlight: new Set(), lanes: 4 }).start).toEqual(['l1', 'l2', 'l3', 's1'])
    expect(planSends({ entries: open, now: at, inFlight: new Set(['l1', 'l2', 'l3']), lanes: 4 }).start).toEqual(['s1'])
    expect(planSends({ entries: open, now: at, inFlight: new Set(['l1']), lanes: 2 }).start).toEqual(['s1'])
  })

  it('holds up no dossier for the trouble of another', () => {
    fc.assert(
      fc.property(entries, (open) => {
        const well: OpenEntry = {
          packetId: 'well',
          dossierId: 'well',
          sequence: 1,
          progress: { state: { name: 'queued' }, attempt: 0, reuploads: 0 },
          bytesLeft: 0,
        }
        const stuck = open.map((entry) => ({
          ...entry,
          progress: {
            ...entry.progress,
            state: { name: 'needs-attention' as const, reason: 'rejected' as const, detail: '', findings: [] },
          },
        }))
        expect(planSends({ entries: [...stuck, well], now: at, inFlight: new Set(), lanes: 1 }).start).toEqual(['well'])
      }),
    )
  })
})

describe('the link', () => {
  it('is measured once for transfers side by side, and says nothing before there is something to say', () => {
    expect(estimateMs(unknownLink, 1_000_000)).toBeUndefined()
    // Two uploads of 50 kB each second, side by side, for ten seconds: 100 kB a second.
    let link = unknownLink
    for (let second = 1; second <= 10; second += 1) {
      for (const shift of [0, 500]) {
        const now = second * 1_000 + shift
        link = noteTransfer(link, { bytes: 50_000, beganAt: now - 1_000, at: now })
      }
    }
    expect(bytesPerMs(link)).toBeGreaterThan(90)
    expect(bytesPerMs(link)).toBeLessThan(110)
    // A pause without work is nobody's slowness.
    link = noteTransfer(link, { bytes: 50_000, beganAt: 3_600_000, at: 3_600_500 })
    expect(estimateMs(link, 1_000_000)).toBeGreaterThan(9_000)
    expect(estimateMs(link, 1_000_000)).toBeLessThan(11_000)
  })
})
