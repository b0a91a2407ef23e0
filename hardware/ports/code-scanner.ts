/**
 * What a code scanner is to the rest of the kiosk: one configured device that is listened to.
 *
 * Invariants: it never fails as a whole: a scanner that is not there is `waiting` and is looked for until it comes; a code comes whole
 * or as a named failure, once; nothing is kept of a code after it was told; after `close` nobody is told anything.
 */
import type { Scan, ScannerStatus } from '../../contracts/scan.ts'

export type CodeScannerListener = {
  onStatus(status: ScannerStatus): void
  onScan(scan: Scan): void
}

export type CodeScanner = {
  status(): ScannerStatus
  close(): Promise<void>
}

/** Starts listening at once; the first status is told before anything else. */
export type OpenCodeScanner = (listener: CodeScannerListener) => CodeScanner
