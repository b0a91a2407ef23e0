/** One kiosk's way to the gateway, with what befalls requests and answers on it. */
import { Packet, PacketHeader } from '../../contracts/packet.ts'
import type { Fetch } from '../../sync/client/gateway-http.ts'
import { concatBytes } from '../../sync/packet/base64url.ts'
import { unpackConsignment } from '../../sync/packet/consignment.ts'
import { unpackParcel } from '../../sync/packet/parcel.ts'
import type { Faults } from './faults.ts'
import type { SimulatedAnswer, SimulatedGateway, SimulatedRequest } from './gateway.ts'
import { forgeReceipt, modelDigest } from './model-seals.ts'
import type { Random } from './random.ts'
import type { Scheduler } from './virtual-time.ts'

const page = (status: number): SimulatedAnswer => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: '<html>Wi-Fi</html>',
})
const withRetryAfter = (status: number, seconds: number): SimulatedAnswer => ({
  ...page(status),
  headers: { 'retry-after': String(seconds) },
})

type Link = { up: boolean; portal: boolean }

export const createNetwork = (options: {
  scheduler: Scheduler
  faults: Faults
  random: Random
  gateway: SimulatedGateway
  stationId: string
}) => {
  const { scheduler, faults, random, gateway, stationId } = options
  const link: Link = { up: true, portal: false }

  /** Somebody on the way makes up an answer which is well-formed in everything but its receipt. */
  const forged = (request: SimulatedRequest): SimulatedAnswer | undefined => {
    if (!(request.body instanceof Uint8Array)) return undefined
    if (request.path === '/v1/consignments') {
      const parcels = unpackConsignment(request.body)
      if (!parcels.ok) return undefined
      const each = parcels.value.map((body) => forged({ ...request, path: '/v1/packets', body }))
      const answers = each.map((one) => ({ status: 200, body: JSON.parse(one?.body ?? '{}') }))
      return { status: 200, headers: {}, body: JSON.stringify({ answers }) }
    }
    if (request.path !== '/v1/packets') return undefined
    const parcel = unpackParcel(request.body)
    if (!parcel.ok) return undefined
    const packet = Packet.parse(parcel.value.packet)
    const header = PacketHeader.parse(JSON.parse(Buffer.from(packet.header, 'base64url').toString()))
    const { packetId } = header
    const receipt = forgeReceipt({
      packetId,
      stationId,
      counter: header.counter,
      packetDigest: modelDigest(packet),
      attachments: header.attachments,
      receivedAt: '2026-11-22T00:00:00.000Z',
    })
    return { status: 200, headers: {}, body: JSON.stringify({ packetId, state: 'received', missing: [], receipt }) }
  }

  /** What somebody between answers instead of the gateway. */
  const intercepted = (request: SimulatedRequest): SimulatedAnswer | undefined => {
    if (link.portal) return page(random.pick([200, 200, 511, 302]))
    if (faults.strikes('proxy-4xx', random)) return page(random.pick([400, 403, 404, 408, 409, 410, 413]))
    if (faults.strikes('proxy-5xx', random)) return withRetryAfter(random.pick([500, 502, 503, 504]), random.between(1, 40))
    if (faults.strikes('too-many-requests', random)) return withRetryAfter(429, random.between(1, 60))
    if (faults.strikes('token-refused', random)) return page(401)
    if (faults.strikes('forged-receipt', random)) return forged(request)
    return undefined
  }

  const exchange = (request: SimulatedRequest, answer: (answer: SimulatedAnswer) => void, fail: () => void): void => {
    const later = (low: number, high: number, run: () => void) => scheduler.at(random.between(low, high), run)
    const slow = faults.strikes('delayed-and-reordered', random) ? random.between(200, 25_000) : 0
    let sent = request
    let cut = false
    const arrive = (deliver: boolean) => {
      const served = link.up ? gateway.serve(sent) : undefined
      if (served === undefined) {
        if (deliver) later(5, 200, fail)
        return
      }
      served.then(
        (given) => {
          if (!deliver) return
          const lost = !link.up || cut || faults.strikes('response-dropped', random)
          later(5, 300, () => (lost ? fail() : answer(given)))
        },
        () => {
          if (deliver) later(5, 300, fail)
        },
      )
    }
    const dropped = faults.strikes('request-dropped', random)
    if (!link.up || dropped) {
      later(5, 2_000, fail)
      // Given up here, and still somewhere on its way.
      if (dropped && random.chance(0.5)) later(5_000, 90_000, () => arrive(false))
      return
    }
    if (faults.strikes('half-open', random)) return
    const instead = intercepted(request)
    if (instead !== undefined) {
      later(5, 400, () => answer(instead))
      return
    }
    const carriesBytes = request.method === 'PATCH' || request.path === '/v1/packets' || request.path === '/v1/consignments'
    if (carriesBytes && typeof request.body === 'object' && faults.strikes('upload-truncated', random)) {
      sent = { ...request, body: request.body.slice(0, random.below(request.body.length)) }
      // A broken line cuts the answer too; a proxy may pass on the half and bring the answer to it.
      cut = request.method === 'PATCH' || random.chance(0.5)
    }
    const delay = random.between(5 + slow, 200 + slow)
    scheduler.at(delay, () => arrive(true))
    if (faults.strikes('request-duplicated', random)) scheduler.at(delay + random.pick([2, 8, 300, 40_000]), () => arrive(false))
  }

  const fetch: Fetch = (url, init) =>
    new Promise((resolve, reject) => {
      const fail = () => reject(new TypeError('network'))
      init.signal.addEventListener('abort', fail)
      if (init.signal.aborted) return fail()
      const { body } = init
      exchange(
        {
          method: init.method,
          path: url.slice('https://gateway'.length),
          headers: init.headers,
          ...(body === undefined ? {} : { body: typeof body === 'string' ? body : concatBytes(...body) }),
        },
        ({ status, headers, body: text }) => resolve({ status, headers: new Headers(headers), text: async () => text }),
        fail,
      )
    })

  return { fetch, link }
}
export type Network = ReturnType<typeof createNetwork>
