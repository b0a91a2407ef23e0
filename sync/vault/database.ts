/**
 * The one IndexedDB database of a kiosk. Every transaction is strict: acknowledged means on disk.
 * Invariant: no row holds personal data in plain text. Indexed fields are ids, counters and times.
 */
import { Dexie, type EntityTable, type Table } from 'dexie'
import type { CatalogueEntry } from '../../contracts/catalogue.ts'
import type { AgencyStatus, DoubleNotice, OfficialCode } from '../../contracts/gateway-api.ts'
import type { OperatorRole } from '../../contracts/lease.ts'
import type { OutboxProgress } from '../../contracts/outbox.ts'
import type { Packet } from '../../contracts/packet.ts'
import { err, ok, type Result } from '../../contracts/result.ts'
import type { SupplementNotice } from '../../contracts/supplement.ts'
import type { Bytes } from '../packet/base64url.ts'
import { beginFreshLog } from './fresh-log.ts'
import { explained } from './store-faults.ts'
import type { OpenFault, QueuedDeadline } from './vault-api.ts'

export type MetaRow = { key: string; value: string | number }

/** The operator's key for one recovery slot (operator-keys.ts). */
export type DeskCopy = { slot: number; wrap: Bytes }

export type OperatorRow = {
  operatorId: string
  /** Shown at sign-in, so not secret. */
  name: string
  role: OperatorRole
  salt: Bytes
  cost: { memoryKib: number; iterations: number }
  /** The operator's key, wrapped by PIN and device; gone when the gateway removed the operator. */
  wrappedKey?: Bytes
  /** Tells "another machine" from "wrong PIN". */
  deviceCheck: string
  /** Wrong PINs as the store counted them before the station did. */
  failures: number
  createdAt: string
  /** What others wrap to this operator by; made at the first sign-in where it is missing. */
  publicKey?: string
  sealedPrivateKey?: Bytes
  /** The operator's key for each supervisor, by the supervisor's id. */
  heldBySupervisors?: Record<string, Bytes>
  heldByDesk?: DeskCopy
  /** A challenge for the copy was shown: its code may have been told, so the next sign-in replaces it. */
  deskAsked?: boolean
  removedAt?: string
}

/** Of a draft which is no new dossier: whose next event it becomes. */
export type DraftAbout = {
  kind: 'supplement' | 'withdraw'
  dossierId: string
  /** The packet that handed the dossier in. */
  packetId: string
  requestId?: string
  /** The dossier keeps its number, whatever follows. */
  slipCode: string
  /** At least; events that still wait here come before it. */
  sequence: number
  previous?: string
}

export type DraftRow = {
  draftId: string
  operatorId: string
  procedureCode: string
  procedureVersion: string
  training: boolean
  createdAt: string
  savedAt: string
  /** The dossier's data key under the operator's key, or, handed over, to the operator's public key. */
  wrappedKey: Bytes
  handed?: true
  /** By the station's count of time; absent since the last change until the next look (retention.ts). */
  aging?: { since: number; warning?: { at: number; lookedAt: number; shownMs: number }; hoursLeft?: number } | undefined
  label: Bytes
  content: Bytes
  about?: DraftAbout
  /** SupplementState under the dossier's data key. */
  supplement?: Bytes
}

export type AttachmentRow = {
  attachmentId: string
  dossierId: string
  /** AttachmentFacts under the dossier's data key. */
  facts: Bytes
  chunkSize: number
  sealedSize: number
  sealedSha256: string
}

export type ChunkRow = { attachmentId: string; index: number; bytes: ArrayBuffer }

export type OutboxRow = {
  packetId: string
  /** The draft's id, which for a submit is the dossier's. Attachments lie under it. */
  dossierId: string
  /** Of a supplement or a withdrawal: whose event it is, and which one. Missing: the submit, 1. */
  about?: { kind: 'supplement' | 'withdraw'; dossierId: string; sequence: number; requestId?: string; packetId?: string }
  stationId: string
  counter: number
  packetDigest: string
  slipCode: string
  /** Unique: a new dossier's code, or that of the dossier with the number of the event. */
  slipKey: string
  procedureCode: string
  procedureVersion: string
  training: boolean
  operatorId: string
  queuedAt: string
  progress: OutboxProgress
  /** 1 while it still has to reach the gateway. */
  open: 0 | 1
  /** Whether it may ever have reached the gateway. */
  sentOnce: boolean
  /** It left on a stick, which may be handed in any other day. */
  carried?: true
  attachments: { attachmentId: string; sealedSize: number; sealedSha256: string }[]
  /** Bytes durable at the gateway by attachment. */
  bytesSent: Record<string, number>
  /** Initials under the operator's key. */
  label: Bytes
  /** By when it must have been received; gone with the receipt. */
  deadlines?: QueuedDeadline[]
  /** The operator's own wrap of the data key; gone with the receipt. */
  wrappedKey?: Bytes
  /** What a supplement was made from, under its data key; gone with the receipt. */
  basis?: Bytes
  /** The agency asked for more. */
  supplement?: SupplementNotice
  /** The gateway knows others of the same matter. */
  double?: DoubleNotice
  /** Made anew from the gateway's record: it has no words of its clerk. */
  rebuilt?: true
  receivedAt?: string
  receipt?: string
  official?: OfficialCode
  status?: AgencyStatus
}

/** A keyed hash of what a dossier is about (doubles.ts). */
export type MatterRow = { packetId: string; hash: string; at: number }

/** The visit of an operator under that operator's key (visits.ts). */
export type VisitRow = { operatorId: string /** By the station's count of time. */; changedAt: number; content: Bytes }

