/** One run: a few kiosks, a gateway, an agency, an hour or a day of trouble, then a calm in which everything must come to its end. */
import { parseHeader } from '../../sync/packet/packet-codec.ts'
import type { OutboxRow } from '../../sync/vault/database.ts'
import { adoptedRow } from '../../sync/vault/forgotten-row.ts'
import { dossierOf, sequenceOf } from '../../sync/vault/outbox-row.ts'
import { createAgency } from './agency.ts'
import { ask, correct } from './agency-desk.ts'
import { createChecker, isKnownAt } from './checker.ts'
import { type Clerk, createClerk } from './clerk.ts'
import { carryQueue } from './courier.ts'
import { createFaults, type FaultCounts, type Faults } from './faults.ts'
import { createSimulatedGateway } from './gateway.ts'
import { noticeOf } from './gateway-disk.ts'
import { createKiosk, type Kiosk } from './kiosk.ts'
import { emptyTables, rescuedWithout, type Tables } from './kiosk-disk.ts'
import type { Ledger, Shown } from './ledger.ts'
import { modelDigest } from './model-seals.ts'
import { plantInEngine } from './plant-in-engine.ts'
import type { PlantedBug } from './planted-bugs.ts'
import { createRandom, type Random } from './random.ts'
import { createScheduler, type Scheduler } from './virtual-time.ts'

export type Outcome = {
  seed: number
  violation: string | undefined
  faults: FaultCounts
  dossiers: number
  received: number
  steps: number
  virtualMs: number
}

const calmMs = 6 * 3_600_000
/** Many times what the longest run takes. */
const mostSteps = 80_000
const tenYearsMs = 10 * 365 * 86_400_000

type Desk = { kiosk: Kiosk; clerk: Clerk }

