/**
 * One gateway and one kiosk whose every part can be killed and started again, each on a disk of the caller's choice: gateway with its
 * PostgreSQL, a link between, the loopback station, a bare Chromium with a page at work.
 */
import { existsSync, readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { guardStore } from '../../electron/browser-store/store-guard.ts'
import { type GatewayProgram, startGatewayProgram, startLoopbackProgram } from '../../electron/start/programs.ts'
import { type BareChromium, startBareChromium } from '../fixtures/bare-chromium.ts'

export type Backend = 'leveldb' | 'sqlite'

const Entry = z.object({ packetId: z.string(), dossierId: z.string(), state: z.string(), why: z.string(), receipt: z.boolean() })
const Confirmed = z.object({ packets: z.array(z.string()), drafts: z.record(z.string(), z.number()) })
export type Confirmed = z.output<typeof Confirmed>

export type Work = { dossier: string; attachmentBytes: number; count: number; pauseMs: number }

export type KioskAtWork = {
  /** Everything a clerk was told so far. */
  confirmed(): Promise<Confirmed>
  send(): Promise<void>
  work(work: Work): Promise<void>
  rest(): Promise<void>
  /** Until all it was given is queued, or something failed. */
  ended(): Promise<void>
  fault(): Promise<string | undefined>
  outbox(): Promise<z.output<typeof Entry>[]>
  drafts(ids: string[]): Promise<Record<string, number>>
  /** kill -9 of browser and station. */
  kill(): Promise<void>
}

export type Plant = {
  gatewayFolder: string
  openKiosk(): Promise<KioskAtWork>
  startGateway(): Promise<void>
  /** kill -9 of the gateway; with its PostgreSQL when the machine itself goes down. */
  killGateway(withDatabase: boolean): Promise<void>
  stop(): Promise<void>
}

export type PlantOptions = {
  gatewayFolder: string
  kioskFolder: string
  gatewayPort: number
  kioskPort: number
  /** Where the kiosk finds the gateway: the near end of the link. */
  linkUrl: string
  pages: string
  backend: Backend
}

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

const childrenOf = (pid: number): number[] => {
  const list = `/proc/${pid}/task/${pid}/children`
  return existsSync(list) ? readFileSync(list, 'utf8').split(' ').filter(Boolean).map(Number) : []
}

const killed = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Gone by itself.
  }
}

async function gone(pid: number): Promise<void> {
  for (let tries = 0; tries < 200 && isRunning(pid); tries += 1) await new Promise((resolve) => setTimeout(resolve, 25))
}

export async function startPlant(options: PlantOptions): Promise<Plant> {
  const { gatewayFolder, kioskFolder, kioskPort, backend } = options
  const kioskUrl = `http://127.0.0.1:${kioskPort}`
  let gateway: GatewayProgram | undefined
  let databasePid = 0
  let enrolmentCode: string | undefined
  let kiosk: KioskAtWork | undefined

  const startGateway = async () => {
    gateway = await startGatewayProgram({
      dataFolder: gatewayFolder,
      port: options.gatewayPort,
      mode: 'demo',
      publicUrl: options.linkUrl,
      origins: [kioskUrl],
    })
    databasePid = Number(readFileSync(join(gatewayFolder, 'postgresql/cluster/postmaster.pid'), 'utf8').split('\n')[0])
  }

  const killGateway = async (withDatabase: boolean) => {
    if (gateway === undefined) return
    process.kill(gateway.pid, 'SIGKILL')
    if (withDatabase) {
      // Its children, too: one that waits for another's lock does not see its parent go, and holds the disk for ever.
      const all = [databasePid, ...childrenOf(databasePid)]
      for (const pid of all) killed(pid)
      await Promise.all(all.map(gone))
    }
    await gateway.ended
    gateway = undefined
  }

  const drive = (browser: BareChromium, kill: () => Promise<void>): KioskAtWork => {
    const ask = async <T extends z.ZodType>(schema: T, call: string, ...values: unknown[]) =>
      schema.parse(await browser.evaluate(`kiosk.${call}(${values.map((value) => JSON.stringify(value)).join(', ')})`))
    const nothing = z.unknown()
    return {
      confirmed: async () => Confirmed.parse(await browser.evaluate('kiosk.confirmed')),
      send: async () => void (await ask(nothing, 'send')),
      work: async (work) => void (await ask(nothing, 'work', work)),
      rest: async () => void (await ask(nothing, 'rest')),
      ended: async () => void (await ask(nothing, 'ended')),
      fault: () => ask(z.string().optional(), 'fault'),
      outbox: () => ask(z.array(Entry), 'outbox'),
      drafts: (ids) => ask(z.record(z.string(), z.number()), 'drafts', ids),
      kill,
    }
  }

  const openKiosk = async (): Promise<KioskAtWork> => {
    const profile = join(kioskFolder, 'browser')
    const guard = await guardStore({
      store: join(profile, 'Default/IndexedDB', `http_127.0.0.1_${kioskPort}.indexeddb`),
      kept: join(kioskFolder, 'store-kept'),
      log: (event) => console.log(JSON.stringify(event)),
    })
    const child = await startLoopbackProgram({
      dataFolder: join(kioskFolder, 'station'),
      gatewayUrl: options.linkUrl,
      port: kioskPort,
      readers: 'simulated',
      pages: options.pages,
      storeMended: guard.mended,
      ...(enrolmentCode && { enrolmentCode }),
    })
    await mkdir(profile, { recursive: true })
    const features = backend === 'sqlite' ? { features: ['IdbSqliteBackingStore'] } : {}
    const browser = await startBareChromium({ profile, ...features }).catch(async (error: unknown) => {
      child.process.kill('SIGKILL')
      await Promise.all([child.ended, guard.stop()])
      throw error
    })
    const opening = drive(browser, async () => {
      kiosk = undefined
      child.process.kill('SIGKILL')
      await Promise.all([browser.kill(), guard.stop()])
      await child.ended
    })
    // Known before it is open: whatever fails on the way, its programs end with the plant.
    kiosk = opening
    guard.watch(() => undefined)
    await browser.goto(child.launchUrl, "location.pathname === '/' && document.readyState === 'complete'")
    await browser.goto(`${kioskUrl}/kiosk-at-work.html`, 'globalThis.kiosk')
    await browser.evaluate('kiosk.open()')
    return opening
  }

  await startGateway()
  enrolmentCode = await gateway?.enrolmentCode({ pointName: 'Bưu điện Thử Nghiệm', stationName: 'Quầy 2', demo: true })
  return {
    gatewayFolder,
    openKiosk,
    startGateway,
    killGateway,
    async stop() {
      await kiosk?.kill()
      await gateway?.stop()
    },
  }
}
