/** Every document of some folders, each with what its author must mend. */
import { blocksOf, type CatalogueSource } from '../documents/catalogue-source.ts'
import { parseGuidance, parseProcedure } from '../documents/parse-procedure.ts'
import { readFolder } from './read-folders.ts'

/** False when something is wrong. */
export const checkFolders = (folders: readonly string[], say: (line: string) => void): boolean => {
  const sources: CatalogueSource[] = folders.map(readFolder)
  const blocks = blocksOf(sources)
  let right = true
  for (const source of sources) {
    const parsed = [
      ...Object.entries(source.procedures).map(([name, json]) => ({ name, result: parseProcedure(json, blocks) })),
      ...Object.entries(source.guidance).map(([name, json]) => ({ name, result: parseGuidance(json) })),
    ]
    for (const { name, result } of parsed) {
      say(`${result.ok ? 'ok    ' : 'FAILED'} ${name}`)
      if (result.ok) continue
      right = false
      for (const problem of result.error.problems) say(`       ${problem}`)
    }
  }
  return right
}
