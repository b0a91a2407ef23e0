/**
 * A scanner in the network, by eSCL over HTTP (Mopria eSCL 2.97): capabilities, one job, its pages, the end.
 * Invariants: one address is asked and no other (a job's Location elsewhere is refused); every request has its limit; bodies are bounded.
 */
import type { DocumentScanFailure, DocumentScanner, ScanSettings } from '../../../contracts/document-scan.ts'
import { err, ok, type Result } from '../../../contracts/result.ts'
import type { ScanJob } from '../../ports/document-scanning.ts'
import { parseCapabilities, parseStatus, scanSettingsXml } from '../../protocols/escl/escl.ts'

export type EsclLimits = {
  /** An answer about the scanner, ms. */
  answer: number
  /** A page, ms: lamp warming up and 300 dpi included. */
  page: number
}
export const defaultEsclLimits: EsclLimits = { answer: 5_000, page: 90_000 }

const largestPage = 64 * 1024 * 1024
const largestText = 1024 * 1024
const busyPause = 1_000

const failure = (type: DocumentScanFailure['type'], detail: string) => err({ type, detail })

/** Reads at most `limit` bytes of a body. */
const bodyOf = async (response: Response, limit: number): Promise<Uint8Array | undefined> => {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body ?? []) {
    size += part.length
    if (size > limit) return undefined
    parts.push(part)
  }
  return Uint8Array.from(Buffer.concat(parts))
}

const textOf = async (response: Response): Promise<string> =>
  new TextDecoder().decode((await bodyOf(response, largestText)) ?? new Uint8Array())

const unreachable = (reason: unknown, signal?: AbortSignal): { ok: false; error: DocumentScanFailure } => {
  if (signal?.aborted === true) return failure('cancelled', 'stopped')
  const name = reason instanceof Error ? reason.name : ''
  return name === 'TimeoutError' ? failure('timeout', 'no answer in time') : failure('scanner-unreachable', name)
}

/** `address`: where eSCL lives, for example http://192.0.2.7/eSCL. Undefined when nothing there speaks eSCL. */
export const describeEsclScanner = async (address: string, limits = defaultEsclLimits): Promise<DocumentScanner | undefined> => {
  try {
    const answer = await fetch(`${address}/ScannerCapabilities`, {
      signal: AbortSignal.timeout(limits.answer),
      redirect: 'error',
    })
    const capabilities = answer.ok ? parseCapabilities(await textOf(answer)) : undefined
    if (capabilities === undefined || !capabilities.ok) return undefined
    const { name, flatbed, feeder } = capabilities.value
    return {
      id: `escl:${address}`,
      name: name.slice(0, 200),
      kind: 'escl',
      sources: [...(flatbed ? (['flatbed'] as const) : []), ...(feeder ? (['feeder'] as const) : [])],
    }
  } catch {
    return undefined
  }
}

export const startEsclScan = async (
  address: string,
  settings: ScanSettings,
  limits = defaultEsclLimits,
): Promise<Result<ScanJob, DocumentScanFailure>> => {
  const stopping = new AbortController()
  const within = (limit: number) => AbortSignal.any([stopping.signal, AbortSignal.timeout(limit)])
  let job: URL
  try {
    const before = await fetch(`${address}/ScannerStatus`, { signal: within(limits.answer), redirect: 'error' })
    const status = before.ok ? parseStatus(await textOf(before)) : undefined
    if (settings.source === 'feeder' && status?.ok === true) {
      const { feeder } = status.value
      if (feeder === 'empty') return failure('feeder-empty', 'ScannerAdfEmpty')
      if (feeder === 'jam') return failure('feeder-jam', 'ScannerAdfJam')
      if (feeder === 'open') return failure('cover-open', 'ScannerAdfHatchOpen')
    }
    const answer = await fetch(`${address}/ScanJobs`, {
      method: 'POST',
      headers: { 'content-type': 'text/xml; charset=utf-8' },
      body: scanSettingsXml(settings),
      signal: within(limits.answer),
      redirect: 'manual',
    })
    await answer.body?.cancel()
    if (answer.status === 503) return failure('scanner-busy', 'ScanJobs 503')
    const location = answer.headers.get('location')
    if (answer.status !== 201 || location === null) return failure('scan-refused', `ScanJobs ${answer.status}`)
    // Some scanners name themselves by a host that only they know: the path is theirs, the place is ours.
    const named = new URL(location, `${address}/`)
    job = new URL(named.pathname, address)
  } catch (reason) {
    return unreachable(reason)
  }

  let pages = 0
  const next: ScanJob['next'] = async () => {
    const signal = within(limits.page)
    try {
      for (;;) {
        const answer = await fetch(`${job.href}/NextDocument`, { signal, redirect: 'error' })
        if (answer.status === 404) {
          await answer.body?.cancel()
          return pages === 0 ? failure('unreadable-page', 'no page came') : ok(null)
        }
        if (answer.status === 503) {
          await answer.body?.cancel()
          await new Promise((resolve, reject) => {
            const timer = setTimeout(resolve, busyPause)
            signal.addEventListener('abort', () => {
              clearTimeout(timer)
              reject(signal.reason)
            })
          })
          continue
        }
        if (answer.status === 409) {
          await answer.body?.cancel()
          return failure(settings.source === 'feeder' ? 'feeder-jam' : 'scan-refused', 'NextDocument 409')
        }
        if (!answer.ok) {
          await answer.body?.cancel()
          return failure('scan-refused', `NextDocument ${answer.status}`)
        }
        const bytes = await bodyOf(answer, largestPage)
        if (bytes === undefined || bytes.length === 0) return failure('unreadable-page', 'empty, or far too large')
        pages += 1
        return ok({ name: `trang ${pages}`, bytes })
      }
    } catch (reason) {
      return unreachable(reason, stopping.signal)
    }
  }
  const cancel = async (): Promise<void> => {
    stopping.abort()
    await fetch(job.href, { method: 'DELETE', signal: AbortSignal.timeout(limits.answer) }).then(
      (answer) => answer.body?.cancel(),
      () => undefined,
    )
  }
  return ok({ next, cancel })
}
