/**
 * A procedure is a document, not code: what is asked, when, which papers, by which law, in which version.
 * Conditions are JSON Logic over the answers' values (`{"var": "childBirthDate"}`), decided in docs/decisions.
 */
import { z } from 'zod'
import { LocalizedText } from './encoding.ts'

export const FieldId = z.string().regex(/^[a-z][A-Za-z0-9]*$/)
/** JSON Logic (jsonlogic.com): data only, evaluated without eval. */
export const Condition = z.union([z.boolean(), z.record(z.string(), z.unknown())])
export type Condition = z.infer<typeof Condition>

const fieldBase = {
  id: FieldId,
  label: LocalizedText,
  hint: LocalizedText.optional(),
  /** Shown at the side while the field has the focus. */
  help: LocalizedText.optional(),
  required: Condition.default(false),
  visibleWhen: Condition.default(true),
  /** The chip's value that fills it (a key of CardPerson), and whose card: one citizen's data never fills another's. */
  fill: z.object({ from: z.literal('card'), person: z.string(), value: z.string() }).optional(),
  /** What to say when a required value is missing; without it the sentence is made from the label and the person. */
  requiredMessage: LocalizedText.optional(),
  /** When the same person stands in two places of the form, the earlier value may be offered here. Never taken without being asked. */
  copyFrom: z.object({ field: FieldId, when: Condition }).optional(),
  /** Value the field starts with. It counts as given only when the clerk has seen the step. */
  initial: z.string().optional(),
  width: z.enum(['full', 'half']).default('full'),
}

export const Field = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), ...fieldBase, maxLength: z.number().int().positive().default(500) }),
  z.object({ type: z.literal('name'), ...fieldBase }),
  z.object({ type: z.literal('date'), ...fieldBase, partial: z.boolean().default(false), future: z.boolean().default(false) }),
  z.object({ type: z.literal('date-in-words'), ...fieldBase, of: FieldId }),
  z.object({ type: z.literal('personal-number'), ...fieldBase }),
  z.object({ type: z.literal('phone'), ...fieldBase }),
  z.object({ type: z.literal('number'), ...fieldBase, min: z.number(), max: z.number() }),
  z.object({
    type: z.literal('choice'),
    ...fieldBase,
    options: z.array(z.object({ value: z.string(), label: LocalizedText })).min(2),
  }),
  /** A value from a code list of procedures/code-lists/; `free` allows a text of one's own. The value kept is the name as printed. */
  z.object({ type: z.literal('listed'), ...fieldBase, list: z.string(), free: z.boolean().default(false) }),
])
export type Field = z.infer<typeof Field>

export const Step = z.object({
  id: FieldId,
  title: LocalizedText,
  /** Named when the step is about one person: the card dialog offers that person's fields. */
  person: z.string().optional(),
  fields: z.array(Field).min(1),
})
export type Step = z.infer<typeof Step>

export const Rule = z.object({
  id: FieldId,
  /** True = the rule is broken. */
  brokenWhen: Condition,
  /** A doubt (warning) never blocks. */
  severity: z.enum(['error', 'warning']),
  /** `{name}` stands for the value of that name below. */
  message: LocalizedText,
  values: z.record(z.string(), Condition).default({}),
  fields: z.array(FieldId).min(1),
})
export type Rule = z.infer<typeof Rule>

export const PaperRequirement = z.object({
  id: FieldId,
  /** The portal's component code, for example G15-KQ004389. */
  code: z.string(),
  name: LocalizedText,
  note: LocalizedText.optional(),
  required: Condition.default(false),
  visibleWhen: Condition.default(true),
})
export type PaperRequirement = z.infer<typeof PaperRequirement>

export const Procedure = z.object({
  /** The official code; the portal's route uses another, both are kept. */
  code: z.string().regex(/^\d\.\d{6}$/),
  portalRoute: z.string().optional(),
  version: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  effectiveFrom: z.iso.date(),
  effectiveUntil: z.iso.date().optional(),
  name: LocalizedText,
  agency: LocalizedText,
  agencyLevel: z.enum(['commune', 'province', 'ministry']),
  timeLimit: LocalizedText,
  fee: LocalizedText,
  legalBasis: z.array(z.string()).min(1),
  sources: z.array(z.object({ fact: z.string(), source: z.string(), checkedOn: z.iso.date(), verified: z.boolean() })),
  guidance: z.array(LocalizedText),
  /** Persons the dossier speaks of, in the order of the form. */
  persons: z.array(z.object({ id: FieldId, label: LocalizedText })),
  steps: z.array(Step).min(1),
  rules: z.array(Rule),
  papers: z.array(PaperRequirement),
  consents: z.array(z.object({ id: FieldId, purpose: LocalizedText, required: z.boolean() })).min(1),
  declaration: z.object({ title: LocalizedText, form: z.string(), oath: LocalizedText }),
})
export type Procedure = z.infer<typeof Procedure>

/** A finding about an answer, a step or a paper. `message` is in the user's words, ready to show. */
export const Finding = z.object({
  severity: z.enum(['error', 'warning']),
  fields: z.array(FieldId),
  paper: FieldId.optional(),
  consent: FieldId.optional(),
  /** The rule it comes from: a warning with a rule can be kept by the clerk ("Giữ nguyên"). */
  rule: FieldId.optional(),
  message: LocalizedText,
})
export type Finding = z.infer<typeof Finding>
