/** The vault's sealed side, which works while the kiosk is locked: what waits for the gateway, and what has come from it. */
import type { CatalogueEntry, CatalogueList } from '../../contracts/catalogue.ts'
import type { AgencyStatus, DoubleNotice, OfficialCode, PacketRecord } from '../../contracts/gateway-api.ts'
import type { OutboxProgress } from '../../contracts/outbox.ts'
import type { Packet } from '../../contracts/packet.ts'
import type { Result } from '../../contracts/result.ts'
import type { SupplementNotice } from '../../contracts/supplement.ts'
import type { OpenEntry } from '../engine/schedule.ts'
import type { VerifiedReceipt } from '../packet/receipt-codec.ts'
import type { NotFound, StoreFault } from './vault-faults.ts'

/** `id` of the procedure's deadline; `until` its last minute, yyyy-MM-ddTHH:mm in Vietnam. */
export type QueuedDeadline = { id: string; until: string }

/** A finished dossier as screens show it. */
export type OutboxEntry = {
  packetId: string
  slipCode: string
  procedureCode: string
  procedureVersion: string
  training: boolean
  counter: number
  queuedAt: string
  progress: OutboxProgress
  /** Bytes of attachments durable at the gateway, and in all. */
  bytesSent: number
  bytesTotal: number
  /** Only while the operator who made it is signed in. */
  label?: string
  operatorId: string
  /** Made anew from the gateway's record, after the store was damaged, lost or put back. */
  rebuilt?: true
  receivedAt?: string
  official?: OfficialCode
  status?: AgencyStatus
  /** The gateway's signed receipt, compact JWS. */
  receipt?: string
  /** True while the sealed packet and the operator's own wrap are still on this machine. */
  canTakeBack: boolean
  /** True while it can only come back with the gateway's consent: `SyncClient.recall`. */
  canRecall: boolean
  kind: 'submit' | 'supplement' | 'withdraw'
  dossierId: string
  /** 1, 2, 3 ... among the dossier's own events. */
  sequence: number
  deadlines?: QueuedDeadline[]
  /** Of a submit: the agency asked for more. `Vault.openSupplement` opens it as a draft. */
  supplement?: SupplementNotice
  double?: DoubleNotice
}

/** What the sync client needs of an entry. The packet is sealed: this opens nothing. */
export type SealedEntry = {
  packetId: string
  packetDigest: string
  progress: OutboxProgress
  /** Undefined after the receipt. */
  packet: Packet | undefined
  attachments: { attachmentId: string; sealedSize: number; sealedSha256: string }[]
  /** Every attachment's bytes, in their order: when they were asked for, are all there and are few enough. */
  sealed?: Uint8Array<ArrayBuffer>[]
}

/** Of a packet this store may have forgotten; the receipt's signature was checked, and it is of this packet. */
export type GenuineRecord = { record: PacketRecord; receipt?: VerifiedReceipt }

export type OutboxChange = {
  progress: OutboxProgress
  /** From now on a byte of the packet may have left this machine: durable before it does, and never unsaid. */
  leaving?: true
  /** Purges packet, attachments and the operator's wrap, in the same transaction. Must be of this very packet. */
  receipt?: VerifiedReceipt
  official?: OfficialCode
  status?: AgencyStatus
  supplement?: SupplementNotice
  double?: DoubleNotice
}

/** The sealed side of the vault: works while the kiosk is locked. */
export type OutboxStore = {
  /** Entries which still have to go to the gateway, in the order of their counters, without their packets. */
  listOpen(): Promise<Result<OpenEntry[], StoreFault>>
  /** `withAttachments`: their bytes too when they are no more than so many together. */
  read(packetId: string, withAttachments?: number): Promise<Result<SealedEntry, StoreFault | NotFound>>
  /** Runs in one strict transaction; `change` is pure and synchronous, undefined leaves the entry as it is. */
  change(
    packetId: string,
    change: (entry: { packetId: string; progress: OutboxProgress; purged: boolean }) => OutboxChange | undefined,
    /** Reads the entry in the same transaction, its attachments too when they are no more than so many bytes. */
    withAttachments?: number,
  ): Promise<Result<{ progress: OutboxProgress; entry?: SealedEntry }, StoreFault | NotFound | { type: 'receipt-mismatch' }>>
  /** Sealed bytes [from, to) of an attachment. */
  readSealed(attachmentId: string, from: number, to: number): Promise<Result<Uint8Array<ArrayBuffer>, StoreFault | NotFound>>
  /** Bytes the gateway holds; for the screens, not strict. */
  reportBytes(packetId: string, attachmentId: string, offset: number): Promise<void>
  readCursor(): Promise<Result<number, StoreFault>>
  writeCursor(cursor: number): Promise<Result<void, StoreFault>>
  /**
   * The gateway's highest counter of this station against the store's own. When the gateway's is higher, packets are there which this
   * store has forgotten: it goes on counting from the gateway's, and says `rolledBack` until that is acknowledged.
   */
  compareCounter(stationId: string, gateways: number): Promise<Result<{ rolledBack: boolean }, StoreFault>>
  acknowledgeRollback(): Promise<Result<void, StoreFault>>
  /** The highest counter of this station that the gateway gave a receipt for; 0 for none. */
  highestReceived(stationId: string): Promise<Result<number, StoreFault>>
  /**
   * The gateway's highest counter is below one it had given a receipt for before it was asked: its database was put back to an older state.
   * Keeps which dossiers that are, and gives back the slip codes (all, or of what came after the last acknowledgement).
   */
  noteForgottenThere(stationId: string, gateways: number): Promise<Result<string[], StoreFault>>
  acknowledgeForgottenThere(): Promise<Result<void, StoreFault>>
  /** That the gateway's record of this station is to be read, because this store may not know all of it. A new store asks by itself. */
  readAsked(): Promise<Result<{ asked: number } | undefined, StoreFault>>
  askRecords(): Promise<Result<void, StoreFault>>
  /** Rows of what this store has forgotten; what it knows stays as it is. */
  takeRecords(stationId: string, records: readonly GenuineRecord[]): Promise<Result<{ added: number }, StoreFault>>
  /** All that was asked for by then is there. */
  settleAsked(asked: number): Promise<Result<void, StoreFault>>
  /** Hears when entries come or change, here or in another tab. Returns its unsubscribe. */
  onChange(listener: () => void): () => void
}

/** What a courier's file holds. `skipped`: dossiers of which bytes are missing here. */
export type CourierExport = { dossiers: number; skipped: number; bytes: number }

/** One dossier alone, or all that waits; `words`: how the screen says why one lies on the shelf. */
export type CourierRequest = { packetId?: string; words?: (entry: OutboxEntry) => string }

export type CatalogueText = CatalogueEntry & { text: string }

/** `documents`: those that were fetched, of this list and of former ones; what the build has is not among them. */
export type HeldCatalogue = { list: CatalogueList; documents: CatalogueText[] }

/** The gateway's procedures as the sync client fetches them, and as the screens' catalogue takes them over. */
export type CatalogueStore = {
  list(sha256: string): Promise<Result<CatalogueList | undefined, StoreFault>>
  missing(wanted: readonly string[]): Promise<Result<string[], StoreFault>>
  /** Durable when resolved, as `complete` is. */
  keep(document: CatalogueText): Promise<Result<void, StoreFault>>
  /** All that this list names is here, or in the build. */
  complete(sha256: string, list: CatalogueList): Promise<Result<void, StoreFault>>
  /** At once, and whenever another list is complete; undefined: none is, or the store cannot be read. Returns its unsubscribe. */
  observe(listener: (held: HeldCatalogue | undefined) => void): () => void
}
