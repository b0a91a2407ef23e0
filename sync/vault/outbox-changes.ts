/**
 * The outbox as it changes: rows are read once, and then only those that changed, in whichever window.
 *
 * Invariant: a listener is told of states in their order, and of the last one always.
 */
import { Dexie, type ObservabilitySet, RangeSet } from 'dexie'
import type { OutboxRow, TramDatabase } from './database.ts'

/** A page that reads thousands at once does nothing else meanwhile: at a start somebody is about to type a PIN. */
export const rowsAtOnce = 250

/** The packets that these changes touched; undefined: any may be touched. */
const changedIn = (changes: ObservabilitySet, part: string): string[] | undefined => {
  if (changes.all !== undefined) return undefined
  const ids: string[] = []
  const touched = changes[part]
  if (touched === undefined) return ids
  for (const { from, to } of new RangeSet().add(touched)) {
    if (typeof from !== 'string' || from !== to) return undefined
    ids.push(from)
  }
  return ids
}

/** `open`: only what still has to reach the gateway is read and kept. Returns its end. */
export const followOutbox = (
  database: TramDatabase,
  source: 'all' | 'open',
  listener: (rows: ReadonlyMap<string, OutboxRow>) => void,
): (() => void) => {
  const part = `idb://${database.name}/outbox/`
  const rows = new Map<string, OutboxRow>()
  let touched: Set<string> | undefined
  let reading = false
  let stopped = false

  const keep = (row: OutboxRow): void => {
    if (source === 'all' || row.open === 1) rows.set(row.packetId, row)
  }
  const readAll = async (): Promise<void> => {
    rows.clear()
    if (source === 'all') for (const row of await database.outbox.toArray()) keep(row)
    else {
      const ids = await database.outbox.where('open').equals(1).primaryKeys()
      for (let at = 0; at < ids.length && !stopped; at += rowsAtOnce)
        for (const row of await database.outbox.bulkGet(ids.slice(at, at + rowsAtOnce))) if (row !== undefined) keep(row)
    }
  }
  const readSome = async (ids: string[]): Promise<void> => {
    const found = await database.outbox.bulkGet(ids)
    ids.forEach((id, at) => {
      rows.delete(id)
      const row = found[at]
      if (row !== undefined) keep(row)
    })
  }
  const look = async (): Promise<void> => {
    if (reading) return
    reading = true
    try {
      while (!stopped && touched?.size !== 0) {
        const ids = touched
        touched = new Set()
        if (ids === undefined) await readAll()
        else await readSome([...ids])
        if (!stopped) listener(rows)
      }
    } catch {
      // The store says so to whoever works; what comes next is read from the start.
      touched = undefined
    } finally {
      reading = false
    }
  }
  const hear = (changes: ObservabilitySet): void => {
    const ids = changedIn(changes, part)
    if (ids?.length === 0) return
    if (ids === undefined) touched = undefined
    else for (const id of ids) touched?.add(id)
    void look()
  }
  Dexie.on('storagemutated', hear)
  void look()
  return () => {
    stopped = true
    Dexie.on.storagemutated.unsubscribe(hear)
  }
}
