/**
 * Scanners of this machine under Linux, by SANE's own program `scanimage` (sane-backends): a process of its own for each sheet, so that a
 * backend which crashes takes nothing with it. The page comes through its standard output and touches no disk.
 */
import { execFile } from 'node:child_process'
import type { DocumentScanFailure, DocumentScanner, ScanSettings } from '../../../contracts/document-scan.ts'
import { err, ok, type Result } from '../../../contracts/result.ts'
import type { ScanJob } from '../../ports/document-scanning.ts'

export type SaneLimits = {
  /** Looking for scanners: SANE asks the network too. */
  list: number
  page: number
  /** From the request to stop until `scanimage` is ended: it gives the scanner back first, and a backend may hang over that. */
  stop: number
}
export const defaultSaneLimits: SaneLimits = { list: 15_000, page: 120_000, stop: 5_000 }

const largestPage = 64 * 1024 * 1024

type Run = { code: number | null; stdout: Buffer; stderr: string; missing: boolean; aborted: boolean }

/** `limit` and `signal` ask it to stop; the answer never waits longer than `stop` after that. */
const scanimage = (words: string[], limit: number, stop: number, signal?: AbortSignal): Promise<Run> =>
  new Promise((resolve) => {
    let ending: ReturnType<typeof setTimeout> | undefined
    const ask = (): void => {
      child.kill('SIGTERM')
      ending ??= setTimeout(() => child.kill('SIGKILL'), stop)
    }
    const late = setTimeout(ask, limit)
    const child = execFile('scanimage', words, { encoding: 'buffer', maxBuffer: largestPage }, (error, stdout, stderr) => {
      clearTimeout(late)
      clearTimeout(ending)
      signal?.removeEventListener('abort', ask)
      resolve({
        code: error === null ? 0 : typeof error.code === 'number' ? error.code : null,
        stdout,
        stderr: stderr.toString('utf8').slice(-500),
        missing: error?.code === 'ENOENT',
        aborted: signal?.aborted === true,
      })
    })
    signal?.addEventListener('abort', ask)
    if (signal?.aborted === true) ask()
    child.stdin?.end()
  })

const optionValues = (help: string, option: string): string[] => {
  const line = new RegExp(`^\\s+--${option} (\\S.*?)(?: \\[|$)`, 'm').exec(help)?.[1] ?? ''
  return line.split('|').map((each) => each.trim())
}

const isFeeder = (source: string): boolean => /adf|feeder/i.test(source)

/** No SANE on the machine is no scanner, not a failure. */
export const listSaneScanners = async (limits = defaultSaneLimits): Promise<DocumentScanner[]> => {
  const { stdout } = await scanimage(['-f', '%d\t%v %m%n'], limits.list, limits.stop)
  const found = stdout
    .toString('utf8')
    .split('\n')
    .flatMap((line) => {
      const [device, name] = line.split('\t')
      return device === undefined || device === '' || name === undefined ? [] : [{ device, name }]
    })
  return await Promise.all(
    found.map(async ({ device, name }): Promise<DocumentScanner> => {
      const help = (await scanimage(['-d', device, '-A'], limits.list, limits.stop)).stdout.toString('utf8')
      const feeder = optionValues(help, 'source').some(isFeeder)
      return {
        id: `sane:${device}`,
        name: name.trim().slice(0, 200),
        kind: 'sane',
        sources: feeder ? ['flatbed', 'feeder'] : ['flatbed'],
      }
    }),
  )
}

/** SANE_Status of sane.h as `scanimage` ends with it. */
const failureOfStatus: Readonly<Record<number, DocumentScanFailure['type']>> = {
  3: 'scanner-busy', // SANE_STATUS_DEVICE_BUSY
  6: 'feeder-jam', // SANE_STATUS_JAMMED
  7: 'feeder-empty', // SANE_STATUS_NO_DOCS
  8: 'cover-open', // SANE_STATUS_COVER_OPEN
  9: 'scanner-unreachable', // SANE_STATUS_IO_ERROR
}

export const startSaneScan = async (
  device: string,
  settings: ScanSettings,
  limits = defaultSaneLimits,
): Promise<Result<ScanJob, DocumentScanFailure>> => {
  const asked = await scanimage(['-d', device, '-A'], limits.list, limits.stop)
  if (asked.code !== 0)
    return err({
      type: asked.missing ? 'no-such-scanner' : 'scanner-unreachable',
      detail: asked.stderr.trim() || `scanimage ${asked.code}`,
    })
  const help = asked.stdout.toString('utf8')
  const mode = optionValues(help, 'mode').find((each) => (settings.colour ? /^colou?r/i : /^gr[ae]y/i).test(each))
  const source = optionValues(help, 'source').find((each) => isFeeder(each) === (settings.source === 'feeder'))
  if (settings.source === 'feeder' && source === undefined) return err({ type: 'scan-refused', detail: 'no feeder' })
  const words = [
    ...['-d', device, '--format=jpeg', `--resolution=${settings.resolution}`],
    ...(mode === undefined ? [] : [`--mode=${mode}`]),
    ...(source === undefined ? [] : [`--source=${source}`]),
  ]
  const stopping = new AbortController()
  let pages = 0
  const next: ScanJob['next'] = async () => {
    if (settings.source === 'flatbed' && pages === 1) return ok(null)
    const run = await scanimage(words, limits.page, limits.stop, stopping.signal)
    if (run.aborted) return err({ type: 'cancelled', detail: 'stopped' })
    if (run.code === 7 && pages > 0) return ok(null)
    if (run.code !== 0)
      return err({
        type: run.code === null ? 'timeout' : (failureOfStatus[run.code] ?? 'scan-refused'),
        detail: run.stderr.trim() || `scanimage ${run.code}`,
      })
    if (run.stdout.length === 0) return err({ type: 'unreadable-page', detail: 'no bytes' })
    pages += 1
    return ok({ name: `trang ${pages}`, bytes: Uint8Array.from(run.stdout) })
  }
  return ok({
    next,
    cancel: async () => {
      stopping.abort()
    },
  })
}
