/** Packets in, answers and updates out. */
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { Uuid } from '../../../contracts/encoding.ts'
import { maxParcelAttachments, parcelMediaType, type RecordsAnswer } from '../../../contracts/gateway-api.ts'
import { Packet } from '../../../contracts/packet.ts'
import { parseHeader } from '../../packet/packet-codec.ts'
import { unpackParcel } from '../../packet/parcel.ts'
import type { Feed } from '../packets/feed.ts'
import type { Intake } from '../packets/intake.ts'
import { type Refusal, sendProblem } from '../problem.ts'
import type { Database } from '../storage/database.ts'
import { keepDoubles } from '../storage/postgres-doubles.ts'
import { stationOf } from './bearer.ts'

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
  app.addContentTypeParser(parcelMediaType, { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.post('/v1/packets', { bodyLimit: maxParcelAttachments + maxPacketBytes }, async (request, reply) => {
    const parcel = unpackParcel(Buffer.isBuffer(request.body) ? request.body : new Uint8Array())
    if (!parcel.ok) return sendProblem(reply, { type: 'busy', detail: 'the parcel is cut off' })
    const packet = Packet.safeParse(parcel.value.packet)
    if (!packet.success) return sendProblem(reply, refusalOf(packet.error))
    const parsed = parseHeader(packet.data)
    if (!parsed.ok) return sendProblem(reply, parsed.error)
    const { packetId } = parsed.value.header
    const result = await services.intake.accept(stationOf(request), packetId, packet.data, parcel.value.sealed)
    return result.ok ? result.value : sendProblem(reply, result.error)
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
