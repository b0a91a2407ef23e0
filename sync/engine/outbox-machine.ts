/**
 * One entry of the outbox: (progress, event) → (progress, effects). Pure; clock and randomness come with the events.
 *
 * Invariants:
 * - every pair of state and event is written out in `table`; "stay" is written too;
 * - `purge` follows `received` alone, and `received` may only be told after the receipt's signature was checked;
 * - nothing but `received` leaves the states of work, and from each of those a way leads on (a shelf opens by `retry`);
 * - an event of a holder whose lease went to another changes nothing;
 * - once a person has asked for the dossier back, the packet is not sent again: only the question is.
 */
import type { AttentionReason, EntryState, EntryStateName, OutboxProgress, WaitingReason } from '../../contracts/outbox.ts'
import type { Failure } from './failures.ts'

type Missing = { attachmentId: string; offset: number }

export type OutboxEvent =
  /** The leader takes the entry for sending. */
  | { type: 'claim'; now: number; holder: string }
  /** Still at work; `progressed` when bytes arrived. */
  | { type: 'renew'; now: number; holder: string; progressed: boolean }
  /** Leadership is exclusive and new: leases of others are of the dead. */
  | { type: 'takeover'; now: number; holder: string }
  /** The gateway has the packet and waits for these. */
  | { type: 'expect-attachments'; now: number; random: number; holder: string; missing: Missing[] }
  | { type: 'uploaded'; now: number; holder: string }
  /** A receipt of this packet came, and its signature was checked. */
  | { type: 'received' }
  | { type: 'accepted' }
  | { type: 'refused' }
  | { type: 'failed'; now: number; random: number; holder: string; failure: Failure }
  | { type: 'online'; now: number; random: number }
  /** "Gửi ngay". */
  | { type: 'send-now'; now: number }
  /** A person looked at the shelf and wants it tried again. */
  | { type: 'retry'; now: number }
  /** A person wants it back, and bytes of it may have left: the gateway has to agree. */
  | { type: 'recall'; now: number }
  /** The gateway agreed. */
  | { type: 'recalled'; holder: string }

type OutboxEventType = OutboxEvent['type']

export type Effect =
  | { type: 'put-packet' }
  | { type: 'upload'; missing: Missing[] }
  | { type: 'ask' }
  /** Asks the gateway to receive this packet never. */
  | { type: 'recall' }
  | { type: 'authenticate' }
  /** Packet, attachments and the operator's wrap go, with the state, in one transaction. */
  | { type: 'purge' }

export type Transition = { progress: OutboxProgress; effects: Effect[] }

export const leaseMs = 30_000
const backoffBaseMs = 2_000
export const backoffCapMs = 5 * 60_000
/** Retry-After is obeyed up to this. */
export const longestWaitMs = 60 * 60_000
/** Stations which all come back at once spread over this. */
export const reconnectSpreadMs = 3_000
export const maxReuploads = 3
/** A station which is refused needs a person: its first wait is already a minute or two. */
const patientAttempt = 6

type Events = { [T in OutboxEventType]: Extract<OutboxEvent, { type: T }> }
type States = { [N in EntryStateName]: Extract<EntryState, { name: N }> }
type Handler<N extends EntryStateName, T extends OutboxEventType> = (
  progress: OutboxProgress,
  state: States[N],
  event: Events[T],
) => Transition
type Table = { [N in EntryStateName]: { [T in OutboxEventType]: Handler<N, T> } }

const to = (progress: OutboxProgress, state: EntryState, ...effects: Effect[]): Transition => ({
  progress: { ...progress, state },
  effects,
})

const withoutRecall = ({ state, attempt, reuploads }: OutboxProgress): OutboxProgress => ({ state, attempt, reuploads })

const stay = (progress: OutboxProgress): Transition => ({ progress, effects: [] })

/** Full jitter: anywhere between nothing and the doubled wait. */
export const backoffMs = (attempt: number, random: number): number =>
  Math.round(random * Math.min(backoffCapMs, backoffBaseMs * 2 ** Math.min(attempt, 20)))

const wait = (progress: OutboxProgress, now: number, delay: number, reason: WaitingReason, ...effects: Effect[]): Transition => ({
  progress: {
    ...progress,
    attempt: progress.attempt + 1,
    state: { name: 'waiting', until: now + Math.min(delay, longestWaitMs), reason },
  },
  effects,
})

const shelve = (
  progress: OutboxProgress,
  reason: AttentionReason,
  detail: string,
  findings: { fields: string[]; message: { vi: string; en?: string | undefined } }[] = [],
): Transition =>
  to(withoutRecall(progress), {
    name: 'needs-attention',
    reason,
    detail,
    findings: findings.map(({ fields, message }) => ({ fields, message })),
  })

const claim = (progress: OutboxProgress, _state: EntryState, event: Events['claim']): Transition =>
  to(
    progress,
    { name: 'sending', holder: event.holder, leaseUntil: event.now + leaseMs },
    { type: progress.recall === true ? 'recall' : 'put-packet' },
  )

