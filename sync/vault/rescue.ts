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
import type { Rescued, StoreFault } from './vault-api.ts'

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

type Copied = { read: number; lost: number }

const copyTable = async (from: IDBDatabase, into: TramDatabase, table: string): Promise<Copied> => {
  const copied: Copied = { read: 0, lost: 0 }
  const keys = await request(from.transaction(table).objectStore(table).getAllKeys()).catch(() => undefined)
  if (keys === undefined) return { read: 0, lost: 1 }
  for (const key of keys) {
    try {
      // Each in a transaction of its own: one that fails takes no other with it.
      const row: unknown = await request(from.transaction(table).objectStore(table).get(key))
      if (typeof row !== 'object' || row === null) throw new Error('no row')
      if (table === 'meta' && notTaken.has(String(key))) continue
      const slipKey = table === 'outbox' && !('slipKey' in row) && 'slipCode' in row ? { slipKey: row.slipCode } : {}
      await into.table(table).put({ ...row, ...slipKey })
      copied.read += 1
    } catch (thrown) {
      // Of the new store's own troubles nothing is the old one's fault.
      const room = await guarded(() => Promise.reject(thrown)).catch(() => undefined)
      if (room?.ok === false && room.error.type === 'disk-full') throw thrown
      copied.lost += 1
    }
  }
  return copied
}

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

const makeRescue = async (base: string, mended?: string): Promise<Result<{ name: string }, StoreFault>> => {
  const found = await guarded(async () => ({ present: await currentStore(base), numbers: await numbersThere(base) }))
  if (!found.ok) return found
  const { present, numbers } = found.value
  const [latest = 0] = numbers
  const name = nameOf(base, latest + 1)
  const into = new TramDatabase(name)
  const made = await guarded(async () => {
    await into.open()
    const total: Copied = { read: 0, lost: 0 }
    const from = await request(indexedDB.open(present)).catch(() => undefined)
    if (from !== undefined) {
      for (const table of from.objectStoreNames) {
        if (tablesLeft.has(table) || !into.tables.some((one) => one.name === table)) continue
        const { read, lost } = await copyTable(from, into, table)
        total.read += read
        total.lost += lost
      }
      from.close()
    }
    await adoptPackets(into)
    await into.meta.bulkPut([
      { key: lostKey, value: from === undefined ? -1 : total.lost },
      { key: doneKey, value: total.read },
      ...(mended === undefined ? [] : [{ key: mendedKey, value: mended }]),
    ])
  })
  into.close({ disableAutoOpen: true })
  if (made.ok) return ok({ name })
  await Dexie.delete(name).catch(() => undefined)
  return err(made.error)
}

/** Of this page, and one page at a time works: whoever else asks for the store meanwhile would take the half-made one away. */
const underWay = new Map<string, ReturnType<typeof makeRescue>>()

/** The name of the store to open, when no rescue is making it just now. */
export const settledStore = async (base: string): Promise<string> => {
  await underWay.get(base)
  return currentStore(base)
}

/**
 * Sets the present store aside and makes the next one of what can be read of it; `mended` by the mending it is looked through for. Asked for
 * again meanwhile, it is the same rescue.
 */
export const rescueStore = (base: string, mended?: string): ReturnType<typeof makeRescue> => {
  const running = underWay.get(base)
  if (running !== undefined) return running
  const made = makeRescue(base, mended).finally(() => underWay.delete(base))
  underWay.set(base, made)
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
