/** The desktop shell in a real Electron: the built main process, preload and device host. Its pages here are small ones of the test's own. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ElectronApplication, Page } from '@playwright/test'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { StationEvent, stationMethods } from '../../contracts/station-api.ts'
import { buildWhenStale } from '../../electron/start/build.ts'
import { mrzAccessOf, nguyenThiMau } from '../../hardware/simulators/specimens.ts'
import { bindingOf, type EnrolmentEndpoint, enrolmentAnswer, startEnrolmentEndpoint } from '../contract/fake-gateway.ts'
import { type Display, openDisplay } from '../electron-runtime/display.ts'
import { type ElectronRuntime, fetchElectron } from '../electron-runtime/fetch-electron.ts'
import { launchElectron } from '../electron-runtime/launch.ts'

const root = join(import.meta.dirname, '../..')

const testPage = `<!doctype html><html lang="vi"><meta charset="utf-8"><title>Trang thử</title><body><script src="app.js"></script></body>`
/** What a page can try, kept where the test asks for it. */
const testScript = `window.events = []; window.stopEvents = window.tram.subscribe((event) => window.events.push(event)); try { eval('1') } catch (error) { window.evalError = error.name }; document.title = 'Trang thử chạy'`

/** Run in the page; as text, for the tests' own types know no page. */
const whatPageSees = `(async () => {
  const answer = await fetch('/')
  const outside = await fetch('/..%2foutside.js')
  return {
    policy: answer.headers.get('content-security-policy'),
    framing: answer.headers.get('x-frame-options'),
    outside: outside.status,
    web: await fetch('https://example.com/').then(() => 'answered', () => 'failed'),
    secure: isSecureContext,
    node: ['require', 'process', 'module', 'Buffer', '__dirname'].filter((name) => name in window),
    bridge: Object.keys(tram).sort(),
    persisted: await navigator.storage.persist(),
    notifications: await Notification.requestPermission(),
    opened: window.open('https://example.com/') !== null,
  }
})()`
const Seen = z.object({
  policy: z.string(),
  framing: z.string(),
  outside: z.number(),
  web: z.string(),
  secure: z.boolean(),
  node: z.array(z.string()),
  bridge: z.array(z.string()),
  persisted: z.boolean(),
  notifications: z.string(),
  opened: z.boolean(),
})

let display: Display
let runtime: ElectronRuntime
let folder: string
let endpoint: EnrolmentEndpoint
const open: ElectronApplication[] = []

type Launched = { app: ElectronApplication; page: Page; data: string; violations: string[]; log: () => string }

const launch = async (options: { data: string; renderer?: string; words?: string[] }): Promise<Launched> => {
  const shell = ['--data', options.data, '--gateway', endpoint.url, '--renderer', options.renderer ?? join(folder, 'pages')]
  const words = [join(root, 'dist/electron'), ...shell, ...(options.words ?? ['--readers', 'simulated'])]
  const app = await launchElectron(runtime.executable, words, { DISPLAY: display.name })
  open.push(app)
  let text = ''
  app.process().stderr?.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  const page = await app.firstWindow({ timeout: 20_000 })
  const violations: string[] = []
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) violations.push(message.text())
  })
  await page.waitForLoadState('load')
  return { app, page, data: options.data, violations, log: () => text }
}

const invoke = (page: Page, method: string, request: unknown): Promise<unknown> =>
  page.evaluate(`tram.invoke(${JSON.stringify(method)}, ${JSON.stringify(request)})`)

beforeAll(async () => {
  // Built anew by each of two files side by side, one would start what the other had just taken away.
  if (!buildWhenStale()) throw new Error('the shell cannot be built')
  runtime = await fetchElectron()
  display = await openDisplay()
  folder = await mkdtemp(join(tmpdir(), 'tram-electron-'))
  await mkdir(join(folder, 'pages'))
  await writeFile(join(folder, 'pages/index.html'), testPage)
  await writeFile(join(folder, 'pages/app.js'), testScript)
  await writeFile(join(folder, 'outside.js'), 'window.outside = true')
  endpoint = await startEnrolmentEndpoint()
})

