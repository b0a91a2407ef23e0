/**
 * What a form asks, one field at a time, and the conditions a document may write. `docs/procedures.md` is the author's guide.
 *
 * Invariants: a value is always a text as the form prints it; strict objects, so that a misspelt key is found and not ignored.
 */
import { z } from 'zod'
import { LocalizedText } from './encoding.ts'

export const FieldId = z.string().regex(/^[a-z][A-Za-z0-9]*$/)

/** A field of the form, or a field of one row of a repeated group: `memberName` in `members` is `members_2_memberName`, rows from 1. */
export const AnswerKey = z.string().regex(/^[a-z][A-Za-z0-9]*(_[1-9]\d{0,2}_[a-z][A-Za-z0-9]*)?$/)

/** JSON Logic (jsonlogic.com): data only, evaluated without eval. */
export const Condition = z.union([z.boolean(), z.record(z.string(), z.unknown())])
export type Condition = z.infer<typeof Condition>

/**
 * What a field says of a person, whatever the form calls it. A chip, a QR code and other dossiers of the same person fill by it.
 * `permanentResidence` is thường trú, `temporaryResidence` tạm trú, `residence` the form's "nơi cư trú" (permanent, else temporary,
 * else present), `currentResidence` nơi ở hiện tại; `placeOfOrigin` is quê quán, `birthPlace` nơi sinh.
 */
export const FactName = z.enum([
  'fullName',
  'otherName',
  'birthDate',
  'sex',
  'ethnicity',
  'nationality',
  'religion',
  'birthPlace',
  'birthRegistrationPlace',
  'placeOfOrigin',
  'residence',
  'permanentResidence',
  'temporaryResidence',
  'currentResidence',
  'lastResidence',
  'personalNumber',
  'oldIdentityNumber',
  'paperType',
  'paperNumber',
  'paperIssueDate',
  'paperExpiryDate',
  'paperIssuer',
  'phone',
  'email',
  'occupation',
  'workplace',
  'education',
  'maritalStatus',
  'fatherName',
  'motherName',
  'spouseName',
  'identifyingMarks',
  'socialInsuranceNumber',
  'healthInsuranceNumber',
  'householdNumber',
  'bankAccount',
  'deathDate',
  'deathPlace',
  'deathCause',
])
export type FactName = z.infer<typeof FactName>

export const Channel = z.enum(['online', 'counter', 'post'])
export type Channel = z.infer<typeof Channel>

const base = {
  id: FieldId,
  label: LocalizedText,
  /** The printed form's own words and number where they differ from the screen's: `{"number": "[06]", "text": "Số CCCD/ĐDCN/Hộ chiếu"}`. */
  formLabel: z.strictObject({ number: z.string().min(1).optional(), text: z.string().min(1).optional() }).optional(),
  hint: LocalizedText.optional(),
  /** Shown at the side while the field has the focus. */
  help: LocalizedText.optional(),
  required: Condition.default(false),
  visibleWhen: Condition.default(true),
  /** Which fact of which person it holds: one citizen's data never fills another's. In a row, the person is `row`. */
  fact: z.strictObject({ person: FieldId, value: FactName }).optional(),
  /** The field says what `of` is to `to`, both persons of the dossier ("Vợ": `of` is the wife of `to`). In a row, `row` is the person in it. */
  relation: z.strictObject({ of: FieldId, to: FieldId }).optional(),
  /** What to say when a required value is missing; without it the sentence is made from the label and the person. */
  requiredMessage: LocalizedText.optional(),
  /** Value the field starts with. It counts as given only when the clerk has seen the step. */
  initial: z.string().optional(),
  /**
   * Proposed while nobody has said anything: an expression over the other answers, `point`, the commune and province the point stands in,
   * and `place_former`, the older name by which the field `place` was found. Shown as a proposal and confirmed at review; the clerk's first word ends it.
   */
  proposed: Condition.optional(),
  width: z.enum(['full', 'half']).default('full'),
}

