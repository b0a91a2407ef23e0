import type {
  Answers,
  AttachmentFacts,
  AttachmentMediaType,
  ConfirmedWarning,
  Consent,
  Dossier,
} from '../../contracts/dossier.ts'
import type { LeaseRequest, OperatorRole } from '../../contracts/lease.ts'
import type { Result } from '../../contracts/result.ts'
import type { StationApi, StationStanding } from '../../contracts/station-api.ts'
import type { SealedSupplement, SupplementBasis, SupplementOpening } from '../../contracts/supplement.ts'
import type { CatalogueStore, CourierExport, CourierRequest, OutboxEntry, OutboxStore, QueuedDeadline } from './outbox-api.ts'
import type { PinCost, StretchPin } from './pin-stretch.ts'
import type {
  AddAttachmentFault,
  CreateOperatorFault,
  FetchSupplementFault,
  FinishFault,
  HandOverFault,
  Locked,
  NotFound,
  OpenFault,
  OpenSupplementFault,
  RecoverFault,
  ResetPinFault,
  SignInFault,
  StationGone,
  StoreFault,
  TakeBackFault,
  Unreadable,
} from './vault-faults.ts'

/** What vault and gateway go by, for the screen that looks first. */
export { mediaTypeOf } from '../packet/media-type.ts'

export type * from './outbox-api.ts'
export type * from './vault-faults.ts'

export type Operator = { operatorId: string; name: string; role: OperatorRole }

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

export type Draft = DraftSummary & {
  /** WizardDraft of contracts/draft.ts, as it was saved: parse it. */
  content: unknown
  /** All that are whole, in no order: how they follow each other is in `content`. */
  attachments: AttachmentFacts[]
  supplement?: SupplementState
}

export type NewDraft = { procedureCode: string; procedureVersion: string; content: unknown; label: string; training: boolean }
export type DraftChange = { content: unknown; label?: string; training?: boolean }

export type NewAttachment = { paperId: string; fileName: string; mediaType: AttachmentMediaType; bytes: Uint8Array }

/** Of an operator of this machine: drafts, and finished dossiers that go no further without a person. */
export type WorkOwner = { operatorId: string; name: string; removed: boolean; drafts: number; shelved: number }

export type FinishRequest = {
  draftId: string
  answers: Answers
  consents: Consent[]
  confirmedWarnings?: ConfirmedWarning[]
  /** Attachments to hand in, in their order; those of the draft which are not named are dropped. Without it all go. */
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

/** Rows that could be read of a store set aside, and those that could not; -1: the store did not open at all. */
export type Rescued = { read: number; lost: number }

/** How far the copying of a damaged store is, in rows. Cancelled, the copy goes, and the damaged store lies there as before. */
export type RescueProgress = { done: number; total: number; cancel: () => void }

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
  /** A supervisor takes over all drafts of somebody who is gone or away, and what of theirs lies on the shelf; tells how many. */
  adoptWork(fromOperatorId: string): Promise<Result<{ count: number }, HandOverFault>>
  /** Who has work here that needs a person: for a supervisor, who may take it over. */
  listWorkOwners(): Promise<Result<WorkOwner[], StoreFault>>
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

  addAttachment(draftId: string, attachment: NewAttachment): Promise<Result<AttachmentFacts, AddAttachmentFault>>
  readAttachment(
    attachmentId: string,
  ): Promise<Result<{ facts: AttachmentFacts; bytes: Uint8Array<ArrayBuffer> }, StoreFault | Locked | NotFound | Unreadable>>
  removeAttachment(attachmentId: string): Promise<Result<void, StoreFault | Locked | NotFound>>
  /** Those whose bytes the disk does not give just now. Reads all of them, and takes none away: the next time it may. */
  lostAttachments(draftId: string): Promise<Result<AttachmentFacts[], StoreFault | Locked | NotFound | Unreadable>>

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

export type VaultOptions = {
  station: StationApi
  /** A store that was lost is opened empty; the user has been told. */
  acceptReset?: boolean
  /** Sets a damaged store (`store-broken`) aside, undeleted, and goes on with what can be read of it. */
  rescue?: boolean
  /** By the mending its files came out of: a store that was not looked through since is set aside and read likewise. */
  mended?: string
  /** Called again and again while a store is copied. */
  watchRescue?: (progress: RescueProgress) => void
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
