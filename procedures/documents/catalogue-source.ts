/**
 * A catalogue made of documents, wherever they came from: this repository, a folder beside it, one day signed data of the gateway. Its lists
 * are made of each document's first words; the rest is parsed when it is opened, for a machine at a counter starts every morning.
 *
 * Invariant: a document with a mistake never comes before a citizen. Whoever puts documents in (the build of the pages, the gateway's start,
 * the author's command) parses them all first (`parseAll`), and stops there.
 */
import type { z } from 'zod'
import { type Guidance, ListedGuidance, ListedProcedure, type Procedure } from '../../contracts/procedure.ts'
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
  procedures: readonly ListedProcedure[]
  guidance: readonly ListedGuidance[]
  /** A dossier names the version it was made by; another version is another form. */
  find: (code: string, version: string) => Procedure | undefined
  findGuidance: (id: string) => Guidance | undefined
  /** The same as lists need it. */
  findListed: (code: string, version: string) => ListedProcedure | undefined
  /** The version that holds on a day (yyyy-MM-dd), drafts of documents left out. */
  inForce: (code: string, day: string) => Procedure | undefined
  /** What may be begun on a day, in the catalogue's order. */
  offeredOn: (day: string) => ListedProcedure[]
  /** Everything; throws in its author's words where a document is wrong. */
  parseAll: () => { procedures: Procedure[]; guidance: Guidance[] }
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

type Document<L, T> = { listed: L; open: () => T }

const once = <T>(make: () => T): (() => T) => {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

const documents = <L, T>(
  written: Readonly<Record<string, unknown>>,
  schema: z.ZodType<L>,
  parse: (json: unknown) => Result<T, ProcedureInvalid>,
): Document<L, T>[] =>
  Object.entries(written).map(([name, json]) => {
    const open = once(() => load(name, parse(json)))
    const listed = schema.safeParse(json)
    if (listed.success) return { listed: listed.data, open }
    // What is wrong with its first words is told as any mistake is.
    open()
    throw new Error(`The procedure document ${name} cannot be listed: ${listed.error.message}`)
  })

const byKey = <L, T>(all: readonly Document<L, T>[], keyOf: (listed: L) => string): Map<string, Document<L, T>> =>
  new Map(all.map((document) => [keyOf(document.listed), document]))

export const createCatalogue = (...sources: CatalogueSource[]): Catalogue => {
  const blocks = once(() => blocksOf(sources))
  const procedures = sources.flatMap((source) =>
    documents(source.procedures, ListedProcedure, (json) => parseProcedure(json, blocks())),
  )
  const guidance = sources.flatMap((source) => documents(source.guidance, ListedGuidance, parseGuidance))
  const byVersion = byKey(procedures, ({ code, version }) => `${code} ${version}`)
  const byId = byKey(guidance, ({ id }) => id)
  if (byVersion.size !== procedures.length) throw new Error('The catalogue holds one version of a procedure twice')
  const listed = procedures.map((each) => each.listed)
  const versionInForce = (code: string, day: string): ListedProcedure | undefined =>
    inForceOn(
      listed.filter((each) => each.code === code && !each.draft),
      day,
    )
  const find = (code: string, version: string): Procedure | undefined => byVersion.get(`${code} ${version}`)?.open()
  return {
    procedures: listed,
    guidance: guidance.map((each) => each.listed),
    find,
    findGuidance: (id) => byId.get(id)?.open(),
    findListed: (code, version) => byVersion.get(`${code} ${version}`)?.listed,
    inForce: (code, day) => {
      const version = versionInForce(code, day)?.version
      return version === undefined ? undefined : find(code, version)
    },
    offeredOn: (day) => [...new Set(listed.map(({ code }) => code))].flatMap((code) => versionInForce(code, day) ?? []),
    parseAll: () => ({ procedures: procedures.map(({ open }) => open()), guidance: guidance.map(({ open }) => open()) }),
  }
}
