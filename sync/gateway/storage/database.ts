/** The gateway's tables in PostgreSQL. What is searched or counted has a column; the dossier itself is one JSON value. */
import {
  type ColumnType,
  type Generated,
  type JSONColumnType,
  Kysely,
  type Transaction as KyselyTransaction,
  PostgresDialect,
} from 'kysely'
import pg from 'pg'
import type { Dossier } from '../../../contracts/dossier.ts'
import type { Supplement, Withdrawal } from '../../../contracts/dossier-events.ts'
import type { PublicKeyJwk } from '../../../contracts/encoding.ts'
import type { AgencyStatus, OfficialCode, PacketAnswer } from '../../../contracts/gateway-api.ts'
import type { Packet, PacketHeader } from '../../../contracts/packet.ts'
import type { SupplementRequest } from '../../../contracts/supplement.ts'

type Json<T extends object> = JSONColumnType<T, string, string>
type MaybeJson<T extends object> = ColumnType<T | null, string | null, string | null>
type Time = ColumnType<Date, Date | string, Date | string>
type MaybeTime = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>

type Tables = {
  stations: {
    station_id: string
    point_name: string
    station_name: string
    demo: boolean
    shell: string
    device_key: Json<PublicKeyJwk>
    enrolled_at: Time
    revoked_at: MaybeTime
    /** Last cursor given out. Its row lock orders a station's updates by commit. */
    feed_cursor: Generated<number>
  }
  enrolment_codes: {
    code_hash: string
    point_name: string
    station_name: string
    demo: boolean
    point_place: ColumnType<string | null, string | null | undefined, string | null>
    created_at: Time
    expires_at: Time
    used_at: MaybeTime
    station_id: ColumnType<string | null, string | null | undefined, string | null>
  }
  operators: {
    station_id: string
    operator_id: string
    name: string
    role: string
    recovery_slot: number | null
    reported_at: Time
    removed_at: MaybeTime
  }
  recovery_answers: { station_id: string; slot: number; answered_at: Time }
  used_challenges: { challenge_hash: string; station_id: string; jti: string; expires_at: Time }
  packets: {
    packet_id: string
    station_id: string
    counter: number
    dossier_id: string
    digest: string
    header: Json<PacketHeader>
    packet: Json<Packet>
    kind: ColumnType<PacketHeader['kind'], PacketHeader['kind'] | undefined, never>
    /** Of the dossier's own events: the submit is 1. */
    sequence: Generated<number>
    /** Of a submit; of another event `event` is there instead. */
    dossier: MaybeJson<Dossier>
    event: ColumnType<Supplement | Withdrawal | null, string | null | undefined, never>
    procedure_code: string
    procedure_version: string
    training: boolean
    /** Keyed hash of what a submit is about. */
    matter: ColumnType<string | null, string | null | undefined, never>
    /** Reckoned by the database: somebody consented to be kept. */
    keeps: ColumnType<boolean, never, never>
    /** When what was consented to was looked at; null until then. */
    kept_at: MaybeTime
    state: Exclude<PacketAnswer['state'], 'taken-back'>
    stored_at: Time
    received_at: MaybeTime
    receipt: string | null
    official: MaybeJson<OfficialCode>
    status: MaybeJson<AgencyStatus>
  }
  attachments: {
    packet_id: string
    attachment_id: string
    sealed_size: number
    sealed_sha256: string
    /** Set when the whole file was opened and checked. */
    whole_at: MaybeTime
  }
  /** Every dossier that was received, as it is by now. */
  dossiers: {
    dossier_id: string
    submit_packet_id: string
    current: Json<Dossier>
    revision: Generated<number>
    withdrawn_at: MaybeTime
  }
  taken_back: { packet_id: string; station_id: string; at: Time }
  updates: { station_id: string; cursor: number; packet_id: string; at: Time }
  connector_jobs: {
    packet_id: string
    attempts: Generated<number>
    next_at: Time
    last_failure: ColumnType<string | null, string | null | undefined, string | null>
    done_at: MaybeTime
  }
  supplement_requests: {
    request_id: string
    dossier_id: string
    submit_packet_id: string
    request: Json<SupplementRequest>
    asked_at: Time
    answered_at: MaybeTime
    answered_by: ColumnType<string | null, string | null | undefined, string | null>
  }
  doubles: { earlier: string; later: string; noticed_at: Time; kept_at: MaybeTime }
  carriers: { packet_id: string; station_id: string; at: Time }
  supplement_openings: { request_id: string; station_id: string; operator_id: string; at: Time }
  /** What citizens let be kept: nothing in it opens without the record's own key, which lies in no database. */
  citizen_records: {
    person_hash: string
    record_id: string
    sealed: string
    consented_at: Time
    ends_at: Time
    version: number
  }
  /** No values. */
  citizen_audit: {
    id: Generated<number>
    at: Time
    act: string
    person_hash: string | null
    station_id: ColumnType<string | null, string | null | undefined, never>
    operator_id: ColumnType<string | null, string | null | undefined, never>
    why: string
  }
  /** One row: whose database this is. */
  gateway: { one: ColumnType<boolean, never, never>; gateway_id: string }
  one_stop_counters: { agency: string; day: string; last: number }
  one_stop_dossiers: {
    reference: string
    dossier_id: string | null
    agency: string
    official: Json<OfficialCode>
    code: string
    status: Json<AgencyStatus>
  }
  one_stop_events: { reference: string; kind: string; official: Json<OfficialCode>; status: Json<AgencyStatus> }
}

export type Database = Kysely<Tables>
export type Transaction = KyselyTransaction<Tables>

export function openDatabase(url: string, onConnectionLost: (error: Error) => void): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: 16,
    connectionTimeoutMillis: 10_000,
    statement_timeout: 20_000,
    idle_in_transaction_session_timeout: 30_000,
    // int8 holds counters and cursors here, all far below 2^53.
    types: { getTypeParser: (id, format) => (id === 20 ? Number : pg.types.getTypeParser(id, format)) },
  })
  pool.on('error', onConnectionLost)
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
}

/** The database cannot be reached just now, or ended the connection: the same request may go well later. */
export function isStorageAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  // SQLSTATE classes 08 (connection), 53 (resources), 57P (operator intervention), 40 (serialisation, deadlock); else the socket's own.
  if (/^(08|53|57P|40)/.test(code) || ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOSPC'].includes(code)) return true
  if (code === 'ENOENT' && 'syscall' in error && error.syscall === 'connect') return true
  return /Connection terminated|timeout exceeded when trying to connect/.test(error.message)
}
