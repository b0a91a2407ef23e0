/** What Chromium's own store (IndexedDB on LevelDB) does after bad ends, and that what was confirmed outlives it. */
import { createReadStream, mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type BareChromium, startBareChromium } from '../fixtures/bare-chromium.ts'
import { bundlePages } from '../fixtures/extra-pages.ts'

let folder: string
let origin: string
let profile: string
let browser: BareChromium
const server = createServer((request, response) => {
  const name = new URL(request.url ?? '', origin).pathname.slice(1)
  response.setHeader('content-type', name.endsWith('.js') ? 'text/javascript' : 'text/html')
  if (name === 'plain.html') {
    response.end('<!doctype html><title>plain</title>')
    return
  }
  createReadStream(join(folder, 'pages', name))
    .on('error', () => response.writeHead(404).end())
    .pipe(response)
})

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tram-chromium-store-'))
  await bundlePages(join(folder, 'pages'), [join(import.meta.dirname, 'pages/opens-the-vault.ts')])
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
beforeEach(async () => {
  profile = mkdtempSync(join(folder, 'profile-'))
  browser = await startBareChromium({ profile })
})
afterEach(() => browser.kill())
afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

const goTo = (page: 'opens-the-vault' | 'plain', mark: string) =>
  browser.goto(`${origin}/${page}.html?${mark}`, `location.search === '?${mark}' && document.readyState === 'complete'`)

test('opens though the page before it was frozen while opening', async () => {
  for (let time = 1; time <= 5; time += 1) {
    await goTo('plain', `clear-${time}`)
    await browser.evaluate(
      `localStorage.clear(), new Promise((resolve) => { const gone = indexedDB.deleteDatabase('tram'); gone.onsuccess = gone.onerror = resolve })`,
    )
    await goTo('opens-the-vault', `left-${time}`)
    await pause(6 * time)
    await goTo('opens-the-vault', `stays-${time}`)
    expect(await browser.evaluate('vault')).toBe(true)
  }
})

const restart = async (): Promise<void> => {
  await browser.kill()
  browser = await startBareChromium({ profile })
}

const openAndWrite = async (mark: string): Promise<string[]> => {
  await goTo('opens-the-vault', mark)
  expect(await browser.evaluate('vault')).toBe(true)
  const keys = Array.from({ length: 4 }, (_, number) => `row-${mark}-${number}`)
  for (const key of keys) await browser.evaluate(`write('${key}')`)
  return keys
}

/** The write under way when the power went: what had come of it to the log's end. */
const tearLog = (bytes: number): void => {
  const place = join(profile, 'Default/IndexedDB', `http_127.0.0.1_${new URL(origin).port}.indexeddb.leveldb`)
  const logs = readdirSync(place).filter((name) => name.endsWith('.log'))
  expect(logs).toHaveLength(1)
  const log = join(place, logs[0] ?? '')
  truncateSync(log, statSync(log).size - bytes)
}

test('holds what was confirmed after a torn log, however often it is opened', async () => {
  const before = await openAndWrite('before')
  await browser.evaluate(`write('row-underway')`)
  await browser.kill()
  tearLog(3)
  await restart()
  const after = await openAndWrite('after')
  await restart()
  await openAndWrite('later')
  expect(await browser.evaluate('written()')).toEqual(expect.arrayContaining([...before, ...after]))
})
