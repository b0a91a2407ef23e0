/**
 * Packets in PostgreSQL (packets/packet-store.ts says what must hold).
 *
 * Locks are taken in one order: the packet's id, an event's own row, its dossier, the row the dossier was handed in by, the matter,
 * pairs of doubles, and the stations last of all (telling.ts). The id's lock is an advisory one, because a packet may be taken back
 * before there is a row of it. Rows are locked FOR NO KEY UPDATE; only what is deleted, and then waits for nobody, FOR UPDATE.
 */
import { sql } from 'kysely'
import type { PacketContent } from '../../../contracts/dossier-events.ts'
import { changedElsewhere, withSupplement } from '../packets/dossier-state.ts'
import {
  dossierIdOf,
  type HeldPacket,
  type NewPacket,
  type PacketStore,
  type StoredAnswer,
  type StoreOutcome,
  sequenceOf,
} from '../packets/packet-store.ts'
import type { Refusal } from '../problem.ts'
import { noticeOf } from '../supplements/notice.ts'
import type { Database, Transaction } from './database.ts'
import { createGathered } from './gathered.ts'
import { doublesOf } from './postgres-doubles.ts'
import { createPostgresJobs } from './postgres-jobs.ts'
import { applyReceived } from './postgres-received.ts'
import { createReceivedBatch } from './received-batch.ts'
import { tellingTransaction } from './telling.ts'

const lockId = (trx: Transaction, id: string) => sql`SELECT pg_advisory_xact_lock(hashtextextended(${id}, 0))`.execute(trx)

type ContentRow = { kind: HeldPacket['header']['kind']; dossier: unknown; event: unknown }

/** What was stored was parsed before it was stored. */
const contentOf = ({ kind, dossier, event }: ContentRow): PacketContent => {
  const value = { submit: { dossier }, supplement: { supplement: event }, withdraw: { withdrawal: event } }[kind]
  return { kind, ...value } as PacketContent
}

const eventOf = (content: PacketContent) =>
  content.kind === 'submit' ? null : content.kind === 'supplement' ? content.supplement : content.withdrawal

/** May this event come now, and does it fit what the dossier is by now? */
async function judgeEvent(trx: Transaction, { header, content, check }: NewPacket): Promise<Refusal | undefined> {
  const state = await trx
    .selectFrom('dossiers')
    .select(['current', 'withdrawn_at'])
    .where('dossier_id', '=', dossierIdOf(header, content))
    .forNoKeyUpdate()
    .executeTakeFirst()
  if (state === undefined) return { type: 'event-out-of-order', detail: 'the dossier is not here yet' }
  if (state.withdrawn_at !== null) return { type: 'changed-elsewhere', detail: 'the dossier was withdrawn' }
  const others = await trx
    .selectFrom('packets')
    .select(['packet_id', 'station_id', 'state', 'kind', 'dossier', 'event'])
    .where('dossier_id', '=', dossierIdOf(header, content))
    .execute()
  const previous = header.event?.previous
  if (previous !== undefined) {
    const row = others.find((other) => other.packet_id === previous)
    const gone = await trx
      .selectFrom('taken_back')
      .select('packet_id')
      .where('packet_id', '=', previous)
      .where('station_id', '=', header.stationId)
      .executeTakeFirst()
    if (gone === undefined && (row === undefined || row.state === 'waiting-for-attachments'))
      return { type: 'event-out-of-order', detail: 'the event before this one is not here yet' }
  }
  if (content.kind !== 'supplement') return undefined
  // What another station has announced and not finished counts as said.
  let dossier = state.current
  for (const other of others) {
    const pending = contentOf(other)
    if (other.state === 'waiting-for-attachments' && pending.kind === 'supplement')
      dossier = withSupplement({ dossier, revision: 0, withdrawn: false }, pending.supplement).dossier
  }
  const changed = changedElsewhere(dossier, content.supplement)
  if (changed.length > 0)
    return {
      type: 'changed-elsewhere',
      findings: [{ fields: changed, message: { vi: 'Mục này đã được sửa ở nơi khác.', en: 'This was changed elsewhere.' } }],
    }
  return check(withSupplement({ dossier, revision: 0, withdrawn: false }, content.supplement).dossier)
}

