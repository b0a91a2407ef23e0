/**
 * A kiosk's disk: rows as the vault keeps them, and the sealed side of the vault over it. The rules of the rows are the real ones
 * (sync/vault/outbox-row.ts); the store around them is written after the one over IndexedDB.
 */
import type { Answers } from '../../contracts/dossier.ts'
import type { Packet } from '../../contracts/packet.ts'
import { err, ok, type Result } from '../../contracts/result.ts'
import type { OutboxRow } from '../../sync/vault/database.ts'
import { forgottenRow, standsHere } from '../../sync/vault/forgotten-row.ts'
import { bytesOfRow, changedRow, isRolledBack, toOpenEntry } from '../../sync/vault/outbox-row.ts'
import type { OutboxStore, SealedEntry, StoreFault } from '../../sync/vault/vault-api.ts'
import type { PlantedBug } from './planted-bugs.ts'

export type DraftOnDisk = {
  draftId: string
  operatorId: string
  /** What the clerk has typed so far, told apart by its version. */
  version: number
  /** Of a supplement nobody asked for: the version it changes. */
  after?: number
  about?: { kind: 'supplement' | 'withdraw'; dossierId: string; sequence: number; previous?: string; requestId?: string }
  /** Of one that answers an agency: what was shown, and what the clerk has made of it. */
  request?: { basis: Answers; mine: Answers }
}
export type BlobOnDisk = { attachmentId: string; draftId: string; bytes: Uint8Array<ArrayBuffer>; sha256: string }

export type Tables = {
  drafts: Map<string, DraftOnDisk>
  outbox: Map<string, OutboxRow>
  packets: Map<string, Packet>
  blobs: Map<string, BlobOnDisk>
  meta: Map<string, number>
}
const copyOf = (tables: Tables): Tables => ({
  drafts: new Map(tables.drafts),
  outbox: new Map(tables.outbox),
  packets: new Map(tables.packets),
  blobs: new Map(tables.blobs),
  meta: new Map(tables.meta),
})

export type KioskDisk = {
  tables: Tables
  image(): Tables
  restore(image: Tables): void
  /** What was not synced is gone. */
  powerCut(): void
  /** One strict transaction, whole or not at all. */
  commit<T>(change: (tables: Tables) => T): T
  onCommit(listener: () => void): () => void
  /** Tabs which had it open before an upgrade are closed out. */
  epoch: number
}

export const emptyTables = (): Tables => ({
  drafts: new Map(),
  outbox: new Map(),
  packets: new Map(),
  blobs: new Map(),
  meta: new Map(),
})