/** Whoever holds the lease loses it: what it still sends may arrive, and the gateway's answer to the question decides. */
const recall = (progress: OutboxProgress, _state: EntryState, event: Events['recall']): Transition => ({
  progress: { ...progress, recall: true, state: { name: 'waiting', until: event.now, reason: 'recall' } },
  effects: [],
})

const settle = (progress: OutboxProgress): Transition => ({
  progress: { attempt: 0, reuploads: progress.reuploads, state: { name: 'received' } },
  effects: [{ type: 'purge' }],
})

/** A time further away than any we set was set by another clock. */
const isOver = (until: number, now: number, longest: number): boolean => now >= until || until - now > longest

const isDue = (state: States['waiting'], now: number) => isOver(state.until, now, longestWaitMs)
const isLeaseOver = (state: States['sending'] | States['uploading'], now: number) => isOver(state.leaseUntil, now, leaseMs)

const resend = (progress: OutboxProgress, event: { now: number; random: number }): Transition => {
  const counted = { ...progress, reuploads: progress.reuploads + 1 }
  return counted.reuploads > maxReuploads
    ? shelve(counted, 'attachment-refused-repeatedly', `refused ${counted.reuploads} times`)
    : wait(counted, event.now, backoffMs(progress.attempt, event.random), 'attachment-refused')
}

const fail = (progress: OutboxProgress, event: Events['failed']): Transition => {
  const { failure, now, random } = event
  const delay = backoffMs(progress.attempt, random)
  switch (failure.kind) {
    case 'network':
    case 'unreadable-answer':
      return wait(progress, now, delay, failure.kind)
    case 'server-error':
    case 'busy':
      // All who were turned away at one moment were told the same number.
      return wait(
        progress,
        now,
        failure.retryAfterMs === undefined ? delay : Math.max(delay, failure.retryAfterMs + random * reconnectSpreadMs),
        failure.kind,
      )
    case 'earlier-event':
      return wait(progress, now, delay, failure.kind)
    case 'station-refused':
      return wait(progress, now, backoffMs(Math.max(progress.attempt, patientAttempt), random), failure.kind)
    case 'unauthenticated':
      // The first time the token was merely old: a new one, and on at once.
      return wait(progress, now, progress.attempt === 0 ? 0 : delay, failure.kind, { type: 'authenticate' })
    case 'attachment-refused':
      return resend(progress, event)
    case 'rejected':
      return shelve(progress, failure.reason, failure.detail, failure.findings)
  }
}

const held =
  <N extends 'sending' | 'uploading', T extends 'renew' | 'expect-attachments' | 'uploaded' | 'failed' | 'recalled'>(
    act: Handler<N, T>,
  ): Handler<N, T> =>
  (progress, state, event) =>
    state.holder === event.holder ? act(progress, state, event) : stay(progress)

const renew = (progress: OutboxProgress, state: States['sending'] | States['uploading'], event: Events['renew']): Transition => ({
  progress: {
    ...progress,
    attempt: event.progressed ? 0 : progress.attempt,
    state: { ...state, leaseUntil: event.now + leaseMs },
  },
  effects: [],
})

const claimWhenOver = (progress: OutboxProgress, state: States['sending'] | States['uploading'], event: Events['claim']) =>
  isLeaseOver(state, event.now) ? claim({ ...progress, attempt: progress.attempt + 1 }, state, event) : stay(progress)

const takeover = (progress: OutboxProgress, state: States['sending'] | States['uploading'], event: Events['takeover']) =>
  state.holder === event.holder ? stay(progress) : wait(progress, event.now, 0, 'lease-ended')

const sooner = new Set<WaitingReason>(['network', 'unreadable-answer', 'lease-ended'])

const refusedUnreceived = (progress: OutboxProgress) => shelve(progress, 'refused-before-receipt', 'refused by the gateway')

