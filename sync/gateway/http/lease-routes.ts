/** POST /v1/lease: the station says who works there, the gateway answers with a lease. */
import type { FastifyInstance } from 'fastify'
import { LeaseRequest } from '../../../contracts/lease.ts'
import type { Keys } from '../keys.ts'
import { sendProblem } from '../problem.ts'
import { issueLease, type LeasePolicy, noteOperators } from '../stations/leases.ts'
import type { Database } from '../storage/database.ts'
import { stationOf } from './bearer.ts'

export function addLeaseRoute(
  app: FastifyInstance,
  services: { database: Database; keys: Keys; leasePolicy: LeasePolicy },
): void {
  const { database, keys, leasePolicy } = services
  app.post('/v1/lease', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    const body = LeaseRequest.safeParse(request.body)
    if (!body.success) return sendProblem(reply, { type: 'malformed', detail: body.error.issues[0]?.path.join('.') ?? '' })
    const { stationId } = stationOf(request)
    await noteOperators(database, stationId, body.data.operators)
    return { lease: await issueLease(database, keys, leasePolicy, stationId, body.data) }
  })
}
