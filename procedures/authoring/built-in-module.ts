/** Writes procedures/built-in.ts: the list of this repository's documents as imports, so that Node and the page's build read the same files. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const jsonIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.json'))
        .toSorted()
    : []

/** Each folder of a procedure holds `procedure.json` and may hold later or earlier versions as `procedure.VERSION.json`. */
export const documentsIn = (root: string): string[] =>
  readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /^\d\.\d{6}/.test(entry.name))
    .map((entry) => entry.name)
    .toSorted()
    .flatMap((folder) =>
      jsonIn(join(root, folder))
        .filter((name) => /^procedure(\.[0-9-]+)?\.json$/.test(name))
        .map((name) => `${folder}/${name}`),
    )

const camel = (path: string): string => {
  const words = path.replace(/\.json$/, '').split(/[^A-Za-z0-9]+/)
  const name = words.map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join('')
  return /^\d/.test(name) ? `p${name}` : name
}

export const builtInModule = (root: string): string => {
  const groups = {
    blocks: jsonIn(join(root, 'blocks')).map((name) => `blocks/${name}`),
    guidance: jsonIn(join(root, 'guidance')).map((name) => `guidance/${name}`),
    procedures: documentsIn(root),
  }
  const imports = Object.values(groups)
    .flat()
    .toSorted()
    .map((path) => `import ${camel(path)} from './${path}' with { type: 'json' }`)
  const list = (paths: string[]): string =>
    paths.length === 0 ? '{}' : `{\n${paths.map((path) => `    '${path}': ${camel(path)},\n`).join('')}  }`
  return `/** The documents of this repository. Written by \`npm run procedures -- index\`; a test keeps it in step with the folders. */
${imports.join('\n')}
import type { CatalogueSource } from './documents/catalogue-source.ts'

export const builtIn: CatalogueSource = {
  procedures: ${list(groups.procedures)},
  guidance: ${list(groups.guidance)},
  blocks: ${list(groups.blocks)},
}
`
}
