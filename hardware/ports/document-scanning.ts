/**
 * What document scanners are to the rest of the kiosk. Pages come one by one, in the order of the sheets.
 *
 * Invariants: every promise settles (each wait has its limit, the whole follows the signal); pages are bytes in memory, no driver leaves one
 * on a disk; a job that failed or was cancelled gives nothing more.
 */
import type { DocumentScanFailure, DocumentScanner, ScanSettings } from '../../contracts/document-scan.ts'
import type { Result } from '../../contracts/result.ts'

export type ScanPage = { name: string; bytes: Uint8Array }

export type ScanJob = {
  /** The next page; null when the sheets are done. */
  next(): Promise<Result<ScanPage | null, DocumentScanFailure>>
  /** Ends the job; a waiting `next` answers `cancelled`. */
  cancel(): Promise<void>
}

export type DocumentScanning = {
  list(): Promise<DocumentScanner[]>
  start(settings: ScanSettings): Promise<Result<ScanJob, DocumentScanFailure>>
}
