/** The connector's jobs and the stations' updates in PostgreSQL (packets/packet-store.ts says what must hold). */
import { sql } from 'kysely'
import type { PacketStore } from '../packets/packet-store.ts'
import type { Database, Transaction } from './database.ts'
import { type Tell, tellingTransaction } from './telling.ts'

type Jobs = Pick<PacketStore, 'claimJobs' | 'concludeJob' | 'putOffJob' | 'bringJobsForward'>

/** What the agency says of a later event it says of the dossier: shown where the dossier was handed in. */
async function tellOfDossier(trx: Transaction, dossierId: string, status: string, tell: Tell): Promise<void> {
  const submit = await trx
    .updateTable('packets')
    .set({ status })
    .where('dossier_id', '=', dossierId)
    .where('kind', '=', 'submit')
    .returning(['packet_id', 'station_id'])
    .executeTakeFirst()
  if (submit !== undefined) tell(submit.station_id, submit.packet_id)
}

export function createPostgresJobs(database: Database): Jobs {
  return {
    claimJobs: (limit, now, until) =>
      database.transaction().execute(async (trx) => {
        const due = await trx
          .selectFrom('connector_jobs')
          .innerJoin('packets', 'packets.packet_id', 'connector_jobs.packet_id')
          .select('connector_jobs.packet_id')
          .where('done_at', 'is', null)
          .where('next_at', '<=', now)
          .where(({ not, exists, selectFrom }) =>
            not(
              exists(
                selectFrom('packets as earlier')
                  .innerJoin('connector_jobs as job', 'job.packet_id', 'earlier.packet_id')
                  .select(sql`1`.as('one'))
                  .whereRef('earlier.dossier_id', '=', 'packets.dossier_id')
                  .where(
                    sql<boolean>`(earlier.received_at, earlier.sequence, earlier.packet_id) < (packets.received_at, packets.sequence, packets.packet_id)`,
                  )
                  .where('job.done_at', 'is', null),
              ),
            ),
          )
          .orderBy('next_at')
          .limit(limit)
          .forUpdate('connector_jobs')
          .skipLocked()
          .execute()
        if (due.length === 0) return []
        const claimed = await trx
          .updateTable('connector_jobs')
          .set((eb) => ({ next_at: until, attempts: eb('attempts', '+', 1) }))
          .where(
            'packet_id',
            'in',
            due.map((job) => job.packet_id),
          )
          .returning(['packet_id', 'attempts'])
          .execute()
        return claimed.map((job) => ({ packetId: job.packet_id, attempts: job.attempts }))
      }),
    concludeJob: (packetId, outcome, now) =>
      tellingTransaction(database, now, async (trx, tell) => {
        const row = await trx
          .selectFrom('packets')
          .select(['station_id', 'state', 'dossier_id', 'kind'])
          .where('packet_id', '=', packetId)
          .forNoKeyUpdate()
          .executeTakeFirstOrThrow()
        await trx
          .updateTable('connector_jobs')
          .set({ done_at: now, last_failure: null })
          .where('packet_id', '=', packetId)
          .execute()
        if (row.state !== 'received') return undefined
        const status = JSON.stringify(outcome.status)
        await trx
          .updateTable('packets')
          .set({
            state: outcome.state,
            status,
            ...(outcome.state === 'accepted' ? { official: JSON.stringify(outcome.official) } : {}),
          })
          .where('packet_id', '=', packetId)
          .execute()
        if (row.kind !== 'submit') await tellOfDossier(trx, row.dossier_id, status, tell)
        tell(row.station_id, packetId)
        return row.station_id
      }),
    putOffJob: async (packetId, failure, until) => {
      await database
        .updateTable('connector_jobs')
        .set({ next_at: until, last_failure: failure })
        .where('packet_id', '=', packetId)
        .where('done_at', 'is', null)
        .execute()
    },
    bringJobsForward: async (now) => {
      // What somebody has in hand at this moment he sets himself; nobody waits here for several rows.
      await database
        .updateTable('connector_jobs')
        .set({ next_at: now })
        .where('packet_id', 'in', (eb) =>
          eb
            .selectFrom('connector_jobs')
            .select('packet_id')
            .where('done_at', 'is', null)
            .where('next_at', '>', now)
            .forNoKeyUpdate()
            .skipLocked(),
        )
        .execute()
    },
  }
}
