/**
 * Dossiers of the same matter in PostgreSQL: noticed when one is received, whichever stations they come from. Marked, never refused.
 * Invariant: both stations are told, in the transaction that notices; what a clerk has given a reason for is kept from the start.
 */
import { sql } from 'kysely'
import type { DoubleNotice } from '../../../contracts/gateway-api.ts'
import type { Database, Transaction } from './database.ts'
import { type Tell, tellingTransaction } from './telling.ts'

const rememberedDays = 30
/** Each is marked with so many before it and no more, for many copies of one matter are news of each to each; a chain of five leads to all. */
const mostMarked = 5

/** Of packets that were just written; those at the same moment elsewhere wait for each other. */
export async function markDoubles(trx: Transaction, packetIds: readonly string[], at: Date, tell: Tell): Promise<void> {
  if (packetIds.length === 0) return
  await sql`SELECT pg_advisory_xact_lock(id) FROM (
    SELECT DISTINCT hashtextextended(matter, 1) AS id FROM packets
    WHERE packet_id = ANY(${packetIds}::uuid[]) AND matter IS NOT NULL ORDER BY 1) AS locks`.execute(trx)
  const { rows } = await sql<{ earlier: string; station_id: string; kept: boolean }>`
    INSERT INTO doubles (earlier, later, noticed_at, kept_at)
    SELECT other.packet_id, mine.packet_id, ${at}::timestamptz, CASE WHEN mine.dossier ? 'knownDouble' THEN ${at}::timestamptz END
    FROM packets mine, LATERAL (
      SELECT packet_id FROM packets candidate
      JOIN dossiers ON dossiers.submit_packet_id = packet_id AND dossiers.withdrawn_at IS NULL
      WHERE candidate.matter = mine.matter AND packet_id <> mine.packet_id AND candidate.training = mine.training
        AND candidate.state <> 'refused' AND received_at > ${new Date(at.getTime() - rememberedDays * 86_400_000)}
        AND (packet_id <> ALL(${packetIds}::uuid[]) OR packet_id < mine.packet_id)
      ORDER BY received_at DESC, packet_id DESC LIMIT ${mostMarked}) other
    WHERE mine.packet_id = ANY(${packetIds}::uuid[])
    ON CONFLICT DO NOTHING
    RETURNING earlier, (SELECT station_id FROM packets WHERE packet_id = earlier) AS station_id, kept_at IS NOT NULL AS kept`.execute(
    trx,
  )
  for (const { earlier, station_id, kept } of rows) if (!kept) tell(station_id, earlier)
}

/** A dossier was withdrawn: where its doubles lie, they are none any more. */
export async function forgetDoubles(trx: Transaction, dossierId: string, tell: Tell): Promise<void> {
  const { rows } = await sql<{ packet_id: string; station_id: string }>`
    SELECT other.packet_id, other.station_id
    FROM (SELECT earlier AS mine, later AS theirs FROM doubles UNION ALL SELECT later, earlier FROM doubles) pair
    JOIN packets mine ON mine.packet_id = pair.mine AND mine.kind = 'submit' AND mine.dossier_id = ${dossierId}
    JOIN packets other ON other.packet_id = pair.theirs`.execute(trx)
  for (const { packet_id, station_id } of rows) tell(station_id, packet_id)
}

/** What is said of each of these packets: without those that were withdrawn, down to none. */
export async function doublesOf(database: Database, packetIds: readonly string[]): Promise<Map<string, DoubleNotice>> {
  const { rows } = await sql<{
    mine: string
    slip_code: string
    point_name: string
    station_name: string
    received_at: Date
    kept: boolean
    withdrawn: boolean
  }>`
    SELECT pair.mine, other.dossier ->> 'slipCode' AS slip_code, point_name, station_name, other.received_at,
      pair.kept_at IS NOT NULL AS kept, dossiers.withdrawn_at IS NOT NULL AS withdrawn
    FROM (SELECT earlier AS mine, later AS theirs, kept_at FROM doubles UNION ALL SELECT later, earlier, kept_at FROM doubles) pair
    JOIN packets other ON other.packet_id = pair.theirs
    JOIN dossiers ON dossiers.submit_packet_id = pair.theirs
    JOIN stations ON stations.station_id = other.station_id
    WHERE pair.mine IN (${sql.join(packetIds)}) ORDER BY other.received_at DESC`.execute(database)
  const notices = new Map<string, DoubleNotice>()
  for (const row of rows) {
    const before = notices.get(row.mine) ?? { others: [], kept: true }
    if (row.withdrawn) {
      notices.set(row.mine, before)
      continue
    }
    const other = {
      slipCode: row.slip_code,
      pointName: row.point_name,
      stationName: row.station_name,
      receivedAt: row.received_at.toISOString(),
    }
    notices.set(row.mine, {
      others: [...before.others, other].slice(0, mostMarked),
      kept: row.kept && before.kept,
    })
  }
  return notices
}

/** Somebody looked at both. The other station hears of it. */
export async function keepDoubles(database: Database, packetId: string, stationId: string, at: Date): Promise<boolean> {
  return tellingTransaction(database, at, async (trx, tell) => {
    const mine = await trx
      .selectFrom('packets')
      .select('packet_id')
      .where('packet_id', '=', packetId)
      .where('station_id', '=', stationId)
      .executeTakeFirst()
    if (mine === undefined) return false
    // The pairs in their order: three packets have three, and whoever keeps one packet wants two of them.
    const kept = await trx
      .selectFrom('doubles')
      .select(['earlier', 'later'])
      .where((eb) => eb.or([eb('earlier', '=', packetId), eb('later', '=', packetId)]))
      .where('kept_at', 'is', null)
      .orderBy('earlier')
      .orderBy('later')
      .forNoKeyUpdate()
      .execute()
    if (kept.length === 0) return true
    await trx
      .updateTable('doubles')
      .set({ kept_at: at })
      .where((eb) => eb.or(kept.map(({ earlier, later }) => eb.and({ earlier, later }))))
      .execute()
    const told = await trx
      .selectFrom('packets')
      .select(['packet_id', 'station_id'])
      .where('packet_id', 'in', [packetId, ...kept.flatMap(({ earlier, later }) => [earlier, later])])
      .execute()
    for (const { packet_id, station_id } of told) tell(station_id, packet_id)
    return true
  })
}
