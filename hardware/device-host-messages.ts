/** What the device host and its client say to each other over the process channel. Each side parses what it hears. */
import { z } from 'zod'
import { CardFailure, CardProgress, CardReading, CardReadRequest, CardText, ReaderStatus } from '../contracts/card.ts'

const CallId = z.number().int().positive()

export const HostRequest = z.discriminatedUnion('type', [
  z.object({ type: z.literal('list'), callId: CallId }),
  z.object({ type: z.literal('read'), callId: CallId, request: CardReadRequest }),
  z.object({ type: z.literal('cancel'), callId: CallId }),
  /** From here on the host tells of every change of its readers. */
  z.object({ type: z.literal('watch') }),
  z.object({ type: z.literal('unwatch') }),
  z.object({ type: z.literal('stop') }),
])
export type HostRequest = z.infer<typeof HostRequest>

const answer = <V extends z.ZodType>(value: V) =>
  z.discriminatedUnion('ok', [z.object({ ok: z.literal(true), value }), z.object({ ok: z.literal(false), error: CardFailure })])

export const HostMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('listed'), callId: CallId, result: answer(z.array(ReaderStatus)) }),
  z.object({ type: z.literal('progress'), callId: CallId, progress: CardProgress }),
  z.object({ type: z.literal('text'), callId: CallId, text: CardText }),
  z.object({ type: z.literal('read'), callId: CallId, result: answer(CardReading) }),
  z.object({ type: z.literal('readers'), readers: z.array(ReaderStatus) }),
])
export type HostMessage = z.infer<typeof HostMessage>
