/**
 * What the gateway has forgotten: its database was put back to an older state, and dossiers it had signed for are not there any more. Here
 * their rows and receipts are left, and nothing else of them: a person has to ask.
 * Invariant: each is told until somebody has read it, and then not again.
 */
import { Dexie } from 'dexie'
import { ok, type Result } from '../../contracts/result.ts'
import type { OutboxRow, TramDatabase } from './database.ts'
import type { OutboxStore } from './outbox-api.ts'
import { guarded } from './store-faults.ts'
import type { StoreFault } from './vault-faults.ts'

const forgottenThereKey = 'forgottenThere'
type Noted = { packetIds: string[]; unread: string[] }

const parsed = (value: unknown): Noted =>
  typeof value === 'string' ? (JSON.parse(value) as Noted) : { packetIds: [], unread: [] }

export const createForgottenThere = (
  database: TramDatabase,
): Pick<OutboxStore, 'highestReceived' | 'noteForgottenThere' | 'acknowledgeForgottenThere'> => {
  const receivedAbove = (stationId: string, counter: number | typeof Dexie.minKey) =>
    database.outbox
      .where('[open+counter]')
      .between([0, counter], [0, Dexie.maxKey], false)
      .filter((row: OutboxRow) => row.stationId === stationId && row.receipt !== undefined)
  const noted = async () => parsed((await database.meta.get(forgottenThereKey))?.value)
  const keep = (value: Noted) => database.meta.put({ key: forgottenThereKey, value: JSON.stringify(value) })

  return {
    highestReceived: (stationId) =>
      guarded(async () => (await receivedAbove(stationId, Dexie.minKey).reverse().first())?.counter ?? 0),
    noteForgottenThere: (stationId, gateways) =>
      guarded(() =>
        database.transaction('rw', database.meta, database.outbox, async () => {
          const before = await noted()
          const known = new Set(before.packetIds)
          const more = (await receivedAbove(stationId, gateways).toArray()).filter(({ packetId }) => !known.has(packetId))
          if (more.length === 0) return before.unread
          const unread = [...before.unread, ...more.map(({ slipCode }) => slipCode)]
          await keep({ packetIds: [...before.packetIds, ...more.map(({ packetId }) => packetId)], unread })
          return unread
        }),
      ),
    acknowledgeForgottenThere: async (): Promise<Result<void, StoreFault>> => {
      const done = await guarded(() =>
        database.transaction('rw', database.meta, async () => {
          await keep({ ...(await noted()), unread: [] })
        }),
      )
      return done.ok ? ok(undefined) : done
    },
  }
}
