/**
 * What happens to machines and lines, with the real programs: power cuts of either disk, kill -9 of either side, a bad line, a proxy that
 * truncates and repeats, a disk that runs full. Each ends with both sides compared.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { specimenText } from '../bench/outbox/workload.ts'
import { type ChaosProxy, type Fault, startChaosProxy } from '../fixtures/chaos-proxy.ts'
import { buildExtraPages } from '../fixtures/extra-pages.ts'
import { freePort } from '../fixtures/free-port.ts'
import { type LoopDisk, makeLoopDisk } from '../fixtures/loop-disk.ts'
import { startSlowLink } from '../fixtures/slow-link.ts'
import { type Backend, type KioskAtWork, type Plant, startPlant, type Work } from './plant.ts'
import { lostAtGateway, lostAtKiosk, type Reckoning, reckon } from './reckoning.ts'

export type RoundOptions = {
  times: number
  backend: Backend
  random: () => number
  /** Tells how it goes. */
  tell?: (line: string) => void
}
export type Outcome = Reckoning & { kind: string; backend: Backend; times: number }

const endless = 1_000_000
const work = (change: Partial<Work> = {}): Work => ({
  dossier: specimenText(),
  attachmentBytes: 200_000,
  count: endless,
  pauseMs: 30,
  ...change,
})

type Place = { folder: string; disks: { kiosk?: LoopDisk; gateway?: LoopDisk } }

async function withPlant<T>(
  options: RoundOptions & { disks?: { kiosk?: number; gateway?: number }; link?: (gatewayPort: number) => Promise<string> },
  run: (plant: Plant, place: Place & { proxy: ChaosProxy }) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'tram-endure-'))
  chmodSync(folder, 0o755)
  const undo: (() => Promise<unknown>)[] = [async () => rmSync(folder, { recursive: true, force: true })]
  try {
    const disks: Place['disks'] = {}
    for (const side of ['kiosk', 'gateway'] as const) {
      const megabytes = options.disks?.[side]
      if (megabytes === undefined) continue
      const disk = await makeLoopDisk(megabytes)
      disks[side] = disk
      undo.push(() => disk.remove())
    }
    const folderOf = (side: 'kiosk' | 'gateway') => {
      const path = join(disks[side]?.folder ?? folder, side)
      mkdirSync(path, { recursive: true })
      chmodSync(path, 0o755)
      return path
    }
    const pages = join(folder, 'pages')
    await buildExtraPages(pages, [join(import.meta.dirname, 'kiosk-at-work.ts')])
    const [gatewayPort, kioskPort] = [await freePort(), await freePort()]
    const proxy = await startChaosProxy(`http://127.0.0.1:${gatewayPort}`)
    undo.push(() => proxy.stop())
    const linkUrl = (await options.link?.(gatewayPort)) ?? proxy.url
    const plant = await startPlant({
      gatewayFolder: join(folderOf('gateway'), 'data'),
      kioskFolder: folderOf('kiosk'),
      ...{ gatewayPort, kioskPort, linkUrl, pages, backend: options.backend },
    })
    undo.push(() => plant.stop())
    return await run(plant, { folder, disks, proxy })
  } finally {
    for (const step of undo.toReversed()) await step()
  }
}

const moment = ({ random }: RoundOptions, from: number, to: number) => pause(from + random() * (to - from))

const outcome = (kind: string, { backend, times }: RoundOptions, reckoning: Reckoning, faults: string[]): Outcome => ({
  ...reckoning,
  faults: [...faults, ...reckoning.faults],
  kind,
  backend,
  times,
})

const patienceMs = 240_000

async function powerCutOfKiosk(options: RoundOptions): Promise<Outcome> {
  return await withPlant({ ...options, disks: { kiosk: 3_000 } }, async (plant, { disks }) => {
    const faults: string[] = []
    let kiosk = await plant.openKiosk()
    for (let time = 1; time <= options.times; time += 1) {
      await kiosk.send()
      await kiosk.work(work())
      await moment(options, 300, 3_000)
      const confirmed = await kiosk.confirmed()
      await disks.kiosk?.cutPower()
      await kiosk.kill()
      await disks.kiosk?.powerOn()
      kiosk = await plant.openKiosk()
      const lost = await lostAtKiosk(kiosk, confirmed)
      faults.push(...lost)
      options.tell?.(`cut ${time}: ${confirmed.packets.length} dossiers confirmed, ${lost.length} lost`)
    }
    await kiosk.send()
    return outcome('power cut of the kiosk', options, await reckon(kiosk, plant.gatewayFolder, patienceMs), faults)
  })
}

