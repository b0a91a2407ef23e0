/**
 * A damaged store: noticed when it is opened, set aside and never deleted, and what of it can still be read goes on in a new one.
 *
 * Invariants
 * - The store that was damaged is only read. It stays under its name; the new one is called after it with a number.
 * - A new store counts only when everything that could be read is in it: one half made, by a machine switched off in between, is made again.
 * - What the gateway knows is asked for again from the beginning, for nobody knows which of its answers were lost.
 */
import { Dexie } from 'dexie'
import { err, ok, type Result } from '../../contracts/result.ts'
import { packetDigest, parseHeader } from '../packet/packet-codec.ts'
import { TramDatabase } from './database.ts'
import { forgottenKeys } from './forgotten.ts'
import { adoptedRow } from './forgotten-row.ts'
import { guarded } from './store-faults.ts'
import type { Rescued, RescueProgress, StoreFault } from './vault-api.ts'

const doneKey = 'rescued'
const mendedKey = 'mended'
const lostKey = 'rescuedLost'
/** The people at the counter of a store that broke are asked again. */
const tablesLeft = new Set(['visits'])
/** Told anew by the gateway; and that the store before was itself made whole by a rescue says nothing of the next one. */
const notTaken = new Set(['cursor', ...forgottenKeys, doneKey, lostKey])

const numberOf = (base: string, name: string): number | undefined => {
  if (name === base) return 0
  const digits = name.startsWith(`${base}~`) ? name.slice(base.length + 1) : ''
  return /^[1-9]\d{0,3}$/.test(digits) ? Number(digits) : undefined
}

const nameOf = (base: string, number: number): string => (number === 0 ? base : `${base}~${number}`)

const request = <T>(asked: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result)
    asked.onerror = () => reject(asked.error ?? new Error('the store did not answer'))
  })

const numbersThere = async (base: string): Promise<number[]> => {
  const names = await Dexie.getDatabaseNames()
  return names.flatMap((name) => numberOf(base, name) ?? []).toSorted((a, b) => b - a)
}

const isFinished = async (name: string): Promise<boolean> => {
  try {
    const database = await request(indexedDB.open(name))
    try {
      return (await request(database.transaction('meta').objectStore('meta').get(doneKey))) !== undefined
    } finally {
      database.close()
    }
  } catch {
    // Damaged itself: it was finished once, or there would be nothing to damage.
    return true
  }
}

/** The latest store that was made whole. */
const currentStore = async (base: string): Promise<string> => {
  for (const number of await numbersThere(base)) {
    const name = nameOf(base, number)
    if (number === 0 || (await isFinished(name))) return name
    await Dexie.delete(name)
  }
  return base
}

/**
 * Reads what a day's work needs whole, and of what is large its first and last key: a start must not take longer for each dossier there is.
 * A packet or paper that is damaged by itself is told of its own dossier, when it is sent.
 */
export const isSound = async (database: TramDatabase): Promise<boolean> => {
  const { meta, operators, drafts, visits, outbox, packets, attachments, chunks, matters, catalogue } = database
  const looked = await guarded(() =>
    Promise.all([
      ...[meta, operators, drafts, visits].map((table) => table.toArray()),
      ...[outbox, packets, attachments, chunks, matters, catalogue].flatMap((table) => [
        table.toCollection().limit(1).primaryKeys(),
        table.toCollection().reverse().limit(1).primaryKeys(),
      ]),
    ]),
  )
  // A full disk or a newer window is no damage.
  return looked.ok || looked.error.type !== 'store-broken'
}

/** Of the new store's transactions, each of which waits for the disk. */
const rowsAtOnce = 16

/** Each in a transaction of its own: the browser gives up one that meets a row it cannot read. */
const readRow = async (from: IDBDatabase, table: string, key: IDBValidKey): Promise<object | undefined> => {
  try {
    const row: unknown = await request(from.transaction(table).objectStore(table).get(key))
    return typeof row === 'object' && row !== null ? row : undefined
  } catch {
    return undefined
  }
}

/** How many of them the new store took: all, or, where it will not have one, all others. Of its own troubles nothing is the old store's fault. */
const writeRows = async (into: TramDatabase, table: string, rows: object[]): Promise<Result<number, StoreFault>> => {
  const together = await guarded(() => into.table(table).bulkPut(rows))
  if (together.ok) return ok(rows.length)
  let written = 0
  for (const row of rows) {
    const alone = await guarded(() => into.table(table).put(row))
    if (alone.ok) written += 1
    else if (alone.error.type === 'disk-full') return alone
  }
  return ok(written)
}

/** What became of the keys of a table: `done` and not `lost` means copied, or not to be copied. */
const copyRows = async (
  from: IDBDatabase,
  into: TramDatabase,
  table: string,
  keys: IDBValidKey[],
): Promise<Result<{ read: number; lost: number }, StoreFault>> => {
  const wanted = table === 'meta' ? keys.filter((key) => !notTaken.has(String(key))) : keys
  const read = (await Promise.all(wanted.map((key) => readRow(from, table, key)))).filter((row) => row !== undefined)
  const rows = read.map((row) =>
    table === 'outbox' && !('slipKey' in row) && 'slipCode' in row ? { ...row, slipKey: row.slipCode } : row,
  )
  const written = await writeRows(into, table, rows)
  return written.ok ? ok({ read: written.value, lost: wanted.length - written.value }) : written
}

type KeysOfTable = { table: string; keys: IDBValidKey[] | undefined }

