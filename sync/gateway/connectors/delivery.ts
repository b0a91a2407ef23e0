/**
 * Hands received dossiers to the connector: the work stands in the database, written with the receipt.
 *
 * Invariants: a job is claimed by moving its next time forward, so a killed worker's jobs come back by themselves; each job
 * has its own time-out and retry, so one dossier's trouble never holds another; the result, the state and the station's
 * update are one transaction.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { err, type Result } from '../../../contracts/result.ts'
import { appendUpdate } from '../packets/feed.ts'
import type { Database } from '../storage/database.ts'
import type { Acceptance, Connector, SubmitFailure } from './connector.ts'

const claimMs = 30_000
const atOnce = 8
const longestWaitMs = 300_000
const stopPatienceMs = 3_000

export type Delivery = { wake(): void; stop(): Promise<void> }

type Failure = SubmitFailure | { type: 'internal'; detail: string }

export function startDelivery(options: {
  database: Database
  connector: Connector
  logger: Logger
  onDelivered(stationId: string): void
  pollMs?: number
  firstRetryMs?: number
}): Delivery {
  const { database, connector, logger } = options
  const stopping = new AbortController()
  const inHand = new Set<Promise<void>>()
  let woken = new AbortController()

  const claim = (limit: number) =>
    database.transaction().execute(async (trx) => {
      const now = new Date()
      const due = await trx
        .selectFrom('connector_jobs')
        .select('packet_id')
        .where('done_at', 'is', null)
        .where('next_at', '<=', now)
        .orderBy('next_at')
        .limit(limit)
        .forUpdate()
        .skipLocked()
        .execute()
      if (due.length === 0) return []
      return trx
        .updateTable('connector_jobs')
        .set((eb) => ({ next_at: new Date(now.getTime() + claimMs), attempts: eb('attempts', '+', 1) }))
        .where(
          'packet_id',
          'in',
          due.map((job) => job.packet_id),
        )
        .returning(['packet_id', 'attempts'])
        .execute()
    })

  const handOver = async (packetId: string): Promise<Result<Acceptance, Failure>> => {
    const { dossier } = await database
      .selectFrom('packets')
      .select('dossier')
      .where('packet_id', '=', packetId)
      .executeTakeFirstOrThrow()
    const submitted = await connector.submit({ reference: packetId, dossier })
    if (submitted.ok || submitted.error.type !== 'already-exists') return submitted
    // "Đã tồn tại": an earlier answer was lost on the way. What it said is still there.
    const found = await connector.lookUp(packetId)
    return found.ok ? found : err({ type: 'unavailable', detail: `after already-exists: ${found.error.type}` })
  }

  const conclude = async (
    packetId: string,
    outcome: { state: 'accepted'; acceptance: Acceptance } | { state: 'refused'; status: Acceptance['status'] },
  ) => {
    const stationId = await database.transaction().execute(async (trx) => {
      const now = new Date()
      const row = await trx
        .selectFrom('packets')
        .select(['station_id', 'state'])
        .where('packet_id', '=', packetId)
        .forUpdate()
        .executeTakeFirstOrThrow()
      await trx
        .updateTable('connector_jobs')
        .set({ done_at: now, last_failure: null })
        .where('packet_id', '=', packetId)
        .execute()
      if (row.state !== 'received') return undefined
      const result =
        outcome.state === 'accepted'
          ? { official: JSON.stringify(outcome.acceptance.official), status: JSON.stringify(outcome.acceptance.status) }
          : { status: JSON.stringify(outcome.status) }
      await trx
        .updateTable('packets')
        .set({ state: outcome.state, ...result })
        .where('packet_id', '=', packetId)
        .execute()
      await appendUpdate(trx, row.station_id, packetId, now)
      return row.station_id
    })
    if (stationId !== undefined) options.onDelivered(stationId)
  }

  const retryLater = async (packetId: string, attempts: number, failure: string) => {
    const wait = Math.min(longestWaitMs, (options.firstRetryMs ?? 1_000) * 2 ** Math.min(attempts - 1, 16))
    const next_at = new Date(Date.now() + wait * (0.5 + Math.random() / 2))
    await database
      .updateTable('connector_jobs')
      .set({ next_at, last_failure: failure })
      .where('packet_id', '=', packetId)
      .where('done_at', 'is', null)
      .execute()
    logger.warn({ packetId, attempts, failure }, 'connector job failed, will be tried again')
  }

  const work = async (packetId: string, attempts: number) => {
    const patience = new AbortController()
    const tooLate = sleep(claimMs - 5_000, err({ type: 'internal', detail: 'no answer in time' } as const), {
      signal: patience.signal,
    })
    tooLate.catch(() => undefined)
    try {
      const result = await Promise.race([handOver(packetId), tooLate])
      if (result.ok) await conclude(packetId, { state: 'accepted', acceptance: result.value })
      else if (result.error.type === 'refused') await conclude(packetId, { state: 'refused', status: result.error.status })
      else await retryLater(packetId, attempts, result.error.type)
    } catch (error) {
      await retryLater(packetId, attempts, error instanceof Error ? error.name : 'unknown').catch(() => undefined)
    } finally {
      patience.abort()
    }
  }

  /** What a killed worker had claimed need not wait until its claim runs out. */
  const bringForward = () =>
    database
      .updateTable('connector_jobs')
      .set({ next_at: new Date() })
      .where('done_at', 'is', null)
      .where('next_at', '>', new Date())
      .execute()

  const loop = async () => {
    await bringForward().catch(() => undefined)
    while (!stopping.signal.aborted) {
      let claimed = 0
      try {
        const jobs = inHand.size < atOnce ? await claim(atOnce - inHand.size) : []
        claimed = jobs.length
        for (const job of jobs) {
          const working = work(job.packet_id, job.attempts).finally(() => {
            inHand.delete(working)
            woken.abort()
          })
          inHand.add(working)
        }
      } catch (error) {
        logger.error({ error: error instanceof Error ? error.name : 'unknown' }, 'connector jobs could not be claimed')
      }
      if (claimed > 0 && inHand.size < atOnce) continue
      await sleep(options.pollMs ?? 1_000, undefined, { signal: AbortSignal.any([stopping.signal, woken.signal]) }).catch(
        () => undefined,
      )
      if (woken.signal.aborted) woken = new AbortController()
    }
    // Whoever takes longer is left behind: the claim runs out, and the next start brings it forward.
    const patience = new AbortController()
    await Promise.race([
      Promise.allSettled(inHand),
      sleep(stopPatienceMs, undefined, { signal: patience.signal }).catch(() => undefined),
    ])
    patience.abort()
  }
  const running = loop()

  return {
    wake: () => woken.abort(),
    stop: () => {
      stopping.abort()
      return running
    },
  }
}
