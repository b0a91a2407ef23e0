/**
 * The updates a station pulls: one row for each change of one of its packets.
 *
 * Invariant: a station's cursors are committed in their order, so a reader who has seen cursor n can never miss one below it.
 */
import type { Clock } from '../../../contracts/clock.ts'
import type { UpdatesAnswer } from '../../../contracts/gateway-api.ts'
import { answersOf, type OffsetOf } from './answer.ts'
import type { PacketStore } from './packet-store.ts'

const pageSize = 50

export type Feed = {
  announce(stationId: string): void
  /** Announcements may have been missed: everybody looks again. */
  announceAll(): void
  read(stationId: string, after: number, waitMs: number, signal: AbortSignal): Promise<UpdatesAnswer>
  /** Ends every waiting read with what there is. */
  close(): void
}

export function createFeed(options: {
  store: PacketStore
  offsetOf: OffsetOf
  clock: Clock
  /** Of a cursor this database never gave out: it was put back to an older state. Whether there is now something to tell behind it. */
  resume?(stationId: string, after: number): Promise<boolean>
}): Feed {
  const { store, clock } = options
  const waiting = new Map<string, Set<() => void>>()
  let closed = false

  const page = async (stationId: string, after: number): Promise<UpdatesAnswer> => {
    const rows = await store.updatesAfter(stationId, after, pageSize)
    const answers = await answersOf(
      store,
      rows.map((row) => row.packetId),
      options.offsetOf,
    )
    const updates = rows.flatMap((row) => {
      const packet = answers.get(row.packetId)
      return packet === undefined ? [] : [{ cursor: row.cursor, packet }]
    })
    return { updates, cursor: rows.at(-1)?.cursor ?? after, highestCounter: await store.highestCounter(stationId) }
  }

  /** Listening begins with the call. `over` resolves at the announcement, after `waitMs`, or when it is ended. */
  const listen = (stationId: string, waitMs: number, signal: AbortSignal) => {
    let end = () => {}
    const over = new Promise<void>((resolve) => {
      const here = waiting.get(stationId) ?? new Set()
      const cancel = clock.after(waitMs, () => end())
      end = () => {
        cancel()
        here.delete(end)
        if (here.size === 0) waiting.delete(stationId)
        signal.removeEventListener('abort', end)
        resolve()
      }
      here.add(end)
      waiting.set(stationId, here)
      signal.addEventListener('abort', end)
      if (signal.aborted) end()
    })
    return { over, end }
  }

  const announce = (stationId: string) => {
    for (const wake of [...(waiting.get(stationId) ?? [])]) wake()
  }

  const announceAll = () => {
    for (const stationId of [...waiting.keys()]) announce(stationId)
  }

  return {
    announce,
    announceAll,
    read: async (stationId, after, waitMs, signal) => {
      const deadline = clock.monotonic() + waitMs
      let asked = after === 0
      for (;;) {
        const left = deadline - clock.monotonic()
        // Listening starts before looking, or a change in between would go unnoticed until the next one.
        const announced = listen(stationId, Math.max(0, left), signal)
        let answer: UpdatesAnswer
        try {
          answer = await page(stationId, after)
          if (answer.updates.length === 0 && !asked) {
            asked = true
            if (await options.resume?.(stationId, after)) answer = await page(stationId, after)
          }
        } catch (error) {
          announced.end()
          throw error
        }
        if (answer.updates.length > 0 || left <= 0 || signal.aborted || closed) {
          announced.end()
          return answer
        }
        await announced.over
      }
    },
    close: () => {
      closed = true
      announceAll()
    },
  }
}