export const table: Table = {
  queued: {
    claim,
    renew: stay,
    takeover: stay,
    'expect-attachments': stay,
    uploaded: stay,
    received: settle,
    accepted: stay,
    refused: refusedUnreceived,
    failed: stay,
    online: stay,
    'send-now': stay,
    retry: stay,
    recall: recall,
    recalled: stay,
  },
  sending: {
    claim: claimWhenOver,
    renew: held(renew),
    takeover,
    'expect-attachments': held((progress, state, event) =>
      event.missing.length === 0
        ? wait(progress, event.now, backoffMs(progress.attempt, event.random), 'busy')
        : to(
            // Hearing that the packet is there is no progress: only bytes are, or it would come back here without ever backing off.
            progress,
            { name: 'uploading', holder: state.holder, leaseUntil: event.now + leaseMs },
            { type: 'upload', missing: event.missing },
          ),
    ),
    uploaded: stay,
    received: settle,
    accepted: stay,
    refused: refusedUnreceived,
    failed: held((progress, _state, event) => fail(progress, event)),
    online: stay,
    'send-now': stay,
    retry: stay,
    recall: recall,
    recalled: held((progress) => (progress.recall === true ? to(withoutRecall(progress), { name: 'recalled' }) : stay(progress))),
  },
  uploading: {
    claim: claimWhenOver,
    renew: held(renew),
    takeover,
    // All was sent and something is missing again: it did not pass the gateway's check.
    'expect-attachments': held((progress, _state, event) =>
      event.missing.length === 0
        ? wait(progress, event.now, backoffMs(progress.attempt, event.random), 'busy')
        : resend(progress, event),
    ),
    uploaded: held((progress, state, event) => to(progress, { ...state, leaseUntil: event.now + leaseMs }, { type: 'ask' })),
    received: settle,
    accepted: stay,
    refused: refusedUnreceived,
    failed: held((progress, _state, event) => fail(progress, event)),
    online: stay,
    'send-now': stay,
    retry: stay,
    recall: recall,
    recalled: stay,
  },
  waiting: {
    claim: (progress, state, event) => (isDue(state, event.now) ? claim(progress, state, event) : stay(progress)),
    renew: stay,
    takeover: stay,
    'expect-attachments': stay,
    uploaded: stay,
    received: settle,
    accepted: stay,
    refused: refusedUnreceived,
    failed: stay,
    online: (progress, state, event) =>
      sooner.has(state.reason)
        ? to(progress, { ...state, until: Math.min(state.until, event.now + Math.round(event.random * reconnectSpreadMs)) })
        : stay(progress),
    'send-now': (progress, state, event) => to(progress, { ...state, until: event.now }),
    retry: (progress, state, event) => to(progress, { ...state, until: event.now }),
    recall: recall,
    recalled: stay,
  },
  'needs-attention': {
    claim: stay,
    renew: stay,
    takeover: stay,
    'expect-attachments': stay,
    uploaded: stay,
    // The gateway has it after all: what it signed counts.
    received: settle,
    accepted: stay,
    refused: stay,
    failed: stay,
    online: stay,
    'send-now': stay,
    // Its bytes are gone: there is nothing to try again with, and the reason stays told.
    retry: (progress, state) =>
      state.reason === 'forgotten-unsent'
        ? stay(progress)
        : { progress: { state: { name: 'queued' }, attempt: 0, reuploads: 0 }, effects: [] },
    recall: recall,
    recalled: stay,
  },
  recalled: {
    claim: stay,
    renew: stay,
    takeover: stay,
    'expect-attachments': stay,
    uploaded: stay,
    // The gateway had it after all: what it signed counts.
    received: settle,
    accepted: stay,
    refused: stay,
    failed: stay,
    online: stay,
    'send-now': stay,
    retry: stay,
    recall: stay,
    recalled: stay,
  },
  received: {
    claim: stay,
    renew: stay,
    takeover: stay,
    'expect-attachments': stay,
    uploaded: stay,
    received: stay,
    accepted: (progress) => to(progress, { name: 'accepted' }),
    refused: (progress) => to(progress, { name: 'refused' }),
    failed: stay,
    online: stay,
    'send-now': stay,
    retry: stay,
    recall: stay,
    recalled: stay,
  },
  accepted: {
    claim: stay,
    renew: stay,
    takeover: stay,
    'expect-attachments': stay,
    uploaded: stay,
    received: stay,
    accepted: stay,
    refused: (progress) => to(progress, { name: 'refused' }),
    failed: stay,
    online: stay,
    'send-now': stay,
    retry: stay,
    recall: stay,
    recalled: stay,
  },
  refused: {
    claim: stay,
    renew: stay,
    takeover: stay,
    'expect-attachments': stay,
    uploaded: stay,
    received: stay,
    // An agency may take back its refusal.
    accepted: (progress) => to(progress, { name: 'accepted' }),
    refused: stay,
    failed: stay,
    online: stay,
    'send-now': stay,
    retry: stay,
    recall: stay,
    recalled: stay,
  },
}

export const transition = (progress: OutboxProgress, event: OutboxEvent): Transition => {
  // The table's type pairs each state with its handler; a lookup by two names loses the pair.
  const handler = table[progress.state.name][event.type] as (
    progress: OutboxProgress,
    state: EntryState,
    event: OutboxEvent,
  ) => Transition
  return handler(progress, progress.state, event)
}

/** When the entry can next be claimed; undefined when it cannot by time alone. */
export const dueAt = ({ state }: OutboxProgress, now: number): number | undefined => {
  switch (state.name) {
    case 'queued':
      return now
    case 'waiting':
      return isDue(state, now) ? now : state.until
    case 'sending':
    case 'uploading':
      return isLeaseOver(state, now) ? now : state.leaseUntil
    case 'needs-attention':
    case 'recalled':
    case 'received':
    case 'accepted':
    case 'refused':
      return undefined
  }
}
