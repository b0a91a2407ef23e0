/** Document scanners: what the station offers the pages of a kiosk. One job at a time; pages come one by one, so that each is sealed as it comes. */
import { z } from 'zod'
import { Base64Url, Uuid } from './encoding.ts'

export const DocumentScanner = z.object({
  id: z.string().min(1).max(300),
  name: z.string().min(1).max(200),
  /** eSCL (Mopria, a scanner in the network), SANE (Linux), a folder which another scanner program writes to. */
  kind: z.enum(['escl', 'sane', 'folder']),
  sources: z.array(z.enum(['flatbed', 'feeder'])).min(1),
})
export type DocumentScanner = z.infer<typeof DocumentScanner>

export const ScanSettings = z.object({
  scannerId: z.string().min(1).max(300),
  source: z.enum(['flatbed', 'feeder']),
  /** Dots per inch. */
  resolution: z.union([z.literal(150), z.literal(200), z.literal(300)]),
  colour: z.boolean(),
})
export type ScanSettings = z.infer<typeof ScanSettings>

export const DocumentScanFailure = z.object({
  type: z.enum([
    'no-such-scanner',
    'scanner-unreachable',
    'scanner-busy',
    'feeder-empty',
    'feeder-jam',
    'cover-open',
    'scan-refused',
    'unreadable-page',
    'cancelled',
    'timeout',
  ]),
  /** For the technician; never personal data. */
  detail: z.string(),
})
export type DocumentScanFailure = z.infer<typeof DocumentScanFailure>

/** A page as the scanner gave it (JPEG, PNG or PDF by its bytes), or null when there are no more. */
export const ScannedPage = z.object({ page: z.object({ name: z.string(), bytes: Base64Url }).nullable() })
export type ScannedPage = z.infer<typeof ScannedPage>

export const ScanJob = z.object({ scanId: Uuid })
