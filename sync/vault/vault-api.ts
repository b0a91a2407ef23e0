/**
 * What the vault does for the screens and for the sync client. Everything expected is a Result; plain text exists only in memory
 * while an operator is signed in.
 */
import type { CatalogueEntry, CatalogueList } from '../../contracts/catalogue.ts'
import type {
  Answers,
  AttachmentFacts,
  AttachmentMediaType,
  ConfirmedWarning,
  Consent,
  Dossier,
} from '../../contracts/dossier.ts'
import type { AgencyStatus, DoubleNotice, OfficialCode, PacketRecord, ProblemType } from '../../contracts/gateway-api.ts'
import type { LeaseRequest, OperatorRole } from '../../contracts/lease.ts'
import type { OutboxProgress } from '../../contracts/outbox.ts'
import type { Packet } from '../../contracts/packet.ts'
import type { Result } from '../../contracts/result.ts'
import type { StationApi, StationStanding } from '../../contracts/station-api.ts'
import type { SealedSupplement, SupplementBasis, SupplementNotice, SupplementOpening } from '../../contracts/supplement.ts'
import type { OpenEntry } from '../engine/schedule.ts'
import type { VerifiedReceipt } from '../packet/receipt-codec.ts'
import type { PinCost, StretchPin } from './pin-stretch.ts'

/** What vault and gateway go by, for the screen that looks first. */
export { mediaTypeOf } from '../packet/media-type.ts'

/** The store itself fails. Nothing that was confirmed before is lost by any of these. */
export type StoreFault =
  | { type: 'disk-full' }
  /** Another tab upgraded the store, or it was closed: reload. */
  | { type: 'store-closed' }
  | { type: 'store-broken'; detail: string }

export type OpenFault =
  | StoreFault
  /** Another window holds an older version open. */
  | { type: 'store-blocked' }
  | { type: 'store-timeout' }
  /** The store which was here is gone (cleared or replaced). Open again with `acceptReset: true` after telling the user. */
  | { type: 'store-was-reset' }
  | { type: 'no-indexed-db' }

/** The signed-in operator's key is needed, and nobody is signed in. */
export type Locked = { type: 'locked' }
export type NotFound = { type: 'not-found' }
/** What is stored does not open with this operator's key. */
export type Unreadable = { type: 'unreadable' }
export type StationGone = { type: 'station-unavailable'; detail: string }

export type Operator = { operatorId: string; name: string; role: OperatorRole }

/** Whoever asked gave it up in time: nothing was tried. */
export type GivenUp = { type: 'given-up' }

export type SignInFault =
  | GivenUp
  | StoreFault
  | NotFound
  | StationGone
  | { type: 'wrong-pin'; attemptsLeft: number }
  /** Wait this long, by a clock which setting the time back does not move. */
  | { type: 'locked-out'; waitMs: number }
  /** The gateway no longer lets this operator in. */
  | { type: 'removed' }
  /** The station has not heard from its gateway for too long to know who still works here. */
  | { type: 'contact-needed'; offlineDays: number }
  /** The PIN may be right, but the machine's device secret is another: the store was copied or the secret was replaced. */
  | Unreadable

export type CreateOperatorFault =
  | StoreFault
  | Locked
  | StationGone
  | { type: 'pin-too-weak' }
  | { type: 'name-invalid' }
  | { type: 'name-taken' }
  | { type: 'not-supervisor' }

export type ResetPinFault =
  | SignInFault
  | { type: 'pin-too-weak' }
  | { type: 'not-supervisor' }
  /** The operator's key was never wrapped for this supervisor: they have not signed in since the supervisor became one. */
  | { type: 'not-held' }

export type RecoverFault =
  | SignInFault
  | { type: 'pin-too-weak' }
  | { type: 'not-enrolled' }
  /** Heard or typed wrongly: not counted as an attempt. */
  | { type: 'code-mistyped' }
  /** This machine has no copy for the desk: it was never online since this operator was made. */
  | { type: 'not-held' }

export type HandOverFault =
  | StoreFault
  | Locked
  | NotFound
  | Unreadable
  | { type: 'no-such-operator' }
  | { type: 'not-supervisor' }

