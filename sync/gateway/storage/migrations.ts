/** The store's history, in code. A migration that has run anywhere is never changed; a change is a new one. */
import { type Kysely, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import type { Database } from './database.ts'

const first: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of [
      sql`CREATE TABLE stations (
        station_id uuid PRIMARY KEY, point_name text NOT NULL, station_name text NOT NULL, demo boolean NOT NULL, shell text NOT NULL,
        device_key jsonb NOT NULL, enrolled_at timestamptz NOT NULL, revoked_at timestamptz, feed_cursor bigint NOT NULL DEFAULT 0)`,
      sql`CREATE TABLE enrolment_codes (
        code_hash text PRIMARY KEY, point_name text NOT NULL, station_name text NOT NULL, demo boolean NOT NULL,
        created_at timestamptz NOT NULL, expires_at timestamptz NOT NULL, used_at timestamptz, station_id uuid REFERENCES stations)`,
      sql`CREATE TABLE used_challenges (
        challenge_hash text PRIMARY KEY, station_id uuid NOT NULL REFERENCES stations, jti text NOT NULL, expires_at timestamptz NOT NULL,
        UNIQUE (station_id, jti))`,
      sql`CREATE INDEX used_challenges_expiry ON used_challenges (expires_at)`,
      sql`CREATE TABLE packets (
        packet_id uuid PRIMARY KEY, station_id uuid NOT NULL REFERENCES stations, counter bigint NOT NULL, dossier_id uuid NOT NULL,
        digest text NOT NULL, header jsonb NOT NULL, packet jsonb NOT NULL, dossier jsonb NOT NULL,
        procedure_code text NOT NULL, procedure_version text NOT NULL, training boolean NOT NULL,
        state text NOT NULL CHECK (state IN ('waiting-for-attachments', 'received', 'accepted', 'refused')),
        stored_at timestamptz NOT NULL, received_at timestamptz, receipt text, official jsonb, status jsonb,
        UNIQUE (station_id, counter), UNIQUE (station_id, dossier_id),
        CHECK ((state = 'waiting-for-attachments') = (receipt IS NULL)),
        CHECK (state <> 'accepted' OR official IS NOT NULL))`,
      sql`CREATE TABLE attachments (
        packet_id uuid NOT NULL REFERENCES packets, attachment_id uuid NOT NULL, sealed_size integer NOT NULL, sealed_sha256 text NOT NULL,
        whole_at timestamptz, PRIMARY KEY (packet_id, attachment_id))`,
      sql`CREATE INDEX attachments_open ON attachments (packet_id) WHERE whole_at IS NULL`,
      sql`CREATE TABLE updates (
        station_id uuid NOT NULL REFERENCES stations, cursor bigint NOT NULL, packet_id uuid NOT NULL REFERENCES packets,
        at timestamptz NOT NULL, PRIMARY KEY (station_id, cursor))`,
      sql`CREATE TABLE connector_jobs (
        packet_id uuid PRIMARY KEY REFERENCES packets, attempts integer NOT NULL DEFAULT 0, next_at timestamptz NOT NULL,
        last_failure text, done_at timestamptz)`,
      sql`CREATE INDEX connector_jobs_due ON connector_jobs (next_at) WHERE done_at IS NULL`,
      sql`CREATE TABLE one_stop_counters (agency text NOT NULL, day text NOT NULL, last integer NOT NULL, PRIMARY KEY (agency, day))`,
      sql`CREATE TABLE one_stop_dossiers (
        reference uuid PRIMARY KEY, agency text NOT NULL, code text NOT NULL UNIQUE, official jsonb NOT NULL, status jsonb NOT NULL)`,
    ])
      await statement.execute(db)
  },
}

