/** Writes procedures/built-in.ts and built-in-specimens.ts: this repository's documents as imports, so that Node and the page's build read the same files. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const jsonIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.json'))
        .toSorted()
    : []

/** `procedure.json`, and later or earlier versions of it. */
export const isDocumentName = (name: string): boolean => /^procedure(\.[0-9-]+)?\.json$/.test(name)

/** Each folder of a procedure holds `procedure.json` and may hold later or earlier versions as `procedure.VERSION.json`. */
export const documentsIn = (root: string): string[] =>
  readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted()
    .flatMap((folder) =>
      jsonIn(join(root, folder))
        .filter(isDocumentName)
        .map((name) => `${folder}/${name}`),
    )

const camel = (path: string): string => {
  const words = path.replace(/\.json$/, '').split(/[^A-Za-z0-9]+/)
  const name = words.map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join('')
  return /^\d/.test(name) ? `p${name}` : name
}

/** Each folder of a procedure may hold specimen dossiers, and in `wrong-specimens.json` what is changed in them to make them wrong. */
const specimensIn = (root: string): { specimens: string[]; wrong: string[] } => {
  const folders = [...new Set(documentsIn(root).map((path) => path.replace(/\/.*$/, '')))]
  return {
    specimens: folders.flatMap((folder) => jsonIn(join(root, folder, 'specimens')).map((name) => `${folder}/specimens/${name}`)),
    wrong: folders.map((folder) => `${folder}/wrong-specimens.json`).filter((path) => existsSync(join(root, path))),
  }
}

/** The width at which the formatter breaks a line: what is written here must be what it would write. */
const lineWidth = 130

const importOf = (path: string): string => {
  const line = `import ${camel(path)} from './${path}' with { type: 'json' }`
  return line.length <= lineWidth ? line : line.replace(/\{ (.*) \}$/, '{\n  $1,\n}')
}

const importsOf = (paths: readonly string[]): string => paths.toSorted().map(importOf).join('\n')

const entryOf = (path: string, indent: string): string => {
  const line = `${indent}'${path}': ${camel(path)},`
  return line.length <= lineWidth ? line : `${indent}'${path}':\n${indent}  ${camel(path)},`
}

const listOf = (paths: readonly string[], indent: string): string =>
  paths.length === 0 ? '{}' : `{\n${paths.map((path) => `${entryOf(path, `${indent}  `)}\n`).join('')}${indent}}`

export const builtInSpecimensModule = (root: string): string => {
  const { specimens, wrong } = specimensIn(root)
  return `/** The specimen dossiers of this repository. Written by \`npm run procedures -- index\`; a test keeps it in step with the folders. */
${importsOf([...specimens, ...wrong])}

export const specimenFiles: Readonly<Record<string, unknown>> = ${listOf(specimens, '')}

export const wrongSpecimenFiles: Readonly<Record<string, unknown>> = ${listOf(wrong, '')}
`
}

export const builtInModule = (root: string): string => {
  const groups = {
    blocks: jsonIn(join(root, 'blocks')).map((name) => `blocks/${name}`),
    guidance: jsonIn(join(root, 'guidance')).map((name) => `guidance/${name}`),
    procedures: documentsIn(root),
  }
  return `/** The documents of this repository. Written by \`npm run procedures -- index\`; a test keeps it in step with the folders. */
${importsOf(Object.values(groups).flat())}
import type { CatalogueSource } from './documents/catalogue-source.ts'

export const builtIn: CatalogueSource = {
  procedures: ${listOf(groups.procedures, '  ')},
  guidance: ${listOf(groups.guidance, '  ')},
  blocks: ${listOf(groups.blocks, '  ')},
}
`
}
