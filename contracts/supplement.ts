/**
 * Yêu cầu bổ sung: an agency asks for more on a dossier it has. The notice comes by the feed and says nothing personal. What the agency
 * wrote, and just those answers which the correction needs, are given back only when an operator asks for them: sealed (HPKE) to a key that
 * was made for this one answer and that the station vouches for by its device key, so that nothing recorded on the way ever opens.
 *
 *   POST /v1/supplements/:requestId/openings   SupplementOpening -> SealedSupplement   (Bearer; only the station that handed it in)
 */
import { z } from 'zod'
import { Answers } from './dossier.ts'
import { Base64Url, Instant, Uuid } from './encoding.ts'
import { AnswerKey, FieldId } from './procedure-field.ts'

/** A day as printed: dd/MM/yyyy. */
const PrintedDay = z.string().regex(/^\d{2}\/\d{2}\/\d{4}$/)

/** Part of the answer about the packet that handed the dossier in; the latest request, in the state it has by now. */
export const SupplementNotice = z.object({
  requestId: Uuid,
  state: z.enum(['open', 'answered']),
  askedAt: Instant,
  dueOn: PrintedDay.optional(),
  /** Asked by a simulator: said on every screen that shows it. */
  simulated: z.boolean(),
})
export type SupplementNotice = z.infer<typeof SupplementNotice>

/** What the agency wrote. Its reason may name people: it never lies on a kiosk in plain text. */
export const SupplementRequest = SupplementNotice.omit({ state: true }).extend({
  dossierId: Uuid,
  agency: z.string().min(1).max(300),
  reason: z.string().min(1).max(2000),
  /** Answers to be corrected; a group's own key stands for all of its rows. */
  fields: z.array(AnswerKey).max(200),
  papers: z.array(FieldId).max(20),
})
export type SupplementRequest = z.infer<typeof SupplementRequest>

/** What is sealed: the request and what a clerk needs to answer it, and nothing else of the dossier. */
export const SupplementBasis = z.object({
  request: SupplementRequest,
  procedureCode: z.string(),
  procedureVersion: z.string(),
  training: z.boolean(),
  /** How often the dossier has changed since it was handed in. */
  revision: z.number().int().positive(),
  /** The named answers as they are by now, and those that their conditions and rules look at. */
  answers: Answers,
  /** Kinds of papers handed in so far; the files stay at the gateway. */
  papersThere: z.array(FieldId),
  /** Of the dossier's next event from this station. */
  event: z.object({ sequence: z.number().int().min(2), previous: Uuid.optional() }),
})
export type SupplementBasis = z.infer<typeof SupplementBasis>

export const SupplementOpening = z.object({
  operatorId: Uuid,
  /** Raw uncompressed point of P-256, made for this answer alone. */
  recipient: Base64Url.length(87),
  /** The device key's, over the words of `openingWords` (sync/packet/supplement-seal.ts). */
  signature: Base64Url.max(200),
})
export type SupplementOpening = z.infer<typeof SupplementOpening>

/** `enc | ciphertext` of HPKE. */
export const SealedSupplement = z.object({ sealed: Base64Url.max(4_000_000) })
export type SealedSupplement = z.infer<typeof SealedSupplement>