/** Supplements and withdrawals, the dossier as it is by now, and packets which will never be received. */
const dossierEvents: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of [
      sql`ALTER TABLE packets
        ADD COLUMN kind text NOT NULL DEFAULT 'submit' CHECK (kind IN ('submit', 'supplement', 'withdraw')),
        ADD COLUMN sequence integer NOT NULL DEFAULT 1,
        ADD COLUMN event jsonb,
        ALTER COLUMN dossier DROP NOT NULL,
        DROP CONSTRAINT packets_station_id_dossier_id_key,
        ADD CONSTRAINT packets_content CHECK ((kind = 'submit') = (dossier IS NOT NULL) AND (kind = 'submit') = (event IS NULL)),
        ADD CONSTRAINT packets_sequence CHECK ((kind = 'submit') = (sequence = 1))`,
      sql`CREATE UNIQUE INDEX packets_one_submit ON packets (dossier_id) WHERE kind = 'submit'`,
      sql`CREATE UNIQUE INDEX packets_event_order ON packets (dossier_id, station_id, sequence)`,
      sql`CREATE TABLE dossiers (
        dossier_id uuid PRIMARY KEY, submit_packet_id uuid NOT NULL UNIQUE REFERENCES packets, current jsonb NOT NULL,
        revision integer NOT NULL DEFAULT 1, withdrawn_at timestamptz)`,
      sql`INSERT INTO dossiers (dossier_id, submit_packet_id, current)
        SELECT dossier_id, packet_id, dossier FROM packets WHERE receipt IS NOT NULL`,
      sql`CREATE TABLE taken_back (
        packet_id uuid NOT NULL, station_id uuid NOT NULL REFERENCES stations, at timestamptz NOT NULL,
        PRIMARY KEY (packet_id, station_id))`,
      sql`ALTER TABLE one_stop_dossiers ADD COLUMN dossier_id uuid UNIQUE`,
      sql`UPDATE one_stop_dossiers SET dossier_id = packets.dossier_id FROM packets WHERE packet_id = reference`,
      sql`CREATE TABLE one_stop_events (
        reference uuid PRIMARY KEY, kind text NOT NULL, official jsonb NOT NULL, status jsonb NOT NULL)`,
    ])
      await statement.execute(db)
  },
}

const leases: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of [
      sql`CREATE TABLE operators (
        station_id uuid NOT NULL REFERENCES stations, operator_id uuid NOT NULL, name text NOT NULL, role text NOT NULL,
        recovery_slot integer, reported_at timestamptz NOT NULL, removed_at timestamptz, PRIMARY KEY (station_id, operator_id))`,
      sql`CREATE TABLE recovery_answers (
        station_id uuid NOT NULL REFERENCES stations, slot integer NOT NULL, answered_at timestamptz NOT NULL,
        PRIMARY KEY (station_id, slot))`,
    ])
      await statement.execute(db)
  },
}

/** What agencies ask for, and to whom it was given back. */
const supplementRequests: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of [
      sql`CREATE TABLE supplement_requests (
        request_id uuid PRIMARY KEY, dossier_id uuid NOT NULL REFERENCES dossiers, submit_packet_id uuid NOT NULL REFERENCES packets,
        request jsonb NOT NULL, asked_at timestamptz NOT NULL, answered_at timestamptz, answered_by uuid REFERENCES packets)`,
      sql`CREATE UNIQUE INDEX supplement_requests_one_open ON supplement_requests (dossier_id) WHERE answered_at IS NULL`,
      sql`CREATE INDEX supplement_requests_of_packet ON supplement_requests (submit_packet_id, asked_at)`,
      sql`CREATE TABLE supplement_openings (
        request_id uuid NOT NULL REFERENCES supplement_requests, station_id uuid NOT NULL REFERENCES stations,
        operator_id uuid NOT NULL, at timestamptz NOT NULL)`,
    ])
      await statement.execute(db)
  },
}

/** Every gateway on this database hears of each update when it is committed (announcements.ts). */
const announcements: Migration = {
  async up(db) {
    for (const statement of [
      sql`CREATE FUNCTION announce_update() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_notify('tram_updates', NEW.station_id::text); RETURN NULL; END $$`,
      sql`CREATE TRIGGER announce_update AFTER INSERT ON updates FOR EACH ROW EXECUTE FUNCTION announce_update()`,
    ])
      await statement.execute(db)
  },
}

