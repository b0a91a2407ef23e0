/**
 * A catalogue made of documents, wherever they came from: this repository, a folder beside it, one day signed data of the gateway.
 * A document with a mistake stops the program at once, on the kiosk and at the gateway, instead of in front of a citizen.
 */
import type { Guidance, Procedure } from '../../contracts/procedure.ts'
import { Block } from '../../contracts/procedure-document.ts'
import type { Result } from '../../contracts/result.ts'
import { inForceOn } from '../versions.ts'
import type { Blocks } from './expand.ts'
import { type ProcedureInvalid, parseGuidance, parseProcedure } from './parse-procedure.ts'

/** Documents as JSON, each with the name its author knows it by. */
export type CatalogueSource = {
  procedures: Readonly<Record<string, unknown>>
  guidance: Readonly<Record<string, unknown>>
  blocks: Readonly<Record<string, unknown>>
}

export type Catalogue = {
  /** Every version of every procedure whose form this kiosk fills in. */
  procedures: readonly Procedure[]
  guidance: readonly Guidance[]
  /** A dossier names the version it was made by; another version is another form. */
  find: (code: string, version: string) => Procedure | undefined
  /** The version that holds on a day (yyyy-MM-dd), drafts of documents left out. */
  inForce: (code: string, day: string) => Procedure | undefined
  /** What may be begun on a day, in the catalogue's order. */
  offeredOn: (day: string) => Procedure[]
}

export const blocksOf = (sources: readonly CatalogueSource[]): Blocks =>
  Object.fromEntries(
    sources.flatMap((source) =>
      Object.entries(source.blocks).map(([name, json]) => {
        const parsed = Block.safeParse(json)
        if (!parsed.success) throw new Error(`Block ${name} is wrong: ${parsed.error.message}`)
        return [parsed.data.id, parsed.data]
      }),
    ),
  )

const load = <T>(name: string, parsed: Result<T, ProcedureInvalid>): T => {
  if (!parsed.ok) throw new Error(`The procedure document ${name} is wrong: ${parsed.error.problems.join('; ')}`)
  return parsed.value
}

export const createCatalogue = (...sources: CatalogueSource[]): Catalogue => {
  const blocks = blocksOf(sources)
  const all = <T>(kind: 'procedures' | 'guidance', parse: (json: unknown) => Result<T, ProcedureInvalid>): T[] =>
    sources.flatMap((source) => Object.entries(source[kind]).map(([name, json]) => load(name, parse(json))))
  const procedures = all('procedures', (json) => parseProcedure(json, blocks))
  const byVersion = new Map(procedures.map((procedure) => [`${procedure.code} ${procedure.version}`, procedure]))
  if (byVersion.size !== procedures.length) throw new Error('The catalogue holds one version of a procedure twice')
  const inForce = (code: string, day: string): Procedure | undefined =>
    inForceOn(
      procedures.filter((procedure) => procedure.code === code && !procedure.draft),
      day,
    )
  return {
    procedures,
    guidance: all('guidance', parseGuidance),
    find: (code, version) => byVersion.get(`${code} ${version}`),
    inForce,
    offeredOn: (day) => [...new Set(procedures.map((procedure) => procedure.code))].flatMap((code) => inForce(code, day) ?? []),
  }
}
