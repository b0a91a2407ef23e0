/** What can go wrong with the vault that is nobody's bug. The screens have words for each. */
import type { ProblemType } from '../../contracts/gateway-api.ts'
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
/** Of whatever is done with a draft. */
type DraftFault = StoreFault | Locked | NotFound | Unreadable
export type StationGone = { type: 'station-unavailable'; detail: string }

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

export type HandOverFault = DraftFault | { type: 'no-such-operator' } | { type: 'not-supervisor' }

export type AddAttachmentFault =
  | StoreFault
  | Locked
  | NotFound
  | Unreadable
  | { type: 'empty-file' }
  | { type: 'too-large'; maxBytes: number }
  | { type: 'facts-invalid'; detail: string }

export type FetchSupplementFault =
  /** No network, or no gateway behind it: the request stays where it is. */
  { type: 'gateway-away' } | { type: 'refused'; reason: ProblemType | 'unreadable-answer' }

/** A withdrawal of the dossier was asked for on this machine: what came behind it would be refused. */
type Withdrawn = { type: 'withdrawn' }

export type OpenSupplementFault =
  | DraftFault
  | StationGone
  | { type: 'not-enrolled' }
  /** The gateway no longer lets this operator in. */
  | { type: 'removed' }
  | { type: 'gateway-answered'; failure: FetchSupplementFault }
  | { type: 'answered-before' }
  | Withdrawn
  /** Another operator of this machine has it as a draft. */
  | { type: 'opened-by'; operatorId: string }

export type FinishFault =
  | DraftFault
  | StationGone
  | { type: 'not-enrolled' }
  | { type: 'dossier-invalid'; detail: string }
  | { type: 'too-large' }
  | { type: 'gateway-key-invalid'; detail: string }
  /** Fields changed on both sides about which nobody has decided yet. */
  | { type: 'conflicts-open'; fields: string[] }
  | Withdrawn

export type TakeBackFault =
  | DraftFault
  /** For all this machine knows the gateway may have it. */
  | { type: 'too-late' }
  /** Another event of the dossier stands behind it, and has to come back first. */
  | { type: 'later-event'; kind: 'supplement' | 'withdraw' }
