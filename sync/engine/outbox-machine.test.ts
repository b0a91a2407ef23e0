import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EntryState, type OutboxProgress } from '../../contracts/outbox.ts'
import type { Failure } from './failures.ts'
import { classifyFailure, parseRetryAfter } from './failures.ts'
import {
  backoffCapMs,
  backoffMs,
  dueAt,
  type Effect,
  leaseMs,
  longestWaitMs,
  maxReuploads,
  type OutboxEvent,
  reconnectSpreadMs,
  table,
  transition,
} from './outbox-machine.ts'

fc.configureGlobal({ seed: 20261122, numRuns: 2_000 })

const settled = ['received', 'accepted', 'refused']
const fresh: OutboxProgress = { state: { name: 'queued' }, attempt: 0, reuploads: 0 }

const failure: fc.Arbitrary<Failure> = fc.oneof(
  fc.constant<Failure>({ kind: 'network' }),
  fc.constant<Failure>({ kind: 'unreadable-answer' }),
  fc.constant<Failure>({ kind: 'unauthenticated' }),
  fc.constant<Failure>({ kind: 'attachment-refused' }),
  fc.constant<Failure>({ kind: 'station-refused' }),
  fc.constant<Failure>({ kind: 'earlier-event' }),
  fc.record({ kind: fc.constantFrom('busy' as const, 'server-error' as const), retryAfterMs: fc.nat(10_000_000) }),
  fc.constant<Failure>({ kind: 'rejected', reason: 'dossier-invalid', detail: 'x', findings: [] }),
)
const holder = fc.constantFrom('a', 'b')
/** The kiosk's clock jumps by years both ways. */
const now = fc.oneof(
  fc.integer({ min: 1_700_000_000_000, max: 1_700_000_400_000 }),
  fc.integer({ min: 0, max: 4_000_000_000_000 }),
)
const random = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })
const missing = fc.array(fc.record({ attachmentId: fc.constantFrom('x', 'y'), offset: fc.nat(100) }), { maxLength: 2 })

const anyEvent: fc.Arbitrary<OutboxEvent> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('claim' as const), now, holder }) },
  fc.record({ type: fc.constant('renew' as const), now, holder, progressed: fc.boolean() }),
  fc.record({ type: fc.constant('takeover' as const), now, holder }),
  { weight: 3, arbitrary: fc.record({ type: fc.constant('expect-attachments' as const), now, random, holder, missing }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('uploaded' as const), now, holder }) },
  fc.constantFrom<OutboxEvent>({ type: 'accepted' }, { type: 'refused' }),
  { weight: 4, arbitrary: fc.record({ type: fc.constant('failed' as const), now, random, holder, failure }) },
  fc.record({ type: fc.constant('online' as const), now, random }),
  fc.record({ type: fc.constant('send-now' as const), now }),
  fc.record({ type: fc.constant('retry' as const), now }),
  fc.record({ type: fc.constant('recall' as const), now }),
  fc.record({ type: fc.constant('recalled' as const), holder }),
)
const withReceipt = fc.oneof({ weight: 12, arbitrary: anyEvent }, fc.constant<OutboxEvent>({ type: 'received' }))

const run = (events: OutboxEvent[], from = fresh) => {
  let progress = from
  const effects: Effect[] = []
  for (const event of events) {
    const next = transition(progress, event)
    progress = next.progress
    effects.push(...next.effects)
  }
  return { progress, effects }
}

/** A command applies one event to the machine and checks what must hold across that single step. */
class Apply implements fc.Command<{ received: boolean }, { progress: OutboxProgress }> {
  readonly event: OutboxEvent
  constructor(event: OutboxEvent) {
    this.event = event
  }
  check() {
    return true
  }
  run(model: { received: boolean }, real: { progress: OutboxProgress }) {
    const before = real.progress
    const { progress, effects } = transition(before, this.event)
    EntryState.parse(progress.state)
    const purges = effects.some(({ type }) => type === 'purge')
    expect(purges).toBe(this.event.type === 'received' && !model.received)
    if (this.event.type === 'received') model.received = true
    expect(settled.includes(progress.state.name)).toBe(model.received)
    expect(progress.attempt).toBeGreaterThanOrEqual(0)
    expect(progress.reuploads).toBeLessThanOrEqual(maxReuploads + 1)
    if (this.event.type === 'recalled' && progress.state.name === 'recalled')
      expect(before.recall ?? before.state.name).toBeTruthy()
    if (before.state.name !== 'sending' && progress.state.name === 'sending') expect(this.event.type).toBe('claim')
    real.progress = progress
  }
  toString() {
    return JSON.stringify(this.event)
  }
}

