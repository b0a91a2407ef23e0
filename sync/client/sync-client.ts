/**
 * The way to the gateway, in the page. Runs kiosk locked or not: sealed packets need no operator's key.
 *
 * One tab leads (Web Locks); the others only watch. The leader drains the outbox, several dossiers at a time so that small ones are
 * not stuck behind large files, and hangs on the gateway's feed of updates, which is also how it knows that the gateway is there.
 * Invariant: after `stop` no timer, request or lock of this client is left.
 */
import { err } from '../../contracts/result.ts'
import type { StationDescription } from '../../contracts/station-api.ts'
import { dossierLanes, estimateMs, unknownLink } from '../engine/link.ts'
import { backoffMs, dueAt, type OutboxEvent, reconnectSpreadMs, transition } from '../engine/outbox-machine.ts'
import { type OpenEntry, planSends } from '../engine/schedule.ts'
import { verifyReceipt } from '../packet/receipt-codec.ts'
import { createCatalogueExchange } from './catalogue-exchange.ts'
import { takeReceipts } from './courier.ts'
import { type CallFault, createGatewayHttp, type GatewayHttp, pageFetch, retryAfterOf } from './gateway-http.ts'
import { createLeaseExchange } from './lease-exchange.ts'
import { createListing, type Listing } from './listing.ts'
import { createNap } from './nap.ts'
import { createQuestions } from './questions.ts'
import { createRecords } from './records.ts'
import { createSender, type Sender } from './sender.ts'
import type { CreateSyncClient, SyncClientOptions } from './sync-client-api.ts'
import { createStatus } from './sync-status.ts'
import { systemClock } from './system-clock.ts'

export type * from './sync-client-api.ts'

const lockName = 'tram-sync'
/** However long the next entry waits: look again, clocks jump. */
const longestNapMs = 30_000
const shortestNapMs = 20
const storeRestMs = 3_000
/** Screens need not hear of every second less. */
const estimateStepMs = 15_000
/** Tries to reach a gateway which does not answer are never further apart than this, whatever the entries' own backoff. */
const probeCapMs = 30_000
const probeAttempts = 4
/** The gateway's pages of updates. */
const fullPage = 50
const gatherMs = 250
const stationRetryMs = 3_000

const isOfflineByBrowser = () => typeof navigator !== 'undefined' && navigator.onLine === false

const isUnreachable = (fault: CallFault): boolean =>
  fault.type === 'call-failed' && ['network', 'unreadable-answer', 'server-error'].includes(fault.failure.kind)

