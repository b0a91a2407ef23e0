/**
 * A visit (lượt): the people at the counter and what their dossiers of this visit said of them. It lasts until the next people come.
 * Kept encrypted like a draft; nothing of it goes into a packet but the provenance of values that were taken over.
 */
import { z } from 'zod'
import { Provenance, UnitCodes } from './dossier.ts'
import { Instant, Uuid } from './encoding.ts'
import { AnswerKey, FactName } from './procedure-field.ts'

/** A value as a dossier declared it, with where that dossier had it from; without a procedure's code, as a card of this visit says it. */
export const KnownValue = z.object({
  value: z.string().min(1).max(2000),
  unit: UnitCodes.optional(),
  provenance: Provenance,
  procedureCode: z.string().optional(),
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

export const Visit = z.object({ visitId: Uuid, begunAt: Instant, training: z.boolean(), known: KnownPeople })
export type Visit = z.infer<typeof Visit>
