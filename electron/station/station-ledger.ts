/**
 * What a station counts, in a record that a full disk cannot stop (steady-file.ts): attempts at operators' secrets, and time.
 *
 * Attempts: written before a secret is tried, cleared only by a proof that it was right. The wait of a lockout runs on the machine's
 * uptime, from the failure or from this program's start, whichever is later known: neither a restart nor a changed clock shortens it.
 *
 * Time: two counters which never go back.
 * - `elapsedMs` decides what may be destroyed, so it never runs ahead of the truth by much: uptime while this program runs, at most a
 *   day for each time it did not, and between two leases what the gateway's clock says.
 * - `offlineMs`, since the last lease, decides who may still come in, so it is not fooled by a clock set back: the whole time off by the
 *   wall clock, and a day for each start at which that clock stands before where it stood.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { err, ok, type Result } from '../../contracts/result.ts'
import type { AttemptRefusal, OperatorSecret } from '../../contracts/station-api.ts'
import { openSteadyFile } from './steady-file.ts'

const dayMs = 86_400_000
const freeAttempts = 5
const firstWaitMs = 30_000
const longestWaitMs = 15 * 60_000
/** Clocks are corrected by seconds all the time. */
const clockToleranceMs = 120_000
const mostOperators = 150
/** What a code read out by the gateway's desk is worth to its operator while the station cannot reach the gateway. */
const deskGraceMs = 7 * dayMs

const Attempts = z.object({
  failures: z.number().int().nonnegative(),
  verifier: z.string().optional(),
  graceMs: z.number().optional(),
})
const Ledger = z.object({
  attempts: z.record(z.string(), Attempts),
  elapsedMs: z.number(),
  offlineMs: z.number(),
  /** The wall clock when this was written. */
  wallMs: z.number(),
  lease: z.object({ issuedAtMs: z.number(), elapsedMs: z.number() }).nullable(),
})
type Ledger = z.infer<typeof Ledger>

export const lockoutWaitMs = (failures: number): number =>
  failures < freeAttempts ? 0 : Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(failures - freeAttempts, 10))

export type LedgerClocks = {
  wallMs: () => number
  /** Counts suspended time too, and nobody can set it. */
  uptimeMs: () => number
}

export type StationLedger = {
  /** Durable when resolved. `offlineLimitMs` as the last lease set it. */
  attempt(request: {
    operatorId: string
    way: OperatorSecret
    knownFailures: number
    offlineLimitMs: number | null
  }): Promise<Result<{ attemptsLeft: number; waitMs: number }, Exclude<AttemptRefusal, { type: 'removed' }>>>
  settle(operatorId: string, proof: string): Promise<boolean>
  /** Whether the proof is the one this operator settled by; of somebody who never did, any is. */
  proves(operatorId: string, proof: string): boolean
  elapsedMs(): number
  offlineMs(): number
  /** `issuedAtMs` by the gateway's clock, which may have been set back since: then it moves no time. */
  leaseCame(issuedAtMs: number, removedOperators: readonly string[]): Promise<void>
  /** Writes the time down. */
  beat(): Promise<void>
}

const verifierOf = (proof: string): Buffer => createHash('sha256').update(proof, 'utf8').digest()

