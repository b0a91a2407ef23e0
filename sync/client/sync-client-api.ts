import type { StoreAct } from '../../contracts/card-evidence.ts'
import type { StoreAnswer, StoreChallenge } from '../../contracts/citizen-store.ts'
import type { Clock } from '../../contracts/clock.ts'
import type { GatewayKeys } from '../../contracts/gateway-api.ts'
import type { Result } from '../../contracts/result.ts'
import type { StationApi } from '../../contracts/station-api.ts'
import type { CourierSource } from '../packet/courier-file.ts'
import type { ReceiptFault, VerifiedReceipt } from '../packet/receipt-codec.ts'
import type { FetchSupplement, FetchSupplementFault, Vault } from '../vault/vault-api.ts'
import type { CatalogueSide } from './catalogue-exchange.ts'
import type { CourierReport, ForwardFault } from './courier.ts'
import type { Fetch } from './gateway-http.ts'
import type { LeaseKeeper } from './lease-exchange.ts'

/** What screens see of the way to the gateway. */
export type SyncStatus = {
  network: 'online' | 'unreachable' | 'offline' | 'checking'
  /** Kiosk clock minus gateway clock; undefined until measured. Never trusted for order. */
  clockSkewMs: number | undefined
  /** Instant of the last exchange with the gateway that succeeded. */
  lastSyncAt: string | undefined
  /** Another tab sends; this one watches. */
  role: 'leader' | 'follower'
  /** The gateway refuses this station (revoked, unknown): a person has to act. */
  refused: boolean
  /**
   * The gateway has packets of this station which this store knows nothing of: the disk was put back to an older state, or the store was
   * lost. Stays until `acknowledgeRollback`.
   */
  rolledBack: boolean
  /**
   * Slip codes of what the gateway has given receipts for and has no longer: its database was put back to an older state. Empty: none.
   * Stays until `acknowledgeForgottenThere`.
   */
  forgottenThere: string
  /** Bytes of attachments still to go, and how long they will take by what was seen of the link; undefined until that is known. */
  bytesLeft: number
  remainingMs: number | undefined
}

export type StoreFault =
  /** No network, no answer in time, or the gateway is busy. */
  | { type: 'gateway-away' }
  /** The reading was too long ago, or was no proof: the card is to be laid on again. */
  | { type: 'card-again' }
  | { type: 'operator-removed' }
  | { type: 'refused'; reason: string }

/** A card that was read after its challenge had been fetched. */
export type CardShown = { readId: string; challenge: string }

export type CitizenStoreClient = {
  /** To be fetched before a card is read; undefined when the gateway does not answer. */
  challenge(): Promise<StoreChallenge | undefined>
  ask(question: {
    card: CardShown
    operatorId: string
    act: StoreAct
    signal: AbortSignal
  }): Promise<Result<StoreAnswer, StoreFault>>
}

type Observable<T> = { get(): T; subscribe(listener: (value: T) => void): () => void }

export type SyncClient = {
  /** Idempotent. Runs until `stop`, kiosk locked or not. */
  start(): void
  /** Resolves when no request, timer or lock of this client is left. */
  stop(): Promise<void>
  readonly status: Observable<SyncStatus>
  /** The clerk's "Gửi ngay": waiting entries go at once; entries that need attention are tried again only when named. */
  sendNow(packetId?: string): Promise<void>
  /**
   * "Lấy lại để sửa" once bytes may have left: the gateway is asked to receive this packet never. With its promise the entry is
   * `recalled` and the vault's `takeBack` makes it a draft; when it was received already, its receipt comes instead.
   */
  recall(packetId: string): Promise<void>
  acknowledgeRollback(): Promise<void>
  acknowledgeForgottenThere(): Promise<void>
  /** For `Vault.openSupplement`: what an agency's request needs, sealed to the key of the opening. Any tab may ask. */
  readonly fetchSupplement: FetchSupplement
  /** Hands what a courier brought from another kiosk to the gateway, as it is. `onProgress`: dossiers so far. */
  forwardCourier(source: CourierSource, onProgress: (done: number) => void): Promise<Result<CourierReport, ForwardFault>>
  /** The receipts a courier brought back. */
  takeReceipts(text: string): Promise<Result<{ taken: number; others: number }, { type: 'not-receipts' | 'not-enrolled' }>>
  /** What the gateway keeps of the citizen at the counter. Any tab may ask. */
  readonly citizenStore: CitizenStoreClient
  /** Somebody looked at a dossier and its double (`OutboxEntry.double`) and keeps both. */
  keepDouble(packetId: string): Promise<Result<void, FetchSupplementFault>>
}

export type SyncClientOptions = {
  /** Without the parts about operators no lease is kept: a client for the queue alone. */
  vault: Pick<Vault, 'outbox'> & Partial<LeaseKeeper>
  station: StationApi
  gatewayUrl: string
  /** Without it the gateway's procedures are not fetched. */
  catalogue?: CatalogueSide
  fetch?: Fetch
  clock?: Clock
  random?: () => number
  newHolder?: () => string
  verifyReceipt?: (
    jws: string,
    pinned: Pick<GatewayKeys, 'receipts' | 'formerReceipts'>,
  ) => Promise<Result<VerifiedReceipt, ReceiptFault>>
  /** Bytes in one request of an upload: the first one, and the bounds within which it follows the link. */
  uploadChunkSize?: number
  uploadChunkBounds?: { smallest: number; largest: number }
  requestTimeoutMs?: number
  /** Seconds a request for updates may hang at the gateway. */
  pollSeconds?: number
  /** Stations which come back together spread over this time. */
  reconnectSpreadMs?: number
  /** `navigator.locks` and `window` where there are any. Without locks (null) leases alone keep two senders apart. */
  locks?: Pick<LockManager, 'request'> | null
  events?: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>
}

/** `sync/client/sync-client.ts` exports it as `createSyncClient`. The station may be enrolled later: the client waits for it. */
export type CreateSyncClient = (options: SyncClientOptions) => SyncClient
