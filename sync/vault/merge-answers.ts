/**
 * A dossier was changed here and at the agency at once: merged by field. Pure.
 * Invariant: nothing is decided in silence. A field that only one side changed goes with that side and is told; a field that both changed
 * differently stays as the clerk has it and is named with all its values, until a person has chosen.
 */
import type { Answers } from '../../contracts/dossier.ts'
import type { FieldChange, FieldConflict } from './vault-api.ts'

export type Merge = { answers: Answers; taken: FieldChange[]; conflicts: FieldConflict[] }

const textOf = (answers: Answers, key: string): string => (Object.hasOwn(answers, key) ? (answers[key]?.value ?? '') : '')

export const mergeAnswers = (before: Answers, mine: Answers, theirs: Answers): Merge => {
  const answers: Answers = { ...mine }
  const taken: FieldChange[] = []
  const conflicts: FieldConflict[] = []
  for (const field of new Set([...Object.keys(before), ...Object.keys(mine), ...Object.keys(theirs)])) {
    const [was, here, there] = [textOf(before, field), textOf(mine, field), textOf(theirs, field)]
    if (there === was || there === here) continue
    if (here !== was) {
      conflicts.push({ field, before: was, mine: here, theirs: there })
      continue
    }
    taken.push({ field, before: was, now: there })
    const answer = theirs[field]
    if (answer === undefined) delete answers[field]
    else answers[field] = answer
  }
  return { answers, taken, conflicts }
}
