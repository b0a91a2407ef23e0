/** Specimen dossiers to replay: files, or folders of them. A file that is no dossier is named with what is wrong in it. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Answers } from '../../../contracts/dossier.ts'
import type { Procedure } from '../../../contracts/procedure.ts'
import { catalogueWith } from '../../../procedures/authoring/read-folders.ts'
import { findField } from '../../../procedures/rules/index.ts'
import { SpecimenDossier } from '../../../procedures/specimens.ts'
import { typedAnswers } from '../../../procedures/typed-answers.ts'

export type Specimen = { file: string; dossier: SpecimenDossier; procedure: Procedure; answers: Answers }

export const operatorId = '00000000-0000-4000-8000-000000000001'

const catalogue = catalogueWith(process.env.TRAM_PROCEDURES)

/** Of a folder the JSON files that may be dossiers: documents of procedures and their wrong specimens lie beside them. */
const filesIn = (path: string): string[] => {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) throw new Error(`${path}: there is no such file or folder`)
  if (!found.isDirectory()) return [path]
  return readdirSync(path)
    .sort()
    .filter((name) => name !== 'node_modules' && !name.startsWith('.'))
    .map((name) => join(path, name))
    .flatMap((each) => (statSync(each).isDirectory() || each.endsWith('.json') ? filesIn(each) : []))
    .filter((file) => !/^(procedure(\.[\w-]+)?|wrong-specimens|package|tsconfig)\.json$|\.schema\.json$/.test(basename(file)))
}

const parseJson = (file: string): unknown => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new Error(`${file}: not JSON: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}

const readSpecimen = (file: string): Specimen => {
  const parsed = SpecimenDossier.safeParse(parseJson(file))
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`)
    throw new Error(`${file}: no specimen dossier: ${wrong.join('; ')}`)
  }
  const dossier = parsed.data
  const procedure = catalogue.find(dossier.procedureCode, dossier.procedureVersion)
  if (procedure === undefined) throw new Error(`${file}: no procedure ${dossier.procedureCode} of ${dossier.procedureVersion}`)
  const unknown = Object.keys(dossier.answers).filter((id) => findField(procedure, id) === undefined)
  if (unknown.length > 0) throw new Error(`${file}: ${procedure.code} asks no ${unknown.join(', ')}`)
  return { file, dossier, procedure, answers: typedAnswers(dossier.answers) }
}

/** Every file that is wrong is named at once. */
export const readSpecimens = (paths: readonly string[], keep: (file: string) => boolean): Specimen[] => {
  const problems: string[] = []
  const specimens = paths.flatMap(filesIn).flatMap((file): Specimen[] => {
    if (!keep(file)) return []
    try {
      return [readSpecimen(file)]
    } catch (cause) {
      problems.push(cause instanceof Error ? cause.message : String(cause))
      return []
    }
  })
  if (problems.length > 0) throw new Error(problems.join('\n'))
  if (specimens.length === 0) throw new Error(`No specimen dossiers in ${paths.join(', ')}`)
  return specimens
}
