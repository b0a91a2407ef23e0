/**
 * A packet comes in: who signed it, does its seal open, is the dossier whole and right, then everything in one transaction.
 *
 * Invariants
 * - The same packet any number of times, at once or apart, is one row; every time the answer is the state of that row.
 * - A packet id, a counter or a dossier belongs to one content for ever: anything else under it is `key-reused`.
 * - Nothing is stored that does not open, does not validate or is training where training has no place.
 */
import type { z } from 'zod'
import { Dossier } from '../../../contracts/dossier.ts'
import type { PacketAnswer } from '../../../contracts/gateway-api.ts'
import type { Packet, PacketHeader } from '../../../contracts/packet.ts'
import { err, ok, type Result } from '../../../contracts/result.ts'
import { sealedSizeOf } from '../../packet/attachment-codec.ts'
import { openPacket, packetDigest, parseHeader, verifyPacketSignature } from '../../packet/packet-codec.ts'
import type { Keys } from '../keys.ts'
import type { Refusal } from '../problem.ts'
import type { Station } from '../stations/authentication.ts'
import type { Database } from '../storage/database.ts'
import { answersOf } from './answer.ts'
import type { Completion } from './completion.ts'
import type { DossierCheck } from './dossier-check.ts'

const smallestChunk = 1024
const largestChunk = 4 * 1024 * 1024

export type GatewayMode = 'demo' | 'production'
export type Intake = {
  accept(station: Station, packetId: string, packet: Packet): Promise<Result<PacketAnswer, Refusal>>
  find(station: Station, packetId: string): Promise<Result<PacketAnswer, Refusal>>
}

const firstPath = (error: z.ZodError): string => error.issues[0]?.path.join('.') ?? ''

function parseDossier(payload: Uint8Array): Result<Dossier, Refusal> {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
  } catch {
    return err({ type: 'malformed', detail: 'the payload is not JSON' })
  }
  const dossier = Dossier.safeParse(json)
  return dossier.success ? ok(dossier.data) : err({ type: 'malformed', detail: `dossier: ${firstPath(dossier.error)}` })
}

/** What stands both outside and inside the seal must agree. */
function disagreement(header: PacketHeader, dossier: Dossier): string | undefined {
  if (header.procedureCode !== dossier.procedureCode || header.procedureVersion !== dossier.procedureVersion)
    return 'header and dossier name different procedures'
  if (header.training !== dossier.training) return 'header and dossier differ about training'
  if (header.chunkSize < smallestChunk || header.chunkSize > largestChunk) return 'chunkSize is out of bounds'
  const ids = [header.packetId, dossier.dossierId, ...header.attachments.map((attachment) => attachment.attachmentId)]
  if (ids.some((id) => id !== id.toLowerCase())) return 'an id is not in lower case'
  const announced = new Map(header.attachments.map((attachment) => [attachment.attachmentId, attachment]))
  if (announced.size !== header.attachments.length) return 'an attachment is announced twice'
  if (new Set(dossier.attachments.map((attachment) => attachment.attachmentId)).size !== dossier.attachments.length)
    return 'an attachment is declared twice'
  if (announced.size !== dossier.attachments.length) return 'header and dossier differ about the attachments'
  const odd = dossier.attachments.some(
    ({ attachmentId, size }) => announced.get(attachmentId)?.sealedSize !== sealedSizeOf(size, header.chunkSize),
  )
  return odd ? 'header and dossier differ about an attachment' : undefined
}

