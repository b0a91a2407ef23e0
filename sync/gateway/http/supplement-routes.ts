/** POST /v1/supplements/:requestId/openings: what answering an agency's request needs, sealed to one asker. */
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { Uuid } from '../../../contracts/encoding.ts'
import { SupplementOpening } from '../../../contracts/supplement.ts'
import type { Catalogue } from '../../../procedures/documents/catalogue-source.ts'
import { sendProblem } from '../problem.ts'
import type { Database } from '../storage/database.ts'
import { openRequest } from '../supplements/open-request.ts'
import { stationOf } from './bearer.ts'

const RequestPath = z.object({ requestId: Uuid.toLowerCase() })

export function addSupplementRoutes(
  app: FastifyInstance,
  services: { database: Database; catalogue: Pick<Catalogue, 'find'> },
): void {
  app.post('/v1/supplements/:requestId/openings', { bodyLimit: 16_384 }, async (request, reply) => {
    reply.header('cache-control', 'no-store')
    const path = RequestPath.safeParse(request.params)
    if (!path.success) return sendProblem(reply, { type: 'malformed', detail: 'requestId' })
    const body = SupplementOpening.safeParse(request.body)
    if (!body.success) return sendProblem(reply, { type: 'malformed', detail: body.error.issues[0]?.path.join('.') ?? '' })
    const opened = await openRequest(services, stationOf(request), path.data.requestId, body.data)
    return opened.ok ? opened.value : sendProblem(reply, opened.error)
  })
}
