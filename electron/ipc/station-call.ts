/**
 * Channel `tram:station-call`: a page's call of a station method, request in, response out.
 * Only the top frame of our own page is heard; the station parses what it sent. A refusal is told by its reason alone.
 */
import { z } from 'zod'
import { type Station, StationRefusal } from '../station/station.ts'
import { stationCallChannel } from './channel-names.ts'
import { isKioskUrl } from './page-origin.ts'

export type CallSender = {
  readonly senderFrame: { readonly url: string; readonly parent: unknown } | null
  readonly sender: {
    readonly id: number
    once(event: 'destroyed', listener: () => void): unknown
    removeListener(event: 'destroyed', listener: () => void): unknown
  }
}

export type CallReceiver = {
  handle(channel: string, listener: (event: CallSender, ...parameters: unknown[]) => Promise<unknown>): void
  removeHandler(channel: string): void
}

const Call = z.tuple([z.string().max(64), z.unknown()])
const ReadRequest = z.object({ readId: z.string() })

export const isTrustedSender = (event: Pick<CallSender, 'senderFrame'>): boolean => {
  const frame = event.senderFrame
  return frame !== null && frame.parent === null && isKioskUrl(frame.url)
}

export const registerStationCall = (
  receiver: CallReceiver,
  station: Station,
  onFault: (fault: { method: string; reason: string }) => void,
): (() => void) => {
  receiver.handle(stationCallChannel, async (event, ...parameters) => {
    if (!isTrustedSender(event)) {
      onFault({ method: '', reason: 'sender' })
      throw new Error('refused: sender')
    }
    const call = Call.safeParse(parameters)
    if (!call.success) {
      onFault({ method: '', reason: 'malformed' })
      throw new Error('refused: malformed')
    }
    const [method, request] = call.data
    const read = method === 'readCard' ? ReadRequest.safeParse(request) : undefined
    // A page that went away takes its reading with it: the reader is free for the next.
    const leave = () => {
      if (read?.success) void station.handle('cancelRead', { readId: read.data.readId }).catch(() => undefined)
    }
    event.sender.once('destroyed', leave)
    try {
      return await station.handle(method, request)
    } catch (error) {
      const reason = error instanceof StationRefusal ? error.reason : 'failed'
      onFault({ method, reason: error instanceof StationRefusal ? `${error.reason} (${error.message})` : errorName(error) })
      throw new Error(`refused: ${reason}`)
    } finally {
      event.sender.removeListener('destroyed', leave)
    }
  })
  return () => receiver.removeHandler(stationCallChannel)
}

const errorName = (error: unknown): string => (error instanceof Error ? error.name : 'failed')