/** Trouble that comes to a machine as a whole, at moments of its own. */
const scheduleTroubles = (world: {
  scheduler: Scheduler
  faults: Faults
  random: Random
  desks: Desk[]
  gateway: ReturnType<typeof createSimulatedGateway>
  until: number
  bug: PlantedBug | undefined
  onRetired: () => void
}) => {
  const { scheduler, faults, random, desks, gateway } = world
  const kiosks = desks.map(({ kiosk }) => kiosk)
  const images = new Map<Kiosk, { tables: Tables; reserved: number }>()
  const between = (low: number, high: number) => random.between(low, high)
  const spell = (begin: () => void, end: () => void) => {
    begin()
    scheduler.at(between(2_000, world.until / 2), end)
  }
  const trouble = ({ kiosk, clerk }: Desk) => {
    const { condition, disk, network } = kiosk
    switch (random.below(15)) {
      case 0:
        faults.note('link-down')
        spell(
          () => {
            network.link.up = false
          },
          () => {
            network.link.up = true
          },
        )
        break
      case 1:
        faults.note('captive-portal')
        spell(
          () => {
            network.link.portal = true
          },
          () => {
            network.link.portal = false
          },
        )
        break
      case 2:
        faults.note('disk-full')
        condition.full = true
        scheduler.at(between(1_000, 60_000), () => {
          condition.full = false
        })
        break
      case 3: {
        const queued = [...disk.tables.outbox.values()]
          .filter(({ receipt }) => receipt === undefined)
          .flatMap((row) => row.attachments)
        if (queued.length === 0) break
        const { attachmentId } = random.pick(queued)
        const blob = disk.tables.blobs.get(attachmentId)
        if (blob === undefined) break
        condition.damaged.add(attachmentId)
        const missing = random.chance(0.5)
        faults.note(missing ? 'blob-missing' : 'blob-corrupt')
        disk.commit(({ blobs }) => {
          if (missing) blobs.delete(attachmentId)
          else blobs.set(attachmentId, { ...blob, bytes: blob.bytes.map((byte, index) => (index === 7 ? byte ^ 1 : byte)) })
        })
        break
      }
      case 4:
        faults.note('clock-jump')
        condition.wallOffset += Math.round((random.next() * 2 - 1) * tenYearsMs)
        break
      case 5:
        faults.note('schema-upgrade')
        disk.epoch += 1
        kiosk.killAll(false)
        break
      case 6:
        faults.note('second-tab')
        kiosk.openTab()
        break
      case 7:
        faults.note('kiosk-power-cut')
        kiosk.killAll(true)
        break
      case 8: {
        const image = images.get(kiosk)
        if (image === undefined || random.chance(0.5)) {
          images.set(kiosk, { tables: disk.image(), reserved: kiosk.station.folder() })
          break
        }
        faults.note('disk-image-restored')
        if (random.chance(0.5)) kiosk.station.restoreFolder(image.reserved)
        kiosk.restore(image.tables, 'restored')
        break
      }
      case 9:
        faults.note('station-revoked')
        spell(
          () => gateway.revoked.add(kiosk.stationId),
          () => gateway.revoked.delete(kiosk.stationId),
        )
        break
      case 10: {
        faults.note('key-rotation')
        const keyId = `seal-${gateway.keys.opens.size + 1}`
        gateway.keys.opens.add(keyId)
        gateway.keys.current = keyId
        for (const one of kiosks)
          scheduler.at(between(0, 120_000), () => {
            one.condition.keyId = gateway.keys.current
          })
        break
      }
      case 11:
        faults.note('courier')
        // Mostly of a kiosk that has no network, which is what a courier is for.
        if (random.chance(0.7)) {
          network.link.up = false
          scheduler.at(between(60_000, world.until + 60_000), () => {
            network.link.up = true
          })
        }
        for (const times of [1, 2]) {
          const at = between(times, (times * world.until) / 3)
          scheduler.at(Math.max(1, at - between(500, 30_000)), clerk.register)
          scheduler.at(at, () => carryQueue(world, kiosk))
          if (random.chance(0.5)) scheduler.at(at + between(50, 20_000), clerk.reconsider)
        }
        break
      case 12:
        faults.note('store-lost')
        kiosk.restore(emptyTables(), 'lost')
        // Mostly of a machine that was switched off and on again, and is worked at before it has a network.
        if (random.chance(0.7)) kiosk.station.kill()
        if (random.chance(0.7)) {
          network.link.up = false
          scheduler.at(between(60_000, 120_000), () => {
            network.link.up = true
          })
        }
        scheduler.at(between(30_000, 90_000), clerk.act)
        break
      case 13: {
        // Damaged, set aside, and row by row what could be read goes on.
        faults.note('store-rescued')
        const rescued = disk.image()
        const keep = random.pick([0.5, 0.9])
        for (const rows of [rescued.drafts, rescued.outbox, rescued.packets, rescued.blobs])
          for (const key of rows.keys()) if (!random.chance(keep)) rows.delete(key)
        for (const { packetId, attachments } of rescued.outbox.values()) {
          if (!rescued.packets.has(packetId)) kiosk.condition.damaged.add(packetId)
          for (const { attachmentId } of attachments)
            if (!rescued.blobs.has(attachmentId)) kiosk.condition.damaged.add(attachmentId)
        }
        for (const [packetId, packet] of rescued.packets) {
          const parsed = parseHeader(packet)
          if (rescued.outbox.has(packetId) || !parsed.ok) continue
          const { header } = parsed.value
          const paper = rescued.blobs.get(header.attachments[0]?.attachmentId ?? '')
          rescued.outbox.set(packetId, adoptedRow(header, modelDigest(packet), paper?.draftId ?? packetId))
          kiosk.condition.damaged.add(packetId)
          for (const { attachmentId } of header.attachments)
            if (!rescued.blobs.has(attachmentId)) kiosk.condition.damaged.add(attachmentId)
        }
        for (const key of rescuedWithout) rescued.meta.delete(key)
        kiosk.restore(rescued, 'lost')
        break
      }
      default: {
        const [oldest] = gateway.keys.opens
        const inUse = gateway.tables.packets.some(
          (row) => row.state === 'waiting-for-attachments' && row.header.gatewayKeyId === oldest,
        )
        // A key is kept while a packet under it waits for its attachments.
        if (oldest === undefined || oldest === gateway.keys.current || inUse) break
        faults.note('key-retired')
        gateway.keys.opens.delete(oldest)
        world.onRetired()
      }
    }
  }
  const visitAgency = () =>
    gateway.desk((tables) => {
      if (random.chance(0.3)) {
        if (correct(tables, random) !== undefined) faults.note('agency-corrects')
        return
      }
      const asked = ask(tables, random)
      if (asked === undefined) return
      faults.note('agency-asks')
      const desk = desks.find(({ kiosk }) => kiosk.stationId === asked.stationId)
      if (desk !== undefined) for (const ms of [20_000, 300_000]) scheduler.at(between(2_000, ms), desk.clerk.act)
      // Who asks also looks at it meanwhile, and corrects what is plain.
      if (random.chance(0.6))
        scheduler.at(between(10_000, 200_000), () =>
          gateway.desk((later) => {
            if (correct(later, random, asked.dossierId) !== undefined) faults.note('agency-corrects')
          }),
        )
    })
  const visits = random.below(6)
  for (let index = 0; index < visits; index += 1) scheduler.at(between(0, world.until), visitAgency)
  const count = random.below(desks.length > 2 ? 10 : 5)
  for (let index = 0; index < count; index += 1) {
    scheduler.at(between(0, world.until), () => trouble(random.pick(desks)))
  }
}

