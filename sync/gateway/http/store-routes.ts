/** The citizens' store: GET a challenge for a card, POST what its chip gave. Numbers stand in no address. */
import type { FastifyInstance } from 'fastify'
import { StoreOpening } from '../../../contracts/citizen-store.ts'
import type { StoreDoor } from '../citizen-store/open-store.ts'
import type { StoreChallenges } from '../citizen-store/store-challenges.ts'
import { sendProblem } from '../problem.ts'
import { stationOf } from './bearer.ts'

/** A station that has asked too often is not to come again before this. */
const restSeconds = 120

/** Absent on a gateway that keeps nothing. */
export type StoreService = { door: StoreDoor; challenges: StoreChallenges }

export function addStoreRoutes(app: FastifyInstance, { citizenStore }: { citizenStore?: StoreService }): void {
  if (citizenStore === undefined) return
  app.get('/v1/citizen-store/challenge', (request, reply) => {
    reply.header('cache-control', 'no-store')
    return citizenStore.challenges.make(stationOf(request).stationId)
  })
  app.post('/v1/citizen-store/openings', { bodyLimit: 131_072 }, async (request, reply) => {
    reply.header('cache-control', 'no-store')
    const body = StoreOpening.safeParse(request.body)
    if (!body.success) return sendProblem(reply, { type: 'malformed', detail: body.error.issues[0]?.path.join('.') ?? '' })
    const opened = await citizenStore.door.open(stationOf(request), body.data)
    if (opened.ok) return opened.value
    if (opened.error.type === 'busy') reply.header('retry-after', String(restSeconds))
    return sendProblem(reply, opened.error)
  })
}
