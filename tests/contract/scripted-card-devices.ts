/** Card devices whose readings a test ends by hand: for what the station does around a reading. Readings themselves are tested with chips. */

import type { CardFailure, CardReading, CardText, ReaderStatus } from '../../contracts/card.ts'
import { err, ok, type Result } from '../../contracts/result.ts'
import type { Scan, ScannerConfiguration, ScannerStatus } from '../../contracts/scan.ts'
import type { CardReader } from '../../hardware/ports/card-reader.ts'
import type { CodeScannerListener } from '../../hardware/ports/code-scanner.ts'
import type { ScannerControl } from '../../hardware/ports/scanner-control.ts'

export const idleReader: ReaderStatus = { name: 'Đầu đọc thử', cardPresent: false, simulated: true }

export const scriptedText: CardText = {
  person: { personalNumber: '000190000017', fullName: 'NGUYỄN THỊ MẪU' },
  mrz: {
    lines: [],
    documentCode: 'ID',
    issuingState: 'VNM',
    documentNumber: '190000017',
    birthDate: '900514',
    sex: 'F',
    expiryDate: '300514',
    nationality: 'VNM',
    optionalData: '000190000017<<5',
    name: 'NGUYEN<<THI<MAU',
  },
  specimen: true,
}

export type ScriptedCardDevices = CardReader &
  ScannerControl & {
    /** Every configuration that was asked for, the last one last. */
    readonly scannerConfigurations: readonly ScannerConfiguration[]
    tellScan(scan: Scan): void
    /** Readings that have begun and not ended. */
    readonly running: ReadonlyArray<{ end(result: Result<CardReading, CardFailure>): void }>
    tellReaders(readers: ReaderStatus[]): void
    readonly closed: boolean
  }

export const createScriptedCardDevices = (): ScriptedCardDevices => {
  const running: { end(result: Result<CardReading, CardFailure>): void }[] = []
  const watchers = new Set<(readers: ReaderStatus[]) => void>()
  let readers = [idleReader]
  let closed = false
  const scannerConfigurations: ScannerConfiguration[] = []
  const scannerListeners = new Set<CodeScannerListener>()
  return {
    scannerConfigurations,
    async configureScanner(configuration) {
      scannerConfigurations.push(configuration)
      const status: ScannerStatus = { configuration, name: 'Máy quét thử', state: 'ready' }
      for (const listener of scannerListeners) listener.onStatus(status)
      return ok(status)
    },
    listScannerDevices: async () => ok([{ name: 'Máy quét thử', configuration: { type: 'hid-pos' } }]),
    presentSpecimenCode: async () => err({ type: 'no-scanner', detail: 'none is simulated', retry: false }),
    watchScanner(listener) {
      scannerListeners.add(listener)
      return () => {
        scannerListeners.delete(listener)
      }
    },
    tellScan(scan) {
      for (const listener of scannerListeners) listener.onScan(scan)
    },
    running,
    get closed() {
      return closed
    },
    tellReaders(next) {
      readers = next
      for (const watcher of watchers) watcher(next)
    },
    listReaders: async () => ok(readers),
    watchReaders(listener) {
      watchers.add(listener)
      return () => {
        watchers.delete(listener)
      }
    },
    read: (_request, { signal, onProgress, onText } = {}) =>
      new Promise((resolve) => {
        onProgress?.({ step: 'waiting-for-card', bytesRead: 0, bytesExpected: 0 })
        onText?.(scriptedText)
        const entry = {
          end(result: Result<CardReading, CardFailure>) {
            running.splice(running.indexOf(entry), 1)
            resolve(result)
          },
        }
        running.push(entry)
        signal?.addEventListener('abort', () => entry.end(err({ type: 'cancelled', detail: 'by the page', retry: true })))
      }),
    async close() {
      closed = true
    },
  }
}
