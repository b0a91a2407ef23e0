/** The dossier: what a citizen declares, with where each value came from. This is the plain text which only the gateway can open. */
import { z } from 'zod'
import { Instant, LocalizedText, Sha256Hex, Uuid } from './encoding.ts'
import { AnswerKey, FieldId } from './procedure-field.ts'

/** What a chip's value rests on: how far the chip was proven, and what the clerk answered to "is this the same person?". Never the photo. */
export const ChipEvidence = z.object({
  verdict: z.enum(['genuine', 'genuine-ca-unknown', 'not-checked']),
  samePerson: z.enum(['yes', 'unsure', 'holder-absent']),
})
export type ChipEvidence = z.infer<typeof ChipEvidence>

/**
 * `card`: as the chip has it, locked. `typed-over-card`: the clerk opened a chip's value to change it, on purpose. `qr`: data entry, no proof.
 * `dossier`: declared before in another dossier; `list`: chosen from a code list; `derived`: follows from other answers; `proposed`: the
 * form's own proposal, which nobody has changed; `store`: the citizen let the gateway keep it, and it was given back to his card; `agency`:
 * the agency corrected it in its own record.
 */
export const ValueSource = z.enum([
  'card',
  'qr',
  'dossier',
  'store',
  'list',
  'typed',
  'typed-over-card',
  'derived',
  'initial',
  'proposed',
  'agency',
])
export type ValueSource = z.infer<typeof ValueSource>

/** Where a value came from, when, and by whom. A value keeps it until it changes. */
export const Provenance = z.object({
  source: ValueSource,
  at: Instant,
  /** Who sat at the keyboard; with `agency`, when the citizen last declared it. */
  operatorId: Uuid,
  /** With `card`, and kept when its value is typed over. */
  chip: ChipEvidence.optional(),
  /** Of `dossier` and `store`: the procedure in which it was declared, and what that dossier had it from. Of `derived`: a relative's card. */
  from: z
    .object({ procedureCode: z.string().optional(), source: ValueSource, at: Instant, chip: ChipEvidence.optional() })
    .optional(),
  /** Of `proposed`: whether it rests on the commune the point stands in or on other answers alone. */
  basis: z.enum(['point', 'answers']).optional(),
  /** The clerk was shown it and said that it is right, or chose it among values that differ. */
  confirmed: z.boolean().optional(),
  /** What it was typed over: the value of the chip or of the card's code, which the citizen says is no longer so. */
  over: z.object({ source: ValueSource, value: z.string().max(8000), at: Instant }).optional(),
})
export type Provenance = z.infer<typeof Provenance>

/** Where an address lies, by the codes of the list of 34 provinces and their communes; `former` is the older name printed beside the new. */
export const UnitCodes = z.object({
  province: z.string().regex(/^\d{2}$/),
  commune: z
    .string()
    .regex(/^\d{5}$/)
    .optional(),
  former: z.string().min(1).max(300).optional(),
  /** House, street, village: the part of an address before the commune. */
  detail: z.string().min(1).max(500).optional(),
})
export type UnitCodes = z.infer<typeof UnitCodes>

/**
 * Every value is a text as the form prints it, NFC: dates dd/MM/yyyy, MM/yyyy or yyyy, numbers without grouping. A repeated group's
 * own value is its number of rows; the fields of its rows have keys of their own (`AnswerKey`). Only a signature is longer than 2000.
 */
export const Answer = z.object({ value: z.string().max(8000), unit: UnitCodes.optional(), provenance: Provenance })
export type Answer = z.infer<typeof Answer>
export const Answers = z.record(AnswerKey, Answer)
export type Answers = z.infer<typeof Answers>

export const AttachmentMediaType = z.enum(['image/jpeg', 'image/png', 'application/pdf'])
export type AttachmentMediaType = z.infer<typeof AttachmentMediaType>

/** Most bytes of one attachment, as the citizen hands it in (Lai Châu's portal takes 6 MB; the lowest limit known). */
export const maxAttachmentBytes = 6 * 1024 * 1024

export const AttachmentFacts = z.object({
  attachmentId: Uuid,
  paperId: FieldId,
  fileName: z.string().min(1).max(200),
  mediaType: AttachmentMediaType,
  size: z.number().int().positive().max(maxAttachmentBytes),
  sha256: Sha256Hex,
})
export type AttachmentFacts = z.infer<typeof AttachmentFacts>

/** Consent by purpose (Law 91/2025/QH15): what was read out, whether it was given, when. Silence is not consent. */
export const Consent = z.object({ id: FieldId, purpose: LocalizedText, given: z.boolean(), at: Instant })
export type Consent = z.infer<typeof Consent>

/** A rule, or the rule of one row: `spouseTooYoung_2`. */
const RuleKey = z.string().regex(/^[a-z][A-Za-z0-9]*(_\d{1,3})?$/)

/** A doubt the clerk looked at and kept ("Giữ nguyên"). It holds only for the values it was given for. */
export const ConfirmedWarning = z.object({ rule: RuleKey, at: Instant, operatorId: Uuid })
export type ConfirmedWarning = z.infer<typeof ConfirmedWarning>

export const Dossier = z.object({
  dossierId: Uuid,
  procedureCode: z.string(),
  procedureVersion: z.string(),
  answers: Answers,
  attachments: z.array(AttachmentFacts).max(20),
  consents: z.array(Consent).min(1),
  confirmedWarnings: z.array(ConfirmedWarning).max(50).optional(),
  helper: z.object({ operatorId: Uuid, name: z.string().min(1) }),
  /** Local number on the support slip, like P7-K3M-9Q; never shaped like an official code. */
  slipCode: z.string().regex(/^P\d-[A-HJ-NP-Z2-9]{3}-[A-HJ-NP-Z2-9]{2}$/),
  training: z.boolean(),
  finishedAt: Instant,
  /** The clerk was shown earlier dossiers of the same matter, and said why this one is handed in all the same. */
  knownDouble: z.object({ slipCodes: z.array(z.string().max(20)).min(1).max(20), reason: z.string().min(1).max(500) }).optional(),
})
export type Dossier = z.infer<typeof Dossier>
