/** The loopback shell with a real Chromium: what a browser sends of itself, and what a page of another origin can reach. Specimen cards only. */
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from '@playwright/test'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { StationEvent, stationMethods } from '../../contracts/station-api.ts'
import { findChromium } from '../../electron/start/system-packages.ts'
import { enrolmentVariable } from '../../electron/station/enrolment-at-start.ts'
import { mrzAccessOf, nguyenThiMau } from '../../hardware/simulators/specimens.ts'
import { type EnrolmentEndpoint, enrolmentAnswer, startEnrolmentEndpoint } from '../contract/fake-gateway.ts'
import { freePort } from '../fixtures/free-port.ts'
import { type LoopbackProgram, startLoopback } from '../fixtures/loopback-program.ts'

const testPage = `<!doctype html><html lang="vi"><meta charset="utf-8"><title>Trang thử</title><body><script src="app.js"></script></body>`
const testScript = `window.events = []
window.link = 'none'
const waiting = new Map()
let last = 0
const open = () => {
  window.socket = new WebSocket('ws://' + location.host + '/station')
  socket.onopen = () => { link = 'open' }
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data)
    if (message.event) events.push(message.event)
    else waiting.get(message.id)(message)
  }
  socket.onclose = () => { link = 'lost'; setTimeout(open, 200) }
}
open()
window.call = (method, request) => new Promise((resolve) => {
  last += 1
  waiting.set(last, resolve)
  socket.send(JSON.stringify({ id: last, method, request }))
})`

let folder: string
let endpoint: EnrolmentEndpoint
let port: number
let station: LoopbackProgram
let context: BrowserContext

