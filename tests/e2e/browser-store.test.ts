/** Chromium deletes a store one block of which is damaged. What was kept beside it is mended and takes its place: for each place a block can lie in. */
import { execFileSync } from 'node:child_process'
import { createReadStream, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { guardStore, type StoreGuard } from '../../electron/browser-store/store-guard.ts'
import { type BareChromium, startBareChromium } from '../fixtures/bare-chromium.ts'
import { damageStoreIn } from '../fixtures/damaged-store.ts'
import { bundlePages } from '../fixtures/extra-pages.ts'

let folder: string
let origin: string
let profile: string
let browser: BareChromium | undefined
let guard: StoreGuard | undefined
const events: string[] = []
const server = createServer((request, response) => {
  const name = new URL(request.url ?? '', origin).pathname.slice(1)
  response.setHeader('content-type', name.endsWith('.js') ? 'text/javascript' : 'text/html')
  createReadStream(join(folder, 'pages', name))
    .on('error', () => response.writeHead(404).end())
    .pipe(response)
})

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tram-browser-store-'))
  await bundlePages(join(folder, 'pages'), [join(import.meta.dirname, 'pages/opens-the-vault.ts')])
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
beforeAll(async () => {
  profile = join(folder, 'filled')
  mkdirSync(profile)
  const { page, opened } = await open()
  expect(opened).toBe(true)
  for (const [at, key] of keys.entries()) await page.evaluate(`write('${key}', ${at % 10 === 0 ? 100_000 : 60_000})`)
  await end()
})
beforeEach(() => {
  profile = mkdtempSync(join(folder, 'profile-'))
  // What is linked twice stays so.
  execFileSync('cp', ['-a', `${folder}/filled/.`, profile])
  events.length = 0
})
afterEach(async () => {
  await browser?.kill()
  await guard?.stop()
  browser = undefined
})
afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

const store = () => join(profile, `Default/IndexedDB/http_127.0.0.1_${new URL(origin).port}.indexeddb`)
const kept = () => join(profile, 'store-kept')

/** As a shell does it: first the guard, then the browser. */
const open = async (): Promise<{ page: BareChromium; opened: unknown; gone: Promise<void> }> => {
  const guarded = await guardStore({ store: store(), kept: kept(), log: ({ event }) => events.push(event) })
  guard = guarded
  const gone = new Promise<void>((resolve) => guarded.watch(resolve))
  const page = await startBareChromium({ profile })
  browser = page
  const search = guarded.mended === undefined ? '?first' : `?mended=${guarded.mended}`
  await page.goto(
    `${origin}/opens-the-vault.html${search}`,
    `location.search === '${search}' && document.readyState === 'complete'`,
  )
  return { page, opened: await page.evaluate('vault'), gone }
}

const end = async (): Promise<void> => {
  await browser?.close()
  await guard?.stop()
}

const rows = (page: BareChromium): Promise<unknown> => page.evaluate('written()')

/** Rows enough for a table, and rows in the log after it; values above 64 KiB lie in files of their own. */
const keys = Array.from({ length: 110 }, (_, number) => `row-${String(number).padStart(3, '0')}`)

const half = (size: number) => Math.floor(size / 2)
const places: [place: string, file: string, at: (size: number) => number, most: number][] = [
  ['a block of a table', '.ldb', half, 3],
  ["a table's index", '.ldb', (size) => size - 120, 0],
  ["a table's footer", '.ldb', (size) => size - 20, 0],
  ['the log', '.log', half, 3],
  ['the MANIFEST', 'MANIFEST', half, 0],
]

test.each(places)('%s is damaged: only what lay there is lost', { timeout: 120_000 }, async (_, file, at, most) => {
  damageStoreIn(`${store()}.leveldb`, { file, at })

  const hit = await open()
  // Chromium has deleted it, then or at the first reading of the damaged block.
  await rows(hit.page).catch(() => undefined)
  await hit.gone
  await end()

  const after = await open()
  expect(after.opened).toBe(true)
  const there = new Set((await rows(after.page)) as string[])
  expect(keys.filter((key) => !there.has(key)).length).toBeLessThanOrEqual(most)
  for (const key of [...there].slice(0, 3)) expect(await after.page.evaluate(`read('${key}')`)).toMatch(/^x{60000,}$/)
  expect(events).toEqual(['store-gone', 'store-mended'])
  expect(readdirSync(kept())).toContain('aside-1')
  if (file !== '.log') return

  await after.page.evaluate(`write('row-later', 500)`)
  await end()
  const later = await open()
  expect(later.opened).toBe(true)
  expect(await rows(later.page)).toHaveLength(there.size + 1)
})
