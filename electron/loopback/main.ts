/**
 * The kiosk without Electron: `node electron/loopback/main.ts --data DIR --gateway URL [--port N] [--readers pcsc|simulated]
 * [--renderer DIR] [--store-mended ID]`; TRAM_ENROLMENT_CODE enrols it. Prints one JSON line `{"launchUrl": …}` when pages may come. Stops on
 * SIGTERM and SIGINT. Ends with 2 for wrong options, 3 when it cannot start.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { openPrivateFolder } from '../station/durable-file.ts'
import { enrolAtStart, takeEnrolmentCode } from '../station/enrolment-at-start.ts'
import { logShell } from '../station/fault-log.ts'
import { parseShellOptions } from '../station/options.ts'
import { scannersOf } from '../station/scanners-of-options.ts'
import { createSecretStore, randomSecret } from '../station/secret-store.ts'
import { createStation } from '../station/station.ts'
import { openTpm } from '../station/tpm-box.ts'
import { openForkedDevices } from './forked-devices.ts'
import { defaultPort, defaultRendererDir, startLoopbackServer } from './server.ts'

const fail = (code: 2 | 3, event: string, detail: string): never => {
  logShell({ event, detail })
  process.exit(code)
}

const parsed = parseShellOptions(process.argv.slice(2), true)
if (!parsed.ok) fail(2, parsed.error.type, parsed.error.detail)
else {
  const options = parsed.value
  const enrolmentCode = takeEnrolmentCode()
  const port = options.port ?? defaultPort
  const rendererDir = options.renderer ?? defaultRendererDir
  if (!existsSync(join(rendererDir, 'index.html')))
    fail(3, 'pages-missing', `${rendererDir} has no index.html: run npm run build`)
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')))
  const devices = openForkedDevices(options.readers, options.data)
  await openPrivateFolder(options.data)
  const tpm = await openTpm(options.data, (detail) => logShell({ event: 'tpm-unusable', detail }))
  const secretBoxes = tpm === undefined ? [] : [tpm]
  const station = await createStation({
    dataDir: options.data,
    gatewayUrl: options.gateway,
    origin: `http://127.0.0.1:${port}`,
    shell: 'loopback',
    version,
    simulatedReader: options.readers === 'simulated',
    storeMended: options['store-mended'],
    devices,
    documentScanners: scannersOf(options),
    secretBoxes,
    fetch: (url, init) => fetch(url, init),
  })
  if (!station.ok) {
    await devices.close()
    fail(3, station.error.type, station.error.detail)
  } else {
    const session = await (await createSecretStore(options.data, secretBoxes)).keep('page-session', randomSecret)
    const server = await startLoopbackServer({
      station: station.value,
      port,
      rendererDir,
      sessionKey: session.bytes,
      onFault: (fault) => logShell({ event: 'refused', ...fault }),
    })
    if (!server.ok) {
      await station.value.stop()
      fail(3, server.error.type, server.error.detail)
    } else {
      await enrolAtStart(station.value, enrolmentCode)
      console.log(JSON.stringify({ launchUrl: server.value.mintLaunchUrl() }))
      let ending = false
      const end = async () => {
        if (ending) return
        ending = true
        await station.value.stop()
        await server.value.stop()
        process.exit(0)
      }
      process.on('SIGTERM', () => void end())
      process.on('SIGINT', () => void end())
    }
  }
}