afterEach(async () => {
  for (const app of open.splice(0)) await app.close().catch(() => undefined)
})

afterAll(async () => {
  await endpoint?.stop()
  await display?.stop()
  if (folder) await rm(folder, { recursive: true, force: true })
})

describe('the Electron shell', () => {
  it('opens its own origin under a strict policy, isolated from Node and from the web', async () => {
    const { app, page, data, violations, log } = await launch({ data: join(folder, 'locked') })
    expect(page.url()).toBe('tram://kiosk/')
    expect(await page.title()).toBe('Trang thử chạy')
    const seen = Seen.parse(await page.evaluate(whatPageSees))
    expect(seen).toMatchObject({
      framing: 'DENY',
      outside: 404,
      web: 'failed',
      secure: true,
      node: [],
      bridge: ['invoke', 'subscribe'],
      persisted: true,
      notifications: 'denied',
      opened: false,
    })
    expect(seen.policy).toContain(`connect-src 'self' ${endpoint.url};`)
    // Inline script, eval and a frame of the web: all stopped, and seen to be stopped.
    await page.evaluate(`{
      const inline = document.createElement('script')
      inline.textContent = 'window.inlined = true'
      const frame = document.createElement('iframe')
      frame.src = 'https://example.com/'
      document.body.append(inline, frame)
    }`)
    expect(await page.evaluate(`'inlined' in window`)).toBe(false)
    expect(await page.evaluate('window.evalError')).toBe('EvalError')
    await expect.poll(() => violations.length).toBeGreaterThanOrEqual(2)
    // Navigation away is refused and the page stays.
    await page.evaluate(`location.assign('https://example.com/')`)
    await expect.poll(log).toContain('"reason":"navigation"')
    expect(page.url()).toBe('tram://kiosk/')
    expect(log()).toContain('"reason":"window"')
    const preferences = await app.evaluate(({ BrowserWindow }) => {
      const window = BrowserWindow.getAllWindows()[0]
      const given: unknown =
        window && Reflect.apply(Reflect.get(window.webContents, 'getLastWebPreferences'), window.webContents, [])
      return { windows: BrowserWindow.getAllWindows().length, given, kiosk: window?.isKiosk() }
    })
    expect(preferences).toMatchObject({
      windows: 1,
      kiosk: true,
      given: { contextIsolation: true, sandbox: true, nodeIntegration: false, webviewTag: false, webSecurity: true },
    })
    expect((await stat(data)).mode & 0o777).toBe(0o700)
  })

  it('fills the screen as a kiosk', async () => {
    const { page } = await launch({ data: join(folder, 'kiosk') })
    await expect.poll(() => page.evaluate('[innerWidth, innerHeight]')).toEqual([1366, 768])
  })

  it('enrols, binds and signs for its page, and keeps what it must over a restart', async () => {
    const data = join(folder, 'enrolled')
    const first = await launch({ data })
    expect(stationMethods.describe.response.parse(await invoke(first.page, 'describe', {}))).toMatchObject({
      shell: 'electron',
      version: '0.1.0',
      gatewayUrl: endpoint.url,
      simulatedReader: true,
      enrolment: null,
    })
    const enrolled = stationMethods.enrol.response.parse(await invoke(first.page, 'enrol', { code: 'ABCD-EFGH-IJKL-MNOP' }))
    expect(enrolled).toMatchObject({ ok: true, value: { enrolment: { stationId: enrolmentAnswer.stationId } } })
    expect(endpoint.bodies.at(-1)).toMatchObject({ shell: 'electron' })
    const binding = bindingOf(3)
    const bound = await invoke(first.page, 'bindToDevice', binding)
    await first.page.evaluate(`localStorage.setItem('kept', 'yes')`)
    const signed = stationMethods.signPacket.response.parse(
      await invoke(first.page, 'signPacket', { digest: 'ab'.repeat(32), counter: 1 }),
    )
    expect(signed.ok && Buffer.from(signed.value.signature, 'base64url')).toHaveLength(64)
    await first.app.close()
    for (const file of await readdir(join(data, 'station'))) {
      expect((await stat(join(data, 'station', file))).mode & 0o777, file).toBe(0o600)
    }
    const second = await launch({ data })
    expect(await invoke(second.page, 'bindToDevice', binding)).toEqual(bound)
    expect(await invoke(second.page, 'describe', {})).toMatchObject({ enrolment: { stationId: enrolmentAnswer.stationId } })
    expect(await second.page.evaluate(`localStorage.getItem('kept')`)).toBe('yes')
  })

  it('reads a simulated card through its device host, telling how far it is', async () => {
    const { page } = await launch({ data: join(folder, 'card') })
    const readers = stationMethods.listReaders.response.parse(await invoke(page, 'listReaders', {}))
    expect(readers).toMatchObject({ ok: true, value: [{ simulated: true }, {}, {}] })
    const readId = '00000000-0000-4000-8000-000000000001'
    const answer = await invoke(page, 'readCard', { readId, access: mrzAccessOf(nguyenThiMau) })
    const reading = stationMethods.readCard.response.parse(answer)
    expect(reading).toMatchObject({ ok: true, value: { person: { fullName: nguyenThiMau.fullName }, specimen: true } })
    const events = z.array(StationEvent).parse(await page.evaluate('events'))
    const steps = events.flatMap((event) =>
      event.type === 'card-progress' && event.readId === readId ? [event.progress.step] : [],
    )
    expect(steps).toContain('opening-chip')
    expect(steps.at(-1)).toBe('done')
    const texts = events.filter((event) => event.type === 'card-text' && event.readId === readId)
    expect(texts).toMatchObject([{ text: { person: { fullName: nguyenThiMau.fullName } } }])
    const before = await page.evaluate('stopEvents(), events.length')
    await invoke(page, 'readCard', { readId, access: mrzAccessOf(nguyenThiMau) })
    expect(await page.evaluate('events.length')).toBe(before)
  })

  it('loads the PC/SC driver in its device host: no card service or no reader is a named answer', async () => {
    const { page } = await launch({ data: join(folder, 'pcsc'), words: ['--readers', 'pcsc'] })
    expect(await invoke(page, 'describe', {})).toMatchObject({ simulatedReader: false })
    const readers = stationMethods.listReaders.response.parse(await invoke(page, 'listReaders', {}))
    // Whether pcscd runs on the machine or not: the driver answered, the device host did not die of it.
    if (!readers.ok) expect(readers.error.type).toBe('pcsc-service-unavailable')
    const readId = '00000000-0000-4000-8000-000000000002'
    const request = { readId, access: mrzAccessOf(nguyenThiMau), readerName: 'No such reader' }
    const reading = stationMethods.readCard.response.parse(await invoke(page, 'readCard', request))
    expect(reading.ok).toBe(false)
    if (!reading.ok) expect(['pcsc-service-unavailable', 'no-reader', 'no-such-reader']).toContain(reading.error.type)
  })

  it('goes on when its device host is killed in mid-read', async () => {
    const { app, page } = await launch({ data: join(folder, 'crash') })
    const request = { readId: '00000000-0000-4000-8000-000000000003', access: mrzAccessOf(nguyenThiMau) }
    const host = await app.evaluate(
      ({ app: electronApp }) =>
        electronApp.getAppMetrics().find((metric) => metric.serviceName?.includes('node') && metric.type === 'Utility')?.pid,
    )
    if (host === undefined) throw new Error('no device host')
    const reading = invoke(page, 'readCard', request)
    // A simulated chip is read in a moment: the page itself tells of the first step, without a pause between two looks.
    await page.evaluate(
      `new Promise((resolve) => { const look = setInterval(() => { if (events.some((event) => event.type === 'card-progress')) { clearInterval(look); resolve(true) } }, 1) })`,
    )
    process.kill(host, 'SIGKILL')
    expect(await reading).toMatchObject({ ok: false, error: { type: 'device-host-crashed' } })
    const again = async () => stationMethods.readCard.response.parse(await invoke(page, 'readCard', request)).ok
    await expect.poll(again, { timeout: 15_000 }).toBe(true)
  })

  it('saves a document the page made, and downloads nothing else', async () => {
    const { app, page, log } = await launch({ data: join(folder, 'documents') })
    const file = join(folder, 'slip.pdf')
    await app.evaluate(({ session }, savePath) => {
      session.defaultSession.on('will-download', (_event, item) => item.setSavePath(savePath))
    }, file)
    const follow = (href: string) =>
      page.evaluate(`{ const link = document.createElement('a'); link.href = ${href}; link.download = 'x.pdf'; link.click() }`)
    await follow(`URL.createObjectURL(new Blob(['%PDF-1.7 phiếu'], { type: 'application/pdf' }))`)
    await expect.poll(() => readFile(file, 'utf8').catch(() => '')).toBe('%PDF-1.7 phiếu')
    await rm(file)
    await follow(JSON.stringify(`${endpoint.url}/v1/health`))
    await expect.poll(log).toMatch(/"reason":"(download|navigation)"/)
    expect(existsSync(file)).toBe(false)
  })

  it('answers a malformed call and a stranger by refusing, and logs neither content', async () => {
    const { app, page, log } = await launch({ data: join(folder, 'refusals') })
    await expect(invoke(page, 'signPacket', { digest: 'SECRET-VALUE', counter: 1 })).rejects.toThrow('refused: invalid-request')
    await expect(invoke(page, 'toString', {})).rejects.toThrow('refused: unknown-method')
    await expect.poll(log).toContain('invalid-request (signPacket: digest)')
    expect(log()).not.toContain('SECRET-VALUE')
    // A window with the same preload at another origin: it has the bridge, and is not heard through it.
    const refusal = await app.evaluate(async ({ BrowserWindow, app: electronApp }) => {
      const stranger = new BrowserWindow({
        show: false,
        webPreferences: { preload: `${electronApp.getAppPath()}/preload.cjs`, sandbox: true, contextIsolation: true },
      })
      await stranger.loadURL('data:text/html,<title>stranger</title>')
      const answer: unknown = await stranger.webContents.executeJavaScript(
        `window.tram.invoke('describe', {}).then(() => 'heard', (error) => error.message)`,
      )
      stranger.destroy()
      return answer
    })
    expect(refusal).toContain('refused: sender')
    expect(log()).toContain('"reason":"sender"')
  })

  it('ends in order when it is asked to, and leaves no process behind', async () => {
    const { app } = await launch({ data: join(folder, 'ended') })
    const pids = await app.evaluate(({ app: electronApp }) => electronApp.getAppMetrics().map((metric) => metric.pid))
    const shell = app.process()
    const code = new Promise<number | null>((resolve) => shell.once('exit', resolve))
    shell.kill('SIGTERM')
    expect(await code).toBe(0)
    const running = (pid: number) => existsSync(`/proc/${pid}`)
    await expect.poll(() => pids.filter(running)).toEqual([])
  })

  it('opens once for one station', async () => {
    const data = join(folder, 'single')
    await launch({ data })
    const { DISPLAY: _unused, ...rest } = process.env
    const second = spawnSync(
      runtime.executable,
      ['--no-sandbox', join(root, 'dist/electron'), '--data', data, '--gateway', endpoint.url],
      { env: { ...rest, DISPLAY: display.name }, encoding: 'utf8', timeout: 30_000 },
    )
    expect(second.status).toBe(4)
    expect(second.stderr).toContain('already-open')
  })

  it('opens the built kiosk without a breach of its policy', async () => {
    const renderer = join(root, 'dist/renderer')
    if (!existsSync(join(renderer, 'index.html'))) throw new Error('dist/renderer is missing: run npm run build first')
    const { page, violations } = await launch({ data: join(folder, 'built'), renderer })
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    // From its first line on, with somebody listening.
    await page.reload()
    await expect
      .poll(async () => ((await page.locator('body').textContent()) ?? '').trim().length, { timeout: 20_000 })
      .toBeGreaterThan(20)
    expect({ errors, violations }).toEqual({ errors: [], violations: [] })
  })
})
