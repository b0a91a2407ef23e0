/** Which received dossiers are still to be looked at for the citizens' store: the table of packets itself remembers. */
import type { KeepingQueue } from '../citizen-store/keeping.ts'
import type { Database } from './database.ts'

export const createPostgresKeepingQueue = (database: Database): KeepingQueue => ({
  due: async (limit) => {
    const rows = await database
      .selectFrom('packets')
      .innerJoin('dossiers', 'dossiers.submit_packet_id', 'packets.packet_id')
      .select(['packet_id', 'station_id', 'header', 'received_at', 'dossier', 'current', 'revision', 'withdrawn_at'])
      .where('keeps', '=', true)
      .where('kept_at', 'is', null)
      .orderBy('received_at')
      .limit(limit)
      .execute()
    return rows.flatMap((row) =>
      row.received_at === null || row.dossier === null
        ? []
        : [
            {
              packetId: row.packet_id,
              stationId: row.station_id,
              sealedAt: row.header.sealedAt,
              receivedAt: row.received_at,
              revision: row.revision,
              handedIn: row.dossier,
              ...(row.withdrawn_at === null ? { dossier: row.current } : {}),
            },
          ],
    )
  },
  done: ({ packetId, revision }, at) =>
    database.transaction().execute(async (trx) => {
      // The lock waits for a correction that is being received, and sees it.
      const row = await trx
        .selectFrom('dossiers')
        .select('revision')
        .where('submit_packet_id', '=', packetId)
        .forNoKeyUpdate()
        .executeTakeFirst()
      if (row?.revision === revision)
        await trx.updateTable('packets').set({ kept_at: at }).where('packet_id', '=', packetId).execute()
    }),
})
