/**
 * The machine's table as docs/sync.md shows it: made by running the machine, not by describing it. Every pair of state and event is run
 * with each variant that can make a difference, and a cell lists what came of it.
 */
import type { EntryState, EntryStateName, OutboxProgress } from '../../contracts/outbox.ts'
import type { Failure } from './failures.ts'
import { leaseMs, longestWaitMs, maxReuploads, type OutboxEvent, table, transition } from './outbox-machine.ts'

const at = 1_700_000_000_000

const states: { [N in EntryStateName]: EntryState[] } = {
  queued: [{ name: 'queued' }],
  sending: [
    { name: 'sending', holder: 'me', leaseUntil: at + leaseMs },
    { name: 'sending', holder: 'me', leaseUntil: at },
  ],
  uploading: [
    { name: 'uploading', holder: 'me', leaseUntil: at + leaseMs },
    { name: 'uploading', holder: 'me', leaseUntil: at },
  ],
  waiting: [
    { name: 'waiting', until: at + longestWaitMs, reason: 'network' },
    { name: 'waiting', until: at + longestWaitMs, reason: 'busy' },
    { name: 'waiting', until: at, reason: 'network' },
  ],
  'needs-attention': [{ name: 'needs-attention', reason: 'dossier-invalid', detail: '', findings: [] }],
  recalled: [{ name: 'recalled' }],
  received: [{ name: 'received' }],
  accepted: [{ name: 'accepted' }],
  refused: [{ name: 'refused' }],
}

const failures: { [K in Failure['kind']]: Failure } = {
  network: { kind: 'network' },
  'server-error': { kind: 'server-error' },
  busy: { kind: 'busy', retryAfterMs: 5_000 },
  'unreadable-answer': { kind: 'unreadable-answer' },
  unauthenticated: { kind: 'unauthenticated' },
  'station-refused': { kind: 'station-refused' },
  'earlier-event': { kind: 'earlier-event' },
  'attachment-refused': { kind: 'attachment-refused' },
  rejected: { kind: 'rejected', reason: 'dossier-invalid', detail: '', findings: [] },
}

const holders = ['me', 'another']
const random = 0.5
const missing = [{ attachmentId: 'x', offset: 0 }]

const events: { [T in OutboxEvent['type']]: OutboxEvent[] } = {
  claim: holders.map((holder) => ({ type: 'claim', now: at, holder })),
  renew: holders.map((holder) => ({ type: 'renew', now: at, holder, progressed: true })),
  takeover: holders.map((holder) => ({ type: 'takeover', now: at, holder })),
  'expect-attachments': holders.flatMap((holder): OutboxEvent[] => [
    { type: 'expect-attachments', now: at, random, holder, missing },
    { type: 'expect-attachments', now: at, random, holder, missing: [] },
  ]),
  uploaded: holders.map((holder) => ({ type: 'uploaded', now: at, holder })),
  received: [{ type: 'received' }],
  accepted: [{ type: 'accepted' }],
  refused: [{ type: 'refused' }],
  failed: holders.flatMap((holder) =>
    Object.values(failures).map((failure): OutboxEvent => ({ type: 'failed', now: at, random, holder, failure })),
  ),
  online: [{ type: 'online', now: at, random }],
  'send-now': [{ type: 'send-now', now: at }],
  retry: [{ type: 'retry', now: at }],
  recall: [{ type: 'recall', now: at }],
  recalled: holders.map((holder) => ({ type: 'recalled', holder })),
}

const outcome = (before: OutboxProgress, event: OutboxEvent): string => {
  const { progress, effects } = transition(before, event)
  const { state } = progress
  const changed = JSON.stringify(progress) !== JSON.stringify(before)
  if (!changed && effects.length === 0) return '·'
  const reason = 'reason' in state && state.name === 'waiting' ? ` (${state.reason})` : ''
  const was = before.state.name === 'waiting' ? ` (${before.state.reason})` : ''
  const same = state.name === before.state.name && reason === was
  const next = same ? 'same' : `${state.name}${reason}`
  return [next, ...effects.map(({ type }) => `+ ${type}`)].join(' ')
}

const variants = (name: EntryStateName): OutboxProgress[] =>
  states[name].flatMap((state): OutboxProgress[] => [
    { state, attempt: 1, reuploads: 0 },
    { state, attempt: 1, reuploads: maxReuploads },
    { state, attempt: 1, reuploads: 0, recall: true },
  ])

const cell = (name: EntryStateName, type: OutboxEvent['type']): string => {
  const found = new Set(variants(name).flatMap((progress) => events[type].map((event) => outcome(progress, event))))
  // "Nothing happens" is said only when it is all that can.
  if (found.size > 1) found.delete('·')
  return [...found].join('<br>')
}

/** Markdown: a row for each event, a column for each state. */
export const engineTable = (): string => {
  const names = Object.keys(table) as EntryStateName[]
  const types = Object.keys(table.queued) as OutboxEvent['type'][]
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`
  return [
    line(['event \\ state', ...names]),
    line(['---', ...names.map(() => '---')]),
    ...types.map((type) => line([`**${type}**`, ...names.map((name) => cell(name, type))])),
  ].join('\n')
}
