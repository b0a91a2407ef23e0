/**
 * The station's methods and events over the pages' WebSockets: one for each page, opened once, so that a call costs a message and not a
 * request (contracts/station-channel.ts). Who may open one is the server's to say.
 *
 * Invariants: what a page sends is parsed and bounded; a refusal says its reason and never a value; a page that went away takes its card
 * readings with it, so that the reader is free for the next.
 */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { z } from 'zod'
import { ChannelCall, type ChannelMessage, mostCallBytes } from '../../contracts/station-channel.ts'
import { type Station, StationRefusal } from '../station/station.ts'

const mostPages = 16
/** Under way for one page: more than its screens ever ask for. */
const mostCalls = 64
/** A page that no longer takes what it is sent is let go; the largest answer, a scanned page, is far below. */
const mostUnsentBytes = 64 * 1024 * 1024
const partingMs = 1_000

const WithReadId = z.object({ readId: z.string() })

export type StationChannel = {
  /** The connection was let in. False when too many are open. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): boolean
  /** Says goodbye to every page; what was sent before is delivered first. */
  close(): Promise<void>
}

const callOf = (data: unknown, isBinary: boolean): ChannelCall | undefined => {
  if (isBinary) return undefined
  try {
    return ChannelCall.safeParse(JSON.parse(String(data))).data
  } catch {
    return undefined
  }
}

export const createStationChannel = (
  station: Station,
  onFault: (fault: { method: string; reason: string }) => void,
): StationChannel => {
  const server = new WebSocketServer({ noServer: true, maxPayload: mostCallBytes, perMessageDeflate: false })

  const send = (page: WebSocket, message: ChannelMessage): void => {
    if (page.bufferedAmount > mostUnsentBytes) page.terminate()
    else if (page.readyState === page.OPEN) page.send(JSON.stringify(message))
  }

  const serve = (page: WebSocket): void => {
    const readings = new Set<string>()
    let underWay = 0

    const answer = async ({ id, method, request }: ChannelCall): Promise<ChannelMessage> => {
      const read = method === 'readCard' ? WithReadId.safeParse(request).data : undefined
      if (read !== undefined) readings.add(read.readId)
      try {
        return { id, answer: await station.handle(method, request) }
      } catch (error) {
        const reason = error instanceof StationRefusal ? error.reason : 'failed'
        onFault({ method, reason: error instanceof Error && reason === 'failed' ? error.name : reason })
        return { id, refused: reason }
      } finally {
        if (read !== undefined) readings.delete(read.readId)
      }
    }

    page.on('message', (data, isBinary) => {
      const call = callOf(data, isBinary)
      if (call === undefined || underWay >= mostCalls) {
        onFault({ method: '', reason: call === undefined ? 'malformed' : 'too many calls' })
        page.close(1008)
        return
      }
      underWay += 1
      void answer(call).then((message) => {
        underWay -= 1
        send(page, message)
      })
    })
    page.on('close', () => {
      for (const readId of readings) void station.handle('cancelRead', { readId }).catch(() => undefined)
    })
    // A message that is too long or no WebSocket's: the library closes the connection with its reason.
    page.on('error', () => onFault({ method: '', reason: 'malformed' }))
  }

  const unsubscribe = station.onEvent((event) => {
    for (const page of server.clients) send(page, { event })
  })

  return {
    accept(request, socket, head) {
      if (server.clients.size >= mostPages) return false
      server.handleUpgrade(request, socket, head, serve)
      return true
    },
    async close() {
      unsubscribe()
      const pages = [...server.clients]
      const parting = setTimeout(() => {
        for (const page of pages) page.terminate()
      }, partingMs)
      await Promise.all(
        pages.map((page) => {
          const gone = new Promise<void>((resolve) => page.once('close', () => resolve()))
          page.close(1001)
          return gone
        }),
      )
      clearTimeout(parting)
    },
  }
}
