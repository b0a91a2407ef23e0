/** What holds of a procedure beside its form: where it is handled, how long it takes, what it costs, by when, with which papers, and who says so. */
import { z } from 'zod'
import { LocalizedText } from './encoding.ts'
import { Channel, Condition, FieldId } from './procedure-field.ts'

/**
 * How sure a fact is. A: the form or record was read in full; B: read in a guide, a note or published source that copies it;
 * C: inferred or one weak source, never printed as an official form; KXM: chưa kiểm chứng, not verified.
 */
export const SourceStatus = z.enum(['A', 'B', 'C', 'KXM'])

export const Source = z.strictObject({
  fact: z.string().min(1),
  source: z.string().min(1),
  checkedOn: z.iso.date(),
  status: SourceStatus,
})

const HourMinute = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)

/** The first limit whose channel and condition fit holds. */
export const TimeLimit = z.strictObject({
  /** For people, also where it cannot be computed. */
  text: LocalizedText,
  limits: z
    .array(
      z.strictObject({
        amount: z.number().int().min(0),
        unit: z.enum(['working-day', 'day', 'hour']),
        channels: z.array(Channel).min(1).optional(),
        when: Condition.default(true),
      }),
    )
    .default([]),
  /** What is received later counts from the next working day. */
  receivedUntil: HourMinute.optional(),
})
export type TimeLimit = z.infer<typeof TimeLimit>

/** One thing that may be charged. The first amount that fits province, day and channel holds; none = it is not known and must be asked. */
export const FeeItem = z.strictObject({
  id: FieldId,
  label: LocalizedText,
  when: Condition.default(true),
  /** Multiplied by the value of this field (a number, or the rows of a group). */
  times: FieldId.optional(),
  exemptions: z.array(z.strictObject({ when: Condition, reason: LocalizedText })).default([]),
  amounts: z.array(
    z.strictObject({
      /** Whole đồng. */
      amount: z.number().int().min(0),
      when: Condition.default(true),
      channels: z.array(Channel).min(1).optional(),
      /** Codes of provinces whose council set it (two digits). */
      provinces: z
        .array(z.string().regex(/^\d{2}$/))
        .min(1)
        .optional(),
      from: z.iso.date().optional(),
      until: z.iso.date().optional(),
      source: z.string().min(1),
      status: SourceStatus,
    }),
  ),
})

export const Fee = z.strictObject({ text: LocalizedText, items: z.array(FeeItem).default([]) })
export type Fee = z.infer<typeof Fee>

/** By when the citizen must act. */
export const Deadline = z.strictObject({
  id: FieldId,
  label: LocalizedText,
  /** The date or date-time it runs from. */
  from: FieldId,
  when: Condition.default(true),
  within: z.discriminatedUnion('type', [
    /** So many days after; the day itself does not count, and an end on a day off moves to the next working day (Civil Code 2015, 147 and 148). */
    z.strictObject({
      type: z.literal('days'),
      count: z.number().int().positive(),
      unit: z.enum(['day', 'working-day']).default('day'),
    }),
    /** By this hour of the same day; what happens later, by `afterwards` of the next day. */
    z.strictObject({
      type: z.literal('hour'),
      hour: HourMinute,
      afterwards: HourMinute,
    }),
  ]),
  /** It is called near from this many hours before its end. */
  nearHours: z.number().positive(),
  /** What being late means: still possible, a fine, another procedure. */
  late: LocalizedText,
  /** The other way there is when this station cannot send in time: telephone, paper, a place with network. */
  otherWay: LocalizedText,
  basis: z.string().min(1),
})
export type Deadline = z.infer<typeof Deadline>

export const PaperRequirement = z.strictObject({
  id: FieldId,
  /** The portal's component code, for example G15-KQ004389. */
  code: z.string().min(1).optional(),
  name: LocalizedText,
  note: LocalizedText.optional(),
  /** Handed in, or only shown to whoever receives it. */
  act: z.enum(['submit', 'show']).default('submit'),
  originals: z.number().int().min(0).max(20).default(1),
  copies: z.number().int().min(0).max(20).default(0),
  /** Values of the case question for which it is asked; without it, in each case. */
  cases: z.array(z.string().min(1)).min(1).optional(),
  required: Condition.default(false),
  visibleWhen: Condition.default(true),
  /** Not needed because the agency reads it itself; the reason is shown in its place. It may still be added. */
  heldByDatabase: z.strictObject({ when: Condition.default(true), reason: LocalizedText }).optional(),
})
export type PaperRequirement = z.infer<typeof PaperRequirement>
