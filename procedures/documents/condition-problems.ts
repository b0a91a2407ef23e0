/**
 * What is wrong with a condition, for the author of the document: an operator there is not, too few or too many operands, a value of
 * another kind than the operator reads. A comparison of kinds that do not fit would never fail, and never mean what was meant.
 */
import type { Field } from '../../contracts/procedure.ts'
import { overRows } from '../rules/conditions.ts'
import { readDate } from '../rules/dates.ts'
import { type Kind, operators, rowOperators } from '../rules/operators.ts'
import { meaning } from './problem-words.ts'

const kindWords: Record<Kind, string> = {
  any: 'giá trị / a value',
  date: 'ngày / a date',
  number: 'số / a number',
  text: 'chữ / a text',
  truth: 'điều kiện / a condition',
}

export const kindOfField = ({ type }: Field): Kind => {
  if (type === 'date' || type === 'date-time') return 'date'
  return type === 'number' || type === 'money' || type === 'rows' ? 'number' : 'text'
}

/** Of a group's rows as `row.x`, and of the form. */
export type KindOf = (name: string, group: string | undefined) => Kind | undefined

type Read = { kind: Kind; problems: string[] }

const isDate = (text: string): boolean => /^\d{1,2}\/\d{1,2}\/\d{4}$|^\d{4}$/.test(text) && readDate(text).ok

const fits = (taken: Kind, kind: Kind, operand: unknown): boolean => {
  if (taken === 'any' || taken === 'truth' || taken === 'text' || kind === 'any' || kind === taken) return true
  if (typeof operand !== 'string') return false
  return operand === '' || (taken === 'date' ? isDate(operand) : /^-?\d+$/.test(operand))
}

const named = (operand: unknown): string => {
  const field = typeof operand === 'object' && operand !== null && 'var' in operand ? operand.var : operand
  return typeof field === 'object' ? JSON.stringify(field) : `"${String(field)}"`
}

const comparing = new Set(['<', '<=', '>', '>='])
const equality = new Set(['==', '!=', '===', '!=='])

/** A field's name without `var` is only its letters. */
const isBareName = (operand: unknown, kindOf: KindOf, group: string | undefined): operand is string =>
  typeof operand === 'string' && kindOf(operand, group) !== undefined
const bareName = (name: string): string => `"${name}" ở đây chỉ là chữ; ô thì viết {"var": "${name}"} / a field is written so`

const wrongKind = (operator: string, taken: Kind, kind: Kind, operand: unknown): string => {
  const instead =
    comparing.has(operator) && kind === 'date' ? '; so sánh ngày thì dùng dateBefore, dateNotBefore / compare dates by these' : ''
  const written = taken === 'date' && typeof operand === 'string' ? '; ngày viết dd/MM/yyyy / a day is written so' : ''
  return `"${operator}" cần ${kindWords[taken]}, mà ${named(operand)} là ${kindWords[kind]}${instead}${written}`
}

