/**
 * A catalogue made of documents, wherever they came from: this repository, a folder beside it, the gateway (live-catalogue.ts). Its lists
 * are made of each document's first words; the rest is parsed when it is opened, for a machine at a counter starts every morning.
 *
 * Invariant: a document with a mistake never comes before a citizen. Whoever puts documents in (the build of the pages, the gateway's start,
 * the author's command) parses them all first (`parseAll`), and stops there; of what the gateway sends, what does not parse is left out.
 */
import type { z } from 'zod'
import type { CatalogueEntry } from '../../contracts/catalogue.ts'
import { type Guidance, ListedGuidance, ListedProcedure, type Procedure } from '../../contracts/procedure.ts'
import { Block } from '../../contracts/procedure-document.ts'
import type { Result } from '../../contracts/result.ts'
import { inForceOn } from '../versions.ts'
import type { Blocks } from './expand.ts'
import { type ProcedureInvalid, parseGuidance, parseProcedure } from './parse-procedure.ts'
import { AuthorsMistake, wordsOf } from './problem-words.ts'

/** Documents as JSON, each with the name its author knows it by. */
export type CatalogueSource = {
  procedures: Readonly<Record<string, unknown>>
  guidance: Readonly<Record<string, unknown>>
  blocks: Readonly<Record<string, unknown>>
}

/** A document as it was written. */
export type Written = Pick<CatalogueEntry, 'kind' | 'key'> & { json: unknown }

export type Catalogue = {
  /** What it was made of, blocks included. */
  written: readonly Written[]
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
        if (!parsed.success) throw new AuthorsMistake(`${name}: ${wordsOf(parsed.error.issues, json).join('; ')}`)
        return [parsed.data.id, parsed.data]
      }),
    ),
  )

const load = <T>(name: string, parsed: Result<T, ProcedureInvalid>): T => {
  if (!parsed.ok) throw new Error(`The procedure document ${name} is wrong: ${parsed.error.problems.join('; ')}`)
  return parsed.value
}

type Document<L, T> = { key: string; listed: L; json: unknown; open: () => T }

export type Documents = {
  procedures: readonly Document<ListedProcedure, Procedure>[]
  guidance: readonly Document<ListedGuidance, Guidance>[]
  blocks: readonly Written[]
}

export const versionKey = (code: string, version: string): string => `${code} ${version}`

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
  keyOf: (listed: L) => string,
): Document<L, T>[] =>
  Object.entries(written).map(([name, json]) => {
    const open = once(() => load(name, parse(json)))
    const listed = schema.safeParse(json)
    if (listed.success) return { key: keyOf(listed.data), listed: listed.data, json, open }
    // What is wrong with its first words is told as any mistake is.
    open()
    throw new Error(`The procedure document ${name} cannot be listed: ${listed.error.message}`)
  })

export const documentsOf = (...sources: readonly CatalogueSource[]): Documents => {
  const blocks = once(() => blocksOf(sources))
  return {
    procedures: sources.flatMap((source) =>
      documents(
        source.procedures,
        ListedProcedure,
        (json) => parseProcedure(json, blocks()),
        ({ code, version }) => versionKey(code, version),
      ),
    ),
    guidance: sources.flatMap((source) => documents(source.guidance, ListedGuidance, parseGuidance, ({ id }) => id)),
    blocks: sources.flatMap((source) =>
      Object.entries(source.blocks).map(([name, json]): Written => {
        const id = Block.shape.id.safeParse(Object(json).id)
        return { kind: 'block', key: id.success ? id.data : name, json }
      }),
    ),
  }
}

/** `former`: found by whoever names them, offered to nobody. */
export const catalogueOf = ({ procedures, guidance, blocks }: Documents, former: Documents['procedures'] = []): Catalogue => {
  const byVersion = new Map([...former, ...procedures].map((document) => [document.key, document]))
  // Of a record that stands twice the later one's words hold: a province knows its own offices.
  const byId = new Map(guidance.map((document) => [document.key, document]))
  const keys = procedures.map(({ key }) => key)
  const twice = keys.find((key, index) => keys.indexOf(key) !== index)
  if (twice !== undefined)
    throw new AuthorsMistake(`${twice}: có hai văn bản cùng mã, cùng phiên bản / this version of a procedure is there twice`)
  const listed = procedures.map((each) => each.listed)
  const versionInForce = (code: string, day: string): ListedProcedure | undefined =>
    inForceOn(
      listed.filter((each) => each.code === code && !each.draft),
      day,
    )
  const find = (code: string, version: string): Procedure | undefined => byVersion.get(versionKey(code, version))?.open()
  return {
    written: [
      ...procedures.map(({ key, json }): Written => ({ kind: 'procedure', key, json })),
      ...[...byId.values()].map(({ key, json }): Written => ({ kind: 'guidance', key, json })),
      ...blocks,
    ],
    procedures: listed,
    guidance: [...byId.values()].map((each) => each.listed),
    find,
    findGuidance: (id) => byId.get(id)?.open(),
    findListed: (code, version) => byVersion.get(versionKey(code, version))?.listed,
    inForce: (code, day) => {
      const version = versionInForce(code, day)?.version
      return version === undefined ? undefined : find(code, version)
    },
    offeredOn: (day) => [...new Set(listed.map(({ code }) => code))].flatMap((code) => versionInForce(code, day) ?? []),
    parseAll: () => ({
      procedures: procedures.map(({ open }) => open()),
      guidance: [...byId.values()].map(({ open }) => open()),
    }),
  }
}

export const createCatalogue = (...sources: CatalogueSource[]): Catalogue => catalogueOf(documentsOf(...sources))