export const createKioskDisk = (bug?: PlantedBug): KioskDisk => {
  const listeners = new Set<() => void>()
  /** Where it differs from what was written last. */
  let synced = bug === 'relaxed-durability' ? emptyTables() : undefined
  let sinceSync = 0
  const disk: KioskDisk = {
    tables: emptyTables(),
    epoch: 0,
    image: () => copyOf(disk.tables),
    restore: (image) => {
      disk.tables = copyOf(image)
      if (synced !== undefined) synced = copyOf(image)
    },
    powerCut: () => {
      if (synced !== undefined) disk.tables = copyOf(synced)
    },
    commit: (change) => {
      const value = change(disk.tables)
      sinceSync += 1
      if (synced !== undefined && sinceSync > 6) {
        synced = copyOf(disk.tables)
        sinceSync = 0
      }
      for (const listener of [...listeners]) listener()
      return value
    },
    onCommit: (listener) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
  return disk
}

/** How a page reaches the disk: takes time, can fail, and ends with the page. */
export type DiskAccess = {
  read<T>(work: (tables: Tables) => T): Promise<Result<T, StoreFault>>
  write<T>(work: (tables: Tables) => T): Promise<Result<T, StoreFault>>
}

export const counterKey = (stationId: string) => `counter:${stationId}`
export const rollbackKey = 'rolledBack'
/** Said of a gateway that forgets nothing, it is a false alarm. */
export const forgottenThereKey = 'forgottenThere'
const cursorKey = 'cursor'
const askedKey = 'recordsAsked'
const answeredKey = 'recordsAnswered'
/** What a rescued store does not take over: told anew by the gateway. */
export const rescuedWithout = [cursorKey, askedKey, answeredKey]

const highestReceived = (outbox: Tables['outbox'], stationId: string): number =>
  Math.max(
    0,
    ...[...outbox.values()]
      .filter((row) => row.stationId === stationId && row.receipt !== undefined)
      .map(({ counter }) => counter),
  )

const askForRecords = (meta: Tables['meta']): void => {
  meta.set(askedKey, (meta.get(askedKey) ?? 1) + 1)
}

const entryOf = ({ outbox, packets, blobs }: Tables, packetId: string, withAttachments: number): SealedEntry | undefined => {
  const row = outbox.get(packetId)
  if (row === undefined) return undefined
  const { packetDigest, progress, attachments } = row
  const entry: SealedEntry = { packetId, packetDigest, progress, packet: packets.get(packetId), attachments }
  if (bytesOfRow(row).bytesTotal > withAttachments) return entry
  const sealed = attachments.flatMap(({ attachmentId }) => blobs.get(attachmentId)?.bytes ?? [])
  return sealed.length === attachments.length ? { ...entry, sealed } : entry
}

export const createMemoryOutbox = (disk: KioskDisk, access: DiskAccess, bug?: PlantedBug): OutboxStore => ({
  listOpen: () =>
    access.read(({ outbox }) =>
      [...outbox.values()]
        .filter(({ open }) => open === 1)
        .toSorted((a, b) => a.counter - b.counter)
        .map(toOpenEntry)
        .map((entry) => (bug === 'supplement-overtakes' ? { ...entry, dossierId: entry.packetId } : entry)),
    ),
  read: async (packetId, withAttachments = 0) => {
    const found = await access.read((tables) => entryOf(tables, packetId, withAttachments))
    if (!found.ok) return found
    return found.value === undefined ? err({ type: 'not-found' }) : ok(found.value)
  },
  change: async (packetId, decide, withAttachments) => {
    const changed = await access.write((tables) => {
      const row = tables.outbox.get(packetId)
      if (row === undefined) return 'not-found' as const
      const wanted = decide({ packetId, progress: row.progress, purged: row.receipt !== undefined })
      const read = () => {
        const entry = withAttachments === undefined ? undefined : entryOf(tables, packetId, withAttachments)
        return entry === undefined ? {} : { entry }
      }
      if (wanted === undefined) return { progress: row.progress, ...read() }
      const next = changedRow(row, wanted)
      if (next === 'receipt-mismatch') return next
      const purge = next.purge || (bug === 'purged-before-receipt' && wanted.progress.state.name === 'uploading')
      if (purge && bug !== 'plain-text-kept-after-receipt') {
        tables.packets.delete(packetId)
        for (const { attachmentId } of row.attachments) tables.blobs.delete(attachmentId)
      }
      tables.outbox.set(packetId, next.row)
      if (bug === 'delete-before-receipt' && wanted.leaving === true) tables.outbox.delete(packetId)
      if (bug === 'dropped-on-4xx' && next.row.progress.state.name === 'needs-attention') tables.outbox.delete(packetId)
      return { progress: next.row.progress, ...read() }
    })
    if (!changed.ok) return changed
    if (changed.value === 'not-found' || changed.value === 'receipt-mismatch') return err({ type: changed.value })
    return ok(changed.value)
  },
  readSealed: async (attachmentId, from, to) => {
    const found = await access.read(({ blobs }) => {
      const bytes = blobs.get(attachmentId)?.bytes
      return bytes === undefined || from < 0 || to > bytes.length || from > to ? undefined : bytes.slice(from, to)
    })
    if (!found.ok) return found
    return found.value === undefined ? err({ type: 'not-found' }) : ok(found.value)
  },
  reportBytes: async (packetId, attachmentId, offset) => {
    await access.write(({ outbox }) => {
      const row = outbox.get(packetId)
      if (row !== undefined && row.receipt === undefined) {
        outbox.set(packetId, { ...row, bytesSent: { ...row.bytesSent, [attachmentId]: offset } })
      }
    })
  },
  readCursor: () => access.read(({ meta }) => meta.get(cursorKey) ?? 0),
  writeCursor: (cursor) =>
    access.write(({ meta }) => {
      if (cursor > (meta.get(cursorKey) ?? 0)) meta.set(cursorKey, bug === 'update-skipped' ? cursor + 1 : cursor)
    }),
  compareCounter: (stationId, gateways) =>
    access.write(({ meta }) => {
      if (isRolledBack(meta.get(counterKey(stationId)) ?? 0, gateways)) {
        meta.set(counterKey(stationId), gateways)
        meta.set(rollbackKey, 1)
        askForRecords(meta)
      }
      return { rolledBack: meta.has(rollbackKey) }
    }),
  acknowledgeRollback: () =>
    access.write(({ meta }) => {
      meta.delete(rollbackKey)
    }),
  highestReceived: (stationId) => access.read(({ outbox }) => highestReceived(outbox, stationId)),
  noteForgottenThere: (stationId, gateways) =>
    access.write(({ meta, outbox }) => {
      if (highestReceived(outbox, stationId) > gateways) meta.set(forgottenThereKey, gateways)
      return []
    }),
  acknowledgeForgottenThere: () => access.write(() => undefined),
  readAsked: () =>
    access.read(({ meta }) => {
      const asked = meta.get(askedKey) ?? 1
      return asked > (meta.get(answeredKey) ?? 0) && bug !== 'forgotten-not-asked' ? { asked } : undefined
    }),
  askRecords: () => access.write(({ meta }) => askForRecords(meta)),
  takeRecords: (stationId, records) =>
    access.write(({ outbox, drafts, packets, blobs }) => {
      const purgeSealed = ({ packetId, attachments }: OutboxRow) => {
        packets.delete(packetId)
        for (const { attachmentId } of attachments) blobs.delete(attachmentId)
      }
      let added = 0
      for (const genuine of records) {
        const { record, receipt } = genuine
        const rows = [...outbox.values()]
        if (outbox.has(record.packet.packetId)) continue
        if (receipt === undefined && bug === 'half-arrived-forgotten') continue
        if (receipt === undefined && standsHere(record, rows, [...drafts.values()])) continue
        const sealedHere =
          packets.has(record.packet.packetId) && record.attachments.every(({ attachmentId: id }) => blobs.has(id))
        const isTaken = (slipKey: string) => rows.some((one) => one.slipKey === slipKey)
        const row = forgottenRow(stationId, genuine, { sealedHere: sealedHere && receipt === undefined, isTaken })
        outbox.set(row.packetId, row)
        if (receipt !== undefined) purgeSealed(row)
        added += 1
      }
      return { added }
    }),
  settleAsked: (asked) =>
    access.write(({ meta }) => {
      meta.set(answeredKey, Math.max(asked, meta.get(answeredKey) ?? 0))
    }),
  onChange: (listener) => disk.onCommit(listener),
})