describe('outbox entry', () => {
  it('is purged once, by a verified receipt and by nothing else, whatever happens in whatever order', () => {
    fc.assert(
      fc.property(fc.commands([withReceipt.map((event) => new Apply(event))], { maxCommands: 60 }), (commands) => {
        fc.modelRun(() => ({ model: { received: false }, real: { progress: fresh } }), commands)
      }),
      { numRuns: 1_000 },
    )
  })

  it('can always go on to its receipt, from anywhere', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), now, (events, at) => {
        const { progress } = run(events)
        // The gateway promised never to receive it: it goes on as a draft.
        if (progress.state.name === 'recalled') return
        const later = at + Math.max(longestWaitMs, leaseMs) + 1
        const ready =
          progress.state.name === 'needs-attention' ? transition(progress, { type: 'retry', now: at }).progress : progress
        const due = dueAt(ready, later)
        expect(due).toBeDefined()
        const claimed = transition(ready, { type: 'claim', now: Math.max(due ?? 0, later), holder: 'c' })
        expect(claimed.progress.state).toMatchObject({ name: 'sending', holder: 'c' })
        expect(claimed.effects).toEqual([{ type: ready.recall === true ? 'recall' : 'put-packet' }])
        expect(transition(claimed.progress, { type: 'received' }).effects).toEqual([{ type: 'purge' }])
      }),
    )
  })

  it('never waits longer than an hour from now, by whatever clock', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 30 }), now, (events, at) => {
        const due = dueAt(run(events).progress, at)
        if (due !== undefined) expect(due - at).toBeLessThanOrEqual(longestWaitMs)
      }),
    )
  })

  it('is changed by no event of a holder which lost its lease', () => {
    const at = 1_700_000_000_000
    const sending = run([{ type: 'claim', now: at, holder: 'a' }]).progress
    const taken = run([{ type: 'claim', now: at + leaseMs, holder: 'b' }], sending).progress
    expect(taken.state).toMatchObject({ holder: 'b' })
    for (const event of [
      { type: 'failed', now: at, random: 0, holder: 'a', failure: { kind: 'network' } },
      { type: 'renew', now: at, holder: 'a', progressed: true },
      { type: 'expect-attachments', now: at, random: 0, holder: 'a', missing: [{ attachmentId: 'x', offset: 0 }] },
    ] satisfies OutboxEvent[]) {
      expect(transition(taken, event).progress).toEqual(taken)
    }
  })

  it('is not claimed while its lease or its wait runs, and is when the clock jumped back by years', () => {
    const at = 1_700_000_000_000
    const sending = run([{ type: 'claim', now: at, holder: 'a' }]).progress
    expect(transition(sending, { type: 'claim', now: at + leaseMs - 1, holder: 'b' }).effects).toEqual([])
    expect(transition(sending, { type: 'claim', now: at - 3e11, holder: 'b' }).effects).toEqual([{ type: 'put-packet' }])
    const busy: Failure = { kind: 'busy', retryAfterMs: 60_000 }
    const waiting = run([{ type: 'failed', now: at, random: 0, holder: 'a', failure: busy }], sending).progress
    expect(transition(waiting, { type: 'claim', now: at + 59_999, holder: 'b' }).effects).toEqual([])
    expect(transition(waiting, { type: 'online', now: at, random: 0 }).progress).toEqual(waiting)
    expect(transition(waiting, { type: 'claim', now: at + 60_000, holder: 'b' }).effects).toEqual([{ type: 'put-packet' }])
    expect(transition(waiting, { type: 'claim', now: at - 3e11, holder: 'b' }).effects).toEqual([{ type: 'put-packet' }])
  })

  it('goes soon after a reconnect, spread at random', () => {
    const at = 1_700_000_000_000
    const state = { name: 'waiting' as const, until: at + 300_000, reason: 'network' as const }
    const spread = [0, 0.5, 0.999].map((part) =>
      dueAt(transition({ ...fresh, state }, { type: 'online', now: at, random: part }).progress, at),
    )
    expect(spread).toEqual([at, at + reconnectSpreadMs / 2, at + Math.round(reconnectSpreadMs * 0.999)])
  })

  it('backs off further while the packet gets through and its attachments do not; the first byte that does begins anew', () => {
    const missing = [{ attachmentId: 'x', offset: 0 }]
    const round: OutboxEvent[] = [
      { type: 'claim', now: 0, holder: 'a' },
      { type: 'expect-attachments', now: 0, random: 0, holder: 'a', missing },
      { type: 'failed', now: 0, random: 0, holder: 'a', failure: { kind: 'network' } },
    ]
    const { progress } = run([...round, ...round, ...round])
    expect(progress.attempt).toBe(3)
    const claimed = run(round.slice(0, 2), progress).progress
    expect(run([{ type: 'renew', now: 0, holder: 'a', progressed: true }], claimed).progress.attempt).toBe(0)
  })

  it('sends a damaged attachment again a bounded number of times', () => {
    let progress = fresh
    for (let round = 0; round <= maxReuploads; round += 1) {
      expect(progress.state.name).toBe(round === 0 ? 'queued' : 'waiting')
      progress = run(
        [
          { type: 'send-now', now: 0 },
          { type: 'claim', now: 0, holder: 'a' },
          { type: 'expect-attachments', now: 0, random: 0, holder: 'a', missing: [{ attachmentId: 'x', offset: 0 }] },
          { type: 'uploaded', now: 0, holder: 'a' },
          { type: 'failed', now: 0, random: 0, holder: 'a', failure: { kind: 'attachment-refused' } },
        ],
        progress,
      ).progress
    }
    expect(progress.state).toMatchObject({ name: 'needs-attention', reason: 'attachment-refused-repeatedly' })
  })

  it('asks before it comes back once a person wants it, and never sends the packet after that', () => {
    const at = 1_700_000_000_000
    const waiting = run([
      { type: 'claim', now: at, holder: 'a' },
      { type: 'expect-attachments', now: at, random: 0, holder: 'a', missing: [{ attachmentId: 'x', offset: 0 }] },
      { type: 'recall', now: at },
    ])
    expect(waiting.progress).toMatchObject({ recall: true, state: { name: 'waiting', reason: 'recall' } })
    // What the former holder still hears changes nothing.
    expect(run([{ type: 'uploaded', now: at, holder: 'a' }], waiting.progress).effects).toEqual([])
    const asking = run([{ type: 'claim', now: at, holder: 'a' }], waiting.progress)
    expect(asking.effects).toEqual([{ type: 'recall' }])
    const failed: OutboxEvent = { type: 'failed', now: at, random: 0, holder: 'a', failure: { kind: 'network' } }
    expect(run([failed, { type: 'claim', now: at, holder: 'a' }], asking.progress).effects).toEqual([{ type: 'recall' }])
    expect(run([{ type: 'recalled', holder: 'a' }], asking.progress).progress.state).toEqual({ name: 'recalled' })
    expect(run([{ type: 'received' }], asking.progress).progress).toEqual({ ...fresh, state: { name: 'received' } })
  })

  it('leaves a dossier off the shelf when it is the station that is refused', () => {
    const failure = classifyFailure(403, { type: 'station-revoked', title: 'x', status: 403 }, undefined)
    const { progress } = run([
      { type: 'claim', now: 0, holder: 'a' },
      { type: 'failed', now: 0, random: 0.9, holder: 'a', failure },
    ])
    expect(progress.state).toMatchObject({ name: 'waiting', reason: 'station-refused' })
  })

  it('has each pair of state and event written out', () => {
    const events = Object.keys(table.queued).toSorted()
    expect(events).toHaveLength(14)
    expect(Object.keys(table)).toHaveLength(EntryState.options.length)
    for (const row of Object.values(table)) expect(Object.keys(row).toSorted()).toEqual(events)
  })

  it('backs off with full jitter, five minutes at most', () => {
    expect(backoffMs(0, 0.5)).toBe(1_000)
    expect(backoffMs(3, 0.5)).toBe(8_000)
    expect(backoffMs(30, 0.999_999_9)).toBe(backoffCapMs)
    expect(backoffMs(30, 0)).toBe(0)
  })
})

