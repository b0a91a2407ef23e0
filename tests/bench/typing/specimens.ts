/**
 * Specimen dossiers to replay: files, or folders of them, with the documents of procedures that lie there. A file that is no dossier is named with
 * what is wrong in it.
 */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, delimiter, join } from 'node:path'
import type { Answers } from '../../../contracts/dossier.ts'
import type { Procedure } from '../../../contracts/procedure.ts'
import { catalogueWith, foldersOf, readFolder } from '../../../procedures/authoring/read-folders.ts'
import { readJson } from '../../../procedures/authoring/read-json.ts'
import type { Catalogue } from '../../../procedures/documents/catalogue-source.ts'
import { wordsOf } from '../../../procedures/documents/problem-words.ts'
import { findField } from '../../../procedures/rules/index.ts'
import { SpecimenDossier } from '../../../procedures/specimens.ts'
import { typedAnswers } from '../../../procedures/typed-answers.ts'

export type Specimen = { file: string; dossier: SpecimenDossier; procedure: Procedure; answers: Answers }

export const operatorId = '00000000-0000-4000-8000-000000000001'

/** Of a folder the JSON files that may be dossiers: documents of procedures and their wrong specimens lie beside them. */
const filesIn = (path: string): string[] => {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) throw new Error(`${path}: there is no such file or folder`)
  if (!found.isDirectory()) return [path]
  return readdirSync(path)
    .sort()
    .filter((name) => !['node_modules', 'blocks', 'guidance'].includes(name) && !name.startsWith('.'))
    .map((name) => join(path, name))
    .flatMap((each) => (statSync(each).isDirectory() || each.endsWith('.json') ? filesIn(each) : []))
    .filter((file) => !/^(procedure(\.[\w-]+)?|wrong-specimens|package|tsconfig)\.json$|\.schema\.json$/.test(basename(file)))
}

/** This repository's documents, those of TRAM_PROCEDURES, and those that lie beside the dossiers. */
const catalogueFor = (paths: readonly string[]): Catalogue => {
  const set = foldersOf(process.env.TRAM_PROCEDURES)
  const own = join(import.meta.dirname, '../../../procedures')
  const beside = paths.filter(
    (path) => !path.startsWith(own) && !set.includes(path) && existsSync(path) && statSync(path).isDirectory(),
  )
  return catalogueWith([...set, ...beside.filter((path) => Object.keys(readFolder(path).procedures).length > 0)].join(delimiter))
}

const readSpecimen = (file: string, catalogue: Catalogue): Specimen => {
  const json = readJson(file)
  const parsed = SpecimenDossier.safeParse(json)
  if (!parsed.success) throw new Error(`${file}: no specimen dossier: ${wordsOf(parsed.error.issues, json).join('; ')}`)
  const dossier = parsed.data
  const procedure = catalogue.find(dossier.procedureCode, dossier.procedureVersion)
  if (procedure === undefined)
    throw new Error(
      `${file}: no procedure ${dossier.procedureCode} of ${dossier.procedureVersion}; of your own, set TRAM_PROCEDURES`,
    )
  const unknown = Object.keys(dossier.answers).filter((id) => findField(procedure, id) === undefined)
  if (unknown.length > 0) throw new Error(`${file}: ${procedure.code} asks no ${unknown.join(', ')}`)
  return { file, dossier, procedure, answers: typedAnswers(dossier.answers) }
}

/** Every file that is wrong is named at once. */
export const readSpecimens = (paths: readonly string[], keep: (file: string) => boolean): Specimen[] => {
  const problems: string[] = []
  const catalogue = catalogueFor(paths)
  const specimens = paths.flatMap(filesIn).flatMap((file): Specimen[] => {
    if (!keep(file)) return []
    try {
      return [readSpecimen(file, catalogue)]
    } catch (cause) {
      problems.push(cause instanceof Error ? cause.message : String(cause))
      return []
    }
  })
  if (problems.length > 0) throw new Error(problems.join('\n'))
  if (specimens.length === 0) throw new Error(`No specimen dossiers in ${paths.join(', ')}`)
  return specimens
}
