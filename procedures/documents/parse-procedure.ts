/** From a JSON document to a Procedure, or the list of what its author must mend: its shape, then what procedure-problems.ts finds. */
import { Guidance, Procedure } from '../../contracts/procedure.ts'
import { err, ok, type Result } from '../../contracts/result.ts'
import { type Blocks, expandDocument } from './expand.ts'
import { toldOnce, wordsOf } from './problem-words.ts'
import { problemsOfProcedure } from './procedure-problems.ts'

export type ProcedureInvalid = { type: 'procedure-invalid'; problems: string[] }

export const parseProcedure = (json: unknown, blocks: Blocks): Result<Procedure, ProcedureInvalid> => {
  const expanded = expandDocument(json, blocks)
  const parsed = Procedure.safeParse(expanded.document)
  const problems = parsed.success
    ? [...expanded.problems, ...(expanded.problems.length > 0 ? [] : problemsOfProcedure(parsed.data))]
    : [...expanded.problems, ...wordsOf(parsed.error.issues, expanded.document)]
  return parsed.success && problems.length === 0
    ? ok(parsed.data)
    : err({ type: 'procedure-invalid', problems: toldOnce(problems) })
}

export const parseGuidance = (json: unknown): Result<Guidance, ProcedureInvalid> => {
  const parsed = Guidance.safeParse(json)
  return parsed.success ? ok(parsed.data) : err({ type: 'procedure-invalid', problems: wordsOf(parsed.error.issues, json) })
}
