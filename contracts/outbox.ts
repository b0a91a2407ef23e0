/**
 * How far a finished dossier is on its way. Kept on the kiosk, shown on its screens; no personal data.
 * Times are milliseconds of the kiosk's own clock: they decide when to try again, and order nothing.
 */
import { z } from 'zod'
import { LocalizedText } from './encoding.ts'
import { ProblemType } from './gateway-api.ts'

/** Why the next try waits. */
export const WaitingReason = z.enum([
  'network', // no answer at all
  'server-error', // 5xx
  'busy', // 429, 423
  'unreadable-answer', // a captive portal's page, half an answer, a receipt which is not genuine
  'unauthenticated', // the token was refused, a new one is fetched
  'lease-ended', // whoever was sending died
  'attachment-refused', // an attachment arrived damaged and goes again
  'earlier-event', // the gateway has not got an earlier event of the same dossier
  'station-refused', // the gateway does not know this station, or no longer: nothing is wrong with the dossier
  'recall', // a person wants it back: the gateway is asked first
])
export type WaitingReason = z.infer<typeof WaitingReason>

/** Why a person has to look. Everything is kept. */
export const AttentionReason = z.union([
  ProblemType,
  z.enum([
    'rejected',
    'attachment-refused-repeatedly',
    'refused-before-receipt',
    'attachment-bytes-missing',
    // The store forgot it, and the gateway had not got all of it: only its begin is there.
    'forgotten-unsent',
  ]),
])
export type AttentionReason = z.infer<typeof AttentionReason>

export const AttentionFinding = z.object({ fields: z.array(z.string()), message: LocalizedText })

export const EntryState = z.discriminatedUnion('name', [
  z.object({ name: z.literal('queued') }),
  z.object({ name: z.literal('sending'), holder: z.string(), leaseUntil: z.number() }),
  z.object({ name: z.literal('uploading'), holder: z.string(), leaseUntil: z.number() }),
  z.object({ name: z.literal('waiting'), until: z.number(), reason: WaitingReason }),
  z.object({
    name: z.literal('needs-attention'),
    reason: AttentionReason,
    detail: z.string(),
    findings: z.array(AttentionFinding).default([]),
  }),
  /** The gateway has promised never to receive this packet: it may become a draft again. */
  z.object({ name: z.literal('recalled') }),
  z.object({ name: z.literal('received') }),
  z.object({ name: z.literal('accepted') }),
  z.object({ name: z.literal('refused') }),
])
export type EntryState = z.infer<typeof EntryState>
export type EntryStateName = EntryState['name']

export const OutboxProgress = z.object({
  state: EntryState,
  /** Failed tries since the last success; the backoff grows with it. */
  attempt: z.number().int().nonnegative(),
  /** How often attachments had to go again because they arrived damaged. */
  reuploads: z.number().int().nonnegative(),
  /** A person wants the dossier back: what goes to the gateway next is that question, not the packet. */
  recall: z.literal(true).optional(),
})
export type OutboxProgress = z.infer<typeof OutboxProgress>
