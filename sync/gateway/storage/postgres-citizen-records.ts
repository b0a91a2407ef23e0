/** The tables of the citizens' store in PostgreSQL (citizen-store/citizen-records.ts says what must hold). */
import { sql } from 'kysely'
import {
  askedActs,
  type CitizenRecord,
  type CitizenRecords,
  type StoreAct,
  type StoreNote,
} from '../citizen-store/citizen-records.ts'
import type { Database, Transaction } from './database.ts'

/** Whoever writes about a citizen waits for whoever does: also where there is no row yet, or none any more. */
const lock = (trx: Transaction, personHash: string) =>
  sql`SELECT pg_advisory_xact_lock(hashtextextended(${personHash}, 2))`.execute(trx)

type RecordRow = {
  person_hash: string
  record_id: string
  sealed: string
  consented_at: Date
  ends_at: Date
  version: number
}

const recordOf = (row: RecordRow): CitizenRecord => ({
  personHash: row.person_hash,
  recordId: row.record_id,
  sealed: row.sealed,
  consentedAt: row.consented_at,
  endsAt: row.ends_at,
  version: row.version,
})

const rowOfNote = ({ at, act, personHash, stationId, operatorId, why }: StoreNote) => ({
  at,
  act,
  person_hash: personHash ?? null,
  station_id: stationId ?? null,
  operator_id: operatorId ?? null,
  why,
})

export function createPostgresCitizenRecords(database: Database): CitizenRecords {
  return {
    find: async (personHash) => {
      const row = await database
        .selectFrom('citizen_records')
        .selectAll()
        .where('person_hash', '=', personHash)
        .executeTakeFirst()
      return row && recordOf(row)
    },
    put: (record, note) =>
      database.transaction().execute(async (trx) => {
        await lock(trx, record.personHash)
        const erased = await trx
          .selectFrom('citizen_audit')
          .select('id')
          .where('person_hash', '=', record.personHash)
          .where('act', '=', 'erased')
          .where('at', '>=', record.consentedAt)
          .limit(1)
          .executeTakeFirst()
        if (erased !== undefined) return 'withdrawn'
        const before = await trx
          .selectFrom('citizen_records')
          .select('version')
          .where('person_hash', '=', record.personHash)
          .executeTakeFirst()
        if ((before?.version ?? 0) !== record.version - 1) return 'outdated'
        const said = {
          record_id: record.recordId,
          sealed: record.sealed,
          consented_at: record.consentedAt,
          ends_at: record.endsAt,
          version: record.version,
        }
        await trx
          .insertInto('citizen_records')
          .values({ person_hash: record.personHash, ...said })
          .onConflict((conflict) => conflict.column('person_hash').doUpdateSet(said))
          .execute()
        await trx.insertInto('citizen_audit').values(rowOfNote(note)).execute()
        return 'written'
      }),
    remove: (personHash, note, version) =>
      database.transaction().execute(async (trx) => {
        await lock(trx, personHash)
        const gone = await trx
          .deleteFrom('citizen_records')
          .where('person_hash', '=', personHash)
          .$if(version !== undefined, (query) => query.where('version', '=', version ?? 0))
          .returning('record_id')
          .executeTakeFirst()
        if (gone !== undefined || version === undefined) await trx.insertInto('citizen_audit').values(rowOfNote(note)).execute()
        return gone?.record_id
      }),
    endedBy: async (at, limit) => {
      const rows = await database
        .selectFrom('citizen_records')
        .selectAll()
        .where('ends_at', '<=', at)
        .orderBy('ends_at')
        .limit(limit)
        .execute()
      return rows.map(recordOf)
    },
    note: async (note) => {
      await database.insertInto('citizen_audit').values(rowOfNote(note)).execute()
    },
    askedSince: async (stationId, since) => {
      const row = await database
        .selectFrom('citizen_audit')
        .select((eb) => eb.fn.countAll().as('count'))
        .where('station_id', '=', stationId)
        .where('at', '>=', since)
        .where('act', 'in', askedActs)
        .executeTakeFirstOrThrow()
      return Number(row.count)
    },
    notes: async ({ since, personHash, limit }) => {
      const rows = await database
        .selectFrom('citizen_audit')
        .selectAll()
        .where('at', '>=', since)
        .$if(personHash !== undefined, (query) => query.where('person_hash', '=', personHash ?? ''))
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
      return rows.map((row) => ({
        at: row.at,
        act: row.act as StoreAct,
        ...(row.person_hash === null ? {} : { personHash: row.person_hash }),
        ...(row.station_id === null ? {} : { stationId: row.station_id }),
        ...(row.operator_id === null ? {} : { operatorId: row.operator_id }),
        why: row.why,
      }))
    },
    recordIds: async () => {
      const rows = await database.selectFrom('citizen_records').select('record_id').execute()
      return new Set(rows.map((row) => row.record_id))
    },
  }
}
