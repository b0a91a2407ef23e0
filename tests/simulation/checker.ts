/**
 * What must hold after every single commit, and what must have come of everything in the end. Looks at the disks only: what a screen
 * or a process believed counts for nothing.
 */
import { z } from 'zod'
import type { Packet } from '../../contracts/packet.ts'
import { backoffCapMs, longestWaitMs, reconnectSpreadMs } from '../../sync/engine/outbox-machine.ts'
import { standsHere } from '../../sync/vault/forgotten-row.ts'
import { laterEvent } from '../../sync/vault/outbox-row.ts'
import type { Agency } from './agency.ts'
import type { SimulatedGateway } from './gateway.ts'
import { fileName, noticeOf, type PacketRow } from './gateway-disk.ts'
import type { Kiosk } from './kiosk.ts'
import { forgottenThereKey, rollbackKey } from './kiosk-disk.ts'
import type { Ledger, Shown } from './ledger.ts'
import { openModelPayload, sha256 } from './model-seals.ts'
import type { Scheduler } from './virtual-time.ts'

/** The longest Retry-After which anybody sends here. */
const longestRetryAfterMs = 60_000

const Refusable = z.object({ answers: z.object({ refuse: z.object({ value: z.string() }).optional() }) })

/** With its receipt; of what the gateway has only a part of, that it is so, or that something else stands in its place. */
export const isKnownAt = ({ disk: { tables } }: Kiosk, row: PacketRow): boolean => {
  const known = tables.outbox.get(row.packetId)
  if (row.state !== 'waiting-for-attachments') return known?.receipt !== undefined
  const [rows, drafts] = [[...tables.outbox.values()], [...tables.drafts.values()]]
  return known !== undefined || standsHere({ ...row, kind: row.header.kind }, rows, drafts)
}

