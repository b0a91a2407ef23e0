/** A procedure as its author writes it: blocks in place of fields that every form repeats, and short forms. `procedures/documents/expand.ts` writes them out. */
import { z } from 'zod'
import { LocalizedText } from './encoding.ts'
import { Procedure, Step } from './procedure.ts'
import { ChoiceOption, Condition, FieldId, PlainField, RowsField } from './procedure-field.ts'

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

/** An option whose label is its value may be written `{"value": "Nam", "en": "Male"}`. */
const WrittenOption = z.union([ChoiceOption, ChoiceOption.omit({ label: true }).extend({ en: z.string().min(1).optional() })])

const writtenPlain = [
  ...PlainField.options.map((field) =>
    'options' in field.shape ? field.extend({ options: z.array(WrittenOption).min(2) }) : field,
  ),
  /** A choice of Có and Không. */
  PlainField.options[1].extend({ type: z.literal('yes-no') }),
]
const WrittenPlain = z.union([...writtenPlain, BlockUse])
const WrittenField = z.union([...writtenPlain, RowsField.extend({ fields: z.array(WrittenPlain).min(1) }), BlockUse])

/** What an author's editor checks while writing (`npm run procedures -- schema`); the kiosk itself parses the document written out. */
export const WrittenProcedure = Procedure.extend({
  steps: z.array(Step.extend({ fields: z.array(WrittenField).min(1) })).min(1),
})