describe('failures', () => {
  const problem = (type: string, status: number) => ({ type, title: type, status })
  it.each<[string, number, unknown, Failure['kind']]>([
    ['a captive portal', 200, '<html>', 'unreadable-answer'],
    ['a portal that forbids', 403, '<html>', 'unreadable-answer'],
    ['a proxy that finds nothing', 404, undefined, 'unreadable-answer'],
    ['an old token', 401, undefined, 'unauthenticated'],
    ['a bug of the gateway', 500, problem('internal', 500), 'server-error'],
    ['a 409 of a proxy', 409, 'x', 'unreadable-answer'],
    ['a key used twice', 409, problem('key-reused', 409), 'rejected'],
    ['training at production', 403, problem('training-refused', 403), 'rejected'],
    ['an invalid dossier', 422, problem('dossier-invalid', 422), 'rejected'],
    ['a damaged attachment', 422, problem('attachment-invalid', 422), 'attachment-refused'],
    ['too many', 429, undefined, 'busy'],
    ['a lock', 423, undefined, 'busy'],
    ['a problem that says 200', 200, problem('malformed', 200), 'unreadable-answer'],
  ])('takes %s for what it is', (_what, status, body, kind) => {
    expect(classifyFailure(status, body, undefined).kind).toBe(kind)
  })

  it('reads Retry-After in both forms', () => {
    expect(parseRetryAfter('7', 0)).toBe(7_000)
    expect(parseRetryAfter('Thu, 01 Jan 1970 00:00:09 GMT', 4_000)).toBe(5_000)
    expect(parseRetryAfter('soon', 0)).toBeUndefined()
    expect(parseRetryAfter(null, 0)).toBeUndefined()
  })
})
