/**
 * What this store has forgotten (it was damaged, lost, or put back) and the gateway still keeps: asked for, and taken in as rows.
 *
 * Two counts in the store: how often it was asked for, and which of those askings was answered in full. A new store has asked once. An
 * asking that comes while another is being answered is answered after it, so nothing that was forgotten meanwhile is passed over.
 */
import { ok } from '../../contracts/result.ts'
import type { OutboxRow, TramDatabase } from './database.ts'
import { forgottenRow, standsHere } from './forgotten-row.ts'
import { purgeSealed, sealedTables } from './sealed-entry.ts'
import { guarded } from './store-faults.ts'
import type { OutboxStore } from './vault-api.ts'

export const askedKey = 'recordsAsked'
const answeredKey = 'recordsAnswered'
/** A store made of another's rows asks anew. */
export const forgottenKeys = [askedKey, answeredKey]

const numberOf = async (database: TramDatabase, key: string, otherwise: number): Promise<number> =>
  Number((await database.meta.get(key))?.value ?? otherwise)

const isSealedHere = async (
  database: TramDatabase,
  packetId: string,
  attachments: OutboxRow['attachments'],
): Promise<boolean> => {
  if ((await database.packets.get(packetId)) === undefined) return false
  const found = await database.attachments.bulkGet(attachments.map(({ attachmentId }) => attachmentId))
  return found.every((one) => one !== undefined)
}

/** Within a transaction that writes `meta`. */
export const askForRecords = async (database: TramDatabase): Promise<void> => {
  await database.meta.put({ key: askedKey, value: (await numberOf(database, askedKey, 1)) + 1 })
}

export const createForgotten = (
  database: TramDatabase,
): Pick<OutboxStore, 'readAsked' | 'askRecords' | 'takeRecords' | 'settleAsked'> => ({
  readAsked: () =>
    guarded(async () => {
      const [asked, answered] = await Promise.all([numberOf(database, askedKey, 1), numberOf(database, answeredKey, 0)])
      return asked > answered ? { asked } : undefined
    }),
  askRecords: async () => {
    const asked = await guarded(() => database.transaction('rw', database.meta, () => askForRecords(database)))
    return asked.ok ? ok(undefined) : asked
  },
  takeRecords: (stationId, records) =>
    guarded(() =>
      database.transaction('rw', [...sealedTables(database), database.outbox, database.drafts], async () => {
        let added = 0
        for (const genuine of records) {
          const { record, receipt } = genuine
          const { packetId } = record.packet
          if ((await database.outbox.get(packetId)) !== undefined) continue
          if (receipt === undefined) {
            const [rows, drafts] = await Promise.all([database.outbox.toArray(), database.drafts.toArray()])
            if (standsHere(record, rows, drafts)) continue
          }
          const sealedHere = receipt === undefined && (await isSealedHere(database, packetId, record.attachments))
          const row = forgottenRow(stationId, genuine, { sealedHere, isTaken: () => false })
          const isTaken = (await database.outbox.where('slipKey').equals(row.slipKey).count()) > 0
          await database.outbox.add(isTaken ? forgottenRow(stationId, genuine, { sealedHere, isTaken: () => true }) : row)
          // What outlived its row goes with the receipt, as everywhere.
          if (receipt !== undefined) await purgeSealed(database, [row])
          added += 1
        }
        return { added }
      }),
    ),
  settleAsked: async (asked) => {
    const settled = await guarded(() =>
      database.transaction('rw', database.meta, async () => {
        if ((await numberOf(database, answeredKey, 0)) < asked) await database.meta.put({ key: answeredKey, value: asked })
      }),
    )
    return settled.ok ? ok(undefined) : settled
  },
})
