/**
 * The procedures this build knows, each parsed when the module loads: a document with a mistake stops the program at once,
 * on the kiosk and at the gateway, instead of in front of a citizen. Works in Node and through Vite.
 */
import type { Procedure } from '../contracts/procedure.ts'
import birthRegistration from './1.001193-dang-ky-khai-sinh/procedure.json' with { type: 'json' }
import { parseProcedure } from './rules/parse-procedure.ts'

const load = (document: unknown): Procedure => {
  const parsed = parseProcedure(document)
  if (!parsed.ok) throw new Error(`A procedure document is wrong: ${parsed.error.problems.join('; ')}`)
  return parsed.value
}

export const procedures: readonly Procedure[] = [birthRegistration].map(load)

/** A dossier names the version it was made by; another version is another form. */
export const findProcedure = (code: string, version: string): Procedure | undefined =>
  procedures.find((procedure) => procedure.code === code && procedure.version === version)
