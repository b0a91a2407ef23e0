/**
 * Short forms an author may write in place of longer JSON: conditions by a field's name, yes-no questions, options with their
 * English beside them. What comes out is plain JSON Logic and plain fields, so that the interpreter knows no short form.
 */

export type Json = { [key: string]: unknown }
export const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const variable = (name: unknown): unknown => (typeof name === 'string' ? { var: name } : name)

type ShortForm = (operand: unknown[]) => Json
const byName: Record<string, ShortForm> = {
  is: ([field, value]) => ({ '==': [variable(field), value] }),
  isNot: ([field, value]) => ({ '!=': [variable(field), value] }),
  oneOf: ([field, ...values]) => ({ in: [variable(field), values] }),
  given: ([field]) => ({ '!!': [variable(field)] }),
  chosen: ([field, value]) => ({ chosen: [variable(field), value] }),
  rowsSum: ([group, field]) => ({ rowsSum: [group, variable(field)] }),
  identified: ([number, birthDate]) => ({ identified: [variable(number), variable(birthDate)] }),
}

/** Every short condition in a document, wherever it stands. */
export const writeOutConditions = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(writeOutConditions)
  if (!isJson(node)) return node
  const entries = Object.entries(node)
  const [only] = entries
  if (only !== undefined && entries.length === 1) {
    const [name, operand] = only
    const form = Object.hasOwn(byName, name) ? byName[name] : undefined
    const operands = Array.isArray(operand) ? operand : [operand]
    if (form !== undefined && typeof operands[0] === 'string') return form(operands.map(writeOutConditions))
  }
  return Object.fromEntries(entries.map(([key, value]) => [key, writeOutConditions(value)]))
}

const yesNo = [
  { value: 'Có', label: { vi: 'Có', en: 'Yes' } },
  { value: 'Không', label: { vi: 'Không', en: 'No' } },
]

const writeOutOption = (option: unknown): unknown => {
  if (!isJson(option) || 'label' in option || typeof option.value !== 'string') return option
  const { en, ...rest } = option
  return { ...rest, label: { vi: option.value, ...(en === undefined ? {} : { en }) } }
}

/** `yes-no` is a choice of Có and Không; an option may be `{"value": "Nam", "en": "Male"}` when its label is its value. */
const yearAlone = { vi: 'Chỉ nhớ năm thì ghi năm', en: 'If only the year is known, enter the year' }

export const writeOutField = (field: Json): Json => {
  // Said by every date that takes it, and by no other.
  if (field.type === 'date' && field.partial === true) return { hint: yearAlone, ...field }
  if (field.type === 'yes-no') return { ...field, type: 'choice', options: yesNo }
  return Array.isArray(field.options) ? { ...field, options: field.options.map(writeOutOption) } : field
}

/** Both must hold; what always holds is left out, what never holds is left alone. */
export const bothOf = (first: unknown, second: unknown): unknown => {
  if (first === true) return second
  if (second === true) return first
  if (first === false || second === false) return false
  return { and: [first, second] }
}
