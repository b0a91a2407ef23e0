/**
 * Packets on their way to a first try, several in one request: those that become ready while as many requests as are good for the link are
 * under way share the next one. A failure of a request is a failure of each packet in it, and then each goes on its own
 * (sync/engine/link.ts: `goesTogether`).
 *
 * Invariants: no more bytes of attachments in one request than one request would carry on this link anyway; every packet gets an answer
 * of its own; a gateway that knows no consignments gets parcels, and no packet is refused for that.
 */

import type { Clock } from '../../contracts/clock.ts'
import type { PacketAnswer } from '../../contracts/gateway-api.ts'
import { mostParcelsTogether } from '../../contracts/gateway-api.ts'
import type { Packet } from '../../contracts/packet.ts'
import type { Result } from '../../contracts/result.ts'
import { carriedTogether, type Link, noteTransfer, requestLanes } from '../engine/link.ts'
import { largeBytes } from '../engine/schedule.ts'
import { followLink, type Pace, slowDown } from './attachment-upload.ts'
import type { CallFault, GatewayHttp } from './gateway-http.ts'

type Answer = Result<PacketAnswer, CallFault>
type Waiting = { packet: Packet; sealed: readonly Uint8Array[]; bytes: number; resolve: (answer: Answer) => void }

/** Characters of a packet's payload: so many as the gateway surely takes with as many others. */
const longestShared = 100_000
/** What is larger fills a request of its own, beside which another can be on its way. */
const isShort = ({ packet, bytes }: Waiting) => packet.payload.length <= longestShared && bytes <= largeBytes

export const createConsignments = (options: {
  http: Pick<GatewayHttp, 'postParcel' | 'postConsignment'>
  clock: Clock
  pace: Pace
  link: { current: Link }
}) => {
  const { http, clock, pace, link } = options
  const waiting: Waiting[] = []
  let underWay = 0
  let gathering = false
  /** Until the page is opened anew. */
  let aloneOnly = false

  const load = (): Waiting[] => {
    const most = carriedTogether(link.current, pace.chunkSize)
    const taken: Waiting[] = []
    let bytes = 0
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      const fits = !aloneOnly && taken.length < mostParcelsTogether && bytes + next.bytes <= most && isShort(next)
      if (taken.length > 0 && !fits) break
      bytes += next.bytes
      taken.push(next)
      waiting.shift()
      if (!isShort(next)) break
    }
    return taken
  }

  const noteAnswers = (answers: readonly Answer[], bytes: number, beganAt: number) => {
    if (bytes === 0) return
    const at = clock.monotonic()
    if (answers.some((answer) => answer.ok)) {
      link.current = noteTransfer(link.current, { bytes, beganAt, at })
      followLink(pace, { bytes, ms: at - beganAt })
      return
    }
    const cut = answers.some(
      (answer) => !answer.ok && answer.error.type === 'call-failed' && answer.error.failure.kind === 'network',
    )
    if (cut) slowDown(pace)
  }

  const send = async (parcels: readonly Waiting[]): Promise<void> => {
    const bytes = parcels.reduce((sum, each) => sum + each.bytes, 0)
    const beganAt = clock.monotonic()
    const [first] = parcels
    if (first === undefined) return
    const answers = parcels.length > 1 ? await http.postConsignment(parcels) : [await http.postParcel(first.packet, first.sealed)]
    if (answers === 'unknown-there') {
      aloneOnly = true
      waiting.unshift(...parcels)
      return
    }
    noteAnswers(answers, bytes, beganAt)
    parcels.forEach(({ resolve }, at) => {
      const answer = answers[at]
      if (answer === undefined) throw new Error('A packet without an answer')
      resolve(answer)
    })
  }

  const depart = () => {
    gathering = false
    while (waiting.length > 0 && underWay < requestLanes(link.current)) {
      underWay += 1
      void send(load()).finally(() => {
        underWay -= 1
        gather()
      })
    }
  }

  /** What was claimed in one transaction comes one behind the other, in the same moment. */
  const gather = () => {
    if (gathering) return
    gathering = true
    clock.after(0, depart)
  }

  /** The packet, and with it the attachments that fit; what the rest of the link learns from it. */
  return (packet: Packet, sealed: readonly Uint8Array[]): Promise<Answer> =>
    new Promise((resolve) => {
      waiting.push({ packet, sealed, bytes: sealed.reduce((sum, each) => sum + each.length, 0), resolve })
      gather()
    })
}
