import type { StationApi } from '../../contracts/station-api.ts'
import type { Vault } from '../vault/vault-api.ts'

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
}

export type SyncClientOptions = {
  vault: Vault
  station: StationApi
  gatewayUrl: string
  fetch?: typeof fetch
  now?: () => number
  random?: () => number
  /** Bytes in one request of an upload. */
  uploadChunkSize?: number
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