export const ChoiceOption = z.strictObject({
  /** As printed; never holds a semicolon, which separates several chosen values. */
  value: z
    .string()
    .min(1)
    .regex(/^[^;]+$/),
  label: LocalizedText,
  help: LocalizedText.optional(),
  /** The portal's code of this case, when the field is the case question: `1.004222.03`. */
  caseCode: z.string().optional(),
})

const options = z.array(ChoiceOption).min(2)

export const PlainField = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('text'),
    ...base,
    maxLength: z.number().int().positive().max(2000).default(500),
    lines: z.number().int().min(1).max(10).default(1),
  }),
  z.strictObject({ type: z.literal('name'), ...base }),
  /** dd/MM/yyyy; `partial` also takes MM/yyyy and yyyy, which are never padded. */
  z.strictObject({ type: z.literal('date'), ...base, partial: z.boolean().default(false), future: z.boolean().default(false) }),
  z.strictObject({
    type: z.literal('date-in-words'),
    ...base,
    of: z.string().regex(/^(row\.)?[a-z][A-Za-z0-9]*(_\d{1,3}_[a-z][A-Za-z0-9]*)?$/),
  }),
  /** HH:mm; `partial` also takes the hour alone, HH. */
  z.strictObject({ type: z.literal('time'), ...base, partial: z.boolean().default(false) }),
  /** dd/MM/yyyy HH:mm */
  z.strictObject({ type: z.literal('date-time'), ...base, future: z.boolean().default(false) }),
  z.strictObject({ type: z.literal('personal-number'), ...base }),
  /** Digits only, of one of these lengths: 9 of an old identity card, 10 of social insurance. */
  z.strictObject({ type: z.literal('digits'), ...base, lengths: z.array(z.number().int().min(1).max(30)).min(1) }),
  z.strictObject({ type: z.literal('phone'), ...base }),
  z.strictObject({ type: z.literal('email'), ...base }),
  z.strictObject({ type: z.literal('number'), ...base, min: z.number(), max: z.number() }),
  /** Whole đồng, printed without grouping. */
  z.strictObject({ type: z.literal('money'), ...base, max: z.number().int().positive().default(999_999_999_999) }),
  z.strictObject({ type: z.literal('choice'), ...base, options }),
  /** Several options at once: the chosen values in the order of the document, joined by "; ". */
  z.strictObject({ type: z.literal('multi-choice'), ...base, options, max: z.number().int().positive().optional() }),
  /** A value from a code list of procedures/code-lists/; `free` allows a text of one's own. The value kept is the name as printed. */
  z.strictObject({ type: z.literal('listed'), ...base, list: z.string(), free: z.boolean().default(false) }),
  /** A commune with its province (or a province alone), printed by name; the codes stand beside it in `Answer.unit`. */
  z.strictObject({ type: z.literal('unit'), ...base, level: z.enum(['commune', 'province']).default('commune') }),
  /** House, street, village, then the commune and province, printed as one line; the codes stand beside it in `Answer.unit`. */
  z.strictObject({ type: z.literal('address'), ...base }),
  /** A sentence of the form made of other answers by JSON Logic; nobody types it, and the gateway makes it again. */
  z.strictObject({ type: z.literal('composed'), ...base, text: Condition }),
  /** Drawn on the screen: SVG path data in a box of 1000 x 300, only M, L and whole numbers. */
  z.strictObject({ type: z.literal('signature'), ...base }),
])
export type PlainField = z.infer<typeof PlainField>

/** A repeated group: its own value is the number of rows, each row has these fields. Their conditions see `row.x` and the dossier. */
export const RowsField = z.strictObject({
  type: z.literal('rows'),
  ...base,
  /** One row as it is called, for example "Thành viên". */
  rowLabel: LocalizedText,
  min: z.number().int().min(0).default(0),
  max: z.number().int().min(1).max(200),
  fields: z.array(PlainField).min(1),
})
export type RowsField = z.infer<typeof RowsField>

export const Field = z.discriminatedUnion('type', [...PlainField.options, RowsField])
export type Field = z.infer<typeof Field>
