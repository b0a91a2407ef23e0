/** What the device host and its client say to each other over the process channel. Each side parses what it hears. */
import { z } from 'zod'
import { CardFailure, CardProgress, CardReading, CardReadRequest, CardText, ReaderStatus } from '../contracts/card.ts'
import { CardEvidence } from '../contracts/card-evidence.ts'
import { Scan, ScanFailure, ScannerConfiguration, ScannerDevice, ScannerStatus } from '../contracts/scan.ts'

const CallId = z.number().int().positive()

export const HostRequest = z.discriminatedUnion('type', [
  z.object({ type: z.literal('list'), callId: CallId }),
  z.object({ type: z.literal('read'), callId: CallId, request: CardReadRequest }),
  z.object({ type: z.literal('cancel'), callId: CallId }),
  /** From here on the host tells of every change of its readers. */
  z.object({ type: z.literal('watch') }),
  z.object({ type: z.literal('unwatch') }),
  z.object({ type: z.literal('list-scanners'), callId: CallId }),
  z.object({ type: z.literal('configure-scanner'), callId: CallId, configuration: ScannerConfiguration }),
  z.object({ type: z.literal('present-specimen'), callId: CallId, specimen: z.number().int().nonnegative() }),
  z.object({ type: z.literal('stop') }),
])
export type HostRequest = z.infer<typeof HostRequest>

const result = <V extends z.ZodType, E extends z.ZodType>(value: V, error: E) =>
  z.discriminatedUnion('ok', [z.object({ ok: z.literal(true), value }), z.object({ ok: z.literal(false), error })])
const answer = <V extends z.ZodType>(value: V) => result(value, CardFailure)
const scannerAnswer = <V extends z.ZodType>(value: V) => result(value, ScanFailure)

export const HostMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('listed'), callId: CallId, result: answer(z.array(ReaderStatus)) }),
  z.object({ type: z.literal('progress'), callId: CallId, progress: CardProgress }),
  z.object({ type: z.literal('text'), callId: CallId, text: CardText }),
  z.object({ type: z.literal('evidence'), callId: CallId, evidence: CardEvidence }),
  z.object({ type: z.literal('read'), callId: CallId, result: answer(CardReading) }),
  z.object({ type: z.literal('readers'), readers: z.array(ReaderStatus) }),
  z.object({ type: z.literal('scanners-listed'), callId: CallId, result: scannerAnswer(z.array(ScannerDevice)) }),
  z.object({ type: z.literal('scanner-configured'), callId: CallId, result: scannerAnswer(ScannerStatus) }),
  z.object({ type: z.literal('specimen-presented'), callId: CallId, result: scannerAnswer(z.null()) }),
  /** Told unasked: a scanner is configured to be heard. */
  z.object({ type: z.literal('scanner'), status: ScannerStatus }),
  z.object({ type: z.literal('scan'), scan: Scan }),
])
export type HostMessage = z.infer<typeof HostMessage>
