/**
 * Conditions of a procedure: JSON Logic (jsonlogic.com), interpreted, never compiled (docs/decisions/0004).
 *
 * Invariants: a document can only name the operators listed here and the fields it declares; both are checked when it is
 * parsed, so evaluation cannot meet an unknown one. No evaluation depends on a clock: `today` is a value like any other.
 */

import { defaultMethods, LogicEngine } from 'json-logic-engine'
import type { Condition } from '../../contracts/procedure.ts'
import { daysBetween, earliest, isWhole, lastDayOfYears, latest, type PartialDate, readDate } from './dates.ts'
import { birthYearOfNumber, isPersonalNumber, sexOfNumber } from './personal-number.ts'
import { healthFacilityOf, provinceOfPlace, unitOfPlace } from './place-text.ts'
import { expressionInRow } from './rows.ts'

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
/** The hour of a date-time is left aside. */
const asDate = (value: unknown): PartialDate | undefined => {
  const read = readDate(asText(value).replace(/ \d{2}:\d{2}$/, ''))
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
  dateBefore: ([a, b]) => onDates(a, b, (x, y) => latest(x) < earliest(y)),
  /** Has not reached that age on that day, whatever the unknown part of the date of birth. */
  youngerThan: ([birth, on, years]) => onDates(birth, on, (x, y) => earliest(x) + Number(years) * 10_000 > latest(y)),
  /** Has reached that age on that day, whatever the unknown part of the date of birth. */
  hasReachedAge: ([birth, on, years]) => onDates(birth, on, (x, y) => latest(x) + Number(years) * 10_000 <= earliest(y)),
  moreDaysThan: ([from, to, days]) => onDates(from, to, (x, y) => (daysBetween(x, y) ?? 0) > Number(days)),
  fewerYearsThan: ([from, to, years]) => onDates(from, to, (x, y) => y.year - x.year < Number(years)),
  yearOf: ([date]) => String(asDate(date)?.year ?? ''),
  numberOf: ([text]) => (/^-?\d+$/.test(asText(text)) ? Number(text) : 0),
  /** Of a field with several values. */
  chosen: ([values, value]) => asText(values).split('; ').includes(asText(value)),
  /** Number and whole date of birth are given: the registry's forms then let residence, sex, ethnicity and nationality blank. */
  identified: ([number, birthDate]) => {
    const read = asDate(birthDate)
    return isPersonalNumber(asText(number)) && read !== undefined && isWhole(read)
  },
  /** `{"agencyAt": ["Công an", place, …]}`: the agency of the first of the places that names a commune of today. */
  agencyAt: ([title, ...places]) => {
    const unit = places.map((place) => unitOfPlace(asText(place))).find((found) => found !== '')
    return unit === undefined ? '' : `${asText(title)} ${unit}`
  },
  /** The same of the province alone. */
  provinceAgencyAt: ([title, ...places]) => {
    const province = places.map((place) => provinceOfPlace(asText(place))).find((found) => found !== '')
    return province === undefined ? '' : `${asText(title)} ${province}`
  },
  /** The health facility that a place begins with: it is the one to issue the notice of death. */
  healthFacilityAt: ([place]) => healthFacilityOf(asText(place)),
  /** The last day of a time of so many whole years that begins on this day. */
  lastDayOfYears: ([date, years]) => {
    const read = asDate(date)
    return read === undefined ? '' : lastDayOfYears(read, Number(years))
  },
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
/** `{"rowsWhere": ["members", condition]}`: of how many rows the condition, which sees `row.x`, holds. */
const rowsWhere = 'rowsWhere'
const operators = new Set<string>([...standardOperators, ...Object.keys(domainOperators), rowsWhere])

/** The fields a condition looks at. */
export const fieldsOf = (condition: unknown): string[] => {
  if (Array.isArray(condition)) return condition.flatMap(fieldsOf)
  if (typeof condition !== 'object' || condition === null) return []
  return Object.entries(condition).flatMap(([operator, operand]) => {
    if (operator === 'var' && typeof operand === 'string') return [operand]
    if (operator === rowsWhere && Array.isArray(operand)) {
      const [group, ...rest] = operand
      // What it sees of a row belongs to the group.
      return [String(group), ...fieldsOf(rest).filter((name) => !name.startsWith('row.'))]
    }
    return fieldsOf(operand)
  })
}

/** The fields of rows that `rowsWhere` looks at, each with its group. */
export const rowFieldsCounted = (condition: unknown): { group: string; field: string }[] => {
  if (Array.isArray(condition)) return condition.flatMap(rowFieldsCounted)
  if (typeof condition !== 'object' || condition === null) return []
  return Object.entries(condition).flatMap(([operator, operand]) => {
    if (operator !== rowsWhere || !Array.isArray(operand)) return rowFieldsCounted(operand)
    const [group, ...rest] = operand
    return fieldsOf(rest)
      .filter((name) => name.startsWith('row.'))
      .map((field) => ({ group: String(group), field }))
  })
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
  if (operator === rowsWhere && !(Array.isArray(operand) && operand.length === 2 && typeof operand[0] === 'string'))
    return ['"rowsWhere" takes the name of a group and a condition']
  return problemsOf(operand)
}

const countsRows = new WeakMap<object, boolean>()
const namesRows = (node: unknown): boolean => {
  if (typeof node !== 'object' || node === null) return false
  const known = countsRows.get(node)
  if (known !== undefined) return known
  const found = Object.hasOwn(node, rowsWhere) || Object.values(node).some(namesRows)
  countsRows.set(node, found)
  return found
}

/** Rows are counted before the engine runs: its operators see values only, never the condition itself. */
const withRowsCounted = (node: unknown, values: Values): unknown => {
  if (!namesRows(node) || typeof node !== 'object' || node === null) return node
  if (Array.isArray(node)) return node.map((each) => withRowsCounted(each, values))
  return Object.fromEntries(
    Object.entries(node).map(([operator, operand]) => {
      if (operator !== rowsWhere || !Array.isArray(operand)) return [operator, withRowsCounted(operand, values)]
      const [group, condition] = operand
      const rows = Array.from({ length: Number(values[String(group)] ?? 0) }, (_, index) => index + 1)
      const counted = rows.filter((number) => holds(expressionInRow(condition, String(group), number), values))
      return ['numberOf', [String(counted.length)]]
    }),
  )
}

const evaluate = (expression: Condition, values: Values): unknown =>
  typeof expression === 'boolean' ? expression : logic.run(withRowsCounted(expression, values), values)

export const holds = (condition: Condition, values: Values): boolean => Boolean(logic.truthy(evaluate(condition, values)))

export const textOf = (expression: Condition, values: Values): string => {
  const value = evaluate(expression, values)
  return value === null || value === undefined ? '' : String(value)
}
