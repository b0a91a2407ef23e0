/**
 * What a receipt changes in PostgreSQL beside the packet's own row, in the transaction that writes the receipt.
 * The order of locks: postgres-packet-store.ts.
 */
import { sql } from 'kysely'
import type { PacketContent } from '../../../contracts/dossier-events.ts'
import { withSupplement } from '../packets/dossier-state.ts'
import type { Transaction } from './database.ts'
import { forgetDoubles, markDoubles } from './postgres-doubles.ts'
import type { Tell } from './telling.ts'

/** The request is answered by what was received, and whoever handed the dossier in hears of it. */
async function noteAnswered(
  trx: Transaction,
  dossierId: string,
  packetId: string,
  requestId: string | undefined,
  at: Date,
  tell: Tell,
): Promise<void> {
  if (requestId === undefined) return
  const answered = await trx
    .updateTable('supplement_requests')
    .set({ answered_at: at, answered_by: packetId })
    .where('request_id', '=', requestId)
    .where('dossier_id', '=', dossierId)
    .where('answered_at', 'is', null)
    .returning('submit_packet_id')
    .executeTakeFirst()
  if (answered === undefined) return
  const submit = await trx
    .selectFrom('packets')
    .select('station_id')
    .where('packet_id', '=', answered.submit_packet_id)
    .executeTakeFirstOrThrow()
  tell(submit.station_id, answered.submit_packet_id)
}

/** The agency hears of a dossier's events by these times, and a gateway's clock may be set back. The dossier's row is locked by now. */
const putBehind = (trx: Transaction, dossierId: string, packetId: string) =>
  sql`UPDATE packets SET received_at = latest.at + interval '1 millisecond'
    FROM (SELECT max(received_at) AS at FROM packets WHERE dossier_id = ${dossierId} AND packet_id <> ${packetId}) AS latest
    WHERE packet_id = ${packetId} AND received_at <= latest.at`.execute(trx)

/** What a receipt changes beside the packet's own row: the dossier, the connector's job, the station's update. */
export async function applyReceived(
  trx: Transaction,
  stationId: string,
  dossierId: string,
  packetId: string,
  content: PacketContent,
  at: Date,
  tell: Tell,
): Promise<void> {
  await applyToDossier(trx, dossierId, packetId, content, at, tell)
  if (content.kind !== 'submit') await putBehind(trx, dossierId, packetId)
  await trx.insertInto('connector_jobs').values({ packet_id: packetId, next_at: at }).execute()
  if (content.kind === 'submit') await markDoubles(trx, [packetId], at, tell)
  tell(stationId, packetId)
  if (content.kind === 'supplement') await noteAnswered(trx, dossierId, packetId, content.supplement.requestId, at, tell)
}

async function applyToDossier(
  trx: Transaction,
  dossierId: string,
  packetId: string,
  content: PacketContent,
  at: Date,
  tell: Tell,
): Promise<void> {
  if (content.kind === 'submit') {
    await trx
      .insertInto('dossiers')
      .values({ dossier_id: dossierId, submit_packet_id: packetId, current: JSON.stringify(content.dossier) })
      .execute()
    return
  }
  if (content.kind === 'withdraw') {
    await trx.updateTable('dossiers').set({ withdrawn_at: at }).where('dossier_id', '=', dossierId).execute()
    await forgetDoubles(trx, dossierId, tell)
    return
  }
  const { current, revision, submit_packet_id } = await trx
    .selectFrom('dossiers')
    .select(['current', 'revision', 'submit_packet_id'])
    .where('dossier_id', '=', dossierId)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow()
  const next = withSupplement({ dossier: current, revision, withdrawn: false }, content.supplement)
  await trx
    .updateTable('dossiers')
    .set({ current: JSON.stringify(next.dossier), revision: next.revision })
    .where('dossier_id', '=', dossierId)
    .execute()
  // What somebody let be kept of it is looked at again (citizen-store/keeping.ts).
  await trx
    .updateTable('packets')
    .set({ kept_at: null })
    .where('keeps', '=', true)
    .where('packet_id', '=', submit_packet_id)
    .execute()
}