const keysOf = (from: IDBDatabase, into: TramDatabase): Promise<KeysOfTable[]> =>
  Promise.all(
    Array.from(from.objectStoreNames)
      .filter((table) => !tablesLeft.has(table) && into.tables.some((one) => one.name === table))
      .map(async (table) => {
        const keys = await request(from.transaction(table).objectStore(table).getAllKeys()).catch(() => undefined)
        return { table, keys }
      }),
  )

/** Sealed packets whose rows could not be read go on being sent: all that is needed for it is in them. */
const adoptPackets = async (into: TramDatabase): Promise<void> => {
  const known = new Set(await into.outbox.toCollection().primaryKeys())
  for (const packetId of await into.packets.toCollection().primaryKeys()) {
    if (known.has(packetId)) continue
    const packet = (await into.packets.get(packetId))?.packet
    const parsed = packet && parseHeader(packet)
    if (packet === undefined || parsed?.ok !== true) continue
    const { header } = parsed.value
    const [first] = header.attachments
    const paper = first && (await into.attachments.get(first.attachmentId))
    await into.outbox.add(adoptedRow(header, await packetDigest(packet), paper?.dossierId ?? packetId))
  }
}

/** Whether it was looked through since the mending its files came out of (electron/browser-store): its indexes may have gaps of their own. */
export const isLookedThrough = async (database: TramDatabase, mended: string): Promise<boolean> =>
  (await database.meta.get(mendedKey))?.value === mended

type Asked = { base: string; mended: string | undefined; signal: AbortSignal; tell: (done: number, total: number) => void }

/** Everything that can be read of `present`, and only then the note that it is whole. */
const fill = async (present: string, into: TramDatabase, { mended, signal, tell }: Asked): Promise<Result<void, StoreFault>> => {
  await into.open()
  const from = await request(indexedDB.open(present)).catch(() => undefined)
  const tables = from === undefined ? [] : await keysOf(from, into)
  const total = tables.reduce((sum, { keys }) => sum + (keys?.length ?? 0), 0)
  let [read, lost, done] = [0, 0, 0]
  try {
    for (const { table, keys } of tables) {
      if (keys === undefined) lost += 1
      for (let at = 0; from !== undefined && keys !== undefined && at < keys.length; at += rowsAtOnce) {
        tell(done, total)
        if (signal.aborted) return err({ type: 'store-broken', detail: 'rescue-cancelled' })
        const some = keys.slice(at, at + rowsAtOnce)
        const copied = await copyRows(from, into, table, some)
        if (!copied.ok) return copied
        read += copied.value.read
        lost += copied.value.lost
        done += some.length
      }
    }
  } finally {
    from?.close()
  }
  await adoptPackets(into)
  await into.meta.bulkPut([
    { key: lostKey, value: from === undefined ? -1 : lost },
    { key: doneKey, value: read },
    ...(mended === undefined ? [] : [{ key: mendedKey, value: mended }]),
  ])
  return ok(undefined)
}

const makeRescue = async (asked: Asked): Promise<Result<{ name: string }, StoreFault>> => {
  const { base } = asked
  const found = await guarded(async () => ({ present: await currentStore(base), numbers: await numbersThere(base) }))
  if (!found.ok) return found
  const { present, numbers } = found.value
  const [latest = 0] = numbers
  const name = nameOf(base, latest + 1)
  const into = new TramDatabase(name)
  const made = await guarded(() => fill(present, into, asked))
  into.close({ disableAutoOpen: true })
  const filled = made.ok ? made.value : made
  if (filled.ok) return ok({ name })
  await Dexie.delete(name).catch(() => undefined)
  return filled
}

type WatchRescue = (progress: RescueProgress) => void
type UnderWay = { made: Promise<Result<{ name: string }, StoreFault>>; watchers: Set<WatchRescue> }

/** Of this page, and one page at a time works: whoever else asks for the store meanwhile would take the half-made one away. */
const underWay = new Map<string, UnderWay>()

/** The name of the store to open, when no rescue is making it just now. */
export const settledStore = async (base: string, watch?: WatchRescue): Promise<string> => {
  const running = underWay.get(base)
  if (watch !== undefined) running?.watchers.add(watch)
  await running?.made
  return currentStore(base)
}

/**
 * Sets the present store aside and makes the next one of what can be read of it; `mended` by the mending it is looked through for. Asked for
 * again meanwhile, it is the same rescue. Cancelled, it takes the new store away again and fails with `store-broken`.
 */
export const rescueStore = (base: string, mended?: string, watch?: WatchRescue): UnderWay['made'] => {
  const running = underWay.get(base)
  const watchers = running?.watchers ?? new Set()
  if (watch !== undefined) watchers.add(watch)
  if (running !== undefined) return running.made
  const stop = new AbortController()
  const tell = (done: number, total: number) => {
    for (const watcher of watchers) watcher({ done, total, cancel: () => stop.abort() })
  }
  const made = makeRescue({ base, mended, signal: stop.signal, tell }).finally(() => underWay.delete(base))
  underWay.set(base, { made, watchers })
  return made
}

/** What a rescue saved, until somebody has read it. A store that fails says so to whoever works. */
export const createRescueNote = (database: TramDatabase) => ({
  rescued: async (): Promise<Rescued | undefined> => {
    const found = await guarded(() => database.meta.bulkGet([doneKey, lostKey]))
    const [read, lost] = found.ok ? found.value : []
    return read === undefined || lost === undefined ? undefined : { read: Number(read.value), lost: Number(lost.value) }
  },
  acknowledgeRescue: async (): Promise<void> => {
    await guarded(() => database.meta.delete(lostKey))
  },
})
