/** Every document of some folders, each with what its author must mend and what is worth knowing. */
import type { Procedure } from '../../contracts/procedure.ts'
import { blocksOf, type CatalogueSource } from '../documents/catalogue-source.ts'
import { parseGuidance, parseProcedure } from '../documents/parse-procedure.ts'
import { readFolder } from './read-folders.ts'
import { reviewProcedure, reviewVersions, untranslated, untranslatedWords } from './review-document.ts'

type Found = {
  name: string
  problems: readonly string[]
  remarks: readonly string[]
}

/** False when something is wrong. */
export const checkFolders = (folders: readonly string[], say: (line: string) => void): boolean => {
  const sources: CatalogueSource[] = folders.map(readFolder)
  const blocks = blocksOf(sources)
  const procedures: Procedure[] = []
  const found: Found[] = sources.flatMap((source) => [
    ...Object.entries(source.procedures).map(([name, json]): Found => {
      const parsed = parseProcedure(json, blocks)
      if (!parsed.ok) return { name, problems: parsed.error.problems, remarks: [] }
      procedures.push(parsed.value)
      return { name, ...reviewProcedure(parsed.value) }
    }),
    ...Object.entries(source.guidance).map(([name, json]): Found => {
      const parsed = parseGuidance(json)
      if (!parsed.ok) return { name, problems: parsed.error.problems, remarks: [] }
      return {
        name,
        problems: [],
        remarks: untranslatedWords(untranslated(parsed.value)),
      }
    }),
  ])
  const all = [...found, { name: 'các phiên bản / versions', ...reviewVersions(procedures) }]
  for (const { name, problems, remarks } of all) {
    say(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${name}`)
    for (const problem of problems) say(`       ${problem}`)
    for (const remark of remarks) say(`       (${remark})`)
  }
  return all.every(({ problems }) => problems.length === 0)
}
