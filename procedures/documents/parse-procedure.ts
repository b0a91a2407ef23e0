/**
 * From a JSON document to a Procedure, or the list of what its author must mend: shape, ids, references, conditions.
 * After this, evaluation has no failure left: every operator, field and list a condition names exists, visibility looks back only.
 */

import { type DeclarationLine, type Field, Guidance, Procedure } from '../../contracts/procedure.ts'
import { err, ok, type Result } from '../../contracts/result.ts'
import { entriesOf, isCodeList } from '../rules/code-lists.ts'
import { fieldsOf, problemsOf, rowFieldsCounted } from '../rules/conditions.ts'
import { isKeepingConsent } from '../rules/keeping-consents.ts'
import { readTemplate, templateProblems } from '../rules/template.ts'
import { type Blocks, expandDocument } from './expand.ts'
import { nearest, wordsOf } from './problem-words.ts'

export type ProcedureInvalid = { type: 'procedure-invalid'; problems: string[] }

const reserved = ['today', 'point', 'row', 'channel', 'papers', 'review', 'finishing', 'finished', 'restoring']

const duplicates = (ids: readonly string[]): string[] => [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))]

/** A condition, the group whose row it sees, and whether it proposes: then it may ask where the point stands and for older names of places. */
type Expression = { where: string; condition: unknown; each?: string | undefined; proposes?: boolean }

const expressionsOfField = (field: Field, each?: string): Expression[] => {
  const where = each === undefined ? field.id : `${each} › ${field.id}`
  return [
    { where: `${where}.required`, condition: field.required, each },
    { where: `${where}.visibleWhen`, condition: field.visibleWhen, each },
    ...(field.proposed === undefined ? [] : [{ where: `${where}.proposed`, condition: field.proposed, each, proposes: true }]),
    ...(field.type === 'composed' ? [{ where: `${where}.text`, condition: field.text, each }] : []),
    ...(field.type === 'rows' ? field.fields.flatMap((own) => expressionsOfField(own, field.id)) : []),
  ]
}

const namedExpressions = (procedure: Procedure): Expression[] => [
  ...procedure.steps.flatMap((step) => step.fields.flatMap((field) => expressionsOfField(field))),
  ...procedure.samePersons.map((same) => ({ where: `samePersons ${same.person}`, condition: same.when })),
  ...procedure.kinship.map((kin) => ({ where: `kinship ${kin.person}`, condition: kin.when })),
  ...procedure.rules.flatMap((rule) => [
    { where: `rule ${rule.id}`, condition: rule.brokenWhen, each: rule.each },
    ...Object.entries(rule.values).map(([name, condition]) => ({
      where: `rule ${rule.id}, value ${name}`,
      condition,
      each: rule.each,
    })),
  ]),
  ...procedure.papers.flatMap((paper) => [
    { where: `paper ${paper.id}.required`, condition: paper.required },
    { where: `paper ${paper.id}.visibleWhen`, condition: paper.visibleWhen },
    { where: `paper ${paper.id}.heldByDatabase`, condition: paper.heldByDatabase?.when ?? true },
  ]),
  ...procedure.timeLimit.limits.map((limit, index) => ({ where: `timeLimit #${index + 1}`, condition: limit.when })),
  ...procedure.fee.items.flatMap((item) => [
    { where: `fee ${item.id}`, condition: item.when },
    ...[...item.exemptions, ...item.amounts].map(({ when }) => ({ where: `fee ${item.id}`, condition: when })),
  ]),
  ...procedure.deadlines.map((deadline) => ({ where: `deadline ${deadline.id}`, condition: deadline.when })),
  ...[...procedure.declaration.lines, ...procedure.declaration.signatures].map((line, index) => ({
    where: `declaration #${index + 1}`,
    condition: line.when,
  })),
]

