/**
 * One kiosk: its disk, the station's memory of counters, and tabs which run the real sync client over them. Tabs are killed at their
 * effects; the disk stays. What a clerk does is in clerk.ts.
 */

import { err, ok } from '../../contracts/result.ts'
import type { StationApi } from '../../contracts/station-api.ts'
import { createSyncClient, type SyncClient } from '../../sync/client/sync-client.ts'
import type { Faults } from './faults.ts'
import type { SimulatedGateway } from './gateway.ts'
import { createKioskDisk, createMemoryOutbox, type DiskAccess, type KioskDisk, type Tables } from './kiosk-disk.ts'
import { believeReceipt, verifyModelReceipt } from './model-seals.ts'
import { createNetwork, type Network } from './network.ts'
import type { PlantedBug } from './planted-bugs.ts'
import { createProcess, type Process } from './processes.ts'
import type { Random } from './random.ts'
import { createSimulatedStation, type SimulatedStation } from './station.ts'
import type { Scheduler } from './virtual-time.ts'

export type Tab = { process: Process; client: SyncClient; access: DiskAccess }

export type Kiosk = {
  stationId: string
  disk: KioskDisk
  network: Network
  station: SimulatedStation
  condition: { full: boolean; wallOffset: number; keyId: string; restored: boolean; lost: boolean; damaged: Set<string> }
  /** One that lives, if any does. */
  tab(): Tab | undefined
  openTab(): void
  killAll(powerCut: boolean): void
  /** Put back with its disk, or made anew of nothing or of what could be read. */
  restore(image: Tables, as: 'restored' | 'lost'): void
}

/** Web Locks among the tabs of one browser: the lock of a tab that dies goes to the next. */
const createLocks = () => {
  let holder: Process | undefined
  const queue: { process: Process; grant: () => void }[] = []
  const pass = () => {
    while (holder === undefined) {
      const next = queue.shift()
      if (next === undefined) return
      if (!next.process.alive()) continue
      holder = next.process
      next.grant()
    }
  }
  return {
    died: (process: Process) => {
      if (holder === process) holder = undefined
      pass()
    },
    of: (process: Process): Pick<LockManager, 'request'> => ({
      request: (async (_name: string, _options: unknown, work: () => Promise<unknown>) => {
        await new Promise<void>((grant) => {
          queue.push({ process, grant })
          pass()
        })
        return work()
      }) as LockManager['request'],
    }),
  }
}

export const createKiosk = (options: {
  scheduler: Scheduler
  faults: Faults
  random: Random
  gateway: SimulatedGateway
  onCommit: (kiosk: Kiosk) => void
  bug?: PlantedBug
}): Kiosk => {
  const { scheduler, faults, random, gateway, bug } = options
  const stationId = random.uuid()
  const disk = createKioskDisk(bug)
  const network = createNetwork({ scheduler, faults, random: random.fork(), gateway, stationId })
  const beside = createSimulatedStation({ scheduler, faults, random: random.fork(), ...(bug === undefined ? {} : { bug }) })
  const condition = {
    full: false,
    wallOffset: 1_795_000_000_000,
    keyId: gateway.keys.current,
    restored: false,
    lost: false,
    damaged: new Set<string>(),
  }
  const tabs = new Set<Tab>()
  const locks = createLocks()
  const pollSeconds = random.pick([25, 240, 240])
  const withLocks = bug !== 'lease-never-ends' && !random.chance(0.15)

  const station = {
    call: async (method: string, request: unknown) => {
      if (!beside.isUp()) return err({ type: 'station-unavailable', detail: '' })
      if (method === 'describe') return ok({ enrolment: { stationId, keys: { receipts: {} } } })
      if (method === 'clientAssertion') return ok({ assertion: stationId })
      throw new Error(`${method} ${JSON.stringify(request)}`)
    },
    onEvent: () => () => undefined,
    onReachable: () => () => undefined,
  } as unknown as StationApi

  /** As the vault's own query: hears when entries come or go, not of every byte. */
  const whenOpenChanges = (listener: () => void) => {
    let before = ''
    return () => {
      let now = ''
      for (const { packetId, open } of disk.tables.outbox.values()) if (open === 1) now += packetId
      if (now !== before) listener()
      before = now
    }
  }

  const openTab = () => {
    const process = createProcess({
      scheduler,
      random,
      latencyMs: [1, 15],
      death: (from) =>
        faults.strikes('kiosk-killed-before-effect', from)
          ? 'before'
          : faults.strikes('kiosk-killed-after-effect', from)
            ? 'after'
            : undefined,
      onKilled: () => {
        tabs.delete(tab)
        locks.died(process)
        if (faults.strikes('kiosk-power-cut', random) || (bug === 'relaxed-durability' && random.chance(0.5))) killAll(true)
        else scheduler.at(random.between(500, 60_000), openWhenNone)
      },
    })
    const { epoch } = disk
    const through = async (write: boolean, work: (tables: Tables) => unknown) =>
      process.effect(() => {
        if (disk.epoch !== epoch) return err({ type: 'store-closed' as const })
        if (write && condition.full) return err({ type: 'disk-full' as const })
        return ok(write ? disk.commit(work) : work(disk.tables))
      })
    const access: DiskAccess = {
      read: (work) => through(false, work) as never,
      write: (work) => through(true, work) as never,
    }
    const outbox = createMemoryOutbox(disk, access, bug)
    const client = createSyncClient({
      vault: {
        outbox: {
          ...outbox,
          onChange: (listener) => disk.onCommit(whenOpenChanges(() => process.alive() && scheduler.at(1, listener))),
        },
      },
      station,
      gatewayUrl: 'https://gateway',
      fetch: (url, init) => {
        // An answer to a page that is gone is nobody's.
        const exchange = network.fetch(url, init)
        return new Promise((resolve, reject) => {
          exchange.then(
            (answer) => process.alive() && resolve(answer),
            (error) => process.alive() && reject(error),
          )
        })
      },
      clock: process.clock(() => condition.wallOffset),
      random: random.next,
      newHolder: () => random.uuid(),
      verifyReceipt: bug === 'receipt-not-verified' ? believeReceipt : verifyModelReceipt,
      uploadChunkSize: 2_000,
      uploadChunkBounds: { smallest: 500, largest: 6_000 },
      pollSeconds,
      locks: withLocks ? locks.of(process) : null,
    })
    const tab: Tab = { process, client, access }
    tabs.add(tab)
    client.start()
  }

  const openWhenNone = () => {
    if (tabs.size === 0) openTab()
  }

  const killAll = (powerCut: boolean) => {
    for (const tab of [...tabs]) {
      tabs.delete(tab)
      tab.process.kill()
    }
    if (powerCut) disk.powerCut()
    scheduler.at(random.between(500, 60_000), openWhenNone)
  }

  const kiosk: Kiosk = {
    stationId,
    disk,
    network,
    station: beside,
    condition,
    tab: () => [...tabs].find(({ process }) => process.alive()),
    openTab,
    killAll,
    restore: (image, as) => {
      killAll(false)
      disk.restore(image)
      condition[as] = true
    },
  }
  disk.onCommit(() => options.onCommit(kiosk))
  openTab()
  return kiosk
}