const runWorld = async (seed: number, bug?: PlantedBug): Promise<Outcome> => {
  const random = createRandom(seed)
  const scheduler = createScheduler()
  const faults = createFaults(random.fork())
  const agency = createAgency(scheduler, faults, random.fork())
  const ledger: Ledger = new Map()
  const shown: Shown = new Map()
  const kiosks: Kiosk[] = []
  const withBug = bug === undefined ? {} : { bug }
  let thrown: string | undefined
  const checker = createChecker({ scheduler, gateway: () => gateway, agency, ledger, shown, kiosks })
  const gateway = createSimulatedGateway({
    scheduler,
    faults,
    random: random.fork(),
    agency,
    onCommit: () => checker.checkGateway(),
    ...withBug,
  })
  // Most worlds are small: what goes wrong mostly needs two of a thing, and more of them are seen.
  const large = random.chance(0.12)
  const kioskCount = large ? 3 : random.pick([1, 1, 2])
  for (let index = 0; index < kioskCount; index += 1) {
    kiosks.push(
      createKiosk({
        scheduler,
        faults,
        random: random.fork(),
        gateway,
        onCommit: (kiosk) => checker.checkKiosk(kiosk),
        ...withBug,
      }),
    )
  }
  const desks = kiosks.map((kiosk) => ({
    kiosk,
    clerk: createClerk({ kiosk, ledger, shown, scheduler, faults, random: random.fork(), ...withBug }),
  }))
  const troubledMs = large ? random.pick([600_000, 3_600_000]) : random.pick([60_000, 200_000, 900_000])
  for (const { clerk } of desks) {
    const acts = large ? random.between(6, 16) : random.between(3, 8)
    for (let act = 0; act < acts; act += 1) scheduler.at(random.between(100, troubledMs), clerk.act)
  }
  let retired = false
  const onRetired = () => {
    retired = true
  }
  scheduleTroubles({ scheduler, faults, random: random.fork(), desks, gateway, until: troubledMs, bug, onRetired })

  const failed = () => checker.violation() !== undefined || scheduler.steps() > mostSteps
  try {
    await scheduler.run(troubledMs, failed)
    faults.heal()
    gateway.revoked.clear()
    for (const kiosk of kiosks) {
      kiosk.network.link.up = true
      kiosk.network.link.portal = false
      kiosk.condition.full = false
      kiosk.condition.keyId = gateway.keys.current
    }
    for (const { clerk } of desks) for (const ahead of [61_000, 200_000, 400_000]) scheduler.at(ahead, clerk.tidy)
    const tidied = scheduler.now() + 500_000
    const isOver = () => failed() || (scheduler.now() > tidied && restsEverywhere(kiosks, gateway))
    await scheduler.run(scheduler.now() + calmMs, isOver)
    if (scheduler.steps() > mostSteps) thrown = `goes round and round: ${mostSteps} steps`
    else if (!failed()) checker.checkEnd(retired)
  } catch (error) {
    thrown = error instanceof Error ? (error.stack ?? error.message) : String(error)
  }
  return {
    seed,
    violation: checker.violation() ?? thrown,
    faults: faults.counts,
    dossiers: ledger.size,
    received: gateway.tables.packets.filter(({ state }) => state !== 'waiting-for-attachments').length,
    steps: scheduler.steps(),
    virtualMs: scheduler.now(),
  }
}

const resting = new Set(['needs-attention', 'recalled', 'received', 'accepted', 'refused'])

const restsEverywhere = (kiosks: Kiosk[], gateway: ReturnType<typeof createSimulatedGateway>): boolean =>
  [...gateway.tables.jobs.values()].every(({ done }) => done) &&
  kiosks.every((kiosk) => gateway.tables.packets.every((row) => row.stationId !== kiosk.stationId || isKnownAt(kiosk, row))) &&
  kiosks.every((kiosk) => {
    const rows = [...kiosk.disk.tables.outbox.values()]
    return rows.every((entry) => {
      const { packetId, progress, receipt, supplement } = entry
      if (receipt !== undefined && noticeOf(gateway.tables, packetId)?.state !== supplement?.state) return false
      const there = gateway.tables.packets.find((row) => row.packetId === packetId)
      const { name } = progress.state
      if (!resting.has(name)) return waitsForAnother(entry, rows)
      return there === undefined || there.state === 'waiting-for-attachments' || there.state === name
    })
  })

/** An event before it lies on the shelf: it could wait all night. */
const waitsForAnother = (entry: OutboxRow, rows: readonly OutboxRow[]): boolean =>
  rows.some(
    (other) =>
      ['needs-attention', 'recalled'].includes(other.progress.state.name) &&
      dossierOf(other) === dossierOf(entry) &&
      sequenceOf(other) < sequenceOf(entry),
  )

export const runSeed = async (seed: number, bug?: PlantedBug): Promise<Outcome> => {
  const restore = bug === undefined ? () => {} : plantInEngine(bug)
  try {
    return await runWorld(seed, bug)
  } finally {
    restore()
  }
}
