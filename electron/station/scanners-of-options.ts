import { createDocumentScanners } from '../../hardware/drivers/document-scanners/document-scanners.ts'
import type { DocumentScanning } from '../../hardware/ports/document-scanning.ts'
import type { ShellOptions } from './options.ts'

/** The document scanners a shell was started with. */
export const scannersOf = ({ scanner, 'scan-folder': folder }: ShellOptions): DocumentScanning =>
  createDocumentScanners({ escl: scanner, ...(folder === undefined ? {} : { folder }) })
