/**
 * Conditions of a procedure: JSON Logic (jsonlogic.com), interpreted, never compiled (docs/decisions/0004).
 *
 * Invariants: a document can only name the operators listed here and the fields it declares; both are checked when it is
 * parsed, so evaluation cannot meet an unknown one. No evaluation depends on a clock: `today` is a value like any other.
 */

import { defaultMethods, LogicEngine } from 'json-logic-engine'
import type { Condition } from '../../contracts/procedure.ts'
import { daysBetween, earliest, isWhole, latest, type PartialDate, readDate } from './dates.ts'
import { birthYearOfNumber, isPersonalNumber, sexOfNumber } from './personal-number.ts'

/** Values of fields that are given, plus `today` (dd/MM/yyyy). */
export type Values = Readonly<Record<string, string>>

const standardOperators = [
  'var',
  'and',
  'or',
  '!',
  '!!',
  '==',
  '!=',
  '===',
  '!==',
  '<',
  '<=',
  '>',
  '>=',
  'if',
  'in',
  'cat',
] as const

const asText = (value: unknown): string => (typeof value === 'string' ? value : '')
const asDate = (value: unknown): PartialDate | undefined => {
  const read = readDate(asText(value))
  return read.ok ? read.value : undefined
}

const onDates = (first: unknown, second: unknown, test: (a: PartialDate, b: PartialDate) => boolean): boolean => {
  const a = asDate(first)
  const b = asDate(second)
  return a !== undefined && b !== undefined && test(a, b)
}

/** Operators of our own. Each answers false when it cannot be sure: a partial date proves nothing it does not say. */
const domainOperators: Record<string, (args: unknown[]) => unknown> = {
  isWholeDate: ([date]) => {
    const read = asDate(date)
    return read !== undefined && isWhole(read)
  },
  dateNotBefore: ([a, b]) => onDates(a, b, (x, y) => earliest(x) >= latest(y)),
  moreDaysThan: ([from, to, days]) => onDates(from, to, (x, y) => (daysBetween(x, y) ?? 0) > Number(days)),
  fewerYearsThan: ([from, to, years]) => onDates(from, to, (x, y) => y.year - x.year < Number(years)),
  yearOf: ([date]) => String(asDate(date)?.year ?? ''),
  isPersonalNumber: ([number]) => isPersonalNumber(asText(number)),
  yearOfNumber: ([number]) => String(birthYearOfNumber(asText(number)) ?? ''),
  sexOfNumber: ([number]) => sexOfNumber(asText(number)) ?? '',
}

const engine = (): LogicEngine => {
  const all: Record<string, unknown> = defaultMethods
  const chosen: Record<string, unknown> = {}
  for (const name of standardOperators) {
    if (all[name] === undefined) throw new Error(`json-logic-engine has no operator ${name}`)
    chosen[name] = all[name]
  }
  const made = new LogicEngine(chosen, { disableInline: true, disableInterpretedOptimization: true })
  for (const [name, method] of Object.entries(domainOperators)) made.addMethod(name, (args: unknown[]) => method(args))
  return made
}

const logic = engine()
const operators = new Set<string>([...standardOperators, ...Object.keys(domainOperators)])

/** The fields a condition looks at. */
export const fieldsOf = (condition: unknown): string[] => {
  if (Array.isArray(condition)) return condition.flatMap(fieldsOf)
  if (typeof condition !== 'object' || condition === null) return []
  return Object.entries(condition).flatMap(([operator, operand]) =>
    operator === 'var' && typeof operand === 'string' ? [operand] : fieldsOf(operand),
  )
}

/** What is wrong with a condition, in words for the author of the document; empty = nothing. */
export const problemsOf = (condition: unknown): string[] => {
  if (Array.isArray(condition)) return condition.flatMap(problemsOf)
  if (typeof condition !== 'object' || condition === null) return []
  const entries = Object.entries(condition)
  const [entry] = entries
  if (entry === undefined || entries.length !== 1) return [`an expression has exactly one operator, found ${entries.length}`]
  const [operator, operand] = entry
  if (!operators.has(operator)) return [`unknown operator "${operator}"`]
  if (operator === 'var') return typeof operand === 'string' ? [] : ['"var" names one field by a text']
  return problemsOf(operand)
}

const evaluate = (expression: Condition, values: Values): unknown =>
  typeof expression === 'boolean' ? expression : logic.run(expression, values)

export const holds = (condition: Condition, values: Values): boolean => Boolean(logic.truthy(evaluate(condition, values)))

export const textOf = (expression: Condition, values: Values): string => {
  const value = evaluate(expression, values)
  return value === null || value === undefined ? '' : String(value)
}
