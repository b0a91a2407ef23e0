/** How a station becomes known and stays known: challenge, enrolment, token. The only routes without a bearer token. */
import type { FastifyInstance } from 'fastify'
import { EnrolmentRequest, TokenRequest } from '../../../contracts/gateway-api.ts'
import type { Keys } from '../keys.ts'
import { sendProblem } from '../problem.ts'
import type { Authentication } from '../stations/authentication.ts'
import { enrol } from '../stations/enrolment.ts'
import type { LeasePolicy } from '../stations/leases.ts'
import type { Database } from '../storage/database.ts'
import { createAttemptLimit } from './attempt-limit.ts'

export function addStationRoutes(
  app: FastifyInstance,
  services: { database: Database; keys: Keys; leasePolicy: LeasePolicy; authentication: Authentication },
): void {
  const enrolmentFailures = createAttemptLimit({ failures: 10, windowMs: 60_000 })

  app.get('/v1/health', () => ({ status: 'ok', time: new Date().toISOString() }))

  app.get('/v1/challenge', (_request, reply) => {
    reply.header('cache-control', 'no-store')
    return services.authentication.challenge()
  })

  app.post('/v1/enrolments', { bodyLimit: 16_384 }, async (request, reply) => {
    const wait = enrolmentFailures.secondsToWait(request.ip)
    if (wait > 0) return sendProblem(reply.header('retry-after', String(wait)), { type: 'busy' }, 429)
    const body = EnrolmentRequest.safeParse(request.body)
    if (!body.success) return sendProblem(reply, { type: 'malformed', detail: body.error.issues[0]?.path.join('.') ?? '' })
    const result = await enrol(services.database, services.keys, services.leasePolicy, body.data)
    if (result.ok) return result.value
    if (result.error.type === 'enrolment-code-unknown') enrolmentFailures.failed(request.ip)
    return sendProblem(reply, result.error)
  })

  app.post('/v1/token', { bodyLimit: 16_384 }, async (request, reply) => {
    reply.header('cache-control', 'no-store')
    const body = TokenRequest.safeParse(request.body)
    if (!body.success) return sendProblem(reply, { type: 'malformed', detail: body.error.issues[0]?.path.join('.') ?? '' })
    const result = await services.authentication.exchange(body.data.client_assertion)
    return result.ok ? result.value : sendProblem(reply, result.error)
  })
}
