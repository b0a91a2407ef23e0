/** Bundles each contestant's page on its own, so that RxDB's Dexie and Trạm's never meet, beside a copy of the kiosk's own pages. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const names = ['raw', 'tram', 'pouchdb', 'rxdb', 'workbox'] as const

export async function buildPages(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  cpSync('dist/renderer', folder, { recursive: true })
  await build({
    entryPoints: [...names, 'workbox-worker'].map((name) => join(import.meta.dirname, 'pages', `${name}.ts`)),
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: 'chrome114',
    minify: true,
    define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
    outdir: folder,
    logLevel: 'error',
  })
  for (const name of names) {
    const page = `<!doctype html><html lang="vi"><meta charset="utf-8"><title>${name}</title><script src="${name}.js"></script></html>`
    writeFileSync(join(folder, `${name}.html`), page)
  }
}
