/**
 * So many requests at work at once and no more: a gateway that takes in everything answers nobody in time. Who is turned away is told when
 * to come again, later the more there were, and each another moment, so that five thousand posts which come back together come in a file.
 *
 * Who has come through the door is let finish: a challenge grows old while one waits, so it is the challenges that are turned away first.
 * Waiting reads and the bytes of a file do not count: they cost little while they wait for their line.
 */
import type { FastifyInstance } from 'fastify'
import { sendProblem } from '../problem.ts'

const windowMs = 30_000
const shortestSeconds = 2
const longestSeconds = 150
/** Room for those within, in times of the door's. */
const roomWithin = 4
/** Parcels may be under way for half a minute on a slow line, and are work only once they are here. */
const arrivingForEachAtWork = 4

/** Seconds until a station that was turned away should come again. `recently`: how many were in the last half minute. */
export const comeAgainSeconds = (recently: number, perSecond: number, random: () => number): number =>
  shortestSeconds + Math.round(random() * Math.min(longestSeconds, recently / perSecond))

export function limitLoad(
  app: FastifyInstance,
  options: { mostAtOnce: number; perSecond: number; monotonicMs: () => number; random: () => number },
): void {
  let atWork = 0
  let turnedAway = { since: options.monotonicMs(), count: 0, before: 0 }
  const working = new WeakSet<object>()
  const counts = (method: string, url: string) => method !== 'PATCH' && method !== 'OPTIONS' && !url.startsWith('/v1/updates')
  const isParcel = (method: string, url: string) => method === 'POST' && (url === '/v1/packets' || url === '/v1/consignments')
  let arriving = 0
  const onTheWay = new WeakSet<object>()

  app.addHook('onRequest', async (request, reply) => {
    if (!counts(request.method, request.url)) return
    const most = request.url.startsWith('/v1/challenge') ? options.mostAtOnce : options.mostAtOnce * roomWithin
    if (atWork < most) {
      if (!isParcel(request.method, request.url)) {
        atWork += 1
        working.add(request)
        return
      }
      // Its bytes are in memory while they come.
      if (arriving < options.mostAtOnce * arrivingForEachAtWork) {
        arriving += 1
        onTheWay.add(request)
        return
      }
    }
    const now = options.monotonicMs()
    if (now - turnedAway.since > windowMs) turnedAway = { since: now, count: 0, before: turnedAway.count }
    turnedAway.count += 1
    const recently = Math.max(turnedAway.count, turnedAway.before)
    reply.header('retry-after', String(comeAgainSeconds(recently, options.perSecond, options.random)))
    if (!request.raw.complete) reply.header('connection', 'close')
    return sendProblem(reply, { type: 'busy' })
  })
  app.addHook('preHandler', async (request) => {
    if (!onTheWay.delete(request)) return
    arriving -= 1
    atWork += 1
    working.add(request)
  })
  const end = (request: object) => {
    if (onTheWay.delete(request)) arriving -= 1
    if (working.delete(request)) atWork -= 1
  }
  app.addHook('onResponse', async (request) => end(request))
  app.addHook('onRequestAbort', async (request) => end(request))
}
