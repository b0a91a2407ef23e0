/**
 * Conditions of a procedure: JSON Logic (jsonlogic.com), interpreted, never compiled (docs/decisions/0004).
 *
 * Invariants: a document can only name the operators of `operators.ts`, each with what it takes, and the fields it declares; all of
 * it is checked when the document is parsed, so that no evaluation fails.
 */

import { defaultMethods, LogicEngine } from 'json-logic-engine'
import type { Condition } from '../../contracts/procedure.ts'
import { operators, rowOperators } from './operators.ts'
import { expressionInRow } from './rows.ts'

/** Values of fields that are given, plus `today` (dd/MM/yyyy). */
export type Values = Readonly<Record<string, string>>

const engine = (): LogicEngine => {
  const standard: Record<string, unknown> = defaultMethods
  const chosen: Record<string, unknown> = { var: standard.var }
  for (const [name, { method }] of Object.entries(operators)) {
    if (method !== undefined) continue
    if (standard[name] === undefined) throw new Error(`json-logic-engine has no operator ${name}`)
    chosen[name] = standard[name]
  }
  const made = new LogicEngine(chosen, { disableInline: true, disableInterpretedOptimization: true })
  for (const [name, { method }] of Object.entries(operators))
    if (method !== undefined) made.addMethod(name, (args: unknown) => method(Array.isArray(args) ? args : [args]))
  return made
}

const logic = engine()

const isNode = (node: unknown): node is object => typeof node === 'object' && node !== null

/** Group and expression of an operator over rows; undefined of any other. */
export const overRows = (operator: string, operand: unknown): { group: string; expression: unknown } | undefined =>
  Object.hasOwn(rowOperators, operator) && Array.isArray(operand)
    ? { group: String(operand[0]), expression: operand[1] }
    : undefined

/** The fields a condition looks at. */
export const fieldsOf = (condition: unknown): string[] => {
  if (Array.isArray(condition)) return condition.flatMap(fieldsOf)
  if (!isNode(condition)) return []
  return Object.entries(condition).flatMap(([operator, operand]) => {
    if (operator === 'var' && typeof operand === 'string') return [operand]
    const rows = overRows(operator, operand)
    if (rows === undefined) return fieldsOf(operand)
    // What it sees of a row belongs to the group.
    return [rows.group, ...fieldsOf(rows.expression).filter((name) => !name.startsWith('row.'))]
  })
}

/** The fields of rows that `rowsWhere` and `rowsSum` look at, each with its group. */
export const rowFieldsCounted = (condition: unknown): { group: string; field: string }[] => {
  if (Array.isArray(condition)) return condition.flatMap(rowFieldsCounted)
  if (!isNode(condition)) return []
  return Object.entries(condition).flatMap(([operator, operand]) => {
    const rows = overRows(operator, operand)
    if (rows === undefined) return rowFieldsCounted(operand)
    return fieldsOf(rows.expression)
      .filter((name) => name.startsWith('row.'))
      .map((field) => ({ group: rows.group, field }))
  })
}

const countsRows = new WeakMap<object, boolean>()
const namesRows = (node: unknown): boolean => {
  if (!isNode(node)) return false
  const known = countsRows.get(node)
  if (known !== undefined) return known
  const found = Object.keys(rowOperators).some((name) => Object.hasOwn(node, name)) || Object.values(node).some(namesRows)
  countsRows.set(node, found)
  return found
}

/** Rows are counted before the engine runs: its operators see values only, never the condition itself. */
const withRowsCounted = (node: unknown, values: Values): unknown => {
  if (!isNode(node) || !namesRows(node)) return node
  if (Array.isArray(node)) return node.map((each) => withRowsCounted(each, values))
  const counted = Object.entries(node).map(([operator, operand]): [string, unknown] => {
    const rows = overRows(operator, operand)
    if (rows === undefined) return [operator, withRowsCounted(operand, values)]
    const inRows = Array.from({ length: Number(values[rows.group] ?? 0) }, (_, index) =>
      expressionInRow(rows.expression, rows.group, index + 1),
    )
    const parts = inRows.map((expression) =>
      operator === 'rowsSum' ? withRowsCounted(expression, values) : holds(expression as Condition, values) ? 1 : 0,
    )
    return ['+', [0, 0, ...parts]]
  })
  return Object.fromEntries(counted)
}

const evaluate = (expression: Condition, values: Values): unknown =>
  typeof expression === 'boolean' ? expression : logic.run(withRowsCounted(expression, values), values)

export const holds = (condition: Condition, values: Values): boolean => Boolean(logic.truthy(evaluate(condition, values)))

export const textOf = (expression: Condition, values: Values): string => {
  const value = evaluate(expression, values)
  return value === null || value === undefined ? '' : String(value)
}
