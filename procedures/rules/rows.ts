/**
 * Rows of a repeated group as plain fields: the second row's `name` in `members` is the field `members_2_name`, with conditions,
 * facts and rules written for that row. Everything that knows fields and values then knows rows.
 *
 * Invariants: rows are numbered from 1 without gaps; the group's own value is their number; the order is the form's order.
 */
import type { Answer, Answers } from '../../contracts/dossier.ts'
import type { Field, Procedure, Rule } from '../../contracts/procedure.ts'
import type { PlainField, RowsField } from '../../contracts/procedure-field.ts'

type RowKey = { group: string; number: number; field: string }

export const rowKey = (group: string, number: number, field: string): string => `${group}_${number}_${field}`

/** Undefined for a field which stands in no row. */
export const readRowKey = (key: string): RowKey | undefined => {
  // Asked of each field at each keystroke, and few are of a row.
  if (!key.includes('_')) return undefined
  const parts = /^([a-z][A-Za-z0-9]*)_([1-9]\d{0,2})_([a-z][A-Za-z0-9]*)$/.exec(key)
  const [, group, number, field] = parts ?? []
  return group === undefined || number === undefined || field === undefined ? undefined : { group, number: Number(number), field }
}

/** The person whose facts stand in one row: what the card dialog names to fill it. */
export const personOfRow = (group: string, number: number): string => `${group}_${number}`

/** The group of a person who stands in a row. */
export const groupOfPerson = (personId: string): string | undefined => /^([a-z][A-Za-z0-9]*)_[1-9]\d{0,2}$/.exec(personId)?.[1]

/** Rows by the group's own value; before it has one, as many as the form needs at least. */
export const rowCount = (group: RowsField, value: string | undefined): number =>
  value === undefined || !/^\d{1,3}$/.test(value) ? group.min : Math.min(Number(value), group.max)

/** `row.x` anywhere in an expression, a list of fields or a text becomes the key in this row. */
const inRow = (node: unknown, group: string, number: number): unknown => {
  if (typeof node === 'string') return node.startsWith('row.') ? rowKey(group, number, node.slice(4)) : node
  if (Array.isArray(node)) return node.map((each) => inRow(each, group, number))
  if (typeof node !== 'object' || node === null) return node
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, inRow(value, group, number)]))
}

export const expressionInRow = <T>(expression: T, group: string, number: number): T => inRow(expression, group, number) as T

const written = new WeakMap<RowsField, Map<number, readonly PlainField[]>>()

const writeRow = (group: RowsField, number: number): readonly PlainField[] =>
  group.fields.map((field) => {
    const { label, hint, help, ...rest } = field
    const own = expressionInRow(rest, group.id, number)
    return {
      ...own,
      label,
      ...(hint === undefined ? {} : { hint }),
      ...(help === undefined ? {} : { help }),
      id: rowKey(group.id, number, field.id),
      ...(own.relation?.of === 'row' ? { relation: { ...own.relation, of: personOfRow(group.id, number) } } : {}),
      ...(own.fact?.person === 'row' ? { fact: { ...own.fact, person: personOfRow(group.id, number) } } : {}),
    } as PlainField
  })

/** The fields of one row, the same objects each time. */
export const fieldsOfRow = (group: RowsField, number: number): readonly PlainField[] => {
  const rows = written.get(group) ?? new Map<number, readonly PlainField[]>()
  written.set(group, rows)
  const known = rows.get(number)
  if (known !== undefined) return known
  const made = writeRow(group, number)
  rows.set(number, made)
  return made
}

/** The field, and for a group the fields of its rows behind it. */
export const withRows = (field: Field, value: string | undefined): readonly Field[] =>
  field.type === 'rows'
    ? [field, ...Array.from({ length: rowCount(field, value) }, (_, index) => fieldsOfRow(field, index + 1)).flat()]
    : [field]

const rulesWritten = new WeakMap<Rule, Map<number, Rule>>()

export const ruleInRow = (rule: Rule, group: string, number: number): Rule => {
  const rows = rulesWritten.get(rule) ?? new Map<number, Rule>()
  rulesWritten.set(rule, rows)
  const known = rows.get(number)
  if (known !== undefined) return known
  const { message, ...rest } = rule
  const made: Rule = { ...expressionInRow(rest, group, number), message, id: `${rule.id}_${number}` }
  rows.set(number, made)
  return made
}

const findGroup = (procedure: Procedure, group: string): RowsField | undefined => {
  for (const step of procedure.steps)
    for (const field of step.fields) if (field.id === group && field.type === 'rows') return field
  return undefined
}

const countIn = (group: RowsField, answers: Answers): number =>
  rowCount(group, Object.hasOwn(answers, group.id) ? answers[group.id]?.value : undefined)

/** One more empty row at the end; the same answers when the form takes no more. `stamp` says who did it and when. */
export const addRow = (procedure: Procedure, answers: Answers, groupId: string, stamp: Answer['provenance']): Answers => {
  const group = findGroup(procedure, groupId)
  const count = group === undefined ? 0 : countIn(group, answers)
  if (group === undefined || count >= group.max) return answers
  return { ...answers, [groupId]: { value: String(count + 1), provenance: stamp } }
}

/** Rows in a new order, or fewer of them: `order` names the old numbers. Each value keeps its provenance. */
export const arrangeRows = (
  procedure: Procedure,
  answers: Answers,
  groupId: string,
  order: readonly number[],
  stamp: Answer['provenance'],
): Answers => {
  const group = findGroup(procedure, groupId)
  if (group === undefined || order.length < group.min) return answers
  const arranged: Answers = Object.fromEntries(Object.entries(answers).filter(([key]) => readRowKey(key)?.group !== groupId))
  order.forEach((old, index) => {
    for (const field of group.fields) {
      const known = answers[rowKey(groupId, old, field.id)]
      if (known !== undefined) arranged[rowKey(groupId, index + 1, field.id)] = known
    }
  })
  return { ...arranged, [groupId]: { value: String(order.length), provenance: stamp } }
}

export const removeRow = (
  procedure: Procedure,
  answers: Answers,
  groupId: string,
  number: number,
  stamp: Answer['provenance'],
): Answers => {
  const group = findGroup(procedure, groupId)
  if (group === undefined) return answers
  const order = Array.from({ length: countIn(group, answers) }, (_, index) => index + 1).filter((each) => each !== number)
  return arrangeRows(procedure, answers, groupId, order, stamp)
}
