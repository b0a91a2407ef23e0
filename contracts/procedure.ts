/**
 * A procedure is a document, not code: what is asked, when, which papers, by which law, in which version. This is a document
 * after its blocks and abbreviations are written out (`procedure-document.ts` is the document as its author writes it).
 * Conditions are JSON Logic over the answers' values (`{"var": "childBirthDate"}`), decided in docs/decisions.
 */
import { z } from 'zod'
import { LocalizedText } from './encoding.ts'
import { AnswerKey, Channel, Condition, Field, FieldId } from './procedure-field.ts'
import { Deadline, Fee, PaperRequirement, Source, SourceStatus, TimeLimit } from './procedure-terms.ts'

export type { Condition, Field } from './procedure-field.ts'
export type { PaperRequirement } from './procedure-terms.ts'

export const Step = z.strictObject({
  id: FieldId,
  title: LocalizedText,
  /** Named when the step is about one person: the card dialog offers that person's fields. */
  person: z.string().optional(),
  fields: z.array(Field).min(1),
})
export type Step = z.infer<typeof Step>

export const Rule = z.strictObject({
  id: FieldId,
  /** A repeated group: the rule is asked of each of its rows, which it sees as `row.x`. */
  each: FieldId.optional(),
  /** True = the rule is broken. */
  brokenWhen: Condition,
  /** A doubt (warning) never blocks. */
  severity: z.enum(['error', 'warning']),
  /** `{name}` stands for the value of that name below. */
  message: LocalizedText,
  values: z.record(z.string(), Condition).default({}),
  /** Every field it looks at (`row.x` in a row), the one it is shown at first. */
  fields: z.array(z.string().regex(/^(row\.)?[a-z][A-Za-z0-9]*(_\d{1,3}_[a-z][A-Za-z0-9]*)?$/)).min(1),
})
export type Rule = z.infer<typeof Rule>

/**
 * Text with places for values: `{motherName}`, `{row.name}` in a table, `{x:boxes}` one box a digit, `{x:day}` `{x:month}` `{x:year}`
 * `{x:hour}` `{x:minute}` parts, `{copies=Có}` a ticked or empty box. A value that is not given prints as a dotted line.
 */
const Template = z.string().min(1)

export const DeclarationLine = z.union([
  z.strictObject({ text: Template, when: Condition.default(true) }),
  z.strictObject({ heading: Template, when: Condition.default(true) }),
  /** One line of the table for each row of a group. */
  z.strictObject({
    table: FieldId,
    columns: z
      .array(z.strictObject({ title: z.string().min(1), text: Template, width: z.number().positive().default(1) }))
      .min(1),
    when: Condition.default(true),
  }),
  /** A fixed table, such as Thông tin, Bên nữ, Bên nam. */
  z.strictObject({ grid: z.array(z.array(z.string()).min(2)).min(2), when: Condition.default(true) }),
])
export type DeclarationLine = z.infer<typeof DeclarationLine>

export const SignatureBlock = z.strictObject({
  id: FieldId,
  title: z.string().min(1),
  note: z.string().min(1).optional(),
  /** Whose name stands below it. */
  name: FieldId.optional(),
  /** The field that holds the signature drawn on the screen. */
  drawn: FieldId.optional(),
  /** Who signs differs by channel: the declarant of an online CT01 does not sign. */
  channels: z.array(Channel).min(1).default(['counter', 'post', 'online']),
  when: Condition.default(true),
})

export const Declaration = z.strictObject({
  title: LocalizedText,
  /** The form's own name or number, or where the labels come from. */
  form: z.string().min(1),
  /** `list` is a plain list under the title "Bản kê khai": the only layout for a form whose wording was not read (status C, KXM). */
  layout: z.enum(['to-khai-ho-tich', 'CT01', 'CT03', 'TK1-TS', 'list']),
  status: SourceStatus,
  /** The sentence the form prints above the signatures; left out where it prints none (CT01, CT03). */
  oath: LocalizedText.optional(),
  lines: z.array(DeclarationLine).default([]),
  signatures: z.array(SignatureBlock).default([]),
})
export type Declaration = z.infer<typeof Declaration>