const read = (node: unknown, kindOf: KindOf, group: string | undefined): Read => {
  if (typeof node === 'number') return { kind: 'number', problems: [] }
  if (typeof node === 'boolean') return { kind: 'truth', problems: [] }
  if (typeof node === 'string') return { kind: 'text', problems: [] }
  if (typeof node !== 'object' || node === null)
    return { kind: 'any', problems: ['null không phải là giá trị / null is no value'] }
  const [entry, another] = Object.entries(node)
  if (Array.isArray(node) || entry === undefined || another !== undefined)
    return {
      kind: 'any',
      problems: [
        `mỗi biểu thức có đúng một phép, ở đây ${Array.isArray(node) ? 'là danh sách' : `có ${Object.keys(node).length}`} / an expression has exactly one operator, found ${Array.isArray(node) ? 'a list' : Object.keys(node).length}`,
      ],
    }
  const [operator, operand] = entry
  if (operator === 'var')
    return typeof operand === 'string'
      ? { kind: kindOf(operand, group) ?? 'any', problems: [] }
      : { kind: 'any', problems: ['"var" gọi tên một ô bằng chữ / "var" names one field by a text'] }
  const rows = overRows(operator, operand)
  if (Object.hasOwn(rowOperators, operator)) return readOverRows(operator, operand, rows, kindOf)
  const meant = Object.hasOwn(operators, operator) ? operators[operator] : undefined
  if (meant === undefined) {
    const hint = meaning(operator, [...Object.keys(operators), ...Object.keys(rowOperators)])
    return { kind: 'any', problems: [`không có phép "${operator}" / unknown operator "${operator}"${hint}`] }
  }
  const operands: unknown[] = Array.isArray(operand) ? operand : [operand]
  const { takes, more, gives } = meant
  if (operands.length < takes.length || (more === undefined && operands.length > takes.length))
    return {
      kind: gives,
      problems: [
        `"${operator}" cần ${takes.length}${more === undefined ? '' : ' trở lên'} phần (${takes.map((kind) => kindWords[kind].replace(/ \/.*/, '')).join(', ')}), ở đây có ${operands.length} / takes ${takes.length}${more === undefined ? '' : ' or more'} operands, found ${operands.length}`,
      ],
    }
  // The second operand of `in` may be a list of values.
  if (operator === 'in' && Array.isArray(operands[1]))
    return { kind: 'truth', problems: read(operands[0], kindOf, group).problems }
  const reads = operands.map((each) => read(each, kindOf, group))
  const problems = reads.flatMap((each) => each.problems)
  reads.forEach(({ kind }, index) => {
    const taken = takes[index] ?? more ?? 'any'
    const each = operands[index]
    if (taken !== 'any' && isBareName(each, kindOf, group)) problems.push(bareName(each))
    // Two dates compared as numbers are one mistake.
    else if (
      !fits(taken, kind, each) &&
      !(comparing.has(operator) && reads.slice(0, index).some((before) => before.kind === kind))
    )
      problems.push(wrongKind(operator, taken, kind, each))
  })
  if (equality.has(operator) || operator === 'in') {
    const [first, second] = reads
    if (isBareName(operands[0], kindOf, group) && typeof operands[1] !== 'object') problems.push(bareName(operands[0]))
    for (const [known, other, value] of [
      [first, second, operands[1]],
      [second, first, operands[0]],
    ] as const) {
      if ((known?.kind === 'date' || known?.kind === 'number') && typeof value === 'string' && !fits(known.kind, 'text', value))
        problems.push(wrongKind(operator, known.kind, other?.kind ?? 'any', value))
    }
  }
  return { kind: kindGiven(operator, gives, reads), problems }
}

/** Of a choice among values the kind they share. */
const kindGiven = (operator: string, gives: Kind, reads: readonly Read[]): Kind => {
  if (gives !== 'any') return gives
  const values = operator === 'if' ? reads.filter((_, index) => index % 2 === 1 || index === reads.length - 1) : reads
  const kinds = new Set(values.map(({ kind }) => kind))
  const [only] = kinds
  return only !== undefined && kinds.size === 1 && only !== 'text' ? only : 'any'
}

const readOverRows = (operator: string, operand: unknown, rows: ReturnType<typeof overRows>, kindOf: KindOf): Read => {
  if (rows === undefined || !Array.isArray(operand) || operand.length !== 2 || typeof operand[0] !== 'string')
    return {
      kind: 'number',
      problems: [`"${operator}" cần tên một nhóm dòng và một biểu thức / takes the name of a group and an expression`],
    }
  const { kind, problems } = read(rows.expression, kindOf, rows.group)
  const taken = rowOperators[operator]?.takes ?? 'any'
  return {
    kind: 'number',
    problems: fits(taken, kind, rows.expression) ? problems : [...problems, wrongKind(operator, taken, kind, rows.expression)],
  }
}

/** Empty = nothing is wrong. `group` is the one whose rows the condition sees. */
export const conditionProblems = (condition: unknown, kindOf: KindOf, group?: string): string[] =>
  read(condition, kindOf, group).problems
