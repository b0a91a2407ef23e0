/** Packets in, answers and updates out. */
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { Uuid } from '../../../contracts/encoding.ts'
import {
  type ConsignmentAnswer,
  consignmentMediaType,
  maxParcelAttachments,
  mostParcelsTogether,
  type PacketAnswer,
  parcelMediaType,
  type RecordsAnswer,
} from '../../../contracts/gateway-api.ts'
import { Packet } from '../../../contracts/packet.ts'
import { err, type Result } from '../../../contracts/result.ts'
import { unpackConsignment } from '../../packet/consignment.ts'
import { parseHeader } from '../../packet/packet-codec.ts'
import { unpackParcel } from '../../packet/parcel.ts'
import type { Feed } from '../packets/feed.ts'
import type { Intake } from '../packets/intake.ts'
import { problemOf, type Refusal, sendProblem } from '../problem.ts'
import type { Station } from '../stations/authentication.ts'
import type { Database } from '../storage/database.ts'
import { keepDoubles } from '../storage/postgres-doubles.ts'
import { stationOf } from './bearer.ts'
import { addParcelBodies } from './parcel-body.ts'

const PacketPath = z.object({ packetId: Uuid.toLowerCase() })
const UpdatesQuery = z.object({
  after: z.coerce.number().int().nonnegative().default(0),
  wait: z.coerce.number().min(0).max(25).default(0),
})

const maxPacketBytes = 1024 * 1024

const refusalOf = ({ issues: [issue] }: z.ZodError): Refusal =>
  issue?.code === 'too_big' ? { type: 'too-large' } : { type: 'malformed', detail: issue?.path.join('.') ?? '' }

const RecordsQuery = z.object({ after: z.coerce.number().int().nonnegative().default(0) })
export type Records = (stationId: string, after: number) => Promise<RecordsAnswer>

export function addPacketRoutes(
  app: FastifyInstance,
  services: { intake: Intake; feed: Feed; database: Database; records: Records },
): void {
  addParcelBodies(app, [parcelMediaType, consignmentMediaType])
  const takeParcel = async (station: Station, bytes: Uint8Array): Promise<Result<PacketAnswer, Refusal>> => {
    const parcel = unpackParcel(bytes)
    if (!parcel.ok) return err({ type: 'busy', detail: 'the parcel is cut off' })
    const packet = Packet.safeParse(parcel.value.packet)
    if (!packet.success) return err(refusalOf(packet.error))
    const parsed = parseHeader(packet.data)
    if (!parsed.ok) return parsed
    return services.intake.accept(station, parsed.value.header.packetId, packet.data, parcel.value.sealed)
  }
  const bytesOf = (body: unknown): Uint8Array => (Buffer.isBuffer(body) ? body : new Uint8Array())
  const bodyLimit = maxParcelAttachments + maxPacketBytes

  app.post('/v1/packets', { bodyLimit }, async (request, reply) => {
    const result = await takeParcel(stationOf(request), bytesOf(request.body))
    return result.ok ? result.value : sendProblem(reply, result.error)
  })

  app.post('/v1/consignments', { bodyLimit }, async (request, reply) => {
    const parcels = unpackConsignment(bytesOf(request.body))
    if (!parcels.ok) return sendProblem(reply, { type: 'busy', detail: 'the consignment is cut off' })
    if (parcels.value.length > mostParcelsTogether) return sendProblem(reply, { type: 'too-large' })
    const station = stationOf(request)
    const results = await Promise.allSettled(parcels.value.map((bytes) => takeParcel(station, bytes)))
    const answers = results.map((result): ConsignmentAnswer['answers'][number] => {
      // The same bytes again, each alone, get the same answers.
      if (result.status === 'rejected') throw result.reason
      if (result.value.ok) return { status: 200, body: result.value.value }
      const problem = problemOf(result.value.error)
      return { status: problem.status, body: problem }
    })
    return { answers } satisfies ConsignmentAnswer
  })

  app.put('/v1/packets/:packetId', { bodyLimit: maxPacketBytes }, async (request, reply) => {
    const path = PacketPath.safeParse(request.params)
    const packet = Packet.safeParse(request.body)
    if (!path.success) return sendProblem(reply, { type: 'malformed', detail: 'packetId' })
    if (!packet.success) return sendProblem(reply, refusalOf(packet.error))
    const result = await services.intake.accept(stationOf(request), path.data.packetId, packet.data)
    return result.ok ? result.value : sendProblem(reply, result.error)
  })

  app.get('/v1/packets/:packetId', async (request, reply) => {
    const path = PacketPath.safeParse(request.params)
    if (!path.success) return sendProblem(reply, { type: 'malformed', detail: 'packetId' })
    const result = await services.intake.find(stationOf(request), path.data.packetId)
    return result.ok ? result.value : sendProblem(reply, result.error)
  })

  app.delete('/v1/packets/:packetId', async (request, reply) => {
    const path = PacketPath.safeParse(request.params)
    if (!path.success) return sendProblem(reply, { type: 'malformed', detail: 'packetId' })
    const result = await services.intake.takeBack(stationOf(request), path.data.packetId)
    return result.ok ? result.value : sendProblem(reply, result.error)
  })

  app.put('/v1/packets/:packetId/kept-double', async (request, reply) => {
    const path = PacketPath.safeParse(request.params)
    if (!path.success) return sendProblem(reply, { type: 'malformed', detail: 'packetId' })
    const station = stationOf(request)
    await keepDoubles(services.database, path.data.packetId, station.stationId, new Date())
    services.feed.announce(station.stationId)
    const result = await services.intake.find(station, path.data.packetId)
    return result.ok ? result.value : sendProblem(reply, result.error)
  })

  app.get('/v1/updates', async (request, reply) => {
    const query = UpdatesQuery.safeParse(request.query)
    if (!query.success) return sendProblem(reply, { type: 'malformed', detail: query.error.issues[0]?.path.join('.') ?? '' })
    const gone = new AbortController()
    // one connection asks many times: the listener must not stay behind on it
    const leave = () => gone.abort()
    request.raw.socket.once('close', leave)
    reply.raw.once('close', () => request.raw.socket.off('close', leave))
    reply.header('cache-control', 'no-store')
    return services.feed.read(stationOf(request).stationId, query.data.after, query.data.wait * 1000, gone.signal)
  })

  app.get('/v1/records', async (request, reply) => {
    const query = RecordsQuery.safeParse(request.query)
    if (!query.success) return sendProblem(reply, { type: 'malformed', detail: 'after' })
    reply.header('cache-control', 'no-store')
    return services.records(stationOf(request).stationId, query.data.after)
  })
}