const problemsOfField = (field: Field, seen: ReadonlySet<string>, persons: ReadonlySet<string>, each?: string): string[] => {
  const where = each === undefined ? field.id : `${each} › ${field.id}`
  const problems: string[] = []
  for (const name of fieldsOf(field.visibleWhen)) {
    if (!seen.has(name)) problems.push(`${where}.visibleWhen looks at "${name}", which is not asked before it`)
  }
  if (field.type === 'listed' && !isCodeList(field.list)) problems.push(`${where}: no code list "${field.list}"`)
  if (field.type === 'date-in-words' && !seen.has(field.of)) problems.push(`${where}: "${field.of}" is not asked before it`)
  if (field.type === 'composed') {
    for (const name of fieldsOf(field.text)) if (!seen.has(name)) problems.push(`${where}: "${name}" is not asked before it`)
  }
  if (field.fact !== undefined && !persons.has(field.fact.person))
    problems.push(`${where}: holds a fact of unknown person "${field.fact.person}"`)
  for (const person of field.relation === undefined ? [] : [field.relation.of, field.relation.to])
    if (!persons.has(person)) problems.push(`${where}: says the relation of unknown person "${person}"`)
  if (field.initial !== undefined && field.type === 'choice' && !field.options.some((option) => option.value === field.initial))
    problems.push(`${where}: starts with "${field.initial}", which is no option`)
  if (
    field.initial !== undefined &&
    field.type === 'listed' &&
    !field.free &&
    !entriesOf(field.list).some(({ name }) => name === field.initial)
  )
    problems.push(`${where}: starts with "${field.initial}", which is not in the list`)
  if ('options' in field) {
    for (const value of duplicates(field.options.map((option) => option.value)))
      problems.push(`${where}: option "${value}" stands twice`)
  }
  if (field.type === 'rows') {
    if (field.min > field.max) problems.push(`${where}: min is more than max`)
    const inside = new Set([...seen, field.id])
    for (const own of field.fields) {
      problems.push(...problemsOfField(own, inside, new Set([...persons, 'row']), field.id))
      inside.add(`row.${own.id}`)
    }
    for (const id of duplicates(field.fields.map((own) => own.id))) problems.push(`${where}: id "${id}" is used twice`)
  }
  return problems
}

const problemsOfFields = (procedure: Procedure): string[] => {
  const persons = new Set(procedure.persons.map((person) => person.id))
  const seen = new Set<string>(['today'])
  const problems: string[] = []
  for (const field of procedure.steps.flatMap((step) => step.fields)) {
    problems.push(...problemsOfField(field, seen, persons))
    seen.add(field.id)
  }
  for (const step of procedure.steps) {
    if (step.person !== undefined && !persons.has(step.person)) problems.push(`step ${step.id}: unknown person "${step.person}"`)
  }
  for (const same of procedure.samePersons) {
    const groups = procedure.steps.flatMap((step) => step.fields).filter(({ type }) => type === 'rows')
    if (!persons.has(same.as)) problems.push(`samePersons: unknown person "${same.as}"`)
    if (!persons.has(same.person) && !groups.some(({ id }) => id === same.person))
      problems.push(`samePersons: unknown person "${same.person}"`)
  }
  for (const kin of procedure.kinship) {
    for (const person of [kin.person, kin.of]) if (!persons.has(person)) problems.push(`kinship: unknown person "${person}"`)
  }
  return problems
}

const rowFieldsOf = (procedure: Procedure, group: string | undefined): Set<string> => {
  const field = procedure.steps.flatMap((step) => step.fields).find((candidate) => candidate.id === group)
  return new Set(field?.type === 'rows' ? field.fields.map((own) => `row.${own.id}`) : [])
}

