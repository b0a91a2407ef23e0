/** A procedure as its author writes it: blocks in place of fields that every form repeats, and short forms. `procedures/expansion` writes them out. */
import { z } from 'zod'
import { LocalizedText } from './encoding.ts'
import { Condition, FieldId } from './procedure-field.ts'

/** A block's own names are suffixes: `BirthDate` used as `mother` is `motherBirthDate`. */
const Suffix = z.string().regex(/^[A-Z][A-Za-z0-9]*$/)

/** What may be changed of a field of a block; its type and id may not. */
const FieldChange = z.record(z.string(), z.unknown())

export const BlockUse = z.strictObject({
  block: z.string(),
  /** The prefix of the ids. In a row it may be left out, and `BirthDate` is `birthDate`. */
  as: FieldId.optional(),
  /** Whose facts the fields hold; without it, the person named like the prefix (in a row: `row`). */
  person: FieldId.optional(),
  without: z.array(Suffix).default([]),
  only: z.array(Suffix).optional(),
  /** In force beside each field's own condition: both must hold. */
  visibleWhen: Condition.default(true),
  required: Condition.default(true),
  /** Changes by suffix: `{"Residence": {"label": …}}`. */
  fields: z.record(Suffix, FieldChange).default({}),
  /** False leaves the block's rules out. */
  rules: z.boolean().default(true),
})
export type BlockUse = z.infer<typeof BlockUse>

/** Named fields that forms share. Inside, `@BirthDate` is the block's own field and `{who}` the person's noun. */
export const Block = z.strictObject({
  $schema: z.string().optional(),
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  title: LocalizedText,
  fields: z.array(z.record(z.string(), z.unknown())).min(1),
  rules: z.array(z.record(z.string(), z.unknown())).default([]),
})
export type Block = z.infer<typeof Block>