export const openStationLedger = async (file: string, clocks: LedgerClocks): Promise<StationLedger> => {
  const none: Ledger = { attempts: {}, elapsedMs: 0, offlineMs: 0, wallMs: clocks.wallMs(), lease: null }
  const record = await openSteadyFile(file, Ledger, none)
  const startedAt = clocks.uptimeMs()
  let countedTo = startedAt
  const lastFailure = new Map<string, { failures: number; at: number }>()
  const underWay = new Map<string, OperatorSecret>()

  const off = clocks.wallMs() - record.value().wallMs
  await record.update((ledger) => ({
    ...ledger,
    wallMs: clocks.wallMs(),
    elapsedMs: ledger.elapsedMs + Math.min(Math.max(0, off), dayMs),
    offlineMs: ledger.offlineMs + (off < -clockToleranceMs ? dayMs : Math.max(0, off)),
  }))

  const sinceCounted = () => Math.max(0, clocks.uptimeMs() - countedTo)
  const timed = (change: (ledger: Ledger) => Ledger) =>
    record.update((ledger) => {
      const passed = sinceCounted()
      countedTo += passed
      return change({
        ...ledger,
        wallMs: clocks.wallMs(),
        elapsedMs: ledger.elapsedMs + passed,
        offlineMs: ledger.offlineMs + passed,
      })
    })

  const waitLeft = (operatorId: string, failures: number): number => {
    const wait = lockoutWaitMs(failures)
    if (wait === 0) return 0
    const seen = lastFailure.get(operatorId)
    const since = seen?.failures === failures ? seen.at : startedAt
    lastFailure.set(operatorId, { failures, at: since })
    return Math.max(0, wait - (clocks.uptimeMs() - since))
  }

  /** Room for one more: somebody who never got in makes it. Whoever did stays, or inventing names would clear his count. */
  const withRoom = (attempts: Ledger['attempts'], operatorId: string): Ledger['attempts'] | undefined => {
    const entries = Object.entries(attempts)
    if (entries.length < mostOperators || Object.hasOwn(attempts, operatorId)) return attempts
    const spare = entries.findIndex(([, each]) => each.verifier === undefined)
    return spare === -1 ? undefined : Object.fromEntries(entries.toSpliced(spare, 1))
  }
  const noRoomFor = (operatorId: string) => withRoom(record.value().attempts, operatorId) === undefined

  const proves = (operatorId: string, proof: string): boolean => {
    const { verifier } = record.value().attempts[operatorId] ?? {}
    return verifier === undefined || timingSafeEqual(Buffer.from(verifier, 'base64url'), verifierOf(proof))
  }

  let turn: Promise<unknown> = Promise.resolve()
  /** Two windows that ask at once are two attempts. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = turn.then(work, work)
    turn = next.catch(() => undefined)
    return next
  }

  const attempt: StationLedger['attempt'] = ({ operatorId, way, knownFailures, offlineLimitMs }) =>
    inTurn(async () => {
      if (noRoomFor(operatorId)) return err({ type: 'locked-out', waitMs: longestWaitMs })
      const known = record.value().attempts[operatorId]
      const before = known?.failures ?? knownFailures
      const waitMs = waitLeft(operatorId, before)
      if (waitMs > 0) return err({ type: 'locked-out', waitMs })
      const offlineMs = record.value().offlineMs + sinceCounted()
      const allowedMs = Math.max(offlineLimitMs ?? Number.POSITIVE_INFINITY, known?.graceMs ?? 0)
      if (way === 'pin' && offlineMs > allowedMs) {
        return err({ type: 'contact-needed', offlineDays: Math.floor(offlineMs / dayMs) })
      }
      const failures = before + 1
      await timed((ledger) => ({
        ...ledger,
        attempts: { ...withRoom(ledger.attempts, operatorId), [operatorId]: { ...ledger.attempts[operatorId], failures } },
      }))
      lastFailure.set(operatorId, { failures, at: clocks.uptimeMs() })
      underWay.set(operatorId, way)
      return ok({ attemptsLeft: Math.max(0, freeAttempts - failures), waitMs: lockoutWaitMs(failures) })
    })

  return {
    attempt,
    async settle(operatorId, proof) {
      if (!proves(operatorId, proof) || noRoomFor(operatorId)) return false
      const known = record.value().attempts[operatorId]
      const verifier = verifierOf(proof)
      const byDesk = underWay.get(operatorId) === 'desk-code'
      underWay.delete(operatorId)
      lastFailure.delete(operatorId)
      await timed((ledger) => {
        const graceMs = byDesk ? ledger.offlineMs + deskGraceMs : known?.graceMs
        const settled = { failures: 0, verifier: verifier.toString('base64url'), ...(graceMs === undefined ? {} : { graceMs }) }
        return { ...ledger, attempts: { ...withRoom(ledger.attempts, operatorId), [operatorId]: settled } }
      })
      return true
    },
    proves,
    elapsedMs: () => record.value().elapsedMs + sinceCounted(),
    offlineMs: () => record.value().offlineMs + sinceCounted(),
    async leaseCame(issuedAtMs, removedOperators) {
      await timed((ledger) => {
        const last = ledger.lease
        const truth = last === null ? 0 : last.elapsedMs + (issuedAtMs - last.issuedAtMs)
        const elapsedMs = Math.max(ledger.elapsedMs, truth)
        const attempts = Object.fromEntries(
          Object.entries(ledger.attempts)
            .filter(([operatorId]) => !removedOperators.includes(operatorId))
            .map(([operatorId, { graceMs: _, ...rest }]) => [operatorId, rest]),
        )
        return { ...ledger, attempts, elapsedMs, offlineMs: 0, lease: { issuedAtMs, elapsedMs } }
      })
    },
    async beat() {
      await timed((ledger) => ledger)
    },
  }
}
