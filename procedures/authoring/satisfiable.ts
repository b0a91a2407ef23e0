/**
 * Whether a condition can ever hold, and can ever fail, over what answers there may be: each choice one of its options or not
 * given, every other field given or not, hidden fields never given. What cannot be decided without the value itself (a date, an
 * age) may be either way, but the same everywhere.
 *
 * Invariant: what is called dead is dead. The other way is not promised: two dates that contradict each other pass.
 */
import type { Condition, Field, Procedure } from '../../contracts/procedure.ts'
import { fieldsOf, holds, textOf } from '../rules/conditions.ts'
import { operators, rowOperators } from '../rules/operators.ts'

/** A value that is given, and one of which not even that is known. */
const given = Symbol('given')
const unknown = Symbol('unknown')
type Value = string | number | boolean | null | typeof given | typeof unknown

/** What has been supposed so far: answers by field, undecidable comparisons by their text. */
type Supposed = ReadonlyMap<string, Value>
/** Thrown out of an evaluation which needs one more supposition. */
class Needs {
  readonly name: string
  readonly among: readonly Value[]
  constructor(name: string, among: readonly Value[]) {
    this.name = name
    this.among = among
  }
}

type Fields = ReadonlyMap<string, Field>

/** The fields of the form, and as `row.x` those of one group's rows. */
const fieldsSeen = (procedure: Procedure, each: string | undefined): Fields => {
  const all = procedure.steps.flatMap((step) => step.fields)
  const group = all.find(({ id }) => id === each)
  const own = group?.type === 'rows' ? group.fields : []
  return new Map<string, Field>([
    ...all.map((field): [string, Field] => [field.id, field]),
    ...own.map((field): [string, Field] => [`row.${field.id}`, field]),
  ])
}

const suppose = (supposed: Supposed, name: string, among: readonly Value[]): Value => {
  const value = supposed.get(name)
  if (value === undefined) throw new Needs(name, among)
  return value
}

const valueOfField = (name: string, fields: Fields, supposed: Supposed): Value => {
  if (name === 'today') return given
  const field = fields.get(name)
  if (field === undefined) return unknown
  if (!truth(evaluate(field.visibleWhen, fields, supposed), field.visibleWhen, supposed)) return null
  return suppose(supposed, name, field.type === 'choice' ? [...field.options.map(({ value }) => value), null] : [given, null])
}

const truth = (value: Value, expression: unknown, supposed: Supposed): boolean => {
  if (value === given) return true
  if (value === unknown) return suppose(supposed, `truth ${JSON.stringify(expression)}`, [true, false]) === true
  return Boolean(value)
}

const makesValue = (operator: string): boolean => operators[operator]?.gives !== 'truth'
/** A comparison in which what is not given is never enough. */
const needsAll = (operator: string): boolean =>
  !makesValue(operator) && operators[operator]?.method !== undefined && operators[operator]?.takes[0] !== 'any'

const isPlain = (value: Value): value is string | number | boolean | null => typeof value !== 'symbol'

const evaluate = (expression: unknown, fields: Fields, supposed: Supposed): Value => {
  if (expression === null || typeof expression === 'string' || typeof expression === 'number' || typeof expression === 'boolean')
    return expression
  const entry = typeof expression === 'object' ? Object.entries(expression)[0] : undefined
  if (entry === undefined) return unknown
  const [operator, operand] = entry
  const operands: unknown[] = Array.isArray(operand) ? operand : [operand]
  const isTrue = (part: unknown): boolean => truth(evaluate(part, fields, supposed), part, supposed)
  if (operator === 'var') return valueOfField(String(operand), fields, supposed)
  if (operator === 'and') return operands.every(isTrue)
  if (operator === 'or') return operands.some(isTrue)
  if (operator === '!') return !isTrue(operands[0])
  if (operator === '!!') return isTrue(operands[0])
  if (Object.hasOwn(rowOperators, operator)) return unknown
  if (operator === 'if') {
    for (let index = 0; index + 1 < operands.length; index += 2)
      if (isTrue(operands[index])) return evaluate(operands[index + 1], fields, supposed)
    return operands.length % 2 === 1 ? evaluate(operands.at(-1), fields, supposed) : null
  }
  const eitherWay = (): Value =>
    makesValue(operator) ? unknown : suppose(supposed, `truth ${JSON.stringify(expression)}`, [true, false])
  if (operator === 'in' && Array.isArray(operands[1])) {
    const value = evaluate(operands[0], fields, supposed)
    if (!isPlain(value)) return eitherWay()
    return value !== null && operands[1].includes(value)
  }
  const values = operands.map((part) => evaluate(part, fields, supposed))
  if (needsAll(operator) && values.includes(null)) return false
  if ((operator === '==' || operator === '===') && values.includes(given) && values.includes(null)) return false
  if ((operator === '!=' || operator === '!==') && values.includes(given) && values.includes(null)) return true
  if (!values.every(isPlain)) return eitherWay()
  const concrete: Condition = { [operator]: values }
  if (!makesValue(operator)) return holds(concrete, {})
  const text = textOf(concrete, {})
  return operators[operator]?.gives === 'number' && text !== '' ? Number(text) : text
}

/** More suppositions than this and the question is left open. */
const patience = 20_000

/**
 * Which of true and false a condition can come to while `when` holds; undefined when it was not found out.
 * `each` is the group whose rows it sees.
 */
export const outcomesOf = (
  procedure: Procedure,
  condition: Condition,
  when: Condition = true,
  each?: string,
): ReadonlySet<boolean> | undefined => {
  const fields = fieldsSeen(procedure, each)
  const found = new Set<boolean>()
  let left = patience
  const explore = (supposed: Supposed): void => {
    if (found.size === 2 || left <= 0) return
    left -= 1
    try {
      if (!truth(evaluate(when, fields, supposed), when, supposed)) return
      found.add(truth(evaluate(condition, fields, supposed), condition, supposed))
    } catch (needs) {
      if (!(needs instanceof Needs)) throw needs
      for (const value of needs.among) explore(new Map([...supposed, [needs.name, value]]))
    }
  }
  explore(new Map())
  return left > 0 || found.size === 2 ? found : undefined
}

type StrangeOption = { field: string; value: string; options: string[] }

/** Values compared with a choice that are none of its options: the comparison can never be true. */
export const strangeOptions = (procedure: Procedure, condition: unknown, each?: string): StrangeOption[] => {
  const fields = fieldsSeen(procedure, each)
  const strangers = (name: unknown, values: readonly unknown[]): StrangeOption[] => {
    const id = typeof name === 'object' && name !== null ? fieldsOf(name)[0] : undefined
    const field = id === undefined ? undefined : fields.get(id)
    if (id === undefined || field === undefined || !('options' in field)) return []
    return values
      .filter((value) => typeof value === 'string' && !field.options.some((option) => option.value === value))
      .map((value) => ({ field: id, value: String(value), options: field.options.map((option) => option.value) }))
  }
  const within = (node: unknown): StrangeOption[] => {
    if (Array.isArray(node)) return node.flatMap(within)
    if (typeof node !== 'object' || node === null) return []
    return Object.entries(node).flatMap(([operator, operand]) => {
      if (!Array.isArray(operand)) return within(operand)
      const [first, second] = operand
      if (['==', '===', '!=', '!==', 'chosen'].includes(operator)) return [...strangers(first, [second]), ...within(operand)]
      if (operator === 'in' && Array.isArray(second)) return [...strangers(first, second), ...within(first)]
      return within(operand)
    })
  }
  return within(condition)
}
