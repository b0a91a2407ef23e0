/**
 * A folder which any scanner program writes to (Windows, macOS): what is new in it while a job runs is a page, and leaves the folder when
 * the next one is asked for: whoever asks on has stored it.
 *
 * Invariants: files that lay there before the job are left alone, they may be another citizen's; a file is taken only when it has stopped
 * growing; a page that was not stored stays where it is, it may be the only copy; no link is followed.
 */
import { lstat, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DocumentScanFailure } from '../../../contracts/document-scan.ts'
import { err, ok, type Result } from '../../../contracts/result.ts'
import type { ScanJob } from '../../ports/document-scanning.ts'

export type FolderLimits = {
  /** Between two looks, ms. */
  look: number
  /** A file that did not change for so long is whole, ms. */
  still: number
  /** Waiting for a page, ms. */
  page: number
}
export const defaultFolderLimits: FolderLimits = { look: 400, still: 1_200, page: 180_000 }

const endings = /\.(jpe?g|png|pdf)$/i
const largestPage = 64 * 1024 * 1024

type Seen = { size: number; changed: number; since: number }

const filesOf = async (folder: string): Promise<Map<string, { size: number; changed: number }>> => {
  const found = new Map<string, { size: number; changed: number }>()
  for (const name of (await readdir(folder)).filter((each) => endings.test(each)).sort()) {
    const facts = await lstat(join(folder, name)).catch(() => undefined)
    if (facts?.isFile() === true) found.set(name, { size: facts.size, changed: facts.mtimeMs })
  }
  return found
}

export const startFolderScan = async (
  folder: string,
  limits = defaultFolderLimits,
): Promise<Result<ScanJob, DocumentScanFailure>> => {
  const before = await filesOf(folder).catch(() => undefined)
  if (before === undefined) return err({ type: 'scanner-unreachable', detail: 'the folder cannot be read' })
  const seen = new Map<string, Seen>()
  /** Given to the kiosk, which has not yet asked for the next. */
  let given: { name: string; size: number; changed: number } | undefined
  let cancelled = false

  const dropGiven = async (): Promise<void> => {
    if (given === undefined) return
    const { name, size, changed } = given
    given = undefined
    // Whether or not it can be deleted, it is no page twice; written anew, it is another page.
    before.set(name, { size, changed })
    const now = (await filesOf(folder)).get(name)
    if (now?.size === size && now.changed === changed) await rm(join(folder, name))
  }

  const take = async (): Promise<Result<{ name: string; bytes: Uint8Array } | null, DocumentScanFailure>> => {
    const now = Date.now()
    for (const [name, { size, changed }] of await filesOf(folder)) {
      const old = before.get(name)
      if (old !== undefined && old.size === size && old.changed === changed) continue
      const last = seen.get(name)
      if (last === undefined || last.size !== size || last.changed !== changed) {
        seen.set(name, { size, changed, since: now })
        continue
      }
      if (size === 0 || now - last.since < limits.still) continue
      if (size > largestPage) return err({ type: 'unreadable-page', detail: 'far too large' })
      const bytes = Uint8Array.from(await readFile(join(folder, name)))
      seen.delete(name)
      given = { name, size, changed }
      return ok({ name: name.replace(endings, ''), bytes })
    }
    return ok(null)
  }

  return ok({
    async next() {
      if (cancelled) return ok(null)
      await dropGiven().catch(() => undefined)
      const end = Date.now() + limits.page
      while (!cancelled && Date.now() < end) {
        const taken = await take().catch(() => err({ type: 'scanner-unreachable', detail: 'the folder cannot be read' }))
        if (!taken.ok || taken.value !== null) return taken
        await new Promise((resolve) => setTimeout(resolve, limits.look))
      }
      return cancelled ? ok(null) : err({ type: 'timeout', detail: 'no new file' })
    },
    async cancel() {
      cancelled = true
    },
  })
}