/** What every record of the catalogue says, whether this kiosk fills in its form or only tells where to go. */
export const recordShape = {
  $schema: z.string().optional(),
  /** The portal's route uses another code; both are kept. */
  portalRoute: z.string().optional(),
  version: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  effectiveFrom: z.iso.date(),
  /** The last day. */
  effectiveUntil: z.iso.date().optional(),
  /** Days after the end on which a dossier begun in time is still taken. */
  graceDays: z.number().int().min(0).max(365).default(30),
  name: LocalizedText,
  /** What people at the counter call it; looked up like its name. */
  alsoCalled: z.array(z.string().min(1)).default([]),
  agency: LocalizedText,
  agencyLevel: z.enum(['commune', 'province', 'ministry', 'other']),
  channels: z.array(Channel).min(1).default(['online', 'counter', 'post']),
  timeLimit: TimeLimit,
  fee: Fee,
  legalBasis: z.array(z.string().min(1)).min(1),
  /** The official lists it stands on, with its number there: Quyết định 06/QĐ-TTg 2022, 14. */
  listedIn: z.array(z.strictObject({ list: z.string().min(1), number: z.string().min(1) })).default([]),
  sources: z.array(Source).min(1),
  guidance: z.array(LocalizedText),
}

export const ProcedureCode = z.string().regex(/^\d\.\d{6}$/)

export const Procedure = z.strictObject({
  /** `complete`: the form field by field. `partial`: its labels are known only in part, and the screen and the print say so. */
  kind: z.enum(['complete', 'partial']),
  /** Not finished by its author: not offered to citizens. */
  draft: z.boolean().default(false),
  code: ProcedureCode,
  ...recordShape,
  deadlines: z.array(Deadline).default([]),
  /** Persons the dossier speaks of, in the order of the form. `noun` is what a sentence calls them: "người mẹ". */
  persons: z.array(
    z.strictObject({
      id: FieldId,
      label: LocalizedText,
      noun: LocalizedText.optional(),
      /** False for who has no card to read: a newborn, somebody who died. */
      card: z.boolean().default(true),
    }),
  ),
  /** The same citizen in two places of the form: what is declared as `as` may be taken over for `person` when asked, never by itself. `person` may be a group of rows: whoever stands in one of them. */
  samePersons: z.array(z.strictObject({ person: FieldId, as: FieldId, when: Condition })).default([]),
  /** `person` is the mother, father or spouse of `of` when the condition holds: by it the next dossier of a visit knows the family. */
  kinship: z
    .array(
      z.strictObject({
        person: FieldId,
        relation: z.enum(['mother', 'father', 'spouse']),
        of: FieldId,
        when: Condition.default(true),
      }),
    )
    .default([]),
  /** The choice that decides papers and fields; its options hold the portal's case codes. */
  caseQuestion: FieldId.optional(),
  steps: z.array(Step).min(1),
  rules: z.array(Rule).default([]),
  papers: z.array(PaperRequirement).default([]),
  consents: z.array(z.strictObject({ id: FieldId, purpose: LocalizedText, required: z.boolean() })).min(1),
  declaration: Declaration,
})
export type Procedure = z.infer<typeof Procedure>

/**
 * What lists and the queue say of a procedure whose document is not opened. All of it stands in the document as its author wrote it, with no
 * short form and no block in it.
 */
export const ListedProcedure = Procedure.pick({
  kind: true,
  draft: true,
  code: true,
  version: true,
  effectiveFrom: true,
  effectiveUntil: true,
  name: true,
  alsoCalled: true,
  agency: true,
})
  .strip()
  .extend({
    timeLimit: TimeLimit.pick({ text: true }).strip(),
    deadlines: z.array(Deadline.pick({ id: true, label: true, nearHours: true, late: true, otherWay: true }).strip()).default([]),
  })
export type ListedProcedure = z.infer<typeof ListedProcedure>

/** Where to go and what to bring; no form is filled in. */
export const Guidance = z.strictObject({
  kind: z.literal('guidance'),
  /** Its file's name without `.json`; the code, or words where no official code is known. */
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  code: ProcedureCode.optional(),
  ...recordShape,
  cases: z
    .array(z.strictObject({ code: z.string().optional(), name: LocalizedText, timeLimit: LocalizedText.optional() }))
    .default([]),
  papers: z.array(PaperRequirement.omit({ required: true, visibleWhen: true })).default([]),
  handOff: z.strictObject({ url: z.url({ protocol: /^https$/ }).optional(), place: LocalizedText, phone: z.string().optional() }),
})
export type Guidance = z.infer<typeof Guidance>

export const ListedGuidance = Guidance.pick({ id: true, code: true, name: true, alsoCalled: true, agency: true }).strip()
export type ListedGuidance = z.infer<typeof ListedGuidance>

/** A finding about an answer, a step or a paper. `message` is in the user's words, ready to show. */
export const Finding = z.object({
  severity: z.enum(['error', 'warning']),
  fields: z.array(AnswerKey),
  paper: FieldId.optional(),
  consent: FieldId.optional(),
  /** The rule it comes from: a warning with a rule can be kept by the clerk ("Giữ nguyên"). `rule_2` is the rule of the second row. */
  rule: z.string().optional(),
  message: LocalizedText,
})
export type Finding = z.infer<typeof Finding>