const words = (...more: string[]) => [
  ...['--data', join(folder, `station-${port}`), '--gateway', endpoint.url, '--port', String(port)],
  ...['--readers', 'simulated', '--renderer', join(folder, 'pages'), ...more],
]
const Answer = z.object({ answer: z.unknown() })
const linked = (page: Page, link: 'open' | 'lost') => expect.poll(() => page.evaluate('link'), { timeout: 15_000 }).toBe(link)
const call = async (page: Page, method: string, request: unknown) => {
  await linked(page, 'open')
  return Answer.parse(await page.evaluate(`call(${JSON.stringify(method)}, ${JSON.stringify(request)})`)).answer
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tram-loopback-'))
  await mkdir(join(folder, 'pages'))
  await writeFile(join(folder, 'pages/index.html'), testPage)
  await writeFile(join(folder, 'pages/app.js'), testScript)
  endpoint = await startEnrolmentEndpoint()
})
beforeEach(async () => {
  port = await freePort()
  station = await startLoopback(words(), { [enrolmentVariable]: 'ABCD-EFGH-IJKL-MNOP' })
  const executablePath = findChromium()
  if (!executablePath) throw new Error('no Chromium on this machine')
  context = await chromium.launchPersistentContext(join(folder, `profile-${port}`), {
    executablePath,
    headless: true,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
})
afterEach(async () => {
  await context.close()
  await station.end('SIGKILL')
})
afterAll(async () => {
  await endpoint?.stop()
  if (folder) await rm(folder, { recursive: true, force: true })
})

describe('the loopback shell', () => {
  it('is opened by its launch address, once, and reads a simulated card', async () => {
    const page = await context.newPage()
    await page.goto(station.launchUrl)
    expect(page.url()).toBe(`http://127.0.0.1:${port}/`)
    expect(await page.evaluate('document.cookie')).toBe('')
    const described = await call(page, 'describe', {})
    expect(stationMethods.describe.response.parse(described)).toMatchObject({
      shell: 'loopback',
      deviceSecret: 'file',
      enrolment: { stationId: enrolmentAnswer.stationId },
    })
    const readId = '00000000-0000-4000-8000-000000000001'
    const read = await call(page, 'readCard', { readId, access: mrzAccessOf(nguyenThiMau) })
    expect(read).toMatchObject({ ok: true, value: { person: { fullName: nguyenThiMau.fullName }, specimen: true } })
    const events = z.array(StationEvent).parse(await page.evaluate('events'))
    expect(events.some((event) => event.type === 'card-progress' && event.progress.step === 'done')).toBe(true)
    expect(events.filter((event) => event.type === 'card-text')).toMatchObject([
      { readId, text: { person: { fullName: nguyenThiMau.fullName } } },
    ])
    expect((await page.goto(station.launchUrl))?.status()).toBe(403)
    expect(station.log()).not.toContain(nguyenThiMau.personalNumber)
  })

  it('opens its page to a profile that was never launched, and answers it nothing', async () => {
    const page = await context.newPage()
    await page.goto(`http://127.0.0.1:${port}/`)
    expect(await page.title()).toBe('Trang thử')
    await linked(page, 'lost')
    expect(await page.evaluate('events')).toEqual([])
  })

  it('a page left open comes back by itself when the killed station is started again', async () => {
    const page = await context.newPage()
    await page.goto(station.launchUrl)
    await linked(page, 'open')
    await station.end('SIGKILL')
    await linked(page, 'lost')
    station = await startLoopback(words())
    expect(await call(page, 'describe', {})).toMatchObject({ enrolment: { stationId: enrolmentAnswer.stationId } })
  })

  it('tells its page when it is ended in order', async () => {
    const page = await context.newPage()
    await page.goto(station.launchUrl)
    await linked(page, 'open')
    expect(await station.end('SIGTERM')).toBe(0)
    await expect.poll(() => page.evaluate('events.at(-1)?.type')).toBe('station-stopping')
  })

  it('lets no page of another origin in, though the browser holds the cookie', async () => {
    const own = await context.newPage()
    await own.goto(station.launchUrl)
    const evil = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('<title>evil</title>'))
    evil.listen(0, '127.0.0.1')
    await once(evil, 'listening')
    const address = evil.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    try {
      const page = await context.newPage()
      await page.goto(`http://127.0.0.1:${address.port}/`)
      const target = `http://127.0.0.1:${port}`
      const tried = await page.evaluate(`(async () => {
        const failed = (promise) => promise.then((answer) => 'answered ' + answer.status + ' ' + answer.type, () => 'failed')
        const socket = new WebSocket('ws://127.0.0.1:${port}/station')
        const channel = await new Promise((resolve) => { socket.onopen = () => resolve('open'); socket.onclose = () => resolve('failed') })
        return {
          json: await failed(fetch('${target}/station', { method: 'POST', credentials: 'include', headers: { 'content-type': 'application/json' }, body: '{}' })),
          simple: await failed(fetch('${target}/station', { method: 'POST', credentials: 'include', mode: 'no-cors', body: '{}' })),
          page: await failed(fetch('${target}/', { credentials: 'include' })),
          script: await failed(fetch('${target}/app.js', { mode: 'no-cors' })),
          channel,
        }
      })()`)
      expect(tried).toEqual({ json: 'failed', simple: 'failed', page: 'failed', script: 'failed', channel: 'failed' })
      await page.evaluate(
        `{ const frame = document.createElement('iframe'); frame.src = '${target}/'; document.body.append(frame) }`,
      )
      await expect.poll(() => page.frames().length).toBe(2)
      await expect.poll(() => page.frames()[1]?.url()).toContain('chrome-error')
      expect(await call(own, 'describe', {})).toMatchObject({ shell: 'loopback' })
    } finally {
      evil.closeAllConnections()
      evil.close()
    }
  })

  it('fails rather than moves: a taken port, another port for an enrolled folder, wrong words', async () => {
    await expect(startLoopback(words())).rejects.toThrow(/ended with 3: .*port-taken/)
    const other = words()
    other[other.indexOf('--port') + 1] = String(await freePort())
    await expect(startLoopback(other)).rejects.toThrow(/ended with 3: .*other-origin/)
    await expect(startLoopback(['--gateway', endpoint.url])).rejects.toThrow(/ended with 2: .*--data/)
  })
})