export function createIntake(options: {
  database: Database
  keys: Keys
  mode: GatewayMode
  completion: Completion
  checkDossier: DossierCheck
  offsetOf(packetId: string, attachmentId: string): Promise<number>
}): Intake {
  const { database, keys, completion } = options

  const answer = async (packetId: string): Promise<Result<PacketAnswer, Refusal>> => {
    const found = (await answersOf(database, [packetId], options.offsetOf)).get(packetId)
    return found === undefined ? err({ type: 'not-found' }) : ok(found)
  }

  /** The answer to a packet which is there already; undefined when it is new. */
  const repeat = async (
    station: Station,
    packetId: string,
    digest: string,
  ): Promise<Result<PacketAnswer, Refusal> | undefined> => {
    const row = await database
      .selectFrom('packets')
      .select(['station_id', 'digest', 'state'])
      .where('packet_id', '=', packetId)
      .executeTakeFirst()
    if (row === undefined) return undefined
    if (row.station_id !== station.stationId || row.digest !== digest) return err({ type: 'key-reused', detail: 'packetId' })
    if (row.state === 'waiting-for-attachments') await completion.settle(packetId)
    return answer(packetId)
  }

  const open = async (
    station: Station,
    packetId: string,
    packet: Packet,
  ): Promise<Result<{ header: PacketHeader; dossier: Dossier }, Refusal>> => {
    const parsed = parseHeader(packet)
    if (!parsed.ok) return parsed
    const { header } = parsed.value
    if (header.packetId !== packetId) return err({ type: 'malformed', detail: 'the header names another packet' })
    if (header.stationId !== station.stationId)
      return err({ type: 'signature-invalid', detail: 'the header names another station' })
    if (!(await verifyPacketSignature(packet, station.deviceKey))) return err({ type: 'signature-invalid' })
    if (options.mode === 'production' && (header.training || station.demo)) return err({ type: 'training-refused' })
    if (station.demo && !header.training) return err({ type: 'malformed', detail: 'a demo station sends training packets only' })
    const opened = await openPacket(packet, keys.sealing)
    if (!opened.ok) return opened
    const dossier = parseDossier(opened.value.payload)
    if (!dossier.ok) return dossier
    const odd = disagreement(header, dossier.value)
    if (odd !== undefined) return err({ type: 'malformed', detail: odd })
    const checked = options.checkDossier(header, dossier.value)
    return checked.ok ? ok({ header, dossier: dossier.value }) : checked
  }

  const store = (digest: string, packet: Packet, header: PacketHeader, dossier: Dossier) =>
    database.transaction().execute(async (trx): Promise<{ stored: boolean; finished: boolean }> => {
      const inserted = await trx
        .insertInto('packets')
        .values({
          packet_id: header.packetId,
          station_id: header.stationId,
          counter: header.counter,
          dossier_id: dossier.dossierId,
          digest,
          header: JSON.stringify(header),
          packet: JSON.stringify(packet),
          dossier: JSON.stringify(dossier),
          procedure_code: header.procedureCode,
          procedure_version: header.procedureVersion,
          training: header.training,
          state: 'waiting-for-attachments',
          stored_at: new Date(),
        })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst()
      if (inserted.numInsertedOrUpdatedRows !== 1n) return { stored: false, finished: false }
      if (header.attachments.length > 0) {
        await trx
          .insertInto('attachments')
          .values(
            header.attachments.map(({ attachmentId, sealedSize, sealedSha256 }) => ({
              packet_id: header.packetId,
              attachment_id: attachmentId,
              sealed_size: sealedSize,
              sealed_sha256: sealedSha256,
            })),
          )
          .execute()
      }
      return { stored: true, finished: await completion.finishWhenWhole(trx, header.packetId) }
    })

  return {
    accept: async (station, packetId, packet) => {
      const digest = await packetDigest(packet)
      const before = await repeat(station, packetId, digest)
      if (before !== undefined) return before
      const opened = await open(station, packetId, packet)
      if (!opened.ok) return opened
      const { stored, finished } = await store(digest, packet, opened.value.header, opened.value.dossier)
      if (finished) completion.announceFinished(station.stationId)
      if (stored) return answer(packetId)
      // Somebody else's row is in the way: the same packet at the same moment, or another one with its counter or dossier.
      return (await repeat(station, packetId, digest)) ?? err({ type: 'key-reused', detail: 'counter or dossier' })
    },
    find: async (station, packetId) => {
      const row = await database
        .selectFrom('packets')
        .select('state')
        .where('packet_id', '=', packetId)
        .where('station_id', '=', station.stationId)
        .executeTakeFirst()
      if (row === undefined) return err({ type: 'not-found' })
      if (row.state === 'waiting-for-attachments') await completion.settle(packetId)
      return answer(packetId)
    },
  }
}
