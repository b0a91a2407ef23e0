/**
 * From "stored" to "received": every attachment checked, then receipt, state, update and connector job in one transaction.
 *
 * Invariants: a receipt exists only for a dossier that is whole and durable. Checking may be begun by the last byte, by a
 * repeat of the packet, by a question or by a restart; the row's lock lets one of them finish, once.
 */
import { CompactSign } from 'jose'
import { ReceiptClaims } from '../../../contracts/packet.ts'
import { err, ok, type Result } from '../../../contracts/result.ts'
import { openPacket } from '../../packet/packet-codec.ts'
import { type SealedFiles, uploadIdOf } from '../attachments/sealed-files.ts'
import { verifyAttachment } from '../attachments/verification.ts'
import type { Keys } from '../keys.ts'
import type { Refusal } from '../problem.ts'
import type { Database, Transaction } from '../storage/database.ts'
import { appendUpdate } from './feed.ts'

export type Completion = {
  /** Checks what is whole and finishes the packet when nothing is missing. The error names an attachment which was thrown away. */
  settle(packetId: string): Promise<Result<{ finished: boolean }, Refusal>>
  /** Inside the caller's transaction, which holds the packet's row. True when it became `received` by this call. */
  finishWhenWhole(trx: Transaction, packetId: string): Promise<boolean>
  /** After the commit of a transaction in which a packet was finished. */
  announceFinished(stationId: string): void
  /** What a stop in the midst left undone. */
  recover(): Promise<void>
}

export function createCompletion(options: {
  database: Database
  keys: Keys
  files: SealedFiles
  onFinished(stationId: string): void
  onTrouble(packetId: string, error: unknown): void
}): Completion {
  const { database, keys, files } = options
  const underWay = new Map<string, Promise<Result<{ finished: boolean }, Refusal>>>()

  const signReceipt = (claims: ReceiptClaims) =>
    new CompactSign(Buffer.from(JSON.stringify(ReceiptClaims.parse(claims))))
      .setProtectedHeader({ alg: 'ES256', typ: 'tram-receipt', kid: keys.receipts.keyId })
      .sign(keys.receipts.privateKey)

  const finishWhenWhole = async (trx: Transaction, packetId: string): Promise<boolean> => {
    const row = await trx
      .selectFrom('packets')
      .select(['station_id', 'counter', 'digest', 'header', 'state'])
      .where('packet_id', '=', packetId)
      .forUpdate()
      .executeTakeFirstOrThrow()
    if (row.state !== 'waiting-for-attachments') return false
    const open = await trx
      .selectFrom('attachments')
      .select('attachment_id')
      .where('packet_id', '=', packetId)
      .where('whole_at', 'is', null)
      .limit(1)
      .execute()
    if (open.length > 0) return false
    const now = new Date()
    const receipt = await signReceipt({
      packetId,
      stationId: row.station_id,
      counter: row.counter,
      packetDigest: row.digest,
      attachments: row.header.attachments,
      receivedAt: now.toISOString(),
    })
    await trx
      .updateTable('packets')
      .set({ state: 'received', received_at: now, receipt })
      .where('packet_id', '=', packetId)
      .execute()
    await trx.insertInto('connector_jobs').values({ packet_id: packetId, next_at: now }).execute()
    await appendUpdate(trx, row.station_id, packetId, now)
    return true
  }

  const check = async (packetId: string): Promise<Result<{ finished: boolean }, Refusal>> => {
    const row = await database
      .selectFrom('packets')
      .select(['station_id', 'packet', 'dossier', 'header', 'state'])
      .where('packet_id', '=', packetId)
      .executeTakeFirst()
    if (row === undefined || row.state !== 'waiting-for-attachments') return ok({ finished: false })
    const open = await database
      .selectFrom('attachments')
      .select(['attachment_id', 'sealed_size'])
      .where('packet_id', '=', packetId)
      .where('whole_at', 'is', null)
      .execute()
    const refusals: Refusal[] = []
    for (const { attachment_id, sealed_size } of open) {
      const uploadId = uploadIdOf({ packetId, attachmentId: attachment_id })
      if ((await files.durableSize(uploadId)) !== sealed_size) continue
      const opened = await openPacket(row.packet, keys.sealing)
      const facts = row.dossier.attachments.find((attachment) => attachment.attachmentId === attachment_id)
      const announced = row.header.attachments.find((attachment) => attachment.attachmentId === attachment_id)
      if (!opened.ok || facts === undefined || announced === undefined) throw new Error('A stored packet no longer opens')
      const verified = await verifyAttachment({
        sealed: await files.read(uploadId),
        announced,
        facts,
        dataKey: opened.value.dataKey,
        chunkSize: row.header.chunkSize,
      })
      if (verified.ok) {
        await database
          .updateTable('attachments')
          .set({ whole_at: new Date() })
          .where('packet_id', '=', packetId)
          .where('attachment_id', '=', attachment_id)
          .execute()
      } else {
        await files.remove(uploadId)
        refusals.push({ type: 'attachment-invalid', detail: `${attachment_id}: ${verified.error.detail}` })
      }
    }
    const finished = await database.transaction().execute((trx) => finishWhenWhole(trx, packetId))
    if (finished) options.onFinished(row.station_id)
    const [refusal] = refusals
    return refusal === undefined ? ok({ finished }) : err(refusal)
  }

  const settle: Completion['settle'] = (packetId) => {
    // One check of a packet at a time: a second would throw away a file which was just created anew.
    const turn = (underWay.get(packetId) ?? Promise.resolve()).then(
      () => check(packetId),
      () => check(packetId),
    )
    underWay.set(packetId, turn)
    const forget = () => {
      if (underWay.get(packetId) === turn) underWay.delete(packetId)
    }
    turn.then(forget, forget)
    return turn
  }

  return {
    settle,
    finishWhenWhole,
    announceFinished: options.onFinished,
    recover: async () => {
      const waiting = await database
        .selectFrom('packets')
        .select('packet_id')
        .where('state', '=', 'waiting-for-attachments')
        .execute()
      for (const { packet_id } of waiting) {
        // One dossier's trouble must not keep the gateway from starting for all the others.
        await settle(packet_id).catch((error: unknown) => options.onTrouble(packet_id, error))
      }
    },
  }
}