/** Dossiers of the same matter; `later` came second. */
const doubles: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of [
      sql`ALTER TABLE packets ADD COLUMN matter text`,
      sql`CREATE INDEX packets_of_matter ON packets (matter, received_at) WHERE matter IS NOT NULL`,
      sql`CREATE TABLE doubles (
        earlier uuid NOT NULL REFERENCES packets, later uuid NOT NULL REFERENCES packets, noticed_at timestamptz NOT NULL,
        kept_at timestamptz, PRIMARY KEY (earlier, later))`,
      sql`CREATE INDEX doubles_later ON doubles (later)`,
    ])
      await statement.execute(db)
  },
}

/** Who brought packets of other stations. */
const carriers: Migration = {
  up: async (db: Kysely<unknown>) => {
    await sql`CREATE TABLE carriers (
      packet_id uuid NOT NULL, station_id uuid NOT NULL REFERENCES stations, at timestamptz NOT NULL,
      PRIMARY KEY (packet_id, station_id))`.execute(db)
  },
}

/** Where the point of a code stands, told to its station. */
const pointPlaces: Migration = {
  async up(db) {
    await sql`ALTER TABLE enrolment_codes ADD COLUMN point_place text`.execute(db)
  },
}

/** Kho của công dân: records, who touched them, and which dossiers are still to be looked at for it. */
const citizenStore: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of [
      sql`CREATE TABLE citizen_records (
        person_hash text PRIMARY KEY, record_id uuid NOT NULL UNIQUE, sealed text NOT NULL, consented_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL, version integer NOT NULL)`,
      sql`CREATE INDEX citizen_records_end ON citizen_records (ends_at)`,
      sql`CREATE TABLE citizen_audit (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL,
        act text NOT NULL CHECK (act IN ('kept', 'read', 'shown', 'erased', 'ended', 'refused')),
        person_hash text, station_id uuid REFERENCES stations, operator_id uuid, why text NOT NULL)`,
      sql`CREATE INDEX citizen_audit_person ON citizen_audit (person_hash, at)`,
      sql`CREATE INDEX citizen_audit_station ON citizen_audit (station_id, at)`,
      sql`ALTER TABLE packets
        ADD COLUMN keeps boolean GENERATED ALWAYS AS
          (coalesce(dossier @? '$.consents[*] ? (@.given == true && @.id starts with "keepFactsOf")', false)) STORED,
        ADD COLUMN kept_at timestamptz`,
      sql`CREATE INDEX packets_to_keep ON packets (received_at) WHERE keeps AND kept_at IS NULL`,
    ])
      await statement.execute(db)
  },
}

/** Sealed bytes do not get smaller by trying. */
const sealedUncompressed: Migration = {
  async up(db) {
    await sql`ALTER TABLE packets ALTER COLUMN packet SET STORAGE EXTERNAL`.execute(db)
  },
}

const gatewayIds: Migration = {
  async up(db) {
    await sql`CREATE TABLE gateway (
      one boolean PRIMARY KEY DEFAULT true CHECK (one),
      gateway_id text NOT NULL
    )`.execute(db)
  },
}

/** Safe to run by several gateways at once: the migrator holds an advisory lock. */
export async function migrate(database: Database): Promise<void> {
  const migrator = new Migrator({
    db: database,
    provider: {
      getMigrations: () =>
        Promise.resolve({
          '0001-first': first,
          '0002-dossier-events': dossierEvents,
          '0003-leases': leases,
          '0004-supplement-requests': supplementRequests,
          '0005-announcements': announcements,
          '0006-doubles': doubles,
          '0007-carriers': carriers,
          '0008-point-places': pointPlaces,
          '0009-citizen-store': citizenStore,
          '0010-sealed-uncompressed': sealedUncompressed,
          '0011-gateway-ids': gatewayIds,
        }),
    },
  })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined) throw error
}
