/** Chromium freezes a page that is left: one that was opening the store would let no later page open it, and a kiosk waited in vain for its store. */
import { createReadStream, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BareChromium, startBareChromium } from '../fixtures/bare-chromium.ts'
import { bundlePages } from '../fixtures/extra-pages.ts'

let folder: string
let origin: string
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
  folder = mkdtempSync(join(tmpdir(), 'tram-left-'))
  await bundlePages(join(folder, 'pages'), [join(import.meta.dirname, 'pages/opens-the-vault.ts')])
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  browser = await startBareChromium({ profile: join(folder, 'profile') })
})
afterAll(async () => {
  await browser.kill()
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

const goTo = (page: 'opens-the-vault' | 'plain', mark: string) =>
  browser.goto(`${origin}/${page}.html?${mark}`, `location.search === '?${mark}' && document.readyState === 'complete'`)

test('the store opens whenever the page before it was left while opening it', async () => {
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
