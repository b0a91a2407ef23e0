/**
 * Builds the Electron shell into `dist/electron/`: main process, preload and device host, each one CommonJS file for Node 18 (the oldest
 * runtime the tests use). What each file may load at run time is checked after the build, for an option a bundler ignores in silence
 * would otherwise ship a preload that its sandbox cannot run.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { build } from 'esbuild'
import { z } from 'zod'

const root = join(import.meta.dirname, '..')
const output = join(root, 'dist/electron')

const parts = [
  { name: 'main', entry: 'electron/main/main.ts', external: ['electron'], builtins: true },
  { name: 'preload', entry: 'electron/preload/preload.ts', external: ['electron'], builtins: false },
  { name: 'device-host', entry: 'hardware/device-host.ts', external: ['pcsc-mini', 'serialport', 'node-hid'], builtins: true },
] as const

const isBuiltin = (path: string): boolean => path.startsWith('node:') || builtinModules.includes(path)

const buildPart = async (part: (typeof parts)[number]): Promise<void> => {
  const { metafile, warnings } = await build({
    absWorkingDir: root,
    entryPoints: [part.entry],
    outfile: join(output, `${part.name}.cjs`),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node18',
    external: [...part.external],
    sourcemap: 'linked',
    legalComments: 'none',
    metafile: true,
    logLevel: 'silent',
  })
  const faults = warnings.map((warning) => warning.text)
  for (const made of Object.values(metafile.outputs)) {
    for (const { path, external } of made.imports) {
      const allowed: readonly string[] = part.external
      if (external && !allowed.includes(path) && !(part.builtins && isBuiltin(path))) faults.push(`loads ${path} at run time`)
    }
  }
  if (faults.length > 0) throw new Error(`${part.name}: ${faults.join('; ')}`)
}

await rm(output, { recursive: true, force: true })
await mkdir(output, { recursive: true })
await Promise.all(parts.map(buildPart))
const { version } = z.object({ version: z.string() }).parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')))
await writeFile(
  join(output, 'package.json'),
  `${JSON.stringify({ name: 'tram', version, main: 'main.cjs', private: true }, null, 2)}\n`,
)
console.log(`electron: ${parts.map((part) => part.name).join(', ')} in dist/electron`)
