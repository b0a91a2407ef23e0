/**
 * Checks of a step and of a whole dossier, the same on the kiosk and at the gateway.
 * Invariants: pure; an error blocks, a warning never does; values that are not asked for are refused in a dossier, ignored in a step.
 */
import type { Answers, Consent } from '../../contracts/dossier.ts'
import type { Field, Finding, PaperRequirement, Procedure, Rule } from '../../contracts/procedure.ts'
import { holds, textOf, type Values } from './conditions.ts'
import { derivedValue } from './derived.ts'
import { checkValue, missingMessage, oldEncodingMessage } from './field-checks.ts'
import { isKeepingConsent } from './keeping-consents.ts'
import { looksLikeOldEncoding } from './old-encodings.ts'
import { rowCount, ruleInRow } from './rows.ts'
import {
  type Day,
  fieldsWithRows,
  findField,
  findStep,
  isVisible,
  printedValue,
  stepOfField,
  valuesOf,
  visibleFieldsOf,
} from './visibility.ts'

export type DossierContent = {
  answers: Answers
  attachments: readonly { paperId: string }[]
  consents: readonly Pick<Consent, 'id' | 'given'>[]
}

const checkField = (procedure: Procedure, field: Field, values: Values, day: Day): Finding[] => {
  const value = values[field.id]
  if (value === undefined) {
    return holds(field.required, values)
      ? [{ severity: 'error', fields: [field.id], message: missingMessage(procedure, field) }]
      : []
  }
  const derived = derivedValue(field, values)
  if (derived !== undefined && value !== derived) {
    const message =
      field.type === 'date-in-words'
        ? {
            vi: `${field.label.vi} phải khớp với ngày ghi bằng số.`,
            en: `${field.label.en ?? field.label.vi} must match the date in figures.`,
          }
        : {
            vi: `${field.label.vi} phải khớp với các ô đã khai.`,
            en: `${field.label.en ?? field.label.vi} must match the other answers.`,
          }
    return [{ severity: 'error', fields: [field.id], message }]
  }
  const message = checkValue(field, value, day)
  if (message === undefined && field.type === 'name' && looksLikeOldEncoding(value))
    return [{ severity: 'warning', fields: [field.id], message: oldEncodingMessage(field) }]
  return message === undefined ? [] : [{ severity: 'error', fields: [field.id], message }]
}

const filledMessage = (rule: Rule, values: Values): Finding['message'] => {
  const fill = (text: string): string =>
    text.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const expression = rule.values[name]
      return expression === undefined ? whole : textOf(expression, values)
    })
  return { vi: fill(rule.message.vi), ...(rule.message.en === undefined ? {} : { en: fill(rule.message.en) }) }
}

const checkRule = (rule: Rule, values: Values): Finding[] =>
  holds(rule.brokenWhen, values)
    ? [
        {
          severity: rule.severity,
          fields: rule.fields.filter((id) => values[id] !== undefined),
          rule: rule.id,
          message: filledMessage(rule, values),
        },
      ]
    : []

/** The rules as they are asked: one that speaks of each row of a group, once for every row. */
export const rulesWithRows = (procedure: Procedure, values: Values): Rule[] =>
  procedure.rules.flatMap((rule) => {
    const { each } = rule
    if (each === undefined) return [rule]
    const group = findField(procedure, each)
    const count = group?.type === 'rows' && isVisible(group, values) ? rowCount(group, values[each]) : 0
    return Array.from({ length: count }, (_, index) => ruleInRow(rule, each, index + 1))
  })

/** A rule speaks at the last step it looks at: earlier, the answer it needs is not there yet. */
export const stepOfRule = (procedure: Procedure, rule: Rule): string | undefined => {
  const touched = new Set(rule.fields.map((id) => stepOfField(procedure, id.startsWith('row.') ? (rule.each ?? '') : id)))
  return procedure.steps.findLast((step) => touched.has(step))?.id
}

/** A check of a dossier asks at every step. Kept by identity, as the values are (visibility.ts). */
const lastRules = new WeakMap<Values, Map<string | undefined, Rule[]>>()

const rulesByStep = (procedure: Procedure, values: Values): Map<string | undefined, Rule[]> => {
  const rules = new Map<string | undefined, Rule[]>()
  for (const rule of rulesWithRows(procedure, values)) {
    const step = stepOfRule(procedure, rule)
    rules.set(step, [...(rules.get(step) ?? []), rule])
  }
  return rules
}

const rulesOfStep = (procedure: Procedure, stepId: string, values: Values): readonly Rule[] => {
  const known = lastRules.get(values) ?? rulesByStep(procedure, values)
  lastRules.set(values, known)
  return known.get(stepId) ?? []
}

export const checkStep = (procedure: Procedure, stepId: string, answers: Answers, day: Day): Finding[] => {
  const values = valuesOf(procedure, answers, day)
  const step = findStep(procedure, stepId)
  if (step === undefined) return []
  return [
    ...visibleFieldsOf(step, values).flatMap((field) => checkField(procedure, field, values, day)),
    ...rulesOfStep(procedure, stepId, values).flatMap((rule) => checkRule(rule, values)),
  ]
}

/** `notNeeded` says why the agency does without it; it may be added all the same. */
export type AskedPaper = PaperRequirement & { needed: boolean; notNeeded?: PaperRequirement['name'] }

