/**
 * `npm run procedures -- COMMAND`, the author's tool. Ends with 1 when something is wrong, with 2 when it was not understood.
 * - `check [FOLDER...]`: what is wrong with documents, those of this repository and of the folders named.
 * - `new CODE FOLDER`: a first document for a code in a folder that has none.
 * - `schema`: procedure.schema.json and guidance.schema.json for editors.
 * - `index`: the lists of this repository's documents and specimens.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { ProcedureCode } from '../../contracts/procedure.ts'
import { AuthorsMistake } from '../documents/problem-words.ts'
import { todayInVietnam } from '../rules/index.ts'
import { builtInModule, builtInSpecimensModule } from './built-in-module.ts'
import { checkFolders } from './check-documents.ts'
import { jsonSchemas } from './json-schemas.ts'
import { newDocument } from './new-document.ts'

const root = join(import.meta.dirname, '..')

const start = (code: string, folder: string): number => {
  if (!ProcedureCode.safeParse(code).success) {
    console.error(`"${code}": mã thủ tục có dạng 1.001193 / a code looks like 1.001193`)
    return 1
  }
  const path = join(resolve(folder), 'procedure.json')
  if (existsSync(path)) {
    console.error(`${path}: đã có / is there already`)
    return 1
  }
  mkdirSync(resolve(folder), { recursive: true })
  const schema = relative(resolve(folder), join(root, 'procedure.schema.json')).split(sep).join('/')
  writeFileSync(path, `${JSON.stringify(newDocument(code, todayInVietnam(new Date()), schema), null, 2)}\n`)
  console.log(`${path}: bản nháp mới, chưa được đưa ra cho dân / a new draft, not offered to citizens`)
  return 0
}

const [command, ...operands] = process.argv.slice(2)
const [first, second] = operands
const check = (folders: readonly string[]): number => {
  try {
    return checkFolders([root, ...folders.map((folder) => resolve(folder))], console.log) ? 0 : 1
  } catch (error) {
    if (!(error instanceof AuthorsMistake)) throw error
    console.error(error.message)
    return 1
  }
}

if (command === 'check') process.exit(check(operands))
else if (command === 'new' && first !== undefined && second !== undefined) process.exit(start(first, second))
else if (command === 'schema') for (const [name, text] of Object.entries(jsonSchemas())) writeFileSync(join(root, name), text)
else if (command === 'index') {
  writeFileSync(join(root, 'built-in.ts'), builtInModule(root))
  writeFileSync(join(root, 'built-in-specimens.ts'), builtInSpecimensModule(root))
} else {
  console.error('npm run procedures -- check [FOLDER...] | new CODE FOLDER | schema | index')
  process.exit(2)
}
