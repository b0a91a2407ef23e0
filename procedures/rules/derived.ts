/** Values nobody types: words of a date, sentences made of other answers. The wizard fills them in, the gateway makes them again. */
import type { Field } from '../../contracts/procedure.ts'
import { textOf, type Values } from './conditions.ts'
import { dateInWords } from './date-in-words.ts'
import { normalizeAnswer } from './normalise.ts'

/** Undefined for a field that somebody fills in; empty while what it is made of is not there. */
export const derivedValue = (field: Field, values: Values): string | undefined => {
  if (field.type === 'date-in-words') return dateInWords(values[field.of] ?? '')
  return field.type === 'composed' ? normalizeAnswer(field, textOf(field.text, values)) : undefined
}
