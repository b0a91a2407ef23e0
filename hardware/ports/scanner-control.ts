/**
 * The kiosk's one code scanner, whichever it is: which device is listened to, how it is, what it reads.
 *
 * Invariants: at most one scanner is open; every promise settles; a watcher hears the present status first, when there is one.
 */
import type { Result } from '../../contracts/result.ts'
import type { ScanFailure, ScannerConfiguration, ScannerDevice, ScannerStatus } from '../../contracts/scan.ts'
import type { CodeScannerListener } from './code-scanner.ts'

export type ScannerControl = {
  /** Lets go of the scanner there is and listens to this one. Answers with its first status; a scanner that is not there is no failure. */
  configureScanner(configuration: ScannerConfiguration): Promise<Result<ScannerStatus, ScanFailure>>
  listScannerDevices(): Promise<Result<ScannerDevice[], ScanFailure>>
  /** Shows the simulated scanner a specimen's code. */
  presentSpecimenCode(specimen: number): Promise<Result<null, ScanFailure>>
  /** Returns its own unsubscribe. */
  watchScanner(listener: CodeScannerListener): () => void
}