const receipts = async (kiosk: KioskAtWork): Promise<number> => (await kiosk.outbox()).filter(({ receipt }) => receipt).length

async function until(holds: () => Promise<boolean>): Promise<void> {
  const began = performance.now()
  while (!(await holds()) && performance.now() - began < 60_000) await pause(100)
}

async function powerCutOfGateway(options: RoundOptions): Promise<Outcome> {
  return await withPlant({ ...options, disks: { gateway: 3_000 } }, async (plant, { disks }) => {
    const faults: string[] = []
    const kiosk = await plant.openKiosk()
    await kiosk.send()
    for (let time = 1; time <= options.times; time += 1) {
      const before = await receipts(kiosk)
      await kiosk.work(work())
      // A gateway that takes nothing in has nothing to lose.
      await until(async () => (await receipts(kiosk)) > before)
      await moment(options, 0, 1_500)
      await disks.gateway?.cutPower()
      await plant.killGateway(true)
      await kiosk.rest()
      await disks.gateway?.powerOn()
      await plant.startGateway()
      const lost = await lostAtGateway(kiosk, plant.gatewayFolder)
      faults.push(...lost)
      options.tell?.(`cut ${time}: ${await receipts(kiosk)} receipts, ${lost.length} lost`)
    }
    return outcome('power cut of the gateway', options, await reckon(kiosk, plant.gatewayFolder, patienceMs), faults)
  })
}

const carriesBytes = ({ method, path }: ChaosProxy['exchanges'][number]) =>
  method === 'PATCH' || ['/v1/packets', '/v1/consignments'].includes(path)

/** Only once bytes of an attachment are on their way. */
async function inMidUpload(proxy: ChaosProxy, options: RoundOptions): Promise<void> {
  const before = proxy.exchanges.length
  const began = performance.now()
  while (!proxy.exchanges.slice(before).some(carriesBytes) && performance.now() - began < 30_000) await pause(5)
  await moment(options, 0, 60)
}

async function kill(options: RoundOptions): Promise<Outcome> {
  return await withPlant(options, async (plant, { proxy }) => {
    const faults: string[] = []
    let kiosk: KioskAtWork = await plant.openKiosk()
    await kiosk.send()
    for (let time = 1; time <= options.times; time += 1) {
      await kiosk.work(work({ attachmentBytes: 1_000_000, pauseMs: 100 }))
      await inMidUpload(proxy, options)
      const confirmed = await kiosk.confirmed()
      if (time % 2 === 1) {
        await kiosk.kill()
        kiosk = await plant.openKiosk()
        faults.push(...(await lostAtKiosk(kiosk, confirmed)))
        await kiosk.send()
      } else {
        await plant.killGateway(false)
        await kiosk.rest()
        await plant.startGateway()
        faults.push(...(await lostAtGateway(kiosk, plant.gatewayFolder)))
      }
      options.tell?.(`kill ${time} (${time % 2 === 1 ? 'kiosk' : 'gateway'}): ${faults.length} lost`)
    }
    await kiosk.rest()
    return outcome('kill -9 in mid-upload', options, await reckon(kiosk, plant.gatewayFolder, patienceMs), faults)
  })
}

/** `faster` is the same line on a shorter day: everything about it goes by so many times as fast. */
async function slowLink(options: RoundOptions & { faster?: number }): Promise<Outcome> {
  const faster = options.faster ?? 1
  let stop: () => Promise<void> = () => Promise.resolve()
  let cuts = () => 0
  const link = async (gatewayPort: number) => {
    const [upBps, downBps] = [50_000 * faster, 250_000 * faster]
    const line = { upBps, downBps, roundTripMs: 300 / faster, cutEveryMs: 20_000 / faster, deadMs: 2_000 / faster }
    const started = await startSlowLink(gatewayPort, line)
    ;({ stop, cuts } = started)
    return started.url
  }
  try {
    return await withPlant({ ...options, link }, async (plant) => {
      const kiosk = await plant.openKiosk()
      await kiosk.work(work({ count: options.times, pauseMs: 0 }))
      await kiosk.ended()
      await kiosk.send()
      // 200 KB at 50 kbps are 32 s; a cut costs a chunk and a wait.
      const reckoning = await reckon(kiosk, plant.gatewayFolder, 120_000 + (options.times * 90_000) / faster)
      options.tell?.(`the line was cut ${cuts()} times`)
      return outcome('a line of 250/50 kbps and 300 ms, cut every 20 s', options, reckoning, [])
    })
  } finally {
    await stop()
  }
}