export type DraftSummary = {
  draftId: string
  procedureCode: string
  procedureVersion: string
  /** Words by which the operator knows it again; encrypted on disk. */
  label: string
  training: boolean
  createdAt: string
  savedAt: string
  /** Hours until it is destroyed, once that is less than a day or so away. */
  hoursLeft?: number
  /** No new dossier, but the next event of the one that packet handed in. */
  about?: { kind: 'supplement' | 'withdraw'; packetId: string }
}

/** Changed by the agency alone: taken over, and told. */
export type FieldChange = { field: string; before: string; now: string }
/** Changed on both sides: the draft keeps `mine` until a person has chosen. Empty = no answer. */
export type FieldConflict = { field: string; before: string; mine: string; theirs: string }

/** Of a draft that answers an agency's request. */
export type SupplementState = {
  /** The request, and the dossier's answers as they were shown to the clerk. */
  basis: SupplementBasis
  taken: FieldChange[]
  conflicts: FieldConflict[]
}

/** How the gateway is asked: `SyncClient.fetchSupplement`. */
export type FetchSupplement = (
  requestId: string,
  opening: SupplementOpening,
) => Promise<Result<SealedSupplement, FetchSupplementFault>>

export type FetchSupplementFault =
  /** No network, or no gateway behind it: the request stays where it is. */
  { type: 'gateway-away' } | { type: 'refused'; reason: ProblemType | 'unreadable-answer' }

/** A withdrawal of the dossier was asked for on this machine: what came behind it would be refused. */
type Withdrawn = { type: 'withdrawn' }

export type OpenSupplementFault =
  | StoreFault
  | Locked
  | NotFound
  | Unreadable
  | StationGone
  | { type: 'not-enrolled' }
  /** The gateway no longer lets this operator in. */
  | { type: 'removed' }
  | { type: 'gateway-answered'; failure: FetchSupplementFault }
  | { type: 'answered-before' }
  | Withdrawn
  /** Another operator of this machine has it as a draft. */
  | { type: 'opened-by'; operatorId: string }

export type Draft = DraftSummary & {
  /** WizardDraft of contracts/draft.ts, as it was saved: parse it. */
  content: unknown
  attachments: AttachmentFacts[]
  supplement?: SupplementState
}

export type NewDraft = { procedureCode: string; procedureVersion: string; content: unknown; label: string; training: boolean }
export type DraftChange = { content: unknown; label?: string; training?: boolean }

export type NewAttachment = { paperId: string; fileName: string; mediaType: AttachmentMediaType; bytes: Uint8Array }

export type FinishRequest = {
  draftId: string
  answers: Answers
  consents: Consent[]
  confirmedWarnings?: ConfirmedWarning[]
  /** Attachments to hand in; those of the draft which are not named are dropped. Without it all go. */
  attachmentIds?: string[]
  /** Initials only: it stays after the receipt, encrypted under the operator's key. */
  label: string
  /** Of a withdrawal. */
  reason?: string
  /** What a new dossier is about (procedures/rules/matter.ts); kept as a keyed hash. */
  matter?: string
  /** The clerk was shown `findDoubles` and hands it in all the same. */
  knownDouble?: NonNullable<Dossier['knownDouble']>
  /** By when it must have been received. A date and no person: told to whoever works here while it waits. */
  deadlines?: QueuedDeadline[]
}

/** `id` of the procedure's deadline; `until` its last minute, yyyy-MM-ddTHH:mm in Vietnam. */
export type QueuedDeadline = { id: string; until: string }

export type FinishFault =
  | StoreFault
  | Locked
  | NotFound
  | Unreadable
  | StationGone
  | { type: 'not-enrolled' }
  | { type: 'dossier-invalid'; detail: string }
  | { type: 'too-large' }
  | { type: 'gateway-key-invalid'; detail: string }
  /** Fields changed on both sides about which nobody has decided yet. */
  | { type: 'conflicts-open'; fields: string[] }
  | Withdrawn

export type TakeBackFault =
  | StoreFault
  | Locked
  | NotFound
  | Unreadable
  /** For all this machine knows the gateway may have it. */
  | { type: 'too-late' }
  /** Another event of the dossier stands behind it, and has to come back first. */
  | { type: 'later-event'; kind: 'supplement' | 'withdraw' }

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

/** Rows that could be read of a store set aside, and those that could not; -1: the store did not open at all. */
export type Rescued = { read: number; lost: number }

