/**
 * What page and loopback station say over their one WebSocket (RFC 6455), a JSON text in each message. Calls are answered by their id, in
 * any order; events come as they happen.
 */
import { z } from 'zod'

export const channelPath = '/station'
/** A page asks in small words; what it may be answered (a scanned page) is bounded by the method's own schema. */
export const mostCallBytes = 64 * 1024

const CallId = z.number().int().nonnegative()

export const ChannelCall = z.object({ id: CallId, method: z.string().max(64), request: z.unknown() })
export type ChannelCall = z.infer<typeof ChannelCall>

export const ChannelMessage = z.union([
  z.object({ id: CallId, answer: z.unknown() }).strict(),
  /** The call was none of the contract, or the station could not take it. */
  z.object({ id: CallId, refused: z.string() }).strict(),
  z.object({ event: z.unknown() }).strict(),
])
export type ChannelMessage = z.infer<typeof ChannelMessage>