const misdeeds: Fault[] = [
  { type: 'repeat' },
  { type: 'truncate-answer' },
  { type: 'cut-body-after', bytes: 30_000 },
  { type: 'lose-answer' },
  { type: 'cut' },
]

async function proxyRound(options: RoundOptions): Promise<Outcome> {
  return await withPlant(options, async (plant, { proxy }) => {
    const kiosk = await plant.openKiosk()
    let done = 0
    // Every second request of the first so many comes to harm.
    proxy.setFault(() => {
      if (done >= options.times * 4 || options.random() < 0.5) return undefined
      done += 1
      return misdeeds[Math.floor(options.random() * misdeeds.length)]
    })
    await kiosk.work(work({ count: options.times, pauseMs: 0 }))
    await kiosk.ended()
    await kiosk.send()
    const reckoning = await reckon(kiosk, plant.gatewayFolder, patienceMs)
    options.tell?.(`${done} requests truncated, repeated, cut or unanswered`)
    const short = reckoning.queued === options.times ? [] : [`${options.times} dossiers in, ${reckoning.queued} queued`]
    return outcome('a proxy that truncates and repeats', options, reckoning, short)
  })
}

const ballast = (disk: LoopDisk | undefined) => join(disk?.folder ?? '', 'ballast')

async function fullDisk(options: RoundOptions): Promise<Outcome> {
  return await withPlant({ ...options, disks: { kiosk: 400, gateway: 400 } }, async (plant, { disks }) => {
    const faults: string[] = []
    let kiosk = await plant.openKiosk()
    for (let time = 1; time <= options.times; time += 1) {
      // By turns what no longer fits is a row, in the middle of the store's log, and a paper, in a file of its own.
      const small = time % 2 === 1
      await fill(disks.kiosk, small ? 1 : 3)
      await kiosk.work(work({ pauseMs: 0, count: 400, attachmentBytes: small ? 2_000 : 200_000 }))
      await kiosk.ended()
      const fault = await kiosk.fault()
      if (!fault?.includes('disk-full')) faults.push(`a full disk was told as ${fault ?? 'nothing'}`)
      rmSync(ballast(disks.kiosk))
      // At once, in the same page: what was left of the write that failed may not take with it what is written behind it.
      await kiosk.work(work({ count: 3 }))
      await kiosk.ended()
      const after = await kiosk.fault()
      if (after !== undefined) faults.push(`with room again: ${after}`)
      const confirmed = await kiosk.confirmed()
      await kiosk.kill()
      kiosk = await plant.openKiosk()
      faults.push(...(await lostAtKiosk(kiosk, confirmed)))
      options.tell?.(`full ${time}: ${confirmed.packets.length} dossiers confirmed, then ${fault}`)
    }
    await kiosk.work(work({ count: 2 }))
    await kiosk.ended()
    // Now the gateway's disk: everything waits, nothing is lost, and it goes on once there is room.
    await fill(disks.gateway, 0)
    await kiosk.send()
    await pause(3_000)
    faults.push(...(await lostAtGateway(kiosk, plant.gatewayFolder)))
    rmSync(ballast(disks.gateway))
    await plant.killGateway(true)
    await plant.startGateway()
    return outcome('a disk that runs full', options, await reckon(kiosk, plant.gatewayFolder, patienceMs), faults)
  })
}

/** Ballast until only so many megabytes are left. */
async function fill(disk: LoopDisk | undefined, leave: number): Promise<void> {
  if (disk === undefined) return
  const megabyte = Buffer.alloc(1024 * 1024, 1)
  const file = ballast(disk)
  writeFileSync(file, '')
  let written = 0
  try {
    for (;;) {
      writeFileSync(file, megabyte, { flag: 'a' })
      written += 1
    }
  } catch {
    truncateSync(file, Math.max(0, written - leave) * 1024 * 1024)
  }
}

export const rounds = {
  'power-cut': [powerCutOfKiosk, powerCutOfGateway],
  kill: [kill],
  'slow-link': [slowLink],
  proxy: [proxyRound],
  'full-disk': [fullDisk],
} satisfies Record<string, ((options: RoundOptions & { faster?: number }) => Promise<Outcome>)[]>

/** Which need a disk of their own to be made. */
export const needsLoopDisk = new Set<string>(['power-cut', 'full-disk'])
