/** The main job in the real Electron: the built kiosk, its own scheme, its own store, the gateway over a network that fails. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ElectronApplication, expect } from '@playwright/test'
import { afterAll, beforeAll, test } from 'vitest'
import { buildWhenStale } from '../../electron/start/build.ts'
import { type GatewayProgram, startGatewayProgram } from '../../electron/start/programs.ts'
import { enrolmentVariable } from '../../electron/station/enrolment-at-start.ts'
import { startAgain } from '../../electron/station/options.ts'
import { specimens } from '../../hardware/simulators/specimens.ts'
import { type Display, openDisplay } from '../electron-runtime/display.ts'
import { type ElectronRuntime, fetchElectron } from '../electron-runtime/fetch-electron.ts'
import { launchElectron } from '../electron-runtime/launch.ts'
import { type ChaosProxy, startChaosProxy } from '../fixtures/chaos-proxy.ts'
import * as clerk from '../fixtures/clerk.ts'
import { damageStoreIn } from '../fixtures/damaged-store.ts'
import { freePort } from '../fixtures/free-port.ts'
import { readGateway } from '../fixtures/gateway-records.ts'
import { noisePng } from '../fixtures/papers.ts'

const root = join(import.meta.dirname, '../..')
const renderer = join(root, 'dist/renderer')

let folder: string
let runtime: ElectronRuntime
let display: Display
let proxy: ChaosProxy
let gateway: GatewayProgram
let app: ElectronApplication | undefined
let code: string
const words = () => [
  ...[join(root, 'dist/electron'), '--data', join(folder, 'kiosk'), '--gateway', proxy.url],
  ...['--renderer', renderer, '--readers', 'simulated'],
]
beforeAll(async () => {
  // Built anew by each of two files side by side, one would start what the other had just taken away.
  if (!buildWhenStale()) throw new Error('the shell cannot be built')
  folder = mkdtempSync(join(tmpdir(), 'tram-electron-'))
  // the database server runs as a user of its own and must be able to pass through
  chmodSync(folder, 0o755)
  runtime = await fetchElectron()
  display = await openDisplay()
  const port = await freePort()
  proxy = await startChaosProxy(`http://127.0.0.1:${port}`)
  gateway = await startGatewayProgram({
    dataFolder: join(folder, 'gateway'),
    port,
    mode: 'demo',
    publicUrl: proxy.url,
    origins: ['tram://kiosk'],
  })
})
afterAll(async () => {
  await app?.close().catch(() => undefined)
  await gateway?.stop()
  await proxy?.stop()
  await display?.stop()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

test('a birth is registered in the Electron kiosk', async () => {
  const enrolment = await gateway.enrolmentCode({ pointName: 'Bưu điện Thử Nghiệm', stationName: 'Quầy 1', demo: true })
  const variables = { DISPLAY: display.name, [enrolmentVariable]: enrolment }
  app = await launchElectron(runtime.executable, words(), variables)
  const page = await app.firstWindow({ timeout: 20_000 })
  await page.waitForLoadState('load')
  expect(page.url()).toBe('tram://kiosk/')
  await clerk.createOperator(page)
  await clerk.signIn(page)
  const { TRAM_PICTURES: pictures } = process.env
  const picture = async (name: string): Promise<void> => {
    if (pictures) await page.screenshot({ path: join(pictures, `electron-${name}.png`) })
  }
  await picture('home')
  proxy.setDown(true)

  await clerk.beginBirth(page)
  await picture('wizard')
  // A photo in JPEG 2000 goes through a worker and WebAssembly, under this shell's policy too.
  await page.keyboard.press('F4')
  await clerk.tryCard(page, specimens[2]?.personalNumber ?? '')
  await expect(page.locator('canvas[data-testid=card-photo]')).toBeVisible(clerk.mayTakeLong)
  await page.keyboard.press('Escape')
  expect(await clerk.readCard(page)).toContain('NGUYỄN THỊ MẪU')
  await clerk.fillToPapers(page)
  await clerk.addPaper(page, 'birthProof', { name: 'giay-chung-sinh.png', mimeType: 'image/png', buffer: noisePng(300, 240) })
  await clerk.next(page)
  await clerk.atPlace(page, 'review')
  const entered = await clerk.reviewed(page)
  await clerk.consentAndFinish(page)
  await expect(page.getByTestId('slip')).toContainText('CHƯA ĐƯỢC')
  expect((await readGateway(folder)).packets).toEqual([])

  proxy.setDown(false)
  const shown = page.getByTestId('official-code')
  await expect(shown).toBeVisible({ timeout: 60_000 })
  const { packets, minted } = await readGateway(folder)
  expect(packets.map(({ state }) => state)).toEqual(['accepted'])
  expect(minted).toHaveLength(1)
  code = minted[0]?.code ?? 'no code was minted'
  await expect(shown).toHaveText(code)
  const answers = packets[0]?.dossier?.answers ?? {}
  expect(Object.fromEntries(Object.entries(answers).map(([id, { value }]) => [id, value]))).toEqual(entered)
})

test('a store the browser threw away for one damaged block is back at the next start, which the shell asks for itself', async () => {
  await app?.close()
  damageStoreIn(join(folder, 'kiosk/browser/IndexedDB/tram_kiosk_0.indexeddb.leveldb'))
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const hit = spawn(runtime.executable, [...sandbox, ...words(), '--supervised'], {
    stdio: 'ignore',
    env: { ...process.env, DISPLAY: display.name },
    timeout: 60_000,
  })
  const [exitCode] = await once(hit, 'exit')
  expect(exitCode).toBe(startAgain)

  app = await launchElectron(runtime.executable, words(), { DISPLAY: display.name })
  const page = await app.firstWindow({ timeout: 20_000 })
  await clerk.signIn(page)
  await expect(page.getByText('kho hồ sơ đã được cứu')).toBeVisible(clerk.mayTakeLong)
  await page.keyboard.press('F7')
  await expect(page.getByText(code).first()).toBeVisible(clerk.mayTakeLong)
})
