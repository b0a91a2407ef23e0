/**
 * From a JSON document to a Procedure, or the list of what its author must mend: shape, ids, references, conditions.
 * After this, evaluation has no failure left: every operator, field and list a condition names exists, visibility looks back only.
 */

import { Procedure } from '../../contracts/procedure.ts'
import { err, ok, type Result } from '../../contracts/result.ts'
import { isCodeList } from './code-lists.ts'
import { fieldsOf, problemsOf } from './conditions.ts'
import { fillableValues } from './fill.ts'

export type ProcedureInvalid = { type: 'procedure-invalid'; problems: string[] }

const reserved = ['today', 'papers', 'review', 'finishing', 'finished', 'restoring']

const duplicates = (ids: readonly string[]): string[] => ids.filter((id, index) => ids.indexOf(id) !== index)

const namedExpressions = (procedure: Procedure): { where: string; condition: unknown }[] => [
  ...procedure.steps.flatMap((step) =>
    step.fields.flatMap((field) => [
      { where: `${field.id}.required`, condition: field.required },
      { where: `${field.id}.visibleWhen`, condition: field.visibleWhen },
      { where: `${field.id}.copyFrom`, condition: field.copyFrom?.when ?? true },
    ]),
  ),
  ...procedure.rules.flatMap((rule) => [
    { where: `rule ${rule.id}`, condition: rule.brokenWhen },
    ...Object.entries(rule.values).map(([name, condition]) => ({ where: `rule ${rule.id}, value ${name}`, condition })),
  ]),
  ...procedure.papers.flatMap((paper) => [
    { where: `paper ${paper.id}.required`, condition: paper.required },
    { where: `paper ${paper.id}.visibleWhen`, condition: paper.visibleWhen },
  ]),
]

const problemsOfFields = (procedure: Procedure): string[] => {
  const fields = procedure.steps.flatMap((step) => step.fields)
  const persons = new Set(procedure.persons.map((person) => person.id))
  const seen = new Set<string>(['today'])
  const problems: string[] = []
  for (const field of fields) {
    for (const name of fieldsOf(field.visibleWhen)) {
      if (!seen.has(name)) problems.push(`${field.id}.visibleWhen looks at "${name}", which is not asked before it`)
    }
    if (field.type === 'listed' && !isCodeList(field.list)) problems.push(`${field.id}: no code list "${field.list}"`)
    if (field.type === 'date-in-words' && !seen.has(field.of)) problems.push(`${field.id}: "${field.of}" is not asked before it`)
    if (field.copyFrom !== undefined && !seen.has(field.copyFrom.field))
      problems.push(`${field.id}: copies from "${field.copyFrom.field}", which is not asked before it`)
    if (field.fill !== undefined && !persons.has(field.fill.person))
      problems.push(`${field.id}: fills from the card of unknown person "${field.fill.person}"`)
    if (field.fill !== undefined && !fillableValues.has(field.fill.value))
      problems.push(`${field.id}: a card has no "${field.fill.value}"`)
    seen.add(field.id)
  }
  for (const step of procedure.steps) {
    if (step.person !== undefined && !persons.has(step.person)) problems.push(`step ${step.id}: unknown person "${step.person}"`)
  }
  for (const rule of procedure.rules) {
    for (const name of rule.fields)
      if (!seen.has(name) || name === 'today') problems.push(`rule ${rule.id}: unknown field "${name}"`)
    const steps = rule.fields.map((name) => procedure.steps.findIndex((step) => step.fields.some((field) => field.id === name)))
    // It speaks at the last step it looks at, and is shown at its first field.
    if (steps[0] !== Math.max(...steps)) problems.push(`rule ${rule.id}: its first field must stand on the last step it looks at`)
    // A confirmed doubt falls when one of these changes, so the list must be whole.
    for (const name of fieldsOf([rule.brokenWhen, ...Object.values(rule.values)])) {
      if (name !== 'today' && !rule.fields.includes(name))
        problems.push(`rule ${rule.id} looks at "${name}" without naming it in its fields`)
    }
    for (const [, name = ''] of `${rule.message.vi} ${rule.message.en ?? ''}`.matchAll(/\{(\w+)\}/g)) {
      if (!Object.hasOwn(rule.values, name)) problems.push(`rule ${rule.id}: its message names {${name}}, which has no value`)
    }
  }
  return problems
}

const problemsOfProcedure = (procedure: Procedure): string[] => {
  const fieldIds = procedure.steps.flatMap((step) => step.fields.map((field) => field.id))
  const stepIds = procedure.steps.map((step) => step.id)
  const known = new Set(['today', ...fieldIds])
  return [
    ...[
      fieldIds,
      stepIds,
      procedure.rules.map((rule) => rule.id),
      procedure.papers.map((paper) => paper.id),
      procedure.consents.map((consent) => consent.id),
    ]
      .flatMap(duplicates)
      .map((id) => `id "${id}" is used twice`),
    ...[...fieldIds, ...stepIds].filter((id) => reserved.includes(id)).map((id) => `id "${id}" is reserved`),
    ...namedExpressions(procedure).flatMap(({ where, condition }) => [
      ...problemsOf(condition).map((problem) => `${where}: ${problem}`),
      ...fieldsOf(condition)
        .filter((name) => !known.has(name))
        .map((name) => `${where}: unknown field "${name}"`),
    ]),
    ...problemsOfFields(procedure),
  ]
}

export const parseProcedure = (json: unknown): Result<Procedure, ProcedureInvalid> => {
  const parsed = Procedure.safeParse(json)
  if (!parsed.success) {
    return err({
      type: 'procedure-invalid',
      problems: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    })
  }
  const problems = problemsOfProcedure(parsed.data)
  return problems.length === 0 ? ok(parsed.data) : err({ type: 'procedure-invalid', problems })
}
