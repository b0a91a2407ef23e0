/**
 * Documents from folders outside the repository (`TRAM_PROCEDURES=FOLDER[:FOLDER…]`): each holds `CODE-name/procedure.json`,
 * `guidance/*.json` and `blocks/*.json`, like procedures/ itself (the folder's name is free), or is itself the folder of one procedure.
 */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, delimiter, join, sep } from 'node:path'
import { builtIn } from '../built-in.ts'
import { type Catalogue, type CatalogueSource, createCatalogue } from '../documents/catalogue-source.ts'
import { AuthorsMistake } from '../documents/problem-words.ts'
import { isJson } from '../documents/short-forms.ts'
import { documentsIn, isDocumentName } from './built-in-module.ts'
import { readJson } from './read-json.ts'

const jsonOf = (folder: string): [string, unknown][] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.json'))
        .toSorted()
        .map((name) => [join(folder, name), readJson(join(folder, name))])
    : []

export const readFolder = (folder: string): CatalogueSource => {
  if (!existsSync(folder)) throw new AuthorsMistake(`${folder}: không có thư mục này / there is no such folder`)
  if (!statSync(folder).isDirectory())
    throw new AuthorsMistake(`${folder}: là một tệp, gọi tên thư mục của nó / is a file, name its folder`)
  const own = jsonOf(folder).filter(([path]) => isDocumentName(basename(path)))
  const nested = documentsIn(folder).map((path): [string, unknown] => [join(folder, path), readJson(join(folder, path))])
  return {
    procedures: Object.fromEntries([...own, ...nested]),
    guidance: Object.fromEntries(jsonOf(join(folder, 'guidance'))),
    blocks: Object.fromEntries(jsonOf(join(folder, 'blocks'))),
  }
}

/** Specimen dossiers that lie beside the documents: `CODE-name/specimens/NAME.json`, or `specimens/NAME.json` in one procedure's folder. */
export const readSpecimens = (folder: string): [string, unknown][] => {
  const nested = [...new Set(documentsIn(folder).map((path) => path.replace(/\/.*$/, '')))]
  return ['.', ...nested].flatMap((own) => jsonOf(join(folder, own, 'specimens')))
}

/** JSON files of a folder which lie where nobody looks for them: not `NAME/procedure.json`, `guidance/`, `blocks/` or specimens. */
export const unreadFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => path.endsWith('.json') && !path.includes('node_modules/'))
    .filter((path) => {
      const [first = '', second, third] = path.split('/')
      if (second === undefined) return !isDocumentName(first)
      if (third === undefined)
        return !(
          ['guidance', 'blocks', 'specimens'].includes(first) ||
          isDocumentName(second) ||
          second === 'wrong-specimens.json'
        )
      return !(second === 'specimens' && path.split('/').length === 3)
    })
    .toSorted()

/** The folders of TRAM_PROCEDURES, in their order. */
export const foldersOf = (setting: string | undefined): string[] =>
  (setting ?? '').split(delimiter).filter((folder) => folder !== '')

export const mergeSources = (sources: readonly CatalogueSource[]): CatalogueSource => ({
  procedures: Object.assign({}, ...sources.map((source) => source.procedures)),
  guidance: Object.assign({}, ...sources.map((source) => source.guidance)),
  blocks: Object.assign({}, ...sources.map((source) => source.blocks)),
})

/** A block by the name of one of the first source's would change forms that are not its author's. */
export const refuseTakenBlocks = ([first, ...others]: readonly CatalogueSource[]): void => {
  const idOf = (json: unknown): unknown => (isJson(json) ? json.id : undefined)
  const taken = new Set(Object.values(first?.blocks ?? {}).map(idOf))
  for (const [name, json] of others.flatMap(({ blocks }) => Object.entries(blocks)))
    if (taken.has(idOf(json)))
      throw new AuthorsMistake(
        `${name}: khối "${String(idOf(json))}" có sẵn trong chương trình, đặt tên khác / a block of this name comes with the program`,
      )
}

/** This repository's documents and those of the setting's folders, each of them right; else it throws. */
export const catalogueWith = (setting: string | undefined): Catalogue => {
  const outside = mergeSources(foldersOf(setting).map(readFolder))
  refuseTakenBlocks([builtIn, outside])
  const catalogue = createCatalogue(builtIn, outside)
  catalogue.parseAll()
  return catalogue
}
