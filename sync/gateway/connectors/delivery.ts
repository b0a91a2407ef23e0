/**
 * Hands received dossiers to the connector: the work stands in the store, written with the receipt.
 *
 * Invariants: a job is claimed by moving its next time forward, so a killed worker's jobs come back by themselves; each job
 * has its own time-out and retry, so one dossier's trouble never holds another; a dossier's events go in their order; the result, the
 * state and the station's update are one transaction.
 */
import type { Clock } from '../../../contracts/clock.ts'
import type { PacketContent } from '../../../contracts/dossier-events.ts'
import { err, type Result } from '../../../contracts/result.ts'
import type { PacketStore } from '../packets/packet-store.ts'
import type { Acceptance, Connector, SubmitFailure } from './connector.ts'

const claimMs = 30_000
const atOnce = 8
const longestWaitMs = 300_000
const yieldMs = 200
/** An intake that is busy all day must not keep everything from its agency. */
const longestYieldMs = 30_000
const stopPatienceMs = 3_000

export type Delivery = { wake(): void; stop(): Promise<void> }

type Failure = SubmitFailure | { type: 'internal'; detail: string }

export function startDelivery(options: {
  store: PacketStore
  connector: Connector
  clock: Clock
  random(): number
  /** No personal data in it. */
  onTrouble(trouble: string, detail: Record<string, string | number>): void
  onDelivered(stationId: string): void
  pollMs?: number
  /** Packets are coming in one after the other: what is received can wait a little, whoever stands at the counter cannot. */
  isIntakeBusy?: () => boolean
  firstRetryMs?: number
}): Delivery {
  const { store, connector, clock } = options
  const inHand = new Set<Promise<void>>()
  let stopping = false
  let wake = () => {}
  let awake = false

  const instant = (ahead = 0) => new Date(clock.now() + ahead)

  /** Ends after `ms` or when woken. */
  const nap = (ms: number) =>
    new Promise<void>((resolve) => {
      if (awake || stopping) {
        awake = false
        resolve()
        return
      }
      const cancel = clock.after(ms, () => wake())
      wake = () => {
        cancel()
        wake = () => {
          awake = true
        }
        resolve()
      }
    })
  const rouse = () => wake()

  const handOver = async (packetId: string, content: PacketContent): Promise<Result<Acceptance, Failure>> => {
    const submitted = await connector.submit({ reference: packetId, content })
    if (submitted.ok || submitted.error.type !== 'already-exists') return submitted
    // "Đã tồn tại": an earlier answer was lost on the way. What it said is still there.
    const found = await connector.lookUp(packetId)
    return found.ok ? found : err({ type: 'unavailable', detail: `after already-exists: ${found.error.type}` })
  }

  const retryLater = async (packetId: string, attempts: number, failure: string) => {
    const wait = Math.min(longestWaitMs, (options.firstRetryMs ?? 1_000) * 2 ** Math.min(attempts - 1, 16))
    await store.putOffJob(packetId, failure, instant(wait * (0.5 + options.random() / 2)))
    options.onTrouble('connector job failed, will be tried again', { packetId, attempts, failure })
  }

  const work = async (packetId: string, attempts: number) => {
    let cancel = () => {}
    const tooLate = new Promise<Result<never, Failure>>((resolve) => {
      cancel = clock.after(claimMs - 5_000, () => resolve(err({ type: 'internal', detail: 'no answer in time' })))
    })
    try {
      const held = await store.read(packetId)
      if (held === undefined) throw new Error('A job without a packet')
      const result = await Promise.race([handOver(packetId, held.content), tooLate])
      if (!result.ok && result.error.type !== 'refused') {
        await retryLater(packetId, attempts, result.error.type)
        return
      }
      const outcome = result.ok
        ? { state: 'accepted' as const, ...result.value }
        : { state: 'refused' as const, status: (result.error as Extract<Failure, { type: 'refused' }>).status }
      const stationId = await store.concludeJob(packetId, outcome, instant())
      if (stationId !== undefined) options.onDelivered(stationId)
    } catch (error) {
      await retryLater(packetId, attempts, error instanceof Error ? error.name : 'unknown').catch(() => undefined)
    } finally {
      cancel()
    }
  }

  let yieldingSince: number | undefined
  const mustYield = (): boolean => {
    if (options.isIntakeBusy?.() !== true) {
      yieldingSince = undefined
      return false
    }
    yieldingSince ??= clock.monotonic()
    return clock.monotonic() - yieldingSince < longestYieldMs
  }

  const loop = async () => {
    await store.bringJobsForward(instant()).catch(() => undefined)
    while (!stopping) {
      let claimed = 0
      try {
        if (mustYield()) {
          await nap(yieldMs)
          continue
        }
        const jobs = inHand.size < atOnce ? await store.claimJobs(atOnce - inHand.size, instant(), instant(claimMs)) : []
        claimed = jobs.length
        for (const job of jobs) {
          const working = work(job.packetId, job.attempts).finally(() => {
            inHand.delete(working)
            rouse()
          })
          inHand.add(working)
        }
      } catch (error) {
        options.onTrouble('connector jobs could not be claimed', { error: error instanceof Error ? error.name : 'unknown' })
      }
      if (claimed > 0 && inHand.size < atOnce) continue
      await nap(options.pollMs ?? 1_000)
    }
    // Whoever takes longer is left behind: the claim runs out, and the next start brings it forward.
    await new Promise<void>((resolve) => {
      const cancel = clock.after(stopPatienceMs, resolve)
      Promise.allSettled(inHand).then(() => {
        cancel()
        resolve()
      })
    })
  }
  wake = () => {
    awake = true
  }
  const running = loop()

  return {
    wake: rouse,
    stop: () => {
      stopping = true
      rouse()
      return running
    },
  }
}