const problemsOfRules = (procedure: Procedure): string[] => {
  const problems: string[] = []
  const ids = new Set(procedure.steps.flatMap((step) => step.fields.map((field) => field.id)))
  for (const rule of procedure.rules) {
    const rowFields = rowFieldsOf(procedure, rule.each)
    if (rule.each !== undefined && rowFields.size === 0) problems.push(`rule ${rule.id}: "${rule.each}" is no group of rows`)
    for (const name of rule.fields)
      if (!ids.has(name) && !rowFields.has(name)) problems.push(`rule ${rule.id}: unknown field "${name}"`)
    const steps = rule.fields.map((name) =>
      procedure.steps.findIndex((step) => step.fields.some((field) => field.id === (rowFields.has(name) ? rule.each : name))),
    )
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

const textsOf = (line: DeclarationLine): { text: string; each?: string }[] => {
  if ('text' in line) return [{ text: line.text }]
  if ('heading' in line) return [{ text: line.heading }]
  if ('table' in line) return line.columns.map(({ text }) => ({ text, each: line.table }))
  return line.grid.flat().map((text) => ({ text }))
}

const problemsOfDeclaration = (procedure: Procedure, known: ReadonlySet<string>): string[] => {
  const { declaration } = procedure
  const problems: string[] = []
  const official = declaration.status === 'A' || declaration.status === 'B'
  if (declaration.layout !== 'list' && (procedure.kind === 'partial' || !official))
    problems.push(
      `declaration: nguồn ${declaration.status}: chỉ được in bản kê khai, layout phải là "list" / only a list may be printed`,
    )
  if (declaration.layout === 'list' && !declaration.title.vi.toLowerCase().startsWith('bản kê khai'))
    problems.push('declaration: tiêu đề phải bắt đầu bằng "Bản kê khai" khi layout là "list" / the title of a list begins so')
  for (const line of declaration.lines) {
    for (const { text, each } of textsOf(line)) {
      const rowFields = rowFieldsOf(procedure, each)
      if (each !== undefined && rowFields.size === 0) problems.push(`declaration: "${each}" is no group of rows`)
      problems.push(...templateProblems(text).map((words) => `declaration: ${words}`))
      for (const piece of readTemplate(text)) {
        if (piece.type !== 'words' && !known.has(piece.field) && !rowFields.has(piece.field))
          problems.push(`declaration: unknown field "${piece.field}" in "${text}"`)
      }
    }
  }
  for (const signature of declaration.signatures) {
    for (const name of [signature.name, signature.drawn])
      if (name !== undefined && !known.has(name))
        problems.push(`declaration: unknown field "${name}" in signature ${signature.id}`)
  }
  return problems
}

const problemsOfTerms = (procedure: Procedure, known: ReadonlySet<string>): string[] => {
  const problems: string[] = []
  for (const deadline of procedure.deadlines)
    if (!known.has(deadline.from)) problems.push(`deadline ${deadline.id}: unknown field "${deadline.from}"`)
  for (const item of procedure.fee.items)
    if (item.times !== undefined && !known.has(item.times)) problems.push(`fee ${item.id}: unknown field "${item.times}"`)
  if (procedure.effectiveUntil !== undefined && procedure.effectiveUntil < procedure.effectiveFrom)
    problems.push('effectiveUntil is before effectiveFrom')
  const question = procedure.steps.flatMap((step) => step.fields).find((field) => field.id === procedure.caseQuestion)
  const cases = new Set(question?.type === 'choice' ? question.options.map((option) => option.value) : [])
  if (procedure.caseQuestion !== undefined && cases.size === 0)
    problems.push(`caseQuestion: "${procedure.caseQuestion}" is no field of type choice`)
  for (const paper of procedure.papers) {
    for (const value of paper.cases ?? []) if (!cases.has(value)) problems.push(`paper ${paper.id}: "${value}" is no case`)
  }
  return problems
}

const problemsOfProcedure = (procedure: Procedure): string[] => {
  const fieldIds = procedure.steps.flatMap((step) => step.fields.map((field) => field.id))
  const stepIds = procedure.steps.map((step) => step.id)
  const known = new Set(['today', ...fieldIds])
  const unknown = (name: string): string => {
    const meant = nearest(name, known)
    return `unknown field "${name}"${meant === undefined ? '' : `; có phải "${meant}"? / did you mean it?`}`
  }
  const isAtHand = (name: string): boolean =>
    name === 'point' || (name.endsWith('_former') && known.has(name.slice(0, -'_former'.length)))
  return [
    ...[
      fieldIds,
      stepIds,
      procedure.persons.map((person) => person.id),
      procedure.rules.map((rule) => rule.id),
      procedure.papers.map((paper) => paper.id),
      procedure.consents.map((consent) => consent.id),
    ]
      .flatMap(duplicates)
      .map((id) => `id "${id}" is used twice`),
    ...procedure.consents.filter(({ id }) => isKeepingConsent(id)).map(({ id }) => `id "${id}" is reserved`),
    ...[...fieldIds, ...stepIds].filter((id) => reserved.includes(id)).map((id) => `id "${id}" is reserved`),
    ...namedExpressions(procedure).flatMap(({ where, condition, each, proposes = false }) => [
      ...problemsOf(condition).map((problem) => `${where}: ${problem}`),
      ...fieldsOf(condition)
        .filter((name) => !known.has(name) && !rowFieldsOf(procedure, each).has(name) && !(proposes && isAtHand(name)))
        .map((name) => `${where}: ${unknown(name)}`),
      ...rowFieldsCounted(condition)
        .filter(({ group, field }) => !rowFieldsOf(procedure, group).has(field))
        .map(({ group, field }) => `${where}: rowsWhere: "${group}" không có ô "${field}" / has no such field`),
    ]),
    ...problemsOfFields(procedure),
    ...problemsOfRules(procedure),
    ...problemsOfTerms(procedure, known),
    ...problemsOfDeclaration(procedure, known),
  ]
}

export const parseProcedure = (json: unknown, blocks: Blocks): Result<Procedure, ProcedureInvalid> => {
  const expanded = expandDocument(json, blocks)
  const parsed = Procedure.safeParse(expanded.document)
  const problems = parsed.success
    ? [...expanded.problems, ...(expanded.problems.length > 0 ? [] : problemsOfProcedure(parsed.data))]
    : [...expanded.problems, ...wordsOf(parsed.error.issues, expanded.document)]
  return parsed.success && problems.length === 0 ? ok(parsed.data) : err({ type: 'procedure-invalid', problems })
}

export const parseGuidance = (json: unknown): Result<Guidance, ProcedureInvalid> => {
  const parsed = Guidance.safeParse(json)
  return parsed.success ? ok(parsed.data) : err({ type: 'procedure-invalid', problems: wordsOf(parsed.error.issues, json) })
}
