/**
 * The Electron shell: `electron dist/electron --data DIR --gateway URL [--readers pcsc|simulated] [--renderer DIR] [--windowed] [--supervised]`;
 * TRAM_ENROLMENT_CODE enrols it. Composition alone; every policy has a file of its own beside this one. Ends with 2 for wrong options, 3 when it cannot
 * start, 4 when this station is already open, 75 when it is to be started again (--supervised).
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { app, BrowserWindow, ipcMain, net, protocol, safeStorage, session } from 'electron'
import { guardStore } from '../browser-store/store-guard.ts'
import { kioskOrigin, kioskScheme } from '../ipc/page-origin.ts'
import { registerStationCall } from '../ipc/station-call.ts'
import { forwardStationEvents } from '../ipc/station-event.ts'
import { openPrivateFolder } from '../station/durable-file.ts'
import { enrolAtStart, takeEnrolmentCode } from '../station/enrolment-at-start.ts'
import { logShell } from '../station/fault-log.ts'
import { parseShellOptions, type ShellOptions, startAgain } from '../station/options.ts'
import { scannersOf } from '../station/scanners-of-options.ts'
import { securityHeaders } from '../station/security-headers.ts'
import { createStation } from '../station/station.ts'
import { openTpm } from '../station/tpm-box.ts'
import { refuseBadCertificates } from './certificates.ts'
import { limitDownloads } from './downloads.ts'
import { limitEgress } from './egress.ts'
import { openKeystore } from './keystore-box.ts'
import { createKioskFiles } from './kiosk-files.ts'
import { lockNavigation } from './navigation.ts'
import { limitPermissions } from './permissions.ts'
import { openUtilityDevices } from './utility-devices.ts'
import { openKioskWindow } from './window.ts'

const refused = (reason: string): void => logShell({ event: 'refused', reason })

const fail = (code: number, event: string, detail: string): void => {
  logShell({ event, detail })
  app.exit(code)
}

/** What Chromium calls the store of `tram://kiosk`. */
const kioskStore = 'tram_kiosk_0.indexeddb'
const browserFolder = ({ data }: ShellOptions): string => join(data, 'browser')

const start = async (options: ShellOptions): Promise<void> => {
  const enrolmentCode = takeEnrolmentCode()
  await openPrivateFolder(options.data)
  const guarding = guardStore({
    store: join(browserFolder(options), 'IndexedDB', kioskStore),
    kept: join(options.data, 'store-kept'),
    log: logShell,
  })
  const [guard] = await Promise.all([guarding, app.whenReady()])
  const rendererDir = options.renderer ?? join(app.getAppPath(), '../renderer')
  if (!existsSync(join(rendererDir, 'index.html'))) return fail(3, 'pages-missing', `${rendererDir} has no index.html`)
  const devices = openUtilityDevices(join(app.getAppPath(), 'device-host.cjs'), options.readers, options.data)
  const tpm = await openTpm(options.data, (detail) => logShell({ event: 'tpm-unusable', detail }))
  const opened = await createStation({
    dataDir: join(options.data, 'station'),
    gatewayUrl: options.gateway,
    origin: kioskOrigin,
    shell: 'electron',
    version: app.getVersion(),
    simulatedReader: options.readers === 'simulated',
    storeMended: guard.mended,
    devices,
    documentScanners: scannersOf(options),
    secretBoxes: [tpm, openKeystore(safeStorage, process.platform)].filter((box) => box !== undefined),
    fetch: (url, init) => net.fetch(url, init),
  })
  if (!opened.ok) {
    await devices.close()
    return fail(3, opened.error.type, opened.error.detail)
  }
  const station = opened.value

  const kiosk = session.defaultSession
  limitEgress(kiosk, station.gatewayUrl)
  limitPermissions(kiosk)
  limitDownloads(kiosk, refused)
  protocol.handle(kioskScheme, createKioskFiles(rendererDir, securityHeaders(station.gatewayUrl)))
  registerStationCall(ipcMain, station, (fault) => logShell({ event: 'refused', ...fault }))
  forwardStationEvents(station, () => BrowserWindow.getAllWindows().map((window) => window.webContents))

  await enrolAtStart(station, enrolmentCode)

  let ending = false
  let code = 0
  app.on('before-quit', (event) => {
    if (ending) return
    ending = true
    event.preventDefault()
    void guard.stop()
    void station.stop().finally(() => app.exit(code))
  })
  app.on('window-all-closed', () => app.quit())
  process.on('SIGTERM', () => app.quit())
  process.on('SIGINT', () => app.quit())

  const window = await openKioskWindow({ preload: join(app.getAppPath(), 'preload.cjs'), kiosk: !options.windowed }).catch(
    (error: unknown) => {
      // Asked to end while the page was still loading: that is an end, not a failed start.
      if (ending) return undefined
      throw error
    },
  )
  if (!window) return
  guard.watch(() => {
    if (options.supervised) code = startAgain
    else app.relaunch()
    app.quit()
  })
  window.webContents.on('render-process-gone', (_event, details) => {
    logShell({ event: 'page-gone', reason: details.reason })
    // The page's drafts are on disk; a page of its own making opens at the locked screen.
    if (!ending && details.reason !== 'clean-exit') setTimeout(() => window.isDestroyed() || window.webContents.reload(), 1000)
  })
  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore()
    window.focus()
  })
}

protocol.registerSchemesAsPrivileged([
  {
    scheme: kioskScheme,
    privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, allowServiceWorkers: false },
  },
])
// Every renderer, whatever its window asks for. It would undo --no-sandbox, without which Chromium does not start as root (tests).
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
refuseBadCertificates(app)
app.on('web-contents-created', (_event, contents) => lockNavigation(contents, refused))

const parsed = parseShellOptions(process.argv.slice(1), false)
if (!parsed.ok) fail(2, parsed.error.type, parsed.error.detail)
else {
  // Before anything asks for it: the browser's own store, and the lock of this station, live below its folder.
  app.setPath('userData', browserFolder(parsed.value))
  if (app.requestSingleInstanceLock()) {
    start(parsed.value).catch((error: unknown) => fail(3, 'start-failed', error instanceof Error ? error.message : 'unknown'))
  } else {
    fail(4, 'already-open', 'this station is open in another window')
  }
}
