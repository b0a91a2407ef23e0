/**
 * The station's code scanner: which one is kept in `scanner.json`, told to the devices at each start, changed by a page.
 *
 * Invariants: a page chooses among serial ports by the names of serial ports, so that it cannot make the station open any file; a choice
 * is durable before it is answered; a file that cannot be read is no reason not to start, the usual scanner is taken.
 */
import { join } from 'node:path'
import { z } from 'zod'
import { err, type Result } from '../../contracts/result.ts'
import { type Scan, type ScanFailure, ScannerConfiguration, type ScannerStatus } from '../../contracts/scan.ts'
import type { ScannerControl } from '../../hardware/ports/scanner-control.ts'
import { readIfThere, writeDurably } from './durable-file.ts'

const ScannerFile = z.object({ format: z.literal('tram-scanner-1'), configuration: ScannerConfiguration })

/** What serial ports are called on Linux, macOS and Windows. */
const portName = /^(\/dev\/(tty[\w.-]+|cu\.[\w.-]+|serial\/by-(id|path)\/[\w.:-]+)|COM\d{1,3})$/i

export type ScannerDesk = {
  status(): ScannerStatus
  configure(configuration: ScannerConfiguration): Promise<Result<ScannerStatus, ScanFailure>>
  close(): void
}

export const openScannerDesk = async (options: {
  folder: string
  devices: ScannerControl
  simulated: boolean
  onStatus: (status: ScannerStatus) => void
  onScan: (scan: Scan) => void
}): Promise<ScannerDesk> => {
  const { devices } = options
  const file = join(options.folder, 'scanner.json')
  /** A HID POS scanner works as soon as it is plugged in; other kinds must be chosen. */
  const usual: ScannerConfiguration = { type: options.simulated ? 'simulated' : 'hid-pos' }

  const load = async (): Promise<ScannerConfiguration> => {
    const content = await readIfThere(file)
    if (content === undefined) return usual
    try {
      const parsed = ScannerFile.safeParse(JSON.parse(Buffer.from(content).toString('utf8')))
      return parsed.success ? parsed.data.configuration : usual
    } catch {
      return usual
    }
  }

  let configuration = await load()
  let status: ScannerStatus = { configuration, name: '', state: 'off' }
  const unwatch = devices.watchScanner({
    onStatus(next) {
      status = next
      options.onStatus(next)
    },
    onScan: options.onScan,
  })
  // The station starts whether or not a scanner answers.
  void devices.configureScanner(configuration)

  return {
    status: () => status,
    async configure(next) {
      const known = configuration.type === 'serial' && next.type === 'serial' && configuration.path === next.path
      if (next.type === 'serial' && !known && !portName.test(next.path))
        return err({ type: 'scanner-settings-refused', detail: 'not the name of a serial port', retry: false })
      const answer = await devices.configureScanner(next)
      if (!answer.ok) return answer
      await writeDurably(file, JSON.stringify({ format: 'tram-scanner-1', configuration: next }))
      configuration = next
      status = answer.value
      return answer
    },
    close: unwatch,
  }
}
