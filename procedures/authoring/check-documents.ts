/** Every document of some folders with what its author must mend and what is worth knowing, its specimens, and the paths of its wizard. */
import type { Procedure } from '../../contracts/procedure.ts'
import { blocksOf, type CatalogueSource } from '../documents/catalogue-source.ts'
import { parseGuidance, parseProcedure } from '../documents/parse-procedure.ts'
import { isJson } from '../documents/short-forms.ts'
import { readFolder, readSpecimens, refuseTakenBlocks, unreadFiles } from './read-folders.ts'
import { reviewProcedure, reviewVersions, untranslated, untranslatedWords } from './review-document.ts'
import { pathsOf, reviewSpecimen } from './review-specimens.ts'

type Found = {
  name: string
  problems: readonly string[]
  remarks: readonly string[]
}

/** False when something is wrong. Of several folders only the author's own, those after the first, have their paths taken: it takes seconds. */
export const checkFolders = (folders: readonly string[], say: (line: string) => void): boolean => {
  const sources: CatalogueSource[] = folders.map(readFolder)
  refuseTakenBlocks(sources)
  const blocks = blocksOf(sources)
  const procedures: Procedure[] = []
  const own: Procedure[] = []
  /** Those of this repository, beside somebody's own. */
  const given = new Set<Procedure>()
  const toMend = new Set<Procedure>()
  const parsedFrom = new Set<unknown>()
  const found: Found[] = sources.flatMap((source, index) => [
    ...Object.entries(source.procedures).map(([name, json]): Found => {
      const parsed = parseProcedure(json, blocks)
      if (!parsed.ok) return { name, problems: parsed.error.problems, remarks: [] }
      const reviewed = reviewProcedure(parsed.value)
      procedures.push(parsed.value)
      parsedFrom.add(json)
      if (sources.length > 1 && index === 0) given.add(parsed.value)
      else if (reviewed.problems.length === 0) own.push(parsed.value)
      else toMend.add(parsed.value)
      return { name, ...reviewed }
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
  // A specimen of a document with a mistake can only be tried when that is mended.
  const faulty = [
    ...sources.flatMap((source) => Object.values(source.procedures)).filter((json) => !parsedFrom.has(json)),
    ...[...toMend].map(({ code, version }) => ({ code, version })),
  ]
  const isOfFaulty = (json: unknown): boolean =>
    isJson(json) &&
    faulty.some((each) => isJson(each) && each.code === json.procedureCode && each.version === json.procedureVersion)
  const specimens = folders
    .flatMap(readSpecimens)
    .filter(([, json]) => !isOfFaulty(json))
    .map(([name, json]) => ({ json, ...reviewSpecimen(name, json, procedures) }))
  const rightSpecimens = specimens.filter(({ problems }) => problems.length === 0).length
  const authored = folders.slice(1).map((folder, index): Found => {
    const unread = unreadFiles(folder)
    const source = sources[index + 1]
    const empty = Object.keys({ ...source?.procedures, ...source?.guidance, ...source?.blocks }).length === 0
    return {
      name: folder,
      problems: empty
        ? ['không có văn bản nào; văn bản nằm ở TÊN/procedure.json / holds no document, which would be NAME/procedure.json']
        : [],
      remarks: unread.length === 0 ? [] : [`không đọc tới / not looked at: ${unread.slice(0, 5).join(', ')}`],
    }
  })
  const all: Found[] = [
    ...found,
    ...authored,
    ...specimens.filter(({ problems }) => problems.length > 0).map(({ name, problems }) => ({ name, problems, remarks: [] })),
    { name: `${rightSpecimens} hồ sơ mẫu / specimens`, problems: [], remarks: [] },
    { name: 'các phiên bản / versions', ...reviewVersions(procedures, given) },
  ]
  // Who has documents of his own is told of this repository's only what is wrong.
  const ofOthers = new Set(sources.length > 1 ? Object.keys({ ...sources[0]?.procedures, ...sources[0]?.guidance }) : [])
  for (const { name, problems, remarks } of all) {
    if (problems.length === 0 && ofOthers.has(name)) continue
    say(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${name}`)
    for (const problem of problems) say(`       ${problem}`)
    for (const remark of remarks) say(`       (${remark})`)
  }
  say('đường đi trong các bước / paths of the wizard')
  const covered = own.map((procedure): Pick<Found, 'problems'> => {
    const isOf = (json: unknown): boolean =>
      isJson(json) && json.procedureCode === procedure.code && json.procedureVersion === procedure.version
    if (specimens.some(({ json, problems }) => problems.length > 0 && isOf(json))) {
      say(`-      ${procedure.code} ${procedure.version}: chưa thử, sửa hồ sơ mẫu trước / not tried, mend its specimens first`)
      return { problems: [] }
    }
    const dossiers = specimens.flatMap(({ specimen, problems }) =>
      specimen?.procedureCode === procedure.code && specimen.procedureVersion === procedure.version && problems.length === 0
        ? [specimen]
        : [],
    )
    const paths = pathsOf(procedure, dossiers)
    say(`${paths.problems.length === 0 ? 'ok    ' : 'FAILED'} ${procedure.code} ${procedure.version}: ${paths.figures}`)
    for (const problem of paths.problems) say(`       ${problem}`)
    return paths
  })
  return [...all, ...covered].every(({ problems }) => problems.length === 0)
}
