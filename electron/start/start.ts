/**
 * `npm start [-- --tour] [--shell electron|loopback] [--readers simulated|pcsc] [--data DIR] [--kiosk]`: a gateway with its own PostgreSQL
 * and one kiosk, on this machine, opened. Prefers Electron, else a Chromium, else prints the address; says which and why.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { specimens } from '../../hardware/simulators/specimens.ts'
import { guardStore } from '../browser-store/store-guard.ts'
import { openChromium } from '../loopback/open-chromium.ts'
import { enrolmentVariable } from '../station/enrolment-at-start.ts'
import { logShell } from '../station/fault-log.ts'
import { startAgain } from '../station/options.ts'
import { buildWhenStale } from './build.ts'
import { findElectron } from './electron-runtime.ts'
import { startGatewayProgram, startLoopbackProgram } from './programs.ts'
import { ensureSystemPackages, findChromium, hasDisplay, kioskPackages } from './system-packages.ts'

const { values } = parseArgs({
  options: {
    tour: { type: 'boolean', default: false },
    shell: { type: 'string' },
    readers: { type: 'string', default: 'simulated' },
    data: { type: 'string', default: '.data' },
    kiosk: { type: 'boolean', default: false },
  },
})
const readers = values.readers === 'pcsc' ? 'pcsc' : 'simulated'
const dataFolder = resolve(values.data)
const [gatewayPort, kioskPort] = [4800, 4810]
const isRoot = process.getuid?.() === 0

function stop(message: string): never {
  console.error(message)
  process.exit(1)
}

// a desktop may do without a Chromium when Electron is there, and print the address when neither is; the tour needs one
const packages = ensureSystemPackages(kioskPackages)
if (!packages.ok && values.tour) stop(packages.error.message)
if (!packages.ok) console.warn(packages.error.message)
if (!buildWhenStale()) stop('The build failed.')

if (values.tour) {
  const tour = spawn(process.execPath, ['tests/tour/tour.ts'], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => tour.kill(signal))
  tour.once('exit', (code) => process.exit(code ?? 1))
} else await startKiosk()

async function startKiosk() {
  const gateway = await startGatewayProgram({
    dataFolder: join(dataFolder, 'gateway'),
    port: gatewayPort,
    mode: 'demo',
    origins: [`http://127.0.0.1:${kioskPort}`, 'tram://kiosk'],
    onLine: (line) => console.log(`gateway: ${line}`),
  })
  const ending: (() => Promise<void>)[] = [() => gateway.stop()]
  let stopping = false
  const end = async (code: number) => {
    if (stopping) return
    stopping = true
    for (const each of ending.reverse()) await each()
    process.exit(code)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void end(0))

  const enrolmentCode = await gateway.enrolmentCode({
    pointName: 'Bưu điện Thử Nghiệm',
    stationName: 'Quầy 1',
    pointPlace: 'Xã Mường Ảng, Tỉnh Điện Biên',
    demo: true,
  })
  if (readers === 'simulated') {
    console.log('Specimen cards (fictional): personal number, name')
    for (const { personalNumber, fullName } of specimens) console.log(`  ${personalNumber}  ${fullName}`)
  }

  const electron = findElectron()
  if (values.shell !== 'loopback' && electron.ok) {
    const { executable, why } = electron.value
    console.log(`Kiosk: Electron (${why})`)
    const words = [
      ...(isRoot ? ['--no-sandbox'] : []),
      'dist/electron',
      ...['--data', join(dataFolder, 'electron'), '--gateway', gateway.url, '--readers', readers, '--supervised'],
      ...(values.kiosk ? [] : ['--windowed']),
    ]
    let shell: ChildProcess
    const open = () => {
      shell = spawn(executable, words, { stdio: 'inherit', env: { ...process.env, [enrolmentVariable]: enrolmentCode } })
      shell.once('exit', (code) => (code === startAgain && !stopping ? open() : void end(code ?? 0)))
    }
    open()
    ending.push(async () => void shell.kill())
    return
  }

  const whyNot = values.shell === 'loopback' ? 'asked for' : electron.ok ? '' : electron.error.why
  const executable = findChromium()
  const withWindow = executable !== undefined && hasDisplay()
  const profileDir = join(dataFolder, 'chromium')
  let [stopStation, stopBrowser] = [async () => {}, async () => {}]
  ending.push(
    () => stopStation(),
    () => stopBrowser(),
  )
  const openInChromium = async (): Promise<void> => {
    // A window that is opened by hand has its profile elsewhere: nobody can look after it.
    const guard = withWindow
      ? await guardStore({
          store: join(profileDir, 'Default/IndexedDB', `http_127.0.0.1_${kioskPort}.indexeddb`),
          kept: join(dataFolder, 'store-kept'),
          log: logShell,
        })
      : undefined
    const station = await startLoopbackProgram({
      dataFolder: join(dataFolder, 'loopback'),
      gatewayUrl: gateway.url,
      port: kioskPort,
      readers,
      enrolmentCode,
      storeMended: guard?.mended,
      onLine: (line) => console.log(`kiosk: ${line}`),
    })
    stopStation = () => station.stop()
    if (!withWindow) {
      console.log(
        `Kiosk: open this address once (no Electron: ${whyNot}; no Chromium: ${executable ? 'no display' : 'none found'})`,
      )
      console.log(`  ${station.launchUrl}`)
      return
    }
    console.log(`Kiosk: Chromium, ${executable} (no Electron: ${whyNot})`)
    const browser = await openChromium({ executable, url: station.launchUrl, profileDir, kiosk: values.kiosk, root: isRoot })
    let again = false
    stopBrowser = async () => {
      void guard?.stop()
      try {
        process.kill(browser.pid)
      } catch {
        // already closed
      }
    }
    guard?.watch(() => {
      again = true
      void stopBrowser()
    })
    void browser.closed.then(async () => {
      if (!again || stopping) return end(0)
      await guard?.stop()
      await stopStation()
      await openInChromium().catch(failed)
    })
  }
  const failed = async (error: Error) => {
    console.error(error.message)
    await end(1)
  }
  await openInChromium().catch(failed)
}