export type Vault = {
  /** The one who is signed in, or undefined while locked. */
  session(): Operator | undefined
  onSession(listener: (session: Operator | undefined) => void): () => void
  listOperators(): Promise<Result<Operator[], StoreFault>>
  /** PIN of 6 digits or more. The first operator of a machine needs nobody; each further one needs a signed-in operator. Does not sign in. */
  createOperator(request: { name: string; pin: string; role?: OperatorRole }): Promise<Result<Operator, CreateOperatorFault>>
  /** `signal` gives it up while the PIN is still being stretched: no attempt is counted then. */
  signIn(request: { operatorId: string; pin: string; signal?: AbortSignal }): Promise<Result<Operator, SignInFault>>
  /** A forgotten PIN, without network: a supervisor of the point gives a new one. Nobody's work is lost, nobody is signed in. */
  resetPin(request: {
    supervisorId: string
    supervisorPin: string
    operatorId: string
    newPin: string
  }): Promise<Result<void, ResetPinFault>>
  /** What the operator reads to the gateway's desk by telephone. */
  recoveryChallenge(
    operatorId: string,
  ): Promise<Result<{ challenge: string }, StoreFault | NotFound | StationGone | { type: 'not-enrolled' } | { type: 'not-held' }>>
  /** The desk's answer, and a new PIN. The code opens nothing a second time. */
  recoverWithCode(request: { operatorId: string; code: string; newPin: string }): Promise<Result<void, RecoverFault>>
  /** What the gateway's last lease says of this store: whoever was removed has no way in from now on. */
  obey(standing: StationStanding): Promise<Result<void, StoreFault>>
  /** Hears that the one who is signed in was removed: flush, then lock. Returns its unsubscribe. */
  onRemoved(listener: () => void): () => void
  /** For the next lease. */
  describeOperators(standing: StationStanding): Promise<Result<Pick<LeaseRequest, 'operators' | 'recoveryFrom'>, StoreFault>>
  /** Gives a draft of one's own to another operator of this machine. */
  handOver(request: { draftId: string; toOperatorId: string }): Promise<Result<void, HandOverFault>>
  /** A supervisor takes over all drafts of somebody who is gone or away; tells how many. */
  adoptDrafts(fromOperatorId: string): Promise<Result<{ count: number }, HandOverFault>>
  /** Who has drafts here: for a supervisor, who may take them over. */
  listDraftOwners(): Promise<Result<{ operatorId: string; name: string; removed: boolean; drafts: number }[], StoreFault>>
  /** Forgets the keys. Nothing on disk changes: everything saved is there already. */
  lock(): void

  createDraft(draft: NewDraft): Promise<Result<DraftSummary, StoreFault | Locked>>
  /** Resolves when the change is durable (strict). Saves of one draft are written in the order of the calls. */
  saveDraft(
    draftId: string,
    change: DraftChange,
  ): Promise<Result<{ savedAt: string }, StoreFault | Locked | NotFound | Unreadable>>
  loadDraft(draftId: string): Promise<Result<Draft, StoreFault | Locked | NotFound | Unreadable>>
  /** Drafts of the signed-in operator, the newest first. */
  listDrafts(): Promise<Result<DraftSummary[], StoreFault | Locked>>
  discardDraft(draftId: string): Promise<Result<void, StoreFault | Locked | NotFound>>
  /** Empty while locked. Returns its unsubscribe. */
  observeDrafts(listener: (drafts: DraftSummary[]) => void): () => void

  /** Destroys drafts nobody went on with. Runs by itself every few minutes while the store is open. */
  sweepDrafts(): Promise<Result<{ destroyed: number }, StoreFault | StationGone>>

  /**
   * The visit that is going on (contracts/visit.ts), so that it outlives a lock: only for the operator who is signed in. It is destroyed by
   * `endVisit`, when another operator signs in, and two hours after it was last kept.
   */
  keepVisit(content: unknown): Promise<Result<void, StoreFault | Locked | StationGone>>
  /** As it was kept: parse it. Undefined where there is none. */
  openVisit(): Promise<Result<{ content: unknown } | undefined, StoreFault | Locked>>
  endVisit(): Promise<Result<void, StoreFault>>

  addAttachment(
    draftId: string,
    attachment: NewAttachment,
  ): Promise<
    Result<
      AttachmentFacts,
      | StoreFault
      | Locked
      | NotFound
      | Unreadable
      | { type: 'empty-file' }
      | { type: 'too-large'; maxBytes: number }
      | { type: 'facts-invalid'; detail: string }
    >
  >
  readAttachment(
    attachmentId: string,
  ): Promise<Result<{ facts: AttachmentFacts; bytes: Uint8Array<ArrayBuffer> }, StoreFault | Locked | NotFound | Unreadable>>
  removeAttachment(attachmentId: string): Promise<Result<void, StoreFault | Locked | NotFound>>

  /** Finished dossiers of this machine about the same matter, of the last thirty days: a person decides what that means. */
  findDoubles(matter: string): Promise<Result<OutboxEntry[], StoreFault>>
  /** Seals, signs, and in ONE transaction turns the draft into an outbox entry. */
  finish(request: FinishRequest): Promise<Result<OutboxEntry, FinishFault>>
  /** Makes a queued or waiting dossier a draft again, as long as it has not reached the gateway for all this machine knows. */
  takeBack(packetId: string): Promise<Result<DraftSummary, TakeBackFault>>
  /** The same of a withdrawal: it leaves the queue, and nothing is left of it. */
  cancelWithdrawal(packetId: string): Promise<Result<void, TakeBackFault>>
  /**
   * Opens an agency's request (`OutboxEntry.supplement`) as a draft: `Draft.supplement` has the request and the answers as they were shown.
   * The draft there is already, when it is one's own. Finish it by `finish` with all its answers: what differs is sent.
   */
  openSupplement(request: { packetId: string; fetch: FetchSupplement }): Promise<Result<DraftSummary, OpenSupplementFault>>
  /** Asks again and merges by field: after 'changed-elsewhere', or before a draft that lay long is gone on with. */
  renewSupplement(request: { draftId: string; fetch: FetchSupplement }): Promise<Result<SupplementState, OpenSupplementFault>>
  /** A person's choice about one field of `SupplementState.conflicts`. Load the draft again after it. */
  settleConflict(request: {
    draftId: string
    field: string
    keep: 'mine' | 'theirs'
  }): Promise<Result<SupplementState, OpenSupplementFault>>
  /** Rút hồ sơ: queued as the next event of a dossier that was received; one that was not is taken back instead. */
  withdraw(request: { packetId: string; reason: string }): Promise<Result<OutboxEntry, FinishFault>>
  /** The whole queue, sealed as it is, for a courier: parts of one file in their order. Nothing leaves the queue by it. */
  exportCourier(
    write: (part: Uint8Array<ArrayBuffer>) => void,
    request?: CourierRequest,
  ): Promise<Result<CourierExport, StoreFault>>
  listOutbox(): Promise<Result<OutboxEntry[], StoreFault>>
  /** Newest first; `open`: only what still has to reach the gateway. Returns its unsubscribe. */
  observeOutbox(listener: (entries: OutboxEntry[]) => void, which?: 'all' | 'open'): () => void

  /** The store before this one was damaged and lies aside: what became of it, until somebody has read that. */
  rescued(): Promise<Rescued | undefined>
  acknowledgeRescue(): Promise<void>

  readonly outbox: OutboxStore
  readonly catalogue: CatalogueStore
  close(): void
}

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

export type VaultOptions = {
  station: StationApi
  /** A store that was lost is opened empty; the user has been told. */
  acceptReset?: boolean
  /** Sets a damaged store (`store-broken`) aside, undeleted, and goes on with what can be read of it. */
  rescue?: boolean
  databaseName?: string
  /** A second, independent note of the store's identity; `localStorage` where there is one. */
  sentinel?: Pick<Storage, 'getItem' | 'setItem'>
  /** Cost of Argon2id for new operators; what an operator was made with stays with it. */
  pinCost?: PinCost
  /** Where PINs are stretched; in the page's own thread without it. */
  stretch?: StretchPin
  /** Wall clock, milliseconds. */
  now?: () => number
  openTimeoutMs?: number
}

/** `sync/vault/vault.ts` exports it as `openVault`. One per page; the app makes sure of one window. */
export type OpenVault = (options: VaultOptions) => Promise<Result<Vault, OpenFault>>
