/**
 * Which answers a correction needs: the fields an agency named, what is made of them, what decides whether they and the named papers are asked,
 * and what the rules they stand in compare them with. Nothing else of the dossier leaves the gateway again.
 */
import type { Answers } from '../../contracts/dossier.ts'
import type { Procedure } from '../../contracts/procedure.ts'
import { fieldsOf } from './conditions.ts'
import { readRowKey } from './rows.ts'
import { allFields } from './visibility.ts'

/** A field of a row stands with its group. */
const formFieldOf = (key: string): string => readRowKey(key)?.group ?? key

const inForm = (names: readonly string[]): string[] => names.filter((name) => !name.startsWith('row.')).map(formFieldOf)

/** Whatever a field's own description looks at: when it is shown or required, what it is made of. */
const lookedAtBy = (field: Procedure['steps'][number]['fields'][number]): string[] => [
  ...inForm(fieldsOf(field)),
  ...('of' in field ? inForm([field.of]) : []),
  ...(field.type === 'rows'
    ? field.fields.flatMap((own) => [...inForm(fieldsOf(own)), ...('of' in own ? inForm([own.of]) : [])])
    : []),
]

export const answersForCorrection = (
  procedure: Procedure,
  answers: Answers,
  asked: { fields: readonly string[]; papers: readonly string[] },
): Answers => {
  const named = new Set(asked.fields.map(formFieldOf))
  const open = [...named]
  // What is made of a named answer changes with it.
  for (const field of allFields(procedure))
    if ((field.type === 'composed' || field.type === 'date-in-words') && lookedAtBy(field).some((id) => named.has(id)))
      open.push(field.id)
  for (const rule of procedure.rules) {
    const own = [...inForm(rule.fields), ...(rule.each === undefined ? [] : [rule.each])]
    if (own.some((field) => named.has(field))) open.push(...own)
  }
  for (const paper of procedure.papers) {
    if (!asked.papers.includes(paper.id)) continue
    open.push(...inForm(fieldsOf(paper)))
    if (paper.cases !== undefined && procedure.caseQuestion !== undefined) open.push(procedure.caseQuestion)
  }
  const fields = new Map(allFields(procedure).map((field) => [field.id, field]))
  const needed = new Set<string>()
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const field = fields.get(id)
    if (field === undefined || needed.has(id)) continue
    needed.add(id)
    open.push(...lookedAtBy(field))
  }
  return Object.fromEntries(Object.entries(answers).filter(([key]) => needed.has(formFieldOf(key))))
}
