/** Every route below is for an authenticated station (RFC 6750 section 2.1). */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { sendProblem } from '../problem.ts'
import type { Authentication, Station } from '../stations/authentication.ts'

const stations = new WeakMap<FastifyRequest, Station>()

export function requireStation(app: FastifyInstance, authentication: Authentication): void {
  app.addHook('onRequest', async (request, reply) => {
    const station = await authentication.authenticate(request.headers.authorization)
    if (station.ok) {
      stations.set(request, station.value)
      return
    }
    if (station.error.type === 'unauthenticated') reply.header('www-authenticate', 'Bearer')
    if (!request.raw.complete) reply.header('connection', 'close')
    return sendProblem(reply, station.error)
  })
}

export function stationOf(request: FastifyRequest): Station {
  const station = stations.get(request)
  if (station === undefined) throw new Error('A route for stations was reached without authentication')
  return station
}
