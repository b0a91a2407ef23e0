/** The scanner of the device host: opens the configured one, closes it for another. Simulated ones only where readers are simulated too. */
import { err, ok } from '../contracts/result.ts'
import type { ScannerConfiguration, ScannerStatus } from '../contracts/scan.ts'
import { listHidPosDevices, openHidPosCodeScanner } from './drivers/hid-pos-code-scanner.ts'
import { listSerialDevices, openSerialCodeScanner } from './drivers/serial-code-scanner.ts'
import type { CodeScanner, CodeScannerListener, OpenCodeScanner } from './ports/code-scanner.ts'
import type { ScannerControl } from './ports/scanner-control.ts'
import { scanFailure } from './sessions/scanner-session.ts'
import { createSimulatedCodeScanner, type SimulatedCodeScanner } from './simulators/simulated-code-scanner.ts'

/** Listing the machine's HID devices is not free; a person plugging a scanner in waits this long at most. */
const hidRetryMs = 2_500

export const createScannerHost = (options: { simulated: boolean }): ScannerControl & { close(): Promise<void> } => {
  const watchers = new Set<CodeScannerListener>()
  const simulator: SimulatedCodeScanner | undefined = options.simulated ? createSimulatedCodeScanner() : undefined
  let scanner: CodeScanner | undefined
  let status: ScannerStatus | undefined
  let last: Promise<unknown> = Promise.resolve()

  const tell = (next: ScannerStatus): void => {
    status = next
    for (const watcher of [...watchers]) watcher.onStatus(next)
  }

  const opener = (configuration: ScannerConfiguration): OpenCodeScanner | null => {
    switch (configuration.type) {
      case 'serial':
        return openSerialCodeScanner(configuration)
      case 'hid-pos':
        return openHidPosCodeScanner(configuration, { retryMs: hidRetryMs })
      case 'simulated':
        return simulator?.open ?? null
      case 'none':
      case 'keyboard':
        return null
    }
  }

  const configure = async (configuration: ScannerConfiguration): Promise<ScannerStatus> => {
    await scanner?.close()
    scanner = undefined
    const open = opener(configuration)
    if (open === null) {
      const off: ScannerStatus = { configuration, name: '', state: 'off' }
      tell(off)
      return off
    }
    return new Promise((resolve) => {
      scanner = open({
        onStatus(next) {
          tell(next)
          resolve(next)
        },
        onScan(scan) {
          for (const watcher of [...watchers]) watcher.onScan(scan)
        },
      })
    })
  }

  return {
    async configureScanner(configuration) {
      if (configuration.type === 'simulated' && simulator === undefined)
        return scanFailure('scanner-settings-refused', 'no simulated scanner on this station')
      const turn = last.then(() => configure(configuration))
      last = turn.catch(() => undefined)
      return ok(await turn)
    },
    async listScannerDevices() {
      const [serial, hid] = await Promise.all([listSerialDevices(), listHidPosDevices()])
      // One library that does not load leaves the other's devices to choose from.
      if (!serial.ok && !hid.ok) return serial
      return ok([...(hid.ok ? hid.value : []), ...(serial.ok ? serial.value : [])])
    },
    async presentSpecimenCode(specimen) {
      if (simulator?.presentSpecimen(specimen) === true) return ok(null)
      return err({ type: 'no-scanner', detail: 'no simulated scanner listens', retry: false })
    },
    watchScanner(listener) {
      watchers.add(listener)
      if (status !== undefined) listener.onStatus(status)
      return () => {
        watchers.delete(listener)
      }
    },
    async close() {
      watchers.clear()
      await last
      await scanner?.close()
    },
  }
}
