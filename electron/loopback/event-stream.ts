/** Server-sent events (HTML Living Standard 9.2) of one station to its pages. A beat every ten seconds shows a dead connection. */
import type { ServerResponse } from 'node:http'
import type { StationEvent } from '../../contracts/station-api.ts'

const beatMs = 10_000
const mostStreams = 16

export type EventStreams = {
  /** False when too many are open. */
  open(response: ServerResponse, headers: Record<string, string>): boolean
  send(event: StationEvent): void
  closeAll(): void
}

export const createEventStreams = (): EventStreams => {
  const streams = new Set<ServerResponse>()
  const beat = setInterval(() => {
    for (const stream of streams) stream.write(': beat\n\n')
  }, beatMs)
  beat.unref()
  return {
    open(response, headers) {
      if (streams.size >= mostStreams) return false
      response.writeHead(200, {
        ...headers,
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        connection: 'keep-alive',
      })
      response.write('retry: 1000\n\n')
      streams.add(response)
      response.on('close', () => streams.delete(response))
      return true
    },
    send(event) {
      const text = `data: ${JSON.stringify(event)}\n\n`
      for (const stream of streams) stream.write(text)
    },
    closeAll() {
      clearInterval(beat)
      for (const stream of streams) stream.end()
    },
  }
}
