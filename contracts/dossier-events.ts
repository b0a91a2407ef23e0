/**
 * What happens to a dossier after it was handed in. Like the dossier itself this is plain text which only the gateway can open.
 * A supplement names the values its clerk saw, so that what has changed since is noticed by field and never overwritten in silence.
 */
import { z } from 'zod'
import { Answers, AttachmentFacts, Dossier } from './dossier.ts'
import { Uuid } from './encoding.ts'
import { AnswerKey } from './procedure-field.ts'

const eventFields = {
  dossierId: Dossier.shape.dossierId,
  procedureCode: z.string(),
  procedureVersion: z.string(),
  helper: Dossier.shape.helper,
  slipCode: Dossier.shape.slipCode,
  training: z.boolean(),
  finishedAt: Dossier.shape.finishedAt,
}

export const Supplement = z.object({
  ...eventFields,
  /** What the agency asked for and this answers. */
  requestId: Uuid.optional(),
  /** Changed and added answers only; an empty value takes an answer away. */
  answers: Answers,
  /** The values of those answers which the clerk saw before changing them; no entry where there was none. */
  seen: z.record(AnswerKey, z.string().max(8000)),
  attachments: z.array(AttachmentFacts).max(20),
})
export type Supplement = z.infer<typeof Supplement>

export const Withdrawal = z.object({
  ...eventFields,
  reason: z.string().max(500),
  attachments: z.array(AttachmentFacts).max(0),
})
export type Withdrawal = z.infer<typeof Withdrawal>

export type PacketContent =
  | { kind: 'submit'; dossier: Dossier }
  | { kind: 'supplement'; supplement: Supplement }
  | { kind: 'withdraw'; withdrawal: Withdrawal }
