/**
 * Builds the kiosk's pages into dist/renderer, with relative addresses so that a custom scheme and a loopback server serve the same
 * files, and after them the service worker with the list of what it keeps.
 */
import { rm } from 'node:fs/promises'
import { basename, relative, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { createCompiledCatalog, getCatalogForFile, getCatalogs } from '@lingui/cli/api'
import { getConfig } from '@lingui/conf'
import babel from '@rolldown/plugin-babel'
import react from '@vitejs/plugin-react'
import { build as bundle } from 'esbuild'
import { defineConfig, type Plugin } from 'vite'
import { injectManifest } from 'workbox-build'
import { foldersOf, mergeSources, readFolder } from './procedures/authoring/read-folders.ts'
import { builtIn } from './procedures/built-in.ts'
import { type CatalogueSource, createCatalogue } from './procedures/documents/catalogue-source.ts'

const root = import.meta.dirname
const target = 'chrome114'

/** Turns a .po file into its compiled messages; a text without a translation breaks the build. */
const catalogues = (): Plugin => ({
  name: 'tram-catalogues',
  async load(id) {
    if (!id.endsWith('.po')) return null
    const config = getConfig({ cwd: root })
    const found = getCatalogForFile(id.slice(root.length + 1), await getCatalogs(config))
    if (found === null) throw new Error(`${id} belongs to no catalogue`)
    const { missing, messages } = await found.catalog.getTranslations(found.locale, {
      sourceLocale: 'vi',
      fallbackLocales: { default: [] },
    })
    if (missing.length > 0) throw new Error(`${found.locale}: untranslated: ${missing.map((each) => each.id).join(', ')}`)
    const { source, errors } = createCompiledCatalog(found.locale, messages, { strict: true, namespace: 'json' })
    if (errors.length > 0) throw new Error(`${found.locale}: ${errors.map((each) => each.error.message).join('; ')}`)
    const compiled: unknown = JSON.parse(source)
    if (typeof compiled !== 'object' || compiled === null || !('messages' in compiled)) throw new Error(`${id}: no messages`)
    return { code: `export const messages = JSON.parse(${JSON.stringify(JSON.stringify(compiled.messages))})`, map: null }
  },
})

/** A folder's documents, named from the folder: where it lies on the building machine is nobody's business. */
const namedFrom = (folder: string): CatalogueSource => {
  const named = (documents: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(
      Object.entries(documents).map(([path, json]) => [
        `${basename(folder)}/${relative(folder, path).replaceAll('\\', '/')}`,
        json,
      ]),
    )
  const { procedures, guidance, blocks } = readFolder(folder)
  return { procedures: named(procedures), guidance: named(guidance), blocks: named(blocks) }
}

/** The documents of TRAM_PROCEDURES go into the pages in the place of an empty list. A wrong one, of whomever, stops the build: pages parse each when it is opened. */
const outsideProcedures = (): Plugin => ({
  name: 'tram-procedures',
  load(id) {
    if (id !== resolve(root, 'procedures/additional.ts')) return null
    const outside = mergeSources(foldersOf(process.env.TRAM_PROCEDURES).map((folder) => namedFrom(resolve(root, folder))))
    createCatalogue(builtIn, outside).parseAll()
    return { code: `export const additional = JSON.parse(${JSON.stringify(JSON.stringify(outside))})`, map: null }
  },
})

/** What signing in needs of the program, compressed: a slow machine pays for it at every start. The build says when it is more. */
const firstPageLimit = 250_000

const firstPage = (): Plugin => ({
  name: 'tram-first-page',
  apply: 'build',
  generateBundle(_options, bundle) {
    const needed = new Set<string>()
    const need = (name: string): void => {
      const chunk = bundle[name]
      if (chunk?.type !== 'chunk' || needed.has(name)) return
      needed.add(name)
      for (const other of chunk.imports) need(other)
    }
    for (const chunk of Object.values(bundle)) if (chunk.type === 'chunk' && chunk.isEntry) need(chunk.fileName)
    const size = [...needed].reduce((sum, name) => {
      const chunk = bundle[name]
      return sum + (chunk?.type === 'chunk' ? gzipSync(chunk.code, { level: 9 }).length : 0)
    }, 0)
    console.log(`first-page-gzip-bytes target ${firstPageLimit} measured ${size} ${size <= firstPageLimit ? 'pass' : 'fail'}`)
  },
})

const serviceWorker = (): Plugin => ({
  name: 'tram-service-worker',
  apply: 'build',
  async writeBundle({ dir: outDir }) {
    if (outDir === undefined) throw new Error('the pages go into a folder')
    const bundled = resolve(root, '.cache/service-worker.js')
    await bundle({
      entryPoints: [resolve(root, 'renderer/service-worker/service-worker.ts')],
      bundle: true,
      format: 'iife',
      target,
      minify: true,
      define: { 'process.env.NODE_ENV': '"production"' },
      outfile: bundled,
    })
    const { count, warnings } = await injectManifest({
      swSrc: bundled,
      swDest: resolve(outDir, 'service-worker.js'),
      globDirectory: outDir,
      globPatterns: ['**/*.{html,js,css,woff2,ttf,svg,wasm}'],
      globIgnores: ['service-worker.js'],
      dontCacheBustURLsMatching: /assets\/.*-[\w-]{8}\./,
      maximumFileSizeToCacheInBytes: 4 * 1024 * 1024,
    })
    await rm(bundled)
    if (count < 5 || warnings.length > 0) throw new Error(`service worker: ${count} files, ${warnings.join('; ')}`)
  },
})

export default defineConfig({
  root: resolve(root, 'renderer'),
  base: './',
  publicDir: false,
  plugins: [
    catalogues(),
    outsideProcedures(),
    babel({ plugins: ['@lingui/babel-plugin-lingui-macro'] }),
    react(),
    firstPage(),
    serviceWorker(),
  ],
  assetsInclude: ['**/*.ttf'],
  build: {
    outDir: resolve(root, 'dist/renderer'),
    emptyOutDir: true,
    target,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
  },
})
