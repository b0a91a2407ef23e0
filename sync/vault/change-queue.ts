/**
 * Changes of outbox entries, several in one strict transaction: those asked for while one is being written wait and share the next. On a
 * disk that takes milliseconds to promise anything, dossiers sent side by side cost one promise and not one each.
 * Invariants: changes are applied in the order of the calls; each resolves only when the transaction it is in is durable; a change that
 * throws is its caller's bug and takes no other change with it, nor does one whose row cannot be read.
 */
import type { OutboxProgress } from '../../contracts/outbox.ts'
import { err, ok, type Result } from '../../contracts/result.ts'
import type { OutboxRow, TramDatabase } from './database.ts'
import { changedRow } from './outbox-row.ts'
import { purgeSealed, readEntry, sealedTables } from './sealed-entry.ts'
import { guarded, ifLost } from './store-faults.ts'
import type { NotFound, OutboxStore, SealedEntry, StoreFault } from './vault-api.ts'

type Decide = Parameters<OutboxStore['change']>[1]
type Outcome =
  | Result<{ progress: OutboxProgress; entry?: SealedEntry }, NotFound | { type: 'receipt-mismatch' }>
  | { bug: unknown }
type Asked = {
  packetId: string
  decide: Decide
  withAttachments: number | undefined
  resolve: (result: Awaited<ReturnType<OutboxStore['change']>>) => void
  reject: (bug: unknown) => void
}

/** So many wait for one transaction at most: a full disk then refuses few at a time. */
const mostAtOnce = 32

const applied = (row: OutboxRow | undefined, decide: Decide): { outcome: Outcome; row?: OutboxRow; purge?: boolean } => {
  if (row === undefined) return { outcome: err({ type: 'not-found' }) }
  try {
    const wanted = decide({ packetId: row.packetId, progress: row.progress, purged: row.receipt !== undefined })
    if (wanted === undefined) return { outcome: ok({ progress: row.progress }) }
    const next = changedRow(row, wanted)
    if (next === 'receipt-mismatch') return { outcome: err({ type: next }) }
    return { outcome: ok({ progress: next.row.progress }), ...next }
  } catch (bug) {
    return { outcome: { bug } }
  }
}

export const createChangeQueue = (database: TramDatabase): OutboxStore['change'] => {
  const waiting: Asked[] = []
  let working = false

  const commit = (batch: readonly Asked[]): PromiseLike<Outcome[]> =>
    database.transaction('rw', [database.outbox, ...sealedTables(database)], async () => {
      const found = await database.outbox.bulkGet([...new Set(batch.map(({ packetId }) => packetId))])
      const rows = new Map(found.flatMap((row) => (row === undefined ? [] : [[row.packetId, row]])))
      const changed = new Map<string, OutboxRow>()
      const purged = new Map<string, OutboxRow>()
      const outcomes = batch.map(({ packetId, decide }) => {
        const done = applied(rows.get(packetId), decide)
        if (done.row !== undefined) {
          rows.set(packetId, done.row)
          changed.set(packetId, done.row)
          if (done.purge === true) purged.set(packetId, done.row)
        }
        return done.outcome
      })
      if (changed.size > 0)
        await Promise.all([
          database.outbox.bulkPut([...changed.values()]),
          ...(purged.size > 0 ? [purgeSealed(database, [...purged.values()])] : []),
        ])
      return await Promise.all(
        outcomes.map(async (outcome, at): Promise<Outcome> => {
          const [asked, row] = [batch[at], rows.get(batch[at]?.packetId ?? '')]
          if (asked?.withAttachments === undefined || row === undefined || 'bug' in outcome || !outcome.ok) return outcome
          return ok({ ...outcome.value, entry: await readEntry(database, row, asked.withAttachments) })
        }),
      )
    })

  const settle = async (batch: readonly Asked[]): Promise<void> => {
    const [only, another] = batch
    try {
      const written: Result<Outcome[] | undefined, StoreFault> = await guarded(() => ifLost(commit(batch), () => undefined))
      const lost = written.ok && written.value === undefined
      const refused = lost || (!written.ok && written.error.type === 'store-broken')
      // One row that cannot be read refuses the transaction to all of them: then each has its own.
      if (refused && another !== undefined) for (const asked of batch) await settle([asked])
      // What it holds is lost, but not where it stands.
      else if (lost && only?.withAttachments !== undefined) await settle([{ ...only, withAttachments: undefined }])
      else
        batch.forEach(({ resolve, reject }, at) => {
          const outcome = written.ok ? (written.value?.[at] ?? err({ type: 'store-broken', detail: 'lost' })) : written
          if ('bug' in outcome) reject(outcome.bug)
          else resolve(outcome)
        })
    } catch (bug) {
      for (const { reject } of batch) reject(bug)
    }
  }

  const work = async () => {
    for (let batch = waiting.splice(0, mostAtOnce); batch.length > 0; batch = waiting.splice(0, mostAtOnce)) await settle(batch)
    working = false
  }

  return (packetId, decide, withAttachments) =>
    new Promise((resolve, reject) => {
      waiting.push({ packetId, decide, withAttachments, resolve, reject })
      if (working) return
      working = true
      // Those of this very moment go together too.
      queueMicrotask(() => void work())
    })
}
