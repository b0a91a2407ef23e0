/**
 * Transactions that tell stations: what was told within is written as the transaction's last act, the stations in their order, for each
 * station's row is locked by it. There is no other way to write an update, so that no two transactions wait for each other's stations.
 *
 * Invariants: a cursor is taken under the lock of its station's row, so a reader who has seen cursor n can never miss one below it; what
 * a station is told it is told in the order in which it was said. An update's row locks its packet's key: whoever holds a packet's or a
 * dossier's row while he waits for a station holds it FOR NO KEY UPDATE, which lets that pass.
 */
import { sql } from 'kysely'
import type { Database, Transaction } from './database.ts'

export type Tell = (stationId: string, packetId: string) => void

const append = async (trx: Transaction, stations: readonly string[], packets: readonly string[], at: Date): Promise<void> => {
  // A statement of its own: locking and updating within one, by a snapshot older than the locks, two such statements deadlocked.
  await sql`SELECT FROM stations WHERE station_id = ANY(${stations}::uuid[]) ORDER BY station_id FOR NO KEY UPDATE`.execute(trx)
  await sql`
    WITH news AS (
      SELECT * FROM unnest(${stations}::uuid[], ${packets}::uuid[]) WITH ORDINALITY AS row (station_id, packet_id, place)
    ), cursors AS (
      UPDATE stations SET feed_cursor = feed_cursor + counted.count
      FROM (SELECT station_id, count(*) FROM news GROUP BY station_id) AS counted
      WHERE stations.station_id = counted.station_id
      RETURNING stations.station_id, feed_cursor - counted.count AS before
    )
    INSERT INTO updates (station_id, cursor, packet_id, at)
    SELECT station_id, before + row_number() OVER (PARTITION BY station_id ORDER BY place), packet_id, ${at}::timestamptz
    FROM news JOIN cursors USING (station_id)`.execute(trx)
}

export const tellingTransaction = <Outcome>(
  database: Database,
  at: Date,
  work: (trx: Transaction, tell: Tell) => Promise<Outcome>,
): Promise<Outcome> =>
  database.transaction().execute(async (trx) => {
    const stations: string[] = []
    const packets: string[] = []
    const outcome = await work(trx, (stationId, packetId) => {
      stations.push(stationId)
      packets.push(packetId)
    })
    if (stations.length > 0) await append(trx, stations, packets, at)
    return outcome
  })

/**
 * A station that has seen a later cursor than there is heard of it before this database was put back to an older state. What it is told from
 * now on comes behind its cursor, and first whatever is here, for what it was told meanwhile nobody knows. Whether that was so.
 */
export const resumeTelling = (database: Database, stationId: string, seen: number, at: Date): Promise<boolean> =>
  tellingTransaction(database, at, async (trx, tell) => {
    const behind = await trx
      .updateTable('stations')
      .set({ feed_cursor: seen })
      .where('station_id', '=', stationId)
      .where('feed_cursor', '<', seen)
      .returning('station_id')
      .executeTakeFirst()
    if (behind === undefined) return false
    const received = await trx
      .selectFrom('packets')
      .select('packet_id')
      .where('station_id', '=', stationId)
      .where('receipt', 'is not', null)
      .orderBy('counter')
      .execute()
    for (const { packet_id } of received) tell(stationId, packet_id)
    return true
  })