/** A text of the gateway's catalogue, under its SHA-256 (catalogue-store.ts). */
export type CatalogueRow = { sha256: string; kind: CatalogueEntry['kind'] | 'list'; key: string; text: string }

/** Apart from its entry, so that states change without rewriting it. */
export type PacketRow = { packetId: string; packet: Packet }

// An address of 127.0.0.1 it takes for a developer's, and keeps a trace of every single operation.
Dexie.debug = false

export class TramDatabase extends Dexie {
  declare meta: EntityTable<MetaRow, 'key'>
  declare operators: EntityTable<OperatorRow, 'operatorId'>
  declare drafts: EntityTable<DraftRow, 'draftId'>
  declare attachments: EntityTable<AttachmentRow, 'attachmentId'>
  declare chunks: Table<ChunkRow, [string, number]>
  declare outbox: EntityTable<OutboxRow, 'packetId'>
  declare packets: EntityTable<PacketRow, 'packetId'>
  declare matters: EntityTable<MatterRow, 'packetId'>
  declare visits: EntityTable<VisitRow, 'operatorId'>
  declare catalogue: EntityTable<CatalogueRow, 'sha256'>

  constructor(name: string) {
    super(name, { chromeTransactionDurability: 'strict' })
    // Each time it opens, of itself after a disk that failed too; nothing else runs before it is done.
    this.on('ready', beginFreshLog, true)
    this.version(1).stores({
      meta: '&key',
      operators: '&operatorId, &name',
      drafts: '&draftId, operatorId',
      attachments: '&attachmentId, dossierId',
      chunks: '[attachmentId+index]',
      outbox: '&packetId, open, [open+counter], &slipCode, &[stationId+counter]',
      packets: '&packetId',
    })
    this.version(2).upgrade(async (transaction) => {
      const operators = transaction.table<OperatorRow, string>('operators')
      const rows = await operators.toArray()
      const [first] = rows.toSorted((a, b) => a.createdAt.localeCompare(b.createdAt))
      for (const row of rows) await operators.update(row.operatorId, { role: row === first ? 'supervisor' : 'operator' })
    })
    // A supplement keeps the number of its dossier.
    this.version(3)
      .stores({ outbox: '&packetId, open, [open+counter], &slipKey, &[stationId+counter]' })
      .upgrade((transaction) =>
        transaction
          .table<OutboxRow, string>('outbox')
          .toCollection()
          .modify((row) => {
            row.slipKey = row.slipCode
          }),
      )
    this.version(4).stores({ matters: '&packetId, hash, at' })
    // A machine put back as a whole counts anew from where it stood: what it seals then may carry a number the gateway knows as another's.
    this.version(5).stores({ outbox: '&packetId, open, [open+counter], &slipKey, [stationId+counter]' })
    this.version(6).stores({ visits: '&operatorId' })
    // A dossier's events are asked for whenever one of them is: its submit by its own id, the others by what they are about.
    this.version(7).stores({
      outbox: '&packetId, open, [open+counter], &slipKey, [stationId+counter], dossierId, about.dossierId',
      catalogue: '&sha256',
    })
  }
}

/** Where a second, independent note of the store's identity lies: `localStorage` in a page. */
export type Sentinel = Pick<Storage, 'getItem' | 'setItem'>

export type OpenRequest = { name: string; acceptReset: boolean; openTimeoutMs: number; sentinel: Sentinel | undefined }

const storeId = 'storeId'
/** How much longer than for another window is waited for the disk. */
const slowDiskFactor = 6

export const openDatabase = async (request: OpenRequest): Promise<Result<TramDatabase, OpenFault>> => {
  if (typeof indexedDB === 'undefined') return err({ type: 'no-indexed-db' })
  const database = new TramDatabase(request.name)
  // Without this an upgrade in another window hangs for ever.
  database.on('versionchange', () => {
    database.close({ disableAutoOpen: true })
    // Dexie's own handler would close too, and allow the next call to open again.
    return false
  })

  let timer: ReturnType<typeof setTimeout> | undefined
  let blocked = false
  database.on('blocked', () => {
    blocked = true
  })
  const timeout = new Promise<'timeout'>((resolve) => {
    const giveUp = () => resolve('timeout')
    const look = () => {
      // A window that does not give way will not do so later; a slow disk with a long queue on it needs its time.
      if (blocked) giveUp()
      else timer = setTimeout(giveUp, request.openTimeoutMs * (slowDiskFactor - 1))
    }
    timer = setTimeout(look, request.openTimeoutMs)
  })
  try {
    const opening = database.open().then(() => 'open' as const)
    const outcome = await Promise.race([opening, timeout])
    if (outcome === 'timeout') {
      opening.catch(() => undefined)
      database.close({ disableAutoOpen: true })
      return err({ type: blocked ? 'store-blocked' : 'store-timeout' })
    }
    const key = `tram.store.${request.name}`
    const known = request.sentinel?.getItem(key) ?? undefined
    const held = await database.meta.get(storeId)
    if (held === undefined && known !== undefined && !request.acceptReset) {
      database.close({ disableAutoOpen: true })
      return err({ type: 'store-was-reset' })
    }
    const id = held?.value ?? crypto.randomUUID()
    if (held === undefined) await database.meta.put({ key: storeId, value: id })
    if (known !== id) request.sentinel?.setItem(key, String(id))
    return ok(database)
  } catch (thrown) {
    database.close({ disableAutoOpen: true })
    const fault = await explained(thrown)
    if (fault === undefined) throw thrown
    return err(fault)
  } finally {
    clearTimeout(timer)
  }
}
