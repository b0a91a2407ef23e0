/**
 * `npm run procedures -- check [FOLDER...]` tells what is wrong with documents, those of this repository and of the folders named;
 * `npm run procedures -- index` brings the lists of this repository's documents and specimens in step. Ends with 1 when something is wrong.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { blocksOf, type CatalogueSource } from '../documents/catalogue-source.ts'
import { parseGuidance, parseProcedure } from '../documents/parse-procedure.ts'
import { builtInModule, builtInSpecimensModule } from './built-in-module.ts'
import { readFolder } from './read-folders.ts'

const root = join(import.meta.dirname, '..')

const check = (folders: readonly string[]): number => {
  const sources: CatalogueSource[] = [root, ...folders].map(readFolder)
  const blocks = blocksOf(sources)
  let wrong = 0
  for (const source of sources) {
    const parsed = [
      ...Object.entries(source.procedures).map(([name, json]) => ({ name, result: parseProcedure(json, blocks) })),
      ...Object.entries(source.guidance).map(([name, json]) => ({ name, result: parseGuidance(json) })),
    ]
    for (const { name, result } of parsed) {
      console.log(`${result.ok ? 'ok    ' : 'FAILED'} ${name}`)
      if (result.ok) continue
      wrong += 1
      for (const problem of result.error.problems) console.log(`       ${problem}`)
    }
  }
  return wrong
}

const [command, ...folders] = process.argv.slice(2)
if (command === 'check') process.exit(check(folders) === 0 ? 0 : 1)
else if (command === 'index') {
  writeFileSync(join(root, 'built-in.ts'), builtInModule(root))
  writeFileSync(join(root, 'built-in-specimens.ts'), builtInSpecimensModule(root))
} else {
  console.error('npm run procedures -- check [FOLDER...] | index')
  process.exit(2)
}