export const createSyncClient: CreateSyncClient = (options: SyncClientOptions) => {
  const { vault, station } = options
  const { outbox } = vault
  const clock = options.clock ?? systemClock
  const { now } = clock
  const random = options.random ?? (() => Math.random())
  const locks = options.locks === undefined && typeof navigator !== 'undefined' ? navigator.locks : (options.locks ?? undefined)
  const events = options.events ?? (typeof window === 'undefined' ? undefined : window)
  const status = createStatus()
  let running: { abort: AbortController; ended: Promise<void> } | undefined
  const pumpNap = createNap(clock)
  const feedNap = createNap(clock)
  const link = { current: unknownLink }
  const bounds = options.uploadChunkBounds ?? { smallest: 64 * 1024, largest: 4 * 1024 * 1024 }
  const pace = { chunkSize: options.uploadChunkSize ?? 256 * 1024, ...bounds }

  let contactAt = Number.NEGATIVE_INFINITY
  let lanes = dossierLanes(link.current)
  const contact = () => {
    // A link that turns out to be quick is filled at once, not when the next dossier has arrived.
    const known = dossierLanes(link.current)
    if (known > lanes) pumpNap.wake()
    lanes = known
    // Each chunk of an upload is a contact; screens need not hear of all.
    const fresh = status.observable.get().network === 'online' && clock.monotonic() - contactAt < 1_000
    if (fresh) return
    contactAt = clock.monotonic()
    status.set({ network: 'online', lastSyncAt: new Date(now()).toISOString(), refused: false })
  }

  /** Told by the feed alone: one dossier that does not get through is no outage, and must not hurry itself past its own backoff. */
  let wasAway = true
  const lost = () => {
    status.set({ network: isOfflineByBrowser() ? 'offline' : 'unreachable' })
  }

  /** Those that it changes, side by side, so that they share the store's transactions: of a queue of thousands it mostly changes nothing. */
  const tell = async (
    open: readonly OpenEntry[],
    eventOf: () => OutboxEvent,
    take: (packetId: string, event: OutboxEvent) => Promise<unknown>,
  ): Promise<boolean> => {
    const told = open.flatMap(({ packetId, progress }) => {
      const event = eventOf()
      return transition(progress, event).progress === progress ? [] : [take(packetId, event)]
    })
    await Promise.all(told)
    return told.length > 0
  }

  /** Waiting entries go soon, each at its own moment. */
  const hurry = async (mine: Sender, listing: Listing) => {
    const online = (): OutboxEvent => ({ type: 'online', now: now(), random: random() })
    if (await tell(await listing.read(true), online, (id, event) => mine.advance(id, [event]))) listing.changed()
    pumpNap.wake()
  }

  const roundedEstimate = (bytesLeft: number): number | undefined => {
    const ms = bytesLeft === 0 ? undefined : estimateMs(link.current, bytesLeft)
    return ms === undefined ? undefined : Math.ceil(ms / estimateStepMs) * estimateStepMs
  }

  const pump = async (mine: Sender, listing: Listing, signal: AbortSignal): Promise<void> => {
    const inFlight = new Map<string, Promise<void>>()
    /** Of what the store would not take the claim: after all others, or a few of them would have every lane. */
    const refused = new Set<string>()
    const last = (entries: readonly OpenEntry[]): readonly OpenEntry[] =>
      refused.size === 0 ? entries : entries.toSorted((a, b) => Number(refused.has(a.packetId)) - Number(refused.has(b.packetId)))
    let heldUntil = Number.NEGATIVE_INFINITY
    const off = outbox.onChange(() => {
      listing.changed()
      pumpNap.wake()
    })
    try {
      while (!signal.aborted) {
        const entries = await listing.read()
        const at = now()
        // What waits for a person goes nowhere.
        const bytesLeft = entries.reduce((sum, entry) => sum + (dueAt(entry.progress, at) === undefined ? 0 : entry.bytesLeft), 0)
        status.set({ bytesLeft, remainingMs: roundedEstimate(bytesLeft) })
        const { start, wakeAt } = planSends({
          entries: last(entries),
          now: at,
          inFlight: new Set(inFlight.keys()),
          lanes: dossierLanes(link.current),
        })
        const rest = Math.max(0, heldUntil - clock.monotonic())
        for (const packetId of rest > 0 ? [] : start) {
          const job = mine.send(packetId).then((stored) => {
            // A store that takes nothing just now is not asked again at once.
            if (!stored) heldUntil = clock.monotonic() + storeRestMs
            if (stored) refused.delete(packetId)
            else refused.add(packetId)
            inFlight.delete(packetId)
            listing.forget(packetId)
            pumpNap.wake()
          })
          inFlight.set(packetId, job)
        }
        // Whoever ends first wakes us, and so does every change of the store.
        const due = rest > 0 ? rest : (wakeAt ?? Number.POSITIVE_INFINITY) - at
        const nap = listing.isOld() ? Math.min(due, listing.freshInMs()) : due
        await pumpNap.sleep(Math.max(shortestNapMs, Math.min(longestNapMs, nap)), signal)
      }
    } finally {
      off()
      await Promise.all(inFlight.values())
    }
  }

  const follow = async (
    http: GatewayHttp,
    mine: Sender,
    listing: Listing,
    stationId: string,
    keepLease: (wasAway: boolean) => Promise<void>,
    records: ReturnType<typeof createRecords>,
    signal: AbortSignal,
  ): Promise<void> => {
    const tellForgotten = async (gateways: number) => {
      const unread = await outbox.noteForgottenThere(stationId, gateways)
      if (unread.ok) status.set({ forgottenThere: unread.value.join(', ') })
    }
    // Of before, until somebody has read it.
    await tellForgotten(Number.MAX_SAFE_INTEGER)
    let failures = 0
    while (!signal.aborted) {
      const cursor = await outbox.readCursor()
      // Read before it is asked: what is received meanwhile it need not have counted. Its database changes only while it is away.
      const received = wasAway ? await outbox.highestReceived(stationId) : undefined
      // Right after a failure nothing is waited for: the answer says at once that the gateway is back.
      const seconds = wasAway ? 0 : (options.pollSeconds ?? 25)
      const answer = cursor.ok ? await http.updates(cursor.value, seconds) : undefined
      if (signal.aborted) return
      if (answer?.ok) {
        contact()
        failures = 0
        // Before the updates: it may bring the keys their receipts are signed by.
        await keepLease(wasAway)
        if (wasAway) await hurry(mine, listing)
        wasAway = false
        const { updates } = answer.value
        const applied = await Promise.all(updates.map(({ packet }) => mine.apply(packet, false)))
        // What this store has no row of it has forgotten: durably noted before the cursor moves on.
        const isForgotten = applied.some((each) => !each.ok && each.error.type === 'not-found')
        const noted = !isForgotten || (await outbox.askRecords()).ok
        // A failing store must not move the cursor on.
        const stored = noted && applied.every((each) => each.ok || ['not-found', 'receipt-mismatch'].includes(each.error.type))
        if (answer.value.highestCounter !== undefined) {
          const compared = await outbox.compareCounter(stationId, answer.value.highestCounter)
          if (compared.ok) status.set({ rolledBack: compared.value.rolledBack })
          if (received?.ok && received.value > answer.value.highestCounter) await tellForgotten(answer.value.highestCounter)
        }
        await records.keepUp()
        if (stored) {
          await outbox.writeCursor(answer.value.cursor)
          // Where there is one there are soon more: they are heard of together.
          if (updates.length > 0 && updates.length < fullPage) await feedNap.sleep(gatherMs, signal)
        } else await feedNap.sleep(probeCapMs, signal)
        continue
      }
      failures += 1
      if (answer?.ok === false) {
        if (isUnreachable(answer.error)) {
          wasAway = true
          lost()
        } else if (answer.error.type === 'call-failed' && answer.error.failure.kind === 'station-refused') {
          status.set({ network: 'online', refused: true })
        } else if (answer.error.type === 'call-failed' && answer.error.failure.kind === 'unauthenticated') {
          http.forgetToken()
          status.set({ network: 'online', refused: failures > 2 })
        }
      }
      const wait = Math.min(probeCapMs, 250 + backoffMs(Math.min(failures, probeAttempts), random()))
      const later = answer?.ok === false ? retryAfterOf(answer.error) : undefined
      // All who were turned away at one moment were told the same number.
      const spread = later === undefined ? 0 : later + random() * reconnectSpreadMs
      await feedNap.sleep(Math.max(wait, spread), signal)
    }
  }

  const enrolment = async (signal: AbortSignal): Promise<StationDescription['enrolment']> => {
    while (!signal.aborted) {
      const description = await station.call('describe', {})
      if (description.ok && description.value.enrolment !== null) return description.value.enrolment
      await feedNap.sleep(stationRetryMs, signal)
    }
    return null
  }

  let askAtOnce = () => {}

  const lead = async (signal: AbortSignal, alone: boolean): Promise<void> => {
    const enrolled = await enrolment(signal)
    if (enrolled === null) return
    let { keys } = enrolled
    const verify = options.verifyReceipt ?? verifyReceipt
    status.set({ role: 'leader' })
    const holder = options.newHolder?.() ?? crypto.randomUUID()
    const http = createGatewayHttp({
      gatewayUrl: options.gatewayUrl.replace(/\/$/, ''),
      station,
      fetch: options.fetch ?? pageFetch,
      clock,
      requestTimeoutMs: options.requestTimeoutMs ?? 20_000,
      signal,
      onSkew: (clockSkewMs) => status.set({ clockSkewMs }),
    })
    askAtOnce = http.askAtOnce
    const { describeOperators, obey } = options.vault
    const catalogue = options.catalogue && createCatalogueExchange(options.catalogue, http)
    const leases =
      describeOperators &&
      obey &&
      createLeaseExchange({
        vault: { describeOperators, obey },
        station,
        http,
        monotonicNow: () => clock.monotonic(),
        onRenewed: async (standing) => {
          catalogue?.keepUp(standing.catalogue)
          const described = await station.call('describe', {})
          if (described.ok && described.value.enrolment !== null) keys = described.value.enrolment.keys
        },
      })
    const keepLease = async (away: boolean) => leases?.keepFresh(keys.receipts.keyId, away)
    const mine = createSender({
      outbox,
      http,
      verifyReceipt: (jws) => verify(jws, keys),
      holder,
      clock,
      random,
      pace,
      link,
      onContact: contact,
      onLost: lost,
      onStationRefused: () => status.set({ refused: true }),
    })
    const records = createRecords({
      outbox,
      http,
      stationId: enrolled.stationId,
      clock,
      verifyReceipt: (jws) => verify(jws, keys),
      apply: (answer) => mine.apply(answer, false),
    })
    const listing = createListing(outbox, () => clock.monotonic())
    try {
      const takeover = (): OutboxEvent => ({ type: 'takeover', now: now(), holder })
      if (alone && (await tell(await listing.read(), takeover, (id, event) => mine.advance(id, [event])))) listing.changed()
      await Promise.all([
        pump(mine, listing, signal),
        follow(http, mine, listing, enrolled.stationId, keepLease, records, signal),
      ])
    } finally {
      status.set({ role: 'follower' })
      await catalogue?.ended()
    }
  }

  /** Without Web Locks there is no telling who else leads: leases alone keep two apart. */
  const run = async (signal: AbortSignal): Promise<void> => {
    if (locks === undefined) return lead(signal, false)
    try {
      await locks.request(lockName, { signal }, () => lead(signal, true))
    } catch (thrown) {
      // The wait for the lock was given up.
      if (!signal.aborted) throw thrown
    }
  }

  let cancelSpread = () => {}
  const onOnline = () => {
    wasAway = true
    status.set({ network: 'checking' })
    // 5,000 stations hear of the same repaired cable.
    cancelSpread()
    cancelSpread = clock.after(random() * (options.reconnectSpreadMs ?? reconnectSpreadMs), () => feedNap.wake())
  }
  const onOffline = () => status.set({ network: 'offline' })

  return {
    start: () => {
      if (running !== undefined) return
      const abort = new AbortController()
      events?.addEventListener('online', onOnline)
      events?.addEventListener('offline', onOffline)
      status.set({ network: isOfflineByBrowser() ? 'offline' : 'checking' })
      running = { abort, ended: run(abort.signal) }
    },
    stop: async () => {
      if (running === undefined) return
      const { abort, ended } = running
      running = undefined
      events?.removeEventListener('online', onOnline)
      events?.removeEventListener('offline', onOffline)
      cancelSpread()
      abort.abort()
      await ended
    },
    status: status.observable,
    sendNow: async (packetId) => {
      askAtOnce()
      const at = now()
      const hasten = (id: string, event: OutboxEvent) =>
        outbox.change(id, ({ progress }) => ({ progress: transition(progress, event).progress }))
      if (packetId === undefined) {
        const open = await outbox.listOpen()
        if (open.ok) await tell(open.value, () => ({ type: 'send-now', now: at }), hasten)
      } else await hasten(packetId, { type: 'retry', now: at })
      feedNap.wake()
      pumpNap.wake()
    },
    recall: async (packetId) => {
      askAtOnce()
      await outbox.change(packetId, ({ progress }) => ({
        progress: transition(progress, { type: 'recall', now: now() }).progress,
      }))
      feedNap.wake()
      pumpNap.wake()
    },
    takeReceipts: async (text) => {
      const described = await station.call('describe', {})
      const keys = described.ok ? described.value.enrolment?.keys : undefined
      if (keys === undefined) return err({ type: 'not-enrolled' })
      return takeReceipts(text, outbox, (jws) => (options.verifyReceipt ?? verifyReceipt)(jws, keys))
    },
    ...createQuestions({
      gatewayUrl: options.gatewayUrl.replace(/\/$/, ''),
      station,
      fetch: options.fetch ?? pageFetch,
      clock,
      requestTimeoutMs: options.requestTimeoutMs ?? 20_000,
    }),
    acknowledgeRollback: async () => {
      await outbox.acknowledgeRollback()
      status.set({ rolledBack: false })
    },
    acknowledgeForgottenThere: async () => {
      await outbox.acknowledgeForgottenThere()
      status.set({ forgottenThere: '' })
    },
  }
}
