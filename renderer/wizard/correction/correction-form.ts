/**
 * The form of a supplement: of the dossier's own document just what the agency named, and beside it, fixed, what those fields and their
 * rules look at. It goes through the same wizard as any form.
 *
 * Invariants: what was not named keeps the value it was handed in with, letter for letter; what is made of named answers (a date in words,
 * a composed sentence) is made anew; a paper that was named must be there.
 */
import type { Answers } from '../../../contracts/dossier.ts'
import type { Field, Procedure } from '../../../contracts/procedure.ts'
import type { SupplementBasis } from '../../../contracts/supplement.ts'
import { fieldsOf } from '../../../procedures/rules/conditions.ts'
import { readRowKey } from '../../../procedures/rules/index.ts'

/** A field of a row goes with its group. */
const formFieldOf = (key: string): string => readRowKey(key)?.group ?? key

const isMadeOf = (field: Field, named: ReadonlySet<string>): boolean =>
  (field.type === 'date-in-words' && named.has(field.of)) ||
  (field.type === 'composed' && fieldsOf(field.text).some((id) => named.has(id)))

export type CorrectionForm = {
  procedure: Procedure
  /** Fields that are shown and cannot be changed. */
  fixed: ReadonlySet<string>
}

export const correctionFormOf = (
  procedure: Procedure,
  { request, answers }: Pick<SupplementBasis, 'request' | 'answers'>,
): CorrectionForm => {
  const named = new Set(request.fields.map(formFieldOf))
  const given = new Set(Object.keys(answers).map(formFieldOf))
  const open = new Set(
    procedure.steps
      .flatMap((step) => step.fields)
      .filter((field) => named.has(field.id) || (isMadeOf(field, named) && given.has(field.id)))
      .map(({ id }) => id),
  )
  const kept = new Set([...open, ...given])

  // Conditions look back only, so the order stays; what stands beside nothing open goes to the step that comes next.
  const steps: Procedure['steps'] = []
  let waiting: Field[] = []
  for (const step of procedure.steps) {
    const fields = step.fields.filter(({ id }) => kept.has(id))
    if (fields.some(({ id }) => open.has(id))) {
      steps.push({ ...step, fields: [...waiting, ...fields] })
      waiting = []
    } else waiting = [...waiting, ...fields]
  }
  const stands = new Set(steps.flatMap((step) => step.fields.map(({ id }) => id)))
  const isAsked = (names: readonly string[]): boolean =>
    names.every((name) => name.startsWith('row.') || stands.has(formFieldOf(name)))

  const { caseQuestion, ...rest } = procedure
  return {
    procedure: {
      ...rest,
      ...(caseQuestion !== undefined && stands.has(caseQuestion) ? { caseQuestion } : {}),
      steps,
      rules: procedure.rules.filter((rule) => isAsked(rule.fields) && (rule.each === undefined || stands.has(rule.each))),
      papers: procedure.papers
        .filter(({ id }) => request.papers.includes(id))
        .map(({ cases: _cases, heldByDatabase: _held, ...paper }) => ({ ...paper, required: true, visibleWhen: true })),
      // Given for the dossier, and not asked for again.
      consents: [],
      deadlines: [],
      samePersons: [],
      fee: { ...procedure.fee, items: [] },
    },
    fixed: new Set([...stands].filter((id) => !open.has(id))),
  }
}

/** All answers of the supplement: of open fields what is declared now, of the rest what was handed in. */
export const correctedAnswers = (form: CorrectionForm, shown: Answers, declared: Answers): Answers => {
  const open = new Set(
    form.procedure.steps.flatMap((step) => step.fields.map(({ id }) => id)).filter((id) => !form.fixed.has(id)),
  )
  const isOpen = ([key]: [string, unknown]): boolean => open.has(formFieldOf(key))
  return Object.fromEntries([
    ...Object.entries(shown).filter((entry) => !isOpen(entry)),
    ...Object.entries(declared).filter(isOpen),
  ])
}
