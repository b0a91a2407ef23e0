/**
 * A visit (lượt): the people at the counter, their dossiers and what was said of them. It lasts until the next people come.
 * Kept encrypted under its operator's key; nothing of it goes into a packet but the provenance of values that were taken over.
 */
import { z } from 'zod'
import { CardPerson } from './card.ts'
import { KeptFacts } from './citizen-store.ts'
import { Answers, Provenance, UnitCodes } from './dossier.ts'
import { Instant, Uuid } from './encoding.ts'
import { AnswerKey, FactName } from './procedure-field.ts'

/** A value as a dossier declared it, with where that dossier had it from; without a procedure's code, as a card of this visit says it. */
export const KnownValue = z.object({
  value: z.string().min(1).max(2000),
  unit: UnitCodes.optional(),
  provenance: Provenance,
  procedureCode: z.string().optional(),
  /** Declared in the very dossier that is being filled in: another of its fields, no earlier dossier. */
  here: z.literal(true).optional(),
})
export type KnownValue = z.infer<typeof KnownValue>

export const KnownPerson = z.object({
  /** `p1`, `p2`: within this visit only. */
  id: z.string().regex(/^p[1-9]\d*$/),
  /** Differing values of one fact stand side by side, the most trusted first. */
  facts: z.partialRecord(FactName, z.array(KnownValue).min(1)),
  /** As what they stood in the dossiers: `requester`, `mother`. */
  roles: z.array(z.string()),
})
export type KnownPerson = z.infer<typeof KnownPerson>

/** `person` is the `relation` of `of`. */
export const Kinship = z.object({ person: z.string(), relation: z.enum(['mother', 'father', 'spouse']), of: z.string() })
export type Kinship = z.infer<typeof Kinship>

export const KnownPeople = z.object({
  people: z.array(KnownPerson),
  kin: z.array(Kinship),
  /** By procedure: what its latest dossier said that is no fact of a person, such as the agency it goes to, and of whom it spoke. */
  latest: z.record(z.string(), z.object({ people: z.array(z.string()), values: z.record(AnswerKey, KnownValue) })),
})
export type KnownPeople = z.infer<typeof KnownPeople>

/** A card that was read, and what it was read for: values of it fill the next form too, with the same proof. */
export const CardHeard = z.object({
  person: CardPerson,
  read: Provenance,
  specimen: z.boolean(),
  /** What the gateway kept of its holder, who let it be fetched. */
  kept: KeptFacts.optional(),
})
export type CardHeard = z.infer<typeof CardHeard>

/** A dossier of the visit as it is kept: of a draft the answers are the draft's own, of a finished one what it said stays until the visit ends. */
export const KeptDossier = z.object({
  draftId: Uuid,
  procedureCode: z.string(),
  procedureVersion: z.string(),
  name: z.string().max(500),
  errors: z.number().int().nonnegative(),
  step: z.object({ number: z.number().int().positive(), total: z.number().int().positive() }),
  training: z.boolean(),
  finished: z.object({ packetId: Uuid, answers: Answers }).optional(),
})
export type KeptDossier = z.infer<typeof KeptDossier>

export const KeptVisit = z.object({ begunAt: Instant, dossiers: z.array(KeptDossier).max(50), cards: z.array(CardHeard).max(50) })
export type KeptVisit = z.infer<typeof KeptVisit>
