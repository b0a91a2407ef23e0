/**
 * What a station remembers of itself in `station.json`: the origin its pages and their store live at, and its enrolment with the keys
 * it pinned then. One store, one enrolment: a folder that belongs to one origin is refused to another, for the other's store would be
 * empty and its packet counter would begin again under the same key. Before its enrolment a folder belongs to no origin yet.
 */
import { join } from 'node:path'
import { z } from 'zod'
import { EnrolmentAnswer } from '../../contracts/gateway-api.ts'
import { LeaseClaims } from '../../contracts/lease.ts'
import { err, ok, type Result } from '../../contracts/result.ts'
import { openPrivateFolder, readIfThere, writeDurably } from './durable-file.ts'

/** More packets than a station seals in its life. A counter further ahead is nobody's next one: taken, it could use up all others. */
const longestCounterJump = 1_000_000
/** Reserved by one durable write: a program that is killed leaves at most so many numbers unused. Gaps mean nothing to anybody. */
const reservedAtOnce = 64

const Enrolment = EnrolmentAnswer.omit({ lease: true }).extend({ gatewayUrl: z.string() })
export type Enrolment = z.infer<typeof Enrolment>

const StationRecord = z.object({
  format: z.literal('tram-station-1'),
  origin: z.string(),
  enrolment: Enrolment.nullable(),
  /** The highest packet counter this station may have signed: what lies above was never signed. */
  lastCounter: z.number().int().nonnegative().default(0),
  /** What the gateway's last lease said; when it came is in the ledger, which a full disk cannot stop. */
  lease: LeaseClaims.nullable().default(null),
})

export type StationRecordFailure =
  | { type: 'other-origin'; detail: string; origin: string }
  | { type: 'other-gateway'; detail: string }
  | { type: 'record-damaged'; detail: string }

export type StationRecordStore = {
  enrolment(): Enrolment | null
  /** Durable when resolved. */
  pin(enrolment: Enrolment): Promise<void>
  /** True when the counter was free and not absurdly far ahead; it will never be free again, whatever happens, when resolved. */
  takeCounter(counter: number): Promise<boolean>
  lastCounter(): number
  /** Gives back what was reserved and not signed; nothing is signed afterwards. */
  close(): Promise<void>
  lease(): LeaseClaims | null
  /** Takes the lease's keys for this enrolment too. Durable when resolved. */
  keepLease(lease: LeaseClaims): Promise<void>
}

const saysTheSame = (a: LeaseClaims, b: LeaseClaims): boolean =>
  JSON.stringify({ ...a, issuedAt: '', nonce: '' }) === JSON.stringify({ ...b, issuedAt: '', nonce: '' })

export const openStationRecord = async (
  folder: string,
  self: { origin: string; gatewayUrl: string },
): Promise<Result<StationRecordStore, StationRecordFailure>> => {
  await openPrivateFolder(folder)
  const file = join(folder, 'station.json')
  const content = await readIfThere(file)
  let record: z.infer<typeof StationRecord> = {
    format: 'tram-station-1',
    origin: self.origin,
    enrolment: null,
    lastCounter: 0,
    lease: null,
  }
  if (content) {
    let json: unknown
    try {
      json = JSON.parse(Buffer.from(content).toString('utf8'))
    } catch {
      return err({ type: 'record-damaged', detail: `${file} is not JSON` })
    }
    const parsed = StationRecord.safeParse(json)
    if (!parsed.success) return err({ type: 'record-damaged', detail: `${file} has an unknown shape` })
    record = parsed.data
    if (record.origin !== self.origin) {
      return err({
        type: 'other-origin',
        origin: record.origin,
        detail: `this folder's drafts and queue live at ${record.origin}; at ${self.origin} they would not be seen`,
      })
    }
    if (record.enrolment && record.enrolment.gatewayUrl !== self.gatewayUrl) {
      return err({
        type: 'other-gateway',
        detail: `this station is enrolled with ${record.enrolment.gatewayUrl}, not ${self.gatewayUrl}`,
      })
    }
  }
  /** On disk stands what is reserved, here what is taken of it. */
  let taken = record.lastCounter
  let turn: Promise<unknown> = Promise.resolve()
  /** One change after the other, each upon what the one before left. */
  const change = <T>(make: () => Promise<T>): Promise<T> => {
    const next = turn.then(make, make)
    turn = next.catch(() => undefined)
    return next
  }
  const write = async (next: typeof record): Promise<void> => {
    await writeDurably(file, JSON.stringify(next, null, 2))
    record = next
  }
  return ok({
    enrolment: () => record.enrolment,
    pin: (enrolment) => change(() => write({ ...record, enrolment })),
    lastCounter: () => taken,
    lease: () => record.lease,
    keepLease: (lease) =>
      change(async () => {
        if (record.enrolment === null) throw new Error('A lease is for a station which is enrolled')
        const recovery = lease.recovery ?? record.lease?.recovery
        const kept = recovery === undefined ? lease : { ...lease, recovery }
        if (record.lease !== null && saysTheSame(record.lease, kept)) return
        await write({ ...record, lease: kept, enrolment: { ...record.enrolment, keys: lease.keys } })
      }),
    takeCounter: (counter) =>
      change(async () => {
        if (counter <= taken || counter - taken > longestCounterJump) return false
        if (counter > record.lastCounter) await write({ ...record, lastCounter: counter + reservedAtOnce - 1 })
        taken = counter
        return true
      }),
    close: () =>
      change(async () => {
        if (taken < record.lastCounter) await write({ ...record, lastCounter: taken })
      }),
  })
}