export const createChecker = (options: {
  scheduler: Scheduler
  gateway: () => SimulatedGateway
  agency: Agency
  ledger: Ledger
  /** By packet: what its clerk had been shown of the answers it changes. */
  shown: Shown
  kiosks: Kiosk[]
}) => {
  const { scheduler, agency, ledger, shown, kiosks } = options
  let violation: string | undefined
  const must = (condition: boolean, words: () => string) => {
    if (!condition && violation === undefined) violation = `at ${(scheduler.now() / 1000).toFixed(1)} s: ${words()}`
  }
  const received = new Map<string, PacketRow>()
  const isReceived = (row: PacketRow) => row.state !== 'waiting-for-attachments'

  let overwritten = 0

  /** Invariant 2 at the gateway: once, whole, in order; a promise is kept. */
  let looked: { packets: PacketRow[]; takenBack: number } | undefined
  const checkGateway = () => {
    const { tables, files } = options.gateway()
    for (const { packetId, field, before } of tables.overwritten.slice(overwritten)) {
      const known = shown.get(packetId)
      must(
        known === undefined || !(field in known) || known[field] === before,
        () => `packet ${packetId} put its ${field} over "${before}", and its clerk had been shown "${known?.[field]}"`,
      )
    }
    overwritten = tables.overwritten.length
    // Rows are never changed in place: the same list is the same state.
    if (looked?.packets === tables.packets && looked.takenBack === tables.takenBack.size) return
    looked = { packets: tables.packets, takenBack: tables.takenBack.size }
    const ids = new Set<string>()
    const counters = new Set<string>()
    const submits = new Set<string>()
    for (const row of tables.packets) {
      must(!ids.has(row.packetId), () => `packet ${row.packetId} is stored twice`)
      ids.add(row.packetId)
      const counter = `${row.stationId} ${row.counter}`
      must(!counters.has(counter), () => `counter ${counter} is stored twice`)
      counters.add(counter)
      if (row.sequence === 1) {
        must(!submits.has(row.dossierId), () => `dossier ${row.dossierId} was handed in twice`)
        submits.add(row.dossierId)
      }
      must(
        !tables.takenBack.has(`${row.packetId} ${row.stationId}`),
        () => `packet ${row.packetId} is there although it was taken back`,
      )
      if (!isReceived(row)) continue
      const entry = ledger.get(row.dossierId)
      must(
        entry === undefined || entry.kiosk.condition.restored || !entry.takenBack.has(row.packetId),
        () => `packet ${row.packetId} was received although it had become a draft again`,
      )
      for (const { attachmentId, sealedSize, sealedSha256 } of row.header.attachments) {
        const file = files.get(fileName({ packetId: row.packetId, attachmentId }))
        const key = `${row.packetId} ${attachmentId}`
        // The bytes are looked at once, their length each time.
        if (file !== undefined && file.synced === sealedSize && received.has(key)) continue
        must(
          file !== undefined && file.synced === sealedSize && sha256(file.bytes) === sealedSha256,
          () => `receipt for ${row.packetId}, but attachment ${attachmentId} is not whole and durable`,
        )
        received.set(key, row)
      }
      if (row.sequence > 1 && !received.has(row.packetId)) {
        const earlier = tables.packets.filter((one) => one.dossierId === row.dossierId && one.sequence < row.sequence)
        must(
          earlier.some((one) => one.sequence === 1 && (one.receivedOrder ?? Number.POSITIVE_INFINITY) < (row.receivedOrder ?? 0)),
          () => `event ${row.sequence} of dossier ${row.dossierId} was received before its submit`,
        )
        must(
          earlier.every((one) => one.stationId !== row.stationId || isReceived(one)),
          () => `event ${row.sequence} of dossier ${row.dossierId} overtook an earlier one`,
        )
        received.set(row.packetId, row)
      }
    }
  }

  const gatewayRow = (packetId: string) => options.gateway().tables.packets.find((row) => row.packetId === packetId)

  /** Invariants 1 and 3 on a kiosk's disk. */
  const checkKiosk = (kiosk: Kiosk) => {
    const { tables } = kiosk.disk
    // A disk put back has the packet of before a take-back beside the one that went instead: the same papers, whole at the gateway.
    const wentInstead = (id: string) =>
      [...tables.outbox.values()].some(
        ({ receipt, attachments }) => receipt !== undefined && attachments.some(({ attachmentId }) => attachmentId === id),
      )
    for (const row of tables.outbox.values()) {
      const packet = tables.packets.get(row.packetId)
      const blobs = row.attachments.map(({ attachmentId }) => tables.blobs.get(attachmentId))
      if (row.receipt === undefined && row.rebuilt === undefined) {
        must(row.wrappedKey !== undefined, () => `${row.packetId}: the operator's wrap went before the receipt`)
        must(
          packet !== undefined || kiosk.condition.damaged.has(row.packetId),
          () => `${row.packetId}: the sealed packet went before the receipt`,
        )
        must(
          row.attachments.every(
            ({ attachmentId }, index) =>
              blobs[index] !== undefined || kiosk.condition.damaged.has(attachmentId) || wentInstead(attachmentId),
          ),
          () => `${row.packetId}: an attachment went before the receipt`,
        )
      } else if (row.receipt !== undefined) {
        must(
          row.wrappedKey === undefined && packet === undefined,
          () => `${row.packetId}: something that opens stayed after the receipt`,
        )
        must(
          blobs.every((blob) => blob === undefined),
          () => `${row.packetId}: attachments stayed after the receipt`,
        )
        const there = gatewayRow(row.packetId)
        must(
          there !== undefined && isReceived(there) && there.digest === row.packetDigest,
          () => `${row.packetId}: purged, but the gateway has not received it`,
        )
      }
      const { state } = row.progress
      if (state.name === 'waiting') {
        const ahead = state.until - (scheduler.now() + kiosk.condition.wallOffset)
        // What a jump of the clock put further away than any wait counts as over.
        must(
          ahead <= backoffCapMs + longestRetryAfterMs + reconnectSpreadMs || ahead > longestWaitMs,
          () => `${row.packetId}: waits ${Math.round(ahead / 1000)} s`,
        )
      }
    }
    for (const draft of tables.drafts.values()) {
      if (draft.about !== undefined || kiosk.condition.restored) continue
      const there = options.gateway().tables.packets.find((row) => row.dossierId === draft.draftId && row.sequence === 1)
      must(
        there === undefined || !isReceived(there),
        () => `dossier ${draft.draftId} is a draft although the gateway has received it`,
      )
    }
    const shape = [tables.drafts.size, tables.outbox.size, tables.packets.size, tables.blobs.size].join()
    if (shapes.get(kiosk) === shape) return
    shapes.set(kiosk, shape)
    for (const entry of ledger.values()) if (entry.kiosk === kiosk) checkKept(entry)
  }
  /** Nothing can have gone when there is as much as before. */
  const shapes = new Map<Kiosk, string>()

  const versions = new WeakMap<Packet, number>()
  const versionIn = (packet: Packet): number => {
    const known = versions.get(packet)
    if (known !== undefined) return known
    const { answers } = openModelPayload(packet) as { answers?: { version?: { value: string } } }
    const version = Number(answers?.version?.value ?? 0)
    versions.set(packet, version)
    return version
  }

  /** Nothing that was confirmed is nowhere. */
  const checkKept = ({ dossierId, kiosk, confirmed }: Ledger extends Map<string, infer E> ? E : never) => {
    const { tables } = kiosk.disk
    const draft = tables.drafts.get(dossierId)
    if (draft !== undefined && draft.version >= confirmed) return
    // A supplement taken back for a person to decide about.
    for (const { about, version } of tables.drafts.values()) if (about?.dossierId === dossierId && version >= confirmed) return
    const eventVersions = [...tables.outbox.values()]
      .filter((row) => (row.about?.dossierId ?? row.dossierId) === dossierId)
      .map((row) => {
        const packet = tables.packets.get(row.packetId)
        return packet === undefined ? 0 : versionIn(packet)
      })
    const atGateway = options
      .gateway()
      .tables.packets.filter((row) => row.dossierId === dossierId && isReceived(row))
      .map((row) => versionIn(row.packet))
    const best = Math.max(0, ...eventVersions, ...atGateway)
    must(
      best >= confirmed || kiosk.condition.restored || kiosk.condition.lost,
      () => `dossier ${dossierId}: version ${confirmed} was confirmed, ${best} is left`,
    )
  }

  /** Reasons for which a dossier may lie on the shelf in the end, and what must have happened for each. */
  const isMeantToBeRefused = (kiosk: Kiosk, packetId: string): boolean => {
    const packet = kiosk.disk.tables.packets.get(packetId)
    // Its bytes were damaged while it lay there: what it said can be asked of nobody.
    if (packet === undefined) return kiosk.condition.damaged.has(packetId)
    const said = Refusable.safeParse(openModelPayload(packet))
    return said?.data?.answers.refuse?.value === 'yes'
  }

  const isWithdrawn = (dossierId: string): boolean => options.gateway().tables.dossiers.get(dossierId)?.withdrawn === true

  const isFollowed = (kiosk: Kiosk, packetId: string): boolean => {
    const row = kiosk.disk.tables.outbox.get(packetId)
    return row !== undefined && laterEvent(row, [...kiosk.disk.tables.outbox.values()]) !== undefined
  }

  const isInPlaceOfAnother = (kiosk: Kiosk, packetId: string): boolean => {
    const row = kiosk.disk.tables.outbox.get(packetId)
    if (row?.about === undefined) return false
    const { dossierId, sequence } = row.about
    const { packets } = options.gateway().tables
    return packets.some((one) => one.packetId !== packetId && one.dossierId === dossierId && one.sequence === sequence)
  }

  const isJustified = (
    kiosk: Kiosk,
    { reason, packetId, dossierId, ids: attachmentIds }: { reason: string; packetId: string; dossierId: string; ids: string[] },
    retired: boolean,
  ): boolean => {
    const { restored, lost, damaged } = kiosk.condition
    switch (reason) {
      case 'dossier-invalid':
        // As this packet says it: an image put back may have brought the words from before their correction.
        return isMeantToBeRefused(kiosk, packetId)
      case 'attachment-refused-repeatedly':
      case 'attachment-bytes-missing':
        return [packetId, ...attachmentIds].some((id) => damaged.has(id))
      case 'unknown-key':
        return retired
      case 'forgotten-unsent':
        return restored || lost
      case 'changed-elsewhere':
        // Said again of what was withdrawn there is nothing left to merge with; with a later event behind it, that one comes back first.
        return restored || lost || isWithdrawn(dossierId) || isFollowed(kiosk, packetId)
      case 'key-reused':
        // Or made by a store that had lost the event in whose place it stands, and had not been told of it yet.
        return restored || (lost && isInPlaceOfAnother(kiosk, packetId))
      case 'taken-back':
        // A packet that outlived its row was on its way back, and nobody here remembers.
        return restored || lost
      default:
        return false
    }
  }

  /** Once everything is well again: nothing is left over but what a person was told about. */
  const checkEnd = (retired: boolean) => {
    looked = undefined
    shapes.clear()
    received.clear()
    checkGateway()
    const { tables } = options.gateway()
    for (const kiosk of kiosks) {
      checkKiosk(kiosk)
      const open = [...kiosk.disk.tables.outbox.values()].filter(({ open: one }) => one === 1)
      const stuck = new Set<string>()
      for (const row of open) {
        const { state } = row.progress
        const dossierId = row.about?.dossierId ?? row.dossierId
        const ids = row.attachments.map(({ attachmentId }) => attachmentId)
        if (state.name === 'needs-attention') {
          stuck.add(dossierId)
          must(
            isJustified(kiosk, { reason: state.reason, packetId: row.packetId, dossierId, ids }, retired),
            () => `${row.packetId} lies on the shelf for nothing: ${state.reason}`,
          )
        } else if (state.name === 'recalled') stuck.add(dossierId)
      }
      for (const row of open) {
        const { state } = row.progress
        if (state.name === 'needs-attention' || state.name === 'recalled') continue
        const dossierId = row.about?.dossierId ?? row.dossierId
        const behind = row.about !== undefined && (stuck.has(dossierId) || kiosk.condition.restored || kiosk.condition.lost)
        must(behind, () => `${row.packetId} never went: ${JSON.stringify(row.progress)}`)
      }
      for (const row of kiosk.disk.tables.outbox.values()) {
        const there = gatewayRow(row.packetId)
        if (row.receipt === undefined || there === undefined) continue
        must(
          row.progress.state.name === there.state,
          () => `${row.packetId}: the kiosk says ${row.progress.state.name}, the gateway ${there.state}`,
        )
        const [told, asked] = [row.supplement, noticeOf(tables, row.packetId)]
        must(
          told?.requestId === asked?.requestId && told?.state === asked?.state,
          () => `${row.packetId}: the kiosk says of the agency's request ${told?.state}, the gateway ${asked?.state}`,
        )
      }
      for (const row of tables.packets) {
        if (row.stationId !== kiosk.stationId) continue
        must(isKnownAt(kiosk, row), () => `${row.packetId} is at the gateway (${row.state}), and its kiosk has forgotten it`)
      }
      const highest = Math.max(0, ...tables.packets.filter((row) => row.stationId === kiosk.stationId).map((row) => row.counter))
      const own = kiosk.disk.tables.meta.get(`counter:${kiosk.stationId}`) ?? 0
      must(!kiosk.disk.tables.meta.has(forgottenThereKey), () => `the gateway is said to have forgotten what it has`)
      must(highest <= own || kiosk.disk.tables.meta.has(rollbackKey), () => `a rolled back disk was not noticed`)
    }
    const seen = new Set<string>()
    const order = new Map<string, number>()
    for (const { reference, dossierId } of agency.records) {
      must(!seen.has(reference), () => `the agency took ${reference} twice`)
      seen.add(reference)
      const row = gatewayRow(reference)
      must(row !== undefined, () => `the agency has ${reference}, which the gateway has not`)
      const position = row?.receivedOrder ?? 0
      must(position > (order.get(dossierId) ?? 0), () => `the agency was told of dossier ${dossierId} out of order`)
      order.set(dossierId, position)
    }
    for (const row of tables.packets) {
      must(!isReceived(row) || row.state !== 'received', () => `${row.packetId} was received and never handed on`)
    }
  }

  return { checkGateway, checkKiosk, checkEnd, violation: () => violation }
}
