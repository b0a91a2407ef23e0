/** The one scanning job of a station: its pages go to the page that asked, and nowhere else. */
import { randomUUID } from 'node:crypto'
import type { DocumentScanFailure, ScannedPage, ScanSettings } from '../../contracts/document-scan.ts'
import { err, ok, type Result } from '../../contracts/result.ts'
import type { DocumentScanning, ScanJob } from '../../hardware/ports/document-scanning.ts'

export const createScanJobs = (scanners: DocumentScanning) => {
  let running: { scanId: string; job: ScanJob } | undefined

  const end = async (): Promise<void> => {
    const ended = running
    running = undefined
    await ended?.job.cancel()
  }

  return {
    async start(settings: ScanSettings): Promise<Result<{ scanId: string }, DocumentScanFailure>> {
      await end()
      const started = await scanners.start(settings)
      if (!started.ok) return started
      const scanId = randomUUID()
      running = { scanId, job: started.value }
      return ok({ scanId })
    },
    async next(scanId: string): Promise<Result<ScannedPage, DocumentScanFailure>> {
      if (running?.scanId !== scanId) return err({ type: 'cancelled', detail: 'another job' })
      const page = await running.job.next()
      if (!page.ok) return page
      return ok({
        page: page.value === null ? null : { name: page.value.name, bytes: Buffer.from(page.value.bytes).toString('base64url') },
      })
    },
    async cancel(scanId: string): Promise<void> {
      if (running?.scanId === scanId) await end()
    },
    end,
  }
}
