/**
 * The sealed side of the vault, for the sync client: works while the kiosk is locked, opens nothing.
 * Invariant: packet, attachments and the operator's wrap of the key go in the transaction that stores a verified receipt of this
 * very packet, and in no other.
 */
import { Dexie, liveQuery } from 'dexie'
import { err, ok, type Result } from '../../contracts/result.ts'
import type { OpenEntry } from '../engine/schedule.ts'
import { concatBytes } from '../packet/base64url.ts'
import { createChangeQueue } from './change-queue.ts'
import type { TramDatabase } from './database.ts'
import { askForRecords, createForgotten } from './forgotten.ts'
import { createForgottenThere } from './forgotten-there.ts'
import { rowsAtOnce } from './outbox-changes.ts'
import { isRolledBack, toOpenEntry } from './outbox-row.ts'
import { bareEntry, readEntry } from './sealed-entry.ts'
import { guarded, ifLost } from './store-faults.ts'
import type { OutboxStore, StoreFault } from './vault-api.ts'

const cursorKey = 'cursor'
export const counterKey = (stationId: string) => `counter:${stationId}`
const rollbackKey = 'rolledBack'

export const createOutboxStore = (database: TramDatabase): OutboxStore => {
  const openFrom = (counter: number | typeof Dexie.minKey) =>
    database.outbox.where('[open+counter]').between([1, counter], [1, Dexie.maxKey]).limit(rowsAtOnce).toArray()

  /** What leaves or joins the queue between two looks may be missing or there: whoever plans by it asks the store again. */
  const listOpen: OutboxStore['listOpen'] = async () => {
    const entries = new Map<string, OpenEntry>()
    for (let from: Parameters<typeof openFrom>[0] = Dexie.minKey; ; ) {
      const rows = await guarded(() => openFrom(from))
      if (!rows.ok) return rows
      const before = entries.size
      for (const row of rows.value) entries.set(row.packetId, toOpenEntry(row))
      const last = rows.value.at(-1)
      // Two of the same counter may lie on both sides of an edge: the edge is read again.
      if (last === undefined || rows.value.length < rowsAtOnce || entries.size === before) return ok([...entries.values()])
      from = last.counter
    }
  }

  const read: OutboxStore['read'] = async (packetId, withAttachments = 0) => {
    const found = await guarded(() =>
      ifLost(
        database.transaction('r', database.outbox, database.packets, database.chunks, async () => {
          const row = await database.outbox.get(packetId)
          return row && (await readEntry(database, row, withAttachments))
        }),
        async () => {
          const row = await database.outbox.get(packetId)
          return row && bareEntry(row)
        },
      ),
    )
    if (!found.ok) return found
    return found.value === undefined ? err({ type: 'not-found' }) : ok(found.value)
  }

  const readSealed: OutboxStore['readSealed'] = async (attachmentId, from, to) => {
    const parts = await guarded(() =>
      ifLost(
        database.transaction('r', database.attachments, database.chunks, async () => {
          const row = await database.attachments.get(attachmentId)
          if (row === undefined || from < 0 || to > row.sealedSize || from > to) return undefined
          if (from === to) return []
          const first = await database.chunks.get([attachmentId, 0])
          if (first === undefined) return undefined
          const size = first.bytes.byteLength
          const [start, end] = [Math.floor(from / size), Math.floor((to - 1) / size)]
          const rows = await database.chunks
            .where('[attachmentId+index]')
            .between([attachmentId, start], [attachmentId, end], true, true)
            .toArray()
          if (rows.length !== end - start + 1) return undefined
          return rows.map(({ index, bytes }) =>
            new Uint8Array(bytes).subarray(Math.max(0, from - index * size), Math.min(bytes.byteLength, to - index * size)),
          )
        }),
        () => undefined,
      ),
    )
    if (!parts.ok) return parts
    return parts.value === undefined ? err({ type: 'not-found' }) : ok(concatBytes(...parts.value))
  }

  const reportBytes: OutboxStore['reportBytes'] = async (packetId, attachmentId, offset) => {
    await guarded(() =>
      database.outbox
        .where('packetId')
        .equals(packetId)
        .modify((row) => {
          if (row.receipt === undefined) row.bytesSent[attachmentId] = offset
        }),
    )
  }

  return {
    listOpen,
    read,
    change: createChangeQueue(database),
    readSealed,
    reportBytes,
    readCursor: async () => {
      const row = await guarded(() => database.meta.get(cursorKey))
      return row.ok ? ok(Number(row.value?.value ?? 0)) : row
    },
    writeCursor: async (cursor): Promise<Result<void, StoreFault>> => {
      const written = await guarded(() =>
        database.transaction('rw', database.meta, async () => {
          const held = Number((await database.meta.get(cursorKey))?.value ?? 0)
          if (cursor > held) await database.meta.put({ key: cursorKey, value: cursor })
        }),
      )
      return written.ok ? ok(undefined) : written
    },
    compareCounter: (stationId, gateways) =>
      guarded(async () => {
        const ownOf = async () => Number((await database.meta.get(counterKey(stationId)))?.value ?? 0)
        // Nearly always there is nothing to write.
        if (!isRolledBack(await ownOf(), gateways)) return { rolledBack: (await database.meta.get(rollbackKey)) !== undefined }
        return database.transaction('rw', database.meta, async () => {
          if (isRolledBack(await ownOf(), gateways)) {
            await database.meta.bulkPut([
              { key: counterKey(stationId), value: gateways },
              { key: rollbackKey, value: 'unseen' },
            ])
            await askForRecords(database)
            return { rolledBack: true }
          }
          return { rolledBack: (await database.meta.get(rollbackKey)) !== undefined }
        })
      }),
    acknowledgeRollback: async () => {
      const done = await guarded(() => database.meta.delete(rollbackKey))
      return done.ok ? ok(undefined) : done
    },
    ...createForgotten(database),
    ...createForgottenThere(database),
    onChange: (listener) => {
      const query = liveQuery(() => database.outbox.where('open').equals(1).limit(1).primaryKeys()).subscribe({
        next: () => listener(),
        error: () => undefined,
      })
      return () => query.unsubscribe()
    },
  }
}
