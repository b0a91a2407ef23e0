/**
 * The updates a station pulls: one row for each change of one of its packets.
 *
 * Invariant: a station's cursors are committed in their order. The next one is taken under the lock of the station's row,
 * so a reader who has seen cursor n can never miss one below it. Locks are taken packet first, station second.
 */
import { EventEmitter } from 'node:events'
import type { UpdatesAnswer } from '../../../contracts/gateway-api.ts'
import type { Database, Transaction } from '../storage/database.ts'
import { answersOf } from './answer.ts'

const pageSize = 50
/** Another gateway process on the same database cannot wake ours: look again this often. */
const lookAgainMs = 5_000

export type Feed = {
  announce(stationId: string): void
  read(stationId: string, after: number, waitMs: number, signal: AbortSignal): Promise<UpdatesAnswer>
  /** Ends every waiting read with what there is. */
  close(): void
}

export async function appendUpdate(trx: Transaction, stationId: string, packetId: string, at: Date): Promise<void> {
  const { feed_cursor } = await trx
    .updateTable('stations')
    .set((eb) => ({ feed_cursor: eb('feed_cursor', '+', 1) }))
    .where('station_id', '=', stationId)
    .returning('feed_cursor')
    .executeTakeFirstOrThrow()
  await trx.insertInto('updates').values({ station_id: stationId, cursor: feed_cursor, packet_id: packetId, at }).execute()
}

export function createFeed(database: Database, offsetOf: (packetId: string, attachmentId: string) => Promise<number>): Feed {
  const announcements = new EventEmitter()
  announcements.setMaxListeners(0)
  const closing = new AbortController()

  const page = async (stationId: string, after: number): Promise<UpdatesAnswer> => {
    const rows = await database
      .selectFrom('updates')
      .select(['cursor', 'packet_id'])
      .where('station_id', '=', stationId)
      .where('cursor', '>', after)
      .orderBy('cursor')
      .limit(pageSize)
      .execute()
    const answers = await answersOf(
      database,
      rows.map((row) => row.packet_id),
      offsetOf,
    )
    const updates = rows.flatMap((row) => {
      const packet = answers.get(row.packet_id)
      return packet === undefined ? [] : [{ cursor: row.cursor, packet }]
    })
    return { updates, cursor: rows.at(-1)?.cursor ?? after }
  }

  const nextAnnouncement = (stationId: string, waitMs: number, signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer)
        announcements.off(stationId, done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, waitMs)
      announcements.on(stationId, done)
      signal.addEventListener('abort', done)
      if (signal.aborted) done()
    })

  return {
    announce: (stationId) => {
      announcements.emit(stationId)
    },
    read: async (stationId, after, waitMs, signal) => {
      const ended = AbortSignal.any([signal, closing.signal])
      const deadline = Date.now() + waitMs
      for (;;) {
        // Listening starts before looking, or a change in between would go unnoticed until the next one.
        const stopListening = new AbortController()
        const left = deadline - Date.now()
        const announced = nextAnnouncement(
          stationId,
          Math.max(0, Math.min(left, lookAgainMs)),
          AbortSignal.any([ended, stopListening.signal]),
        )
        const answer = await page(stationId, after).finally(() => {
          if (left <= 0) stopListening.abort()
        })
        if (answer.updates.length > 0 || left <= 0 || ended.aborted) {
          stopListening.abort()
          return answer
        }
        await announced
      }
    },
    close: () => closing.abort(),
  }
}
