/** The measurements, each on a rig that was just started: queue and drain, power cut, many dossiers. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import type { BareChromium } from '../../fixtures/bare-chromium.ts'
import { makeLoopDisk } from '../../fixtures/loop-disk.ts'
import type { Contestant, Kiosk, Rig } from './contestant.ts'
import type { Workload } from './page-bench.ts'
import { processorTime, processorTimeSince } from './processor-time.ts'

/** Looking costs both ends something too. */
const lookMs = 100
const drainPatienceMs = 15 * 60_000

export const call = async <T extends z.ZodType>(browser: BareChromium, method: string, schema: T, ...values: unknown[]) =>
  schema.parse(await browser.evaluate(`bench.${method}(${values.map((value) => JSON.stringify(value)).join(', ')})`))

export const quantile = (times: number[], part: number): number =>
  times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * part))] ?? Number.NaN

export type Queued = { enqueueMs: number; medianMs: number; p95Ms: number; notes: Record<string, number> }

const Notes = z.record(z.string(), z.number()).default({})

export async function withRig<T>(
  contestant: Contestant,
  pages: string,
  work: (rig: Rig, folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), `tram-bench-${contestant.name}-`))
  const rig = await contestant.start({ folder, pages })
  try {
    return await work(rig, folder)
  } finally {
    await rig.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

export async function withKiosk<T>(rig: Rig, folder: string, workload: Workload, work: (kiosk: Kiosk) => Promise<T>): Promise<T> {
  const kioskFolder = join(folder, 'kiosk')
  mkdirSync(kioskFolder, { recursive: true })
  const kiosk = await rig.openKiosk(kioskFolder)
  try {
    await call(kiosk.browser, 'open', z.unknown(), workload)
    return await work(kiosk)
  } finally {
    await kiosk.kill()
  }
}

export async function enqueue({ browser }: Kiosk, first: number, count: number): Promise<Queued> {
  const times = await call(browser, 'enqueue', z.array(z.number()), first, count)
  return {
    enqueueMs: times.reduce((sum, each) => sum + each, 0),
    medianMs: quantile(times, 0.5),
    p95Ms: quantile(times, 0.95),
    notes: Notes.parse(await browser.evaluate('bench.notes')),
  }
}

/** `spent`: processor time of both ends for each dossier, by process. */
export type Drained = { ms: number; spent: { kind: string; ms: number }[] }

/** Until the server has all and the page holds nothing back. */
export async function drain(rig: Rig, { browser }: Kiosk, count: number): Promise<Drained> {
  const before = processorTime()
  const began = performance.now()
  await call(browser, 'startDraining', z.unknown(), rig.serverUrl)
  const received = async () => {
    if (performance.now() - began > drainPatienceMs) throw new Error('not drained within a quarter of an hour')
    return await rig.received()
  }
  for (let looks = 1; (await received()) < count; looks += 1) {
    // A dossier which was shelved would be waited for in vain: the page says so by throwing.
    if (looks % 50 === 0) await call(browser, 'left', z.number())
    await pause(lookMs)
  }
  while ((await call(browser, 'left', z.number())) > 0) await pause(lookMs)
  const ms = performance.now() - began
  const spent = processorTimeSince(before, count)
  const there = await rig.received()
  if (there !== count) throw new Error(`${count} dossiers in, ${there} out`)
  return { ms, spent }
}

/** `starts`: how many starts of the browser it took until its store opened again; what did not open is lost. */
export type PowerCut = { acknowledged: number; lost: number; starts: number }

const mostStarts = 3

/** What is whole in a store that opens; undefined when it does not. */
async function intactAfterwards(rig: Rig, folder: string, workload: Workload): Promise<number | undefined> {
  const kiosk = await rig.openKiosk(folder)
  try {
    await call(kiosk.browser, 'open', z.unknown(), workload)
    return await call(kiosk.browser, 'intact', z.number())
  } catch (thrown) {
    console.log(`  does not open: ${thrown instanceof Error ? thrown.message.split('\n')[0] : 'unknown'}`)
    return undefined
  } finally {
    await kiosk.kill()
  }
}

/** The kiosk's disk loses its power at a random moment while dossiers are enqueued. */
export async function cutPower(contestant: Contestant, pages: string, workload: Workload, afterMs: number): Promise<PowerCut> {
  const disk = await makeLoopDisk(2_000)
  try {
    return await withRig(contestant, pages, async (rig) => {
      const kiosk = await rig.openKiosk(disk.folder)
      await call(kiosk.browser, 'open', z.unknown(), workload)
      const working = call(kiosk.browser, 'enqueue', z.unknown(), 0, 100_000).catch(() => undefined)
      await pause(afterMs)
      const acknowledged = z.number().parse(await kiosk.browser.evaluate('bench.acknowledged'))
      await disk.cutPower()
      await kiosk.kill()
      await working
      await disk.powerOn()
      for (let starts = 1; starts <= mostStarts; starts += 1) {
        const intact = await intactAfterwards(rig, disk.folder, workload)
        if (intact !== undefined) return { acknowledged, lost: Math.max(0, acknowledged - intact), starts }
      }
      return { acknowledged, lost: acknowledged, starts: mostStarts }
    })
  } finally {
    await disk.remove()
  }
}