export function createPostgresPacketStore(database: Database): PacketStore {
  const stateOf = createGathered(async (packetIds: readonly string[]) => {
    const rows = await database
      .selectFrom('packets')
      .select(['packet_id', 'station_id', 'digest', 'state'])
      .where('packet_id', 'in', packetIds)
      .execute()
    return new Map(rows.map((row) => [row.packet_id, { stationId: row.station_id, digest: row.digest, state: row.state }]))
  })
  const find: PacketStore['find'] = (packetId) => stateOf(packetId.toLowerCase())

  const storeWhole = createReceivedBatch(database)
  const store = (fresh: NewPacket): Promise<StoreOutcome> => {
    const { receipt, content } = fresh
    return receipt !== undefined && content.kind === 'submit' ? storeWhole({ ...fresh, receipt, content }) : storeApart(fresh)
  }

  const storeApart = (fresh: NewPacket) =>
    tellingTransaction(database, fresh.at, async (trx, tell): Promise<StoreOutcome> => {
      const { header, packet, digest, content, at, receipt } = fresh
      await lockId(trx, header.packetId)
      const gone = await trx
        .selectFrom('taken_back')
        .select('packet_id')
        .where('packet_id', '=', header.packetId)
        .where('station_id', '=', header.stationId)
        .executeTakeFirst()
      if (gone !== undefined) return { type: 'refused', refusal: { type: 'taken-back' } }
      if (content.kind !== 'submit') {
        const refusal = await judgeEvent(trx, fresh)
        if (refusal !== undefined) {
          // The same packet again is no event after itself.
          const known = await trx
            .selectFrom('packets')
            .select('packet_id')
            .where('packet_id', '=', header.packetId)
            .executeTakeFirst()
          return known === undefined ? { type: 'refused', refusal } : { type: 'in-the-way' }
        }
      }
      const event = eventOf(content)
      const inserted = await trx
        .insertInto('packets')
        .values({
          packet_id: header.packetId,
          station_id: header.stationId,
          counter: header.counter,
          dossier_id: dossierIdOf(header, content),
          digest,
          header: JSON.stringify(header),
          packet: JSON.stringify(packet),
          kind: header.kind,
          sequence: sequenceOf(header),
          dossier: content.kind === 'submit' ? JSON.stringify(content.dossier) : null,
          event: event === null ? null : JSON.stringify(event),
          procedure_code: header.procedureCode,
          procedure_version: header.procedureVersion,
          training: header.training,
          ...(fresh.matter === undefined ? {} : { matter: fresh.matter }),
          state: receipt === undefined ? 'waiting-for-attachments' : 'received',
          stored_at: at,
          ...(receipt === undefined ? {} : { received_at: at, receipt }),
        })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst()
      if (inserted.numInsertedOrUpdatedRows !== 1n) return { type: 'in-the-way' }
      if (header.attachments.length > 0) {
        await trx
          .insertInto('attachments')
          .values(
            header.attachments.map(({ attachmentId, sealedSize, sealedSha256 }) => ({
              packet_id: header.packetId,
              attachment_id: attachmentId,
              sealed_size: sealedSize,
              sealed_sha256: sealedSha256,
              whole_at: receipt === undefined ? null : at,
            })),
          )
          .execute()
      }
      if (receipt !== undefined)
        await applyReceived(trx, header.stationId, dossierIdOf(header, content), header.packetId, content, at, tell)
      return { type: 'stored' }
    })

  const finish: PacketStore['finish'] = (packetId, sign, at) =>
    tellingTransaction(database, at, async (trx, tell) => {
      const row = await trx
        .selectFrom('packets')
        .select(['station_id', 'counter', 'digest', 'header', 'state', 'dossier_id', 'kind', 'dossier', 'event'])
        .where('packet_id', '=', packetId)
        .forNoKeyUpdate()
        .executeTakeFirst()
      if (row?.state !== 'waiting-for-attachments') return false
      const open = await trx
        .selectFrom('attachments')
        .select('attachment_id')
        .where('packet_id', '=', packetId)
        .where('whole_at', 'is', null)
        .limit(1)
        .execute()
      if (open.length > 0) return false
      const receipt = await sign({
        packetId,
        stationId: row.station_id,
        counter: row.counter,
        packetDigest: row.digest,
        attachments: row.header.attachments,
        receivedAt: at.toISOString(),
      })
      await trx
        .updateTable('packets')
        .set({ state: 'received', received_at: at, receipt })
        .where('packet_id', '=', packetId)
        .execute()
      await applyReceived(trx, row.station_id, row.dossier_id, packetId, contentOf(row), at, tell)
      return true
    })

  const takeBack: PacketStore['takeBack'] = (packetId, stationId, at) =>
    database.transaction().execute(async (trx) => {
      await lockId(trx, packetId)
      const row = await trx
        .selectFrom('packets')
        .select(['station_id', 'state'])
        .where('packet_id', '=', packetId)
        .forUpdate()
        .executeTakeFirst()
      if (row !== undefined && row.station_id !== stationId) return { type: 'foreign' }
      if (row !== undefined && row.state !== 'waiting-for-attachments') return { type: 'too-late' }
      await trx
        .insertInto('taken_back')
        .values({ packet_id: packetId, station_id: stationId, at })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
      const begun = await trx.deleteFrom('attachments').where('packet_id', '=', packetId).returning('attachment_id').execute()
      await trx.deleteFrom('packets').where('packet_id', '=', packetId).execute()
      return { type: 'taken-back', attachments: begun.map(({ attachment_id }) => attachment_id) }
    })

  return {
    find,
    store,
    finish,
    takeBack,
    ...createPostgresJobs(database),
    read: async (packetId) => {
      const row = await database
        .selectFrom('packets')
        .select(['station_id', 'digest', 'state', 'header', 'packet', 'kind', 'dossier', 'event'])
        .where('packet_id', '=', packetId)
        .executeTakeFirst()
      if (row === undefined) return undefined
      const { station_id: stationId, digest, state, header, packet } = row
      return { stationId, digest, state, header, packet, content: contentOf(row) }
    },
    openAttachments: async (packetId) => {
      const rows = await database
        .selectFrom('attachments')
        .select(['attachment_id', 'sealed_size'])
        .where('packet_id', '=', packetId)
        .where('whole_at', 'is', null)
        .execute()
      return rows.map((row) => ({ attachmentId: row.attachment_id, sealedSize: row.sealed_size }))
    },
    announced: async (packetId, attachmentId) => {
      const row = await database
        .selectFrom('attachments')
        .innerJoin('packets', 'packets.packet_id', 'attachments.packet_id')
        .select(['packets.station_id', 'attachments.sealed_size'])
        .where('attachments.packet_id', '=', packetId)
        .where('attachments.attachment_id', '=', attachmentId)
        .executeTakeFirst()
      return row && { stationId: row.station_id, sealedSize: row.sealed_size }
    },
    markWhole: async (packetId, attachmentId, at) => {
      await database
        .updateTable('attachments')
        .set({ whole_at: at })
        .where('packet_id', '=', packetId)
        .where('attachment_id', '=', attachmentId)
        .execute()
    },
    isTakenBack: async (packetId, stationId) => {
      const row = await database
        .selectFrom('taken_back')
        .select('packet_id')
        .where('packet_id', '=', packetId)
        .where('station_id', '=', stationId)
        .executeTakeFirst()
      return row !== undefined
    },
    waiting: async () => {
      const rows = await database
        .selectFrom('packets')
        .select('packet_id')
        .where('state', '=', 'waiting-for-attachments')
        .execute()
      return rows.map((row) => row.packet_id)
    },
    answers: async (packetIds) => {
      const answers = new Map<string, StoredAnswer>()
      if (packetIds.length === 0) return answers
      const ids = [...new Set(packetIds)]
      const [packets, open, asked, doubles] = await Promise.all([
        database
          .selectFrom('packets')
          .select(['packet_id', 'state', 'receipt', 'official', 'status'])
          .where('packet_id', 'in', ids)
          .execute(),
        database
          .selectFrom('attachments')
          .select(['packet_id', 'attachment_id'])
          .where('packet_id', 'in', ids)
          .where('whole_at', 'is', null)
          .orderBy('attachment_id')
          .execute(),
        database
          .selectFrom('supplement_requests')
          .distinctOn('submit_packet_id')
          .select(['submit_packet_id', 'request', 'answered_at'])
          .where('submit_packet_id', 'in', ids)
          .orderBy('submit_packet_id')
          .orderBy('asked_at', 'desc')
          .execute(),
        doublesOf(database, ids),
      ])
      const notices = new Map(asked.map((one) => [one.submit_packet_id, noticeOf(one.request, one.answered_at !== null)]))
      for (const row of packets) {
        const supplement = notices.get(row.packet_id)
        const double = doubles.get(row.packet_id)
        answers.set(row.packet_id, {
          packetId: row.packet_id,
          state: row.state,
          // The rows are read apart: once a receipt is there, nothing is open any more.
          open: row.receipt === null ? open.filter((one) => one.packet_id === row.packet_id).map((one) => one.attachment_id) : [],
          ...(row.receipt === null ? {} : { receipt: row.receipt }),
          ...(row.official === null ? {} : { official: row.official }),
          ...(row.status === null ? {} : { status: row.status }),
          ...(supplement === undefined ? {} : { supplement }),
          ...(double === undefined ? {} : { double }),
        })
      }
      return answers
    },
    updatesAfter: async (stationId, after, limit) => {
      const rows = await database
        .selectFrom('updates')
        .select(['cursor', 'packet_id'])
        .where('station_id', '=', stationId)
        .where('cursor', '>', after)
        .orderBy('cursor')
        .limit(limit)
        .execute()
      return rows.map((row) => ({ cursor: row.cursor, packetId: row.packet_id }))
    },
    recordsAfter: async (stationId, after, limit) => {
      const said = (key: string) => sql<string>`coalesce(packets.dossier, packets.event) ->> ${key}`
      const rows = await database
        .selectFrom('packets')
        .leftJoin('packets as submit', (join) =>
          join.onRef('submit.dossier_id', '=', 'packets.dossier_id').on('submit.kind', '=', 'submit'),
        )
        .select([
          'packets.packet_id',
          'packets.digest',
          'packets.header',
          'packets.kind',
          'packets.sequence',
          'packets.dossier_id',
          'submit.packet_id as submit_packet_id',
          said('slipCode').as('slip_code'),
          said('requestId').as('request_id'),
          sql<string>`coalesce(packets.dossier, packets.event) -> 'helper' ->> 'operatorId'`.as('operator_id'),
        ])
        .where('packets.station_id', '=', stationId)
        .where('packets.counter', '>', after)
        .orderBy('packets.counter')
        .limit(limit)
        .execute()
      return rows.map(({ header, ...row }) => ({
        packetId: row.packet_id,
        counter: header.counter,
        packetDigest: row.digest,
        attachments: header.attachments,
        dossierId: row.dossier_id,
        kind: row.kind,
        sequence: row.sequence,
        ...(row.submit_packet_id === null || row.kind === 'submit' ? {} : { submitPacketId: row.submit_packet_id }),
        ...(row.request_id === null ? {} : { requestId: row.request_id }),
        procedureCode: header.procedureCode,
        procedureVersion: header.procedureVersion,
        training: header.training,
        slipCode: row.slip_code,
        operatorId: row.operator_id,
        sealedAt: header.sealedAt,
      }))
    },
    highestCounter: async (stationId) => {
      const row = await database
        .selectFrom('packets')
        .select((eb) => eb.fn.max('counter').as('highest'))
        .where('station_id', '=', stationId)
        .executeTakeFirst()
      return Number(row?.highest ?? 0)
    },
  }
}
