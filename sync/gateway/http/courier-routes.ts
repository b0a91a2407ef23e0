/**
 * POST /v1/courier/parcels: a packet of another station, brought by whoever is authenticated.
 * Invariants: it is judged as if its own station had sent it, by that station's key; who carries it learns its state and its receipt, and may
 * bring its attachments, and nothing else.
 */
import type { FastifyInstance } from 'fastify'
import { CarriedAnswer } from '../../../contracts/courier.ts'
import { maxParcelAttachments } from '../../../contracts/gateway-api.ts'
import { Packet } from '../../../contracts/packet.ts'
import { parseHeader } from '../../packet/packet-codec.ts'
import { unpackParcel } from '../../packet/parcel.ts'
import type { Intake } from '../packets/intake.ts'
import { sendProblem } from '../problem.ts'
import type { Authentication } from '../stations/authentication.ts'
import type { Database } from '../storage/database.ts'
import { stationOf } from './bearer.ts'

const maxPacketBytes = 1024 * 1024

/** Whether somebody brought this packet for its station. */
export const carries = async (database: Database, packetId: string, stationId: string): Promise<boolean> =>
  (await database
    .selectFrom('carriers')
    .select('packet_id')
    .where('packet_id', '=', packetId)
    .where('station_id', '=', stationId)
    .executeTakeFirst()) !== undefined

export function addCourierRoutes(
  app: FastifyInstance,
  services: { intake: Intake; authentication: Pick<Authentication, 'findStation'>; database: Database },
): void {
  app.post('/v1/courier/parcels', { bodyLimit: maxParcelAttachments + maxPacketBytes }, async (request, reply) => {
    const parcel = unpackParcel(Buffer.isBuffer(request.body) ? request.body : new Uint8Array())
    if (!parcel.ok) return sendProblem(reply, { type: 'busy', detail: 'the parcel is cut off' })
    const packet = Packet.safeParse(parcel.value.packet)
    if (!packet.success) return sendProblem(reply, { type: 'malformed', detail: packet.error.issues[0]?.path.join('.') ?? '' })
    const parsed = parseHeader(packet.data)
    if (!parsed.ok) return sendProblem(reply, parsed.error)
    const { packetId, stationId } = parsed.value.header
    const origin = await services.authentication.findStation(stationId)
    // It is the carrier who is authenticated: of the origin only the packet can be wrong.
    if (!origin.ok) return sendProblem(reply, { type: 'signature-invalid', detail: 'the origin is unknown or revoked' })
    const result = await services.intake.accept(origin.value, packetId, packet.data, parcel.value.sealed)
    if (!result.ok) return sendProblem(reply, result.error)
    await services.database
      .insertInto('carriers')
      .values({ packet_id: packetId, station_id: stationOf(request).stationId, at: new Date() })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    return CarriedAnswer.parse(result.value)
  })
}
