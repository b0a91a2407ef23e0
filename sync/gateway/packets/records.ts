/**
 * What the gateway keeps of a station's packets, page by page: a store that was damaged, lost or put back shows its dossiers again from this
 * and goes on with them. Invariant: nothing of what a citizen declared is in it (contracts/gateway-api.ts, PacketRecord).
 */
import type { RecordsAnswer } from '../../../contracts/gateway-api.ts'
import { answersOf, type OffsetOf } from './answer.ts'
import type { PacketStore } from './packet-store.ts'

const pageSize = 50

export const readRecords = async (
  { store, offsetOf }: { store: Pick<PacketStore, 'answers' | 'recordsAfter'>; offsetOf: OffsetOf },
  stationId: string,
  after: number,
): Promise<RecordsAnswer> => {
  // The words about a packet are asked for after its row: they may be newer than it, never older.
  const rows = await store.recordsAfter(stationId, after, pageSize)
  const ids = rows.map(({ packetId }) => packetId)
  const answers = await answersOf(store, ids, offsetOf)
  const records = rows.flatMap(({ packetId, ...row }) => {
    const packet = answers.get(packetId)
    return packet === undefined ? [] : [{ packet, ...row }]
  })
  const last = rows.at(-1)
  return { records, ...(last === undefined || rows.length < pageSize ? {} : { next: last.counter }) }
}
