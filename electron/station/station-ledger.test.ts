import { mkdtemp, open, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { lockoutWaitMs, openStationLedger } from './station-ledger.ts'
import { openSteadyFile } from './steady-file.ts'

const day = 86_400_000
const operatorId = '00000000-0000-4000-8000-000000000001'
const proof = 'p'.repeat(43)
let folder: string
const file = () => join(folder, 'ledger')

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tram-ledger-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const machine = (wallMs: number) => ({ wallMs, uptimeMs: 1_000 })
const clocksOf = (at: { wallMs: number; uptimeMs: number }) => ({ wallMs: () => at.wallMs, uptimeMs: () => at.uptimeMs })
const pass = (at: { wallMs: number; uptimeMs: number }, ms: number) => {
  at.wallMs += ms
  at.uptimeMs += ms
}
const guess = { operatorId, way: 'pin', knownFailures: 0, offlineLimitMs: null } as const

describe('a record that needs no room', () => {
  it('never changes its size, and a torn write leaves the record before it', async () => {
    const Count = z.object({ count: z.number() })
    const record = await openSteadyFile(file(), Count, { count: 0 })
    const { size } = await stat(file())
    for (let count = 1; count <= 5; count += 1) await record.update(() => ({ count }))
    expect((await stat(file())).size).toBe(size)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 300 }), async (torn) => {
        const before = await readFile(file())
        const reopened = await openSteadyFile(file(), Count, { count: 0 })
        const { count } = reopened.value()
        await reopened.update(() => ({ count: count + 1 }))
        const after = await readFile(file())
        const first = after.findIndex((byte, at) => byte !== before[at])
        const half = Buffer.from(after)
        before.copy(half, first + torn, first + torn)
        const handle = await open(file(), 'r+')
        await handle.write(half, 0, half.length, 0)
        await handle.close()
        const found = (await openSteadyFile(file(), Count, { count: 0 })).value().count
        expect([count, count + 1]).toContain(found)
      }),
      { numRuns: 25, seed: 11 },
    )
  })

  it('does not begin again in silence when both slots are damaged', async () => {
    await openSteadyFile(file(), z.number(), 0)
    const handle = await open(file(), 'r+')
    await handle.write(Buffer.alloc(200, 1), 0, 200, 0)
    await handle.close()
    await expect(openSteadyFile(file(), z.number(), 0)).rejects.toThrow('damaged')
  })
})

describe('attempts', () => {
  it('waits after five, the wait counted by uptime, and a restart or a clock set anywhere shortens nothing', async () => {
    const at = machine(1_000_000)
    const ledger = await openStationLedger(file(), clocksOf(at))
    for (const left of [4, 3, 2, 1, 0]) expect(await ledger.attempt(guess)).toMatchObject({ value: { attemptsLeft: left } })
    expect(await ledger.attempt(guess)).toEqual({ ok: false, error: { type: 'locked-out', waitMs: lockoutWaitMs(5) } })
    at.wallMs += 10 * 365 * day
    at.uptimeMs += 10_000
    expect(await ledger.attempt(guess)).toMatchObject({ error: { waitMs: 20_000 } })
    at.wallMs = 0
    const restarted = await openStationLedger(file(), clocksOf(at))
    expect(await restarted.attempt(guess)).toMatchObject({ error: { type: 'locked-out', waitMs: 30_000 } })
    pass(at, 30_000)
    expect(await restarted.attempt(guess)).toMatchObject({ value: { attemptsLeft: 0, waitMs: 60_000 } })
  })

  it('clears only for the proof it saw first, and counts attempts that are made at once', async () => {
    const at = machine(0)
    const ledger = await openStationLedger(file(), clocksOf(at))
    await Promise.all([ledger.attempt(guess), ledger.attempt(guess), ledger.attempt(guess)])
    expect(await ledger.settle(operatorId, proof)).toBe(true)
    await Promise.all(Array.from({ length: 4 }, () => ledger.attempt(guess)))
    expect(await ledger.settle(operatorId, 'q'.repeat(43))).toBe(false)
    expect(await ledger.attempt(guess)).toMatchObject({ value: { attemptsLeft: 0 } })
    expect(await ledger.attempt(guess)).toMatchObject({ error: { type: 'locked-out' } })
  })

  it('keeps the count of whoever got in once, however many names are invented, until he is removed', async () => {
    const ledger = await openStationLedger(file(), clocksOf(machine(0)))
    const named = (n: number) => ({ ...guess, operatorId: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}` })
    for (let n = 1; n <= 150; n += 1) expect(await ledger.settle(named(n).operatorId, proof)).toBe(true)
    await ledger.attempt(guess)
    expect(await ledger.attempt(named(151))).toMatchObject({ error: { type: 'locked-out' } })
    expect(await ledger.settle(named(151).operatorId, proof)).toBe(false)
    expect(ledger.proves(operatorId, 'q'.repeat(43))).toBe(false)
    expect(await ledger.attempt(guess)).toMatchObject({ value: { attemptsLeft: 3 } })
    await ledger.leaseCame(1, [named(150).operatorId])
    expect(await ledger.attempt(named(151))).toMatchObject({ ok: true })
  })

  it('takes over what another count knew of an operator it has not met', async () => {
    const ledger = await openStationLedger(file(), clocksOf(machine(0)))
    expect(await ledger.attempt({ ...guess, knownFailures: 4 })).toMatchObject({ value: { attemptsLeft: 0 } })
  })
})

describe('time', () => {
  const limited = { ...guess, offlineLimitMs: 14 * day }

  it('lets nobody in by PIN after the days without a lease, and everybody again with the next one', async () => {
    const at = machine(1_000_000)
    const ledger = await openStationLedger(file(), clocksOf(at))
    await ledger.leaseCame(5_000, [])
    pass(at, 15 * day)
    expect(await ledger.attempt(limited)).toEqual({ ok: false, error: { type: 'contact-needed', offlineDays: 15 } })
    expect(await ledger.attempt({ ...limited, way: 'desk-code' })).toMatchObject({ ok: true })
    expect(await ledger.settle(operatorId, proof)).toBe(true)
    expect(await ledger.attempt(limited)).toMatchObject({ ok: true })
    await ledger.leaseCame(5_000 + 15 * day, [])
    expect(ledger.offlineMs()).toBe(0)
  })

  it('is not fooled by a clock that is set back before each start', async () => {
    const at = machine(100 * day)
    for (let start = 0; start < 16; start += 1) {
      const ledger = await openStationLedger(file(), clocksOf(at))
      if (start === 15) expect(await ledger.attempt(limited)).toMatchObject({ error: { type: 'contact-needed' } })
      pass(at, 3_600_000)
      await ledger.beat()
      at.wallMs -= 2 * day
    }
  })

  it('ages nothing by more than a day for a clock ten years ahead, and follows the gateway between leases', async () => {
    const at = machine(100 * day)
    const before = await openStationLedger(file(), clocksOf(at))
    await before.leaseCame(1_000, [])
    at.wallMs += 3650 * day
    const after = await openStationLedger(file(), clocksOf(at))
    expect(after.elapsedMs()).toBe(day)
    await after.leaseCame(1_000 + 3 * day, [])
    expect(after.elapsedMs()).toBe(3 * day)
    await after.leaseCame(2_000 + 3 * day, [])
    expect(after.elapsedMs()).toBe(3 * day + 1_000)
    // The gateway's own clock was ahead, and is right again.
    await after.leaseCame(5_000, [])
    expect(after.elapsedMs()).toBe(3 * day + 1_000)
    expect(after.offlineMs()).toBe(0)
  })
})
