/**
 * Packets that come whole, several in one transaction: those that arrive while one is being written share the next. One commit, and a
 * handful of questions to the database, then serve all of them, and one station's lanes do not wait for each other's lock on its row.
 *
 * Invariants: a packet's outcome is told only when its transaction is durable; one that cannot be written spoils no other (the batch is
 * then written one by one); a station's cursors go in the order of its counters.
 */
import { sql } from 'kysely'
import { dossierIdOf, type NewPacket, type StoreOutcome } from '../packets/packet-store.ts'
import type { Database } from './database.ts'
import { markDoubles } from './postgres-doubles.ts'
import { tellingTransaction } from './telling.ts'

/** A submit, whole. */
export type Received = NewPacket & { receipt: string; content: Extract<NewPacket['content'], { kind: 'submit' }> }

const mostAtOnce = 32

const rowOf = ({ header, packet, digest, content, at, receipt, matter }: Received) => ({
  packet_id: header.packetId,
  station_id: header.stationId,
  counter: header.counter,
  dossier_id: dossierIdOf(header, content),
  digest,
  header,
  packet,
  dossier: content.dossier,
  procedure_code: header.procedureCode,
  procedure_version: header.procedureVersion,
  training: header.training,
  matter: matter ?? null,
  at: at.toISOString(),
  receipt,
  attachments: header.attachments,
})

const store = (database: Database, batch: readonly Received[]): Promise<StoreOutcome[]> => {
  const at = new Date(Math.max(...batch.map((packet) => packet.at.getTime())))
  return tellingTransaction(database, at, async (trx, tell) => {
    const ids = batch.map(({ header }) => header.packetId)
    // Whoever takes one of them back at this moment is before this transaction or after it.
    await sql`SELECT pg_advisory_xact_lock(id) FROM (
      SELECT hashtextextended(id, 0) AS id FROM unnest(${ids}::text[]) AS id ORDER BY 1) AS locks`.execute(trx)
    const { rows } = await sql<{ packet_id: string; stored: boolean; taken_back: boolean }>`
      WITH incoming AS (
        SELECT * FROM jsonb_to_recordset(${JSON.stringify(batch.map(rowOf))}::jsonb) AS row (
          packet_id uuid, station_id uuid, counter bigint, dossier_id uuid, digest text, header jsonb, packet jsonb, dossier jsonb,
          procedure_code text, procedure_version text, training boolean, matter text, at timestamptz, receipt text, attachments jsonb)
      ), refused AS (
        SELECT packet_id FROM incoming JOIN taken_back USING (packet_id, station_id)
      ), stored AS (
        INSERT INTO packets (packet_id, station_id, counter, dossier_id, digest, header, packet, dossier,
          procedure_code, procedure_version, training, matter, state, stored_at, received_at, receipt)
        SELECT packet_id, station_id, counter, dossier_id, digest, header, packet, dossier,
          procedure_code, procedure_version, training, matter, 'received', at, at, receipt
        FROM incoming WHERE packet_id NOT IN (SELECT packet_id FROM refused) ORDER BY station_id, counter
        ON CONFLICT DO NOTHING
        RETURNING packet_id, station_id, counter, dossier_id, dossier, received_at AS at
      ), papers AS (
        INSERT INTO attachments (packet_id, attachment_id, sealed_size, sealed_sha256, whole_at)
        SELECT packet_id, paper."attachmentId", paper."sealedSize", paper."sealedSha256", incoming.at
        FROM incoming JOIN stored USING (packet_id), jsonb_to_recordset(incoming.attachments)
          AS paper ("attachmentId" uuid, "sealedSize" integer, "sealedSha256" text)
      ), known AS (
        INSERT INTO dossiers (dossier_id, submit_packet_id, current) SELECT dossier_id, packet_id, dossier FROM stored
      ), jobs AS (
        INSERT INTO connector_jobs (packet_id, next_at) SELECT packet_id, at FROM stored
      )
      SELECT packet_id, stored.packet_id IS NOT NULL AS stored, refused.packet_id IS NOT NULL AS taken_back
      FROM incoming LEFT JOIN stored USING (packet_id) LEFT JOIN refused USING (packet_id)`.execute(trx)
    const stored = batch.filter(({ header }) => rows.some((row) => row.stored && row.packet_id === header.packetId))
    for (const { header } of stored.toSorted((a, b) => a.header.counter - b.header.counter))
      tell(header.stationId, header.packetId)
    const matters = stored.filter(({ matter }) => matter !== undefined).map(({ header }) => header.packetId)
    await markDoubles(trx, matters, at, tell)
    return ids.map((id): StoreOutcome => {
      const row = rows.find(({ packet_id }) => packet_id === id)
      if (row === undefined) throw new Error('A packet without an outcome')
      if (row.taken_back) return { type: 'refused', refusal: { type: 'taken-back' } }
      return { type: row.stored ? 'stored' : 'in-the-way' }
    })
  })
}

export const createReceivedBatch = (database: Database): ((packet: Received) => Promise<StoreOutcome>) => {
  type Asked = { packet: Received; resolve: (outcome: StoreOutcome) => void; reject: (error: unknown) => void }
  let waiting: Asked[] = []
  let working = false

  const takeBatch = (): Asked[] => {
    const batch: Asked[] = []
    const ids = new Set<string>()
    // The same packet twice at once: the second asks again when the first is there.
    const later = waiting.filter((asked) => {
      const { packetId } = asked.packet.header
      if (batch.length === mostAtOnce || ids.has(packetId)) return true
      ids.add(packetId)
      batch.push(asked)
      return false
    })
    waiting = later
    return batch
  }

  const write = async (batch: readonly Asked[]): Promise<void> => {
    try {
      const outcomes = await store(
        database,
        batch.map(({ packet }) => packet),
      )
      batch.forEach(({ resolve, reject }, at) => {
        const outcome = outcomes[at]
        if (outcome === undefined) reject(new Error('A packet without an outcome'))
        else resolve(outcome)
      })
    } catch (error) {
      if (batch.length > 1) for (const asked of batch) await write([asked])
      else for (const { reject } of batch) reject(error)
    }
  }

  const work = async () => {
    for (let batch = takeBatch(); batch.length > 0; batch = takeBatch()) await write(batch)
    working = false
  }

  return (packet) =>
    new Promise((resolve, reject) => {
      waiting.push({ packet, resolve, reject })
      if (working) return
      working = true
      void work()
    })
}