/** The papers asked for with these answers, in the order of the document. */
export const askedPapers = (procedure: Procedure, answers: Answers, day: Day): AskedPaper[] => {
  const values = valuesOf(procedure, answers, day)
  return procedure.papers
    .filter((paper) => holds(paper.visibleWhen, values))
    .map((paper) => {
      const held = paper.heldByDatabase
      return held !== undefined && holds(held.when, values)
        ? { ...paper, needed: false, notNeeded: held.reason }
        : { ...paper, needed: holds(paper.required, values) }
    })
}

export const checkPapers = (
  procedure: Procedure,
  answers: Answers,
  attachments: readonly { paperId: string }[],
  day: Day,
): Finding[] => {
  const asked = askedPapers(procedure, answers, day)
  const given = new Set(attachments.map((attachment) => attachment.paperId))
  const missing = asked
    .filter((paper) => paper.needed && !given.has(paper.id))
    .map(
      (paper): Finding => ({
        severity: 'error',
        fields: [],
        paper: paper.id,
        message: { vi: `Thêm ảnh hoặc tệp PDF: ${paper.name.vi}.`, en: `Add a photo or PDF: ${paper.name.en ?? paper.name.vi}.` },
      }),
    )
  const unasked = [...given]
    .filter((id) => !asked.some((paper) => paper.id === id))
    .map((id): Finding => {
      const paper = procedure.papers.find((candidate) => candidate.id === id)
      const name = paper?.name.vi ?? id
      return {
        severity: 'error',
        fields: [],
        paper: id,
        message: {
          vi: `Bỏ giấy tờ không cần cho hồ sơ này: ${name}.`,
          en: `Take out the paper this dossier does not need: ${paper?.name.en ?? name}.`,
        },
      }
    })
  return [...missing, ...unasked]
}

export const checkConsents = (procedure: Procedure, consents: DossierContent['consents']): Finding[] => [
  ...procedure.consents
    .filter((asked) => asked.required && !consents.some((consent) => consent.id === asked.id && consent.given))
    .map(
      (asked): Finding => ({
        severity: 'error',
        fields: [],
        consent: asked.id,
        message: {
          vi: `Cần người dân đồng ý: ${asked.purpose.vi}`,
          en: `The citizen's consent is needed: ${asked.purpose.en ?? asked.purpose.vi}`,
        },
      }),
    ),
  ...consents
    // Whether a consent to be kept is worth anything, whoever keeps looks; a dossier is right with it and without.
    .filter((consent) => !isKeepingConsent(consent.id) && !procedure.consents.some((asked) => asked.id === consent.id))
    .map(
      (consent): Finding => ({
        severity: 'error',
        fields: [],
        consent: consent.id,
        message: { vi: 'Có mục đồng ý mà thủ tục này không hỏi.', en: 'It holds a consent this procedure does not ask for.' },
      }),
    ),
]

/** Answers that no step asked for: fields the document does not know, hidden ones, empty ones, and values not in printed form. */
const checkLeftovers = (procedure: Procedure, answers: Answers, values: Values): Finding[] => {
  const known = new Set(fieldsWithRows(procedure, answers).map((field) => field.id))
  const given = Object.entries(answers).map(([id, answer]) => ({ id, answer, field: findField(procedure, id) }))
  const unknown = given.filter(({ id }) => !known.has(id))
  const hidden = given.filter(({ id }) => known.has(id) && values[id] === undefined)
  const unprinted = given.filter(
    ({ id, answer, field }) => field !== undefined && values[id] !== undefined && printedValue(field, answers) !== answer.value,
  )
  const misplaced = given.filter(
    ({ id, answer, field }) =>
      answer.unit !== undefined && field !== undefined && known.has(id) && field.type !== 'unit' && field.type !== 'address',
  )
  return [
    ...misplaced.map(
      ({ id }): Finding => ({
        severity: 'error',
        fields: [id],
        message: { vi: 'Có mã địa giới ở ô không phải địa chỉ.', en: 'It holds codes of a place in a field that is none.' },
      }),
    ),
    ...unknown.map(
      ({ id }): Finding => ({
        severity: 'error',
        fields: [id],
        message: { vi: `Tờ khai không có ô “${id}”.`, en: `The form has no field “${id}”.` },
      }),
    ),
    ...hidden.map(({ id, field }): Finding => {
      const label = field?.label
      return {
        severity: 'error',
        fields: [id],
        message: {
          vi: `Ô “${label?.vi ?? id}” không thuộc trường hợp này, phải để trống.`,
          en: `“${label?.en ?? id}” does not apply here and must be left out.`,
        },
      }
    }),
    ...unprinted.map(({ id, field }): Finding => {
      const label = field?.label
      return {
        severity: 'error',
        fields: [id],
        message: {
          vi: `Ô “${label?.vi ?? id}” chưa ở dạng in trên tờ khai.`,
          en: `“${label?.en ?? id}” is not in the form's own notation.`,
        },
      }
    }),
  ]
}

/** Everything about a finished dossier. Give it `declaredAnswers`, not the wizard's own answers: leftovers are errors here. */
export const checkDossier = (procedure: Procedure, dossier: DossierContent, day: Day): Finding[] => {
  const values = valuesOf(procedure, dossier.answers, day)
  return [
    ...checkLeftovers(procedure, dossier.answers, values),
    ...procedure.steps.flatMap((step) => checkStep(procedure, step.id, dossier.answers, day)),
    ...checkPapers(procedure, dossier.answers, dossier.attachments, day),
    ...checkConsents(procedure, dossier.consents),
  ]
}

export const hasErrors = (findings: readonly Finding[]): boolean => findings.some((finding) => finding.severity === 'error')
