/**
 * One scanner listened to for as long as the station wants: opened, and opened again whenever it went away.
 *
 * Invariants: while it is away it is looked for every `retryMs`, and told of once per reason; a link that is closing tells nothing more;
 * after `close` nothing is told at all. No wait is without end: a link that neither opens nor fails is told as a fault, and the next try
 * comes when the system has answered the one before, because a second would wait behind it.
 */

import type { Result } from '../../contracts/result.ts'
import type { ScanFailure, ScannerConfiguration, ScannerStatus } from '../../contracts/scan.ts'
import type { CodeScanner, CodeScannerListener, OpenCodeScanner } from '../ports/code-scanner.ts'
import type { CodeFrame } from '../protocols/scanning/code-frames.ts'
import { decodeCode } from '../protocols/scanning/decode-code.ts'

export type ScannerLink = { name: string; close(): Promise<void> }

/** What an open link tells: its frames as they come, and that it went away (once). */
export type LinkListener = { onFrames(frames: readonly CodeFrame[]): void; onGone(detail: string): void }

export type OpenScannerLink = (listener: LinkListener) => Promise<Result<ScannerLink, ScanFailure>>

export const scanFailure = (type: ScanFailure['type'], detail: string): { ok: false; error: ScanFailure } => ({
  ok: false,
  error: { type, detail, retry: type !== 'scanner-settings-refused' },
})

const within = async <T>(ms: number, promise: Promise<T>): Promise<T | undefined> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const limit = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms)
  })
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer))
}

export const openScannerSession =
  (options: {
    configuration: ScannerConfiguration
    openLink: OpenScannerLink
    retryMs?: number
    /** How long opening, and closing, may take. */
    linkMs?: number
    specimens?: string[]
    now?: () => Date
  }): OpenCodeScanner =>
  (listener: CodeScannerListener): CodeScanner => {
    const { configuration, openLink, retryMs = 1_000, linkMs = 5_000, now = () => new Date() } = options
    const base = { configuration, ...(options.specimens === undefined ? {} : { specimens: options.specimens }) }
    let status: ScannerStatus = {
      ...base,
      name: '',
      state: 'waiting',
      failure: { type: 'no-scanner', detail: 'not looked for yet', retry: true },
    }
    let link: ScannerLink | undefined
    let retry: ReturnType<typeof setTimeout> | undefined
    let closed = false
    let told = ''

    const tell = (next: ScannerStatus): void => {
      status = next
      const text = JSON.stringify(next)
      if (closed || text === told) return
      told = text
      listener.onStatus(next)
    }

    const notAnswering = scanFailure('scanner-failed', `neither opened nor refused within ${linkMs} ms`)
    const wait = (failure: ScanFailure): void => {
      tell({ ...base, name: status.name, state: 'waiting', failure })
      if (!closed) retry = setTimeout(() => void look(), retryMs)
    }

    const look = async (): Promise<void> => {
      let gone: string | undefined
      let current = true
      const opening = openLink({
        onFrames(frames) {
          if (closed || !current) return
          for (const frame of frames) {
            if (frame.type === 'too-long') {
              listener.onScan(scanFailure('code-unreadable', 'longer than any code'))
              continue
            }
            const text = decodeCode(frame.bytes)
            listener.onScan(
              text.ok
                ? { ok: true, value: { text: text.value, scannerName: status.name, at: now().toISOString() } }
                : { ok: false, error: text.error },
            )
          }
        },
        onGone(detail) {
          if (!current) return
          current = false
          gone = detail
          if (link === undefined) return
          const lost = link
          link = undefined
          void lost.close().catch(() => undefined)
          wait({ type: 'no-scanner', detail, retry: true })
        },
      })
      const opened = await within(linkMs, opening)
      if (opened === undefined) {
        current = false
        tell({ ...base, name: status.name, state: 'waiting', failure: notAnswering.error })
        const late = await opening
        if (late.ok) await within(linkMs, late.value.close())
        return wait(notAnswering.error)
      }
      if (!opened.ok) return wait(opened.error)
      if (closed) return opened.value.close()
      if (gone !== undefined) {
        void opened.value.close().catch(() => undefined)
        return wait({ type: 'no-scanner', detail: gone, retry: true })
      }
      link = opened.value
      tell({ ...base, name: link.name, state: 'ready' })
    }

    // The first status is told before anything else, yet after the caller has what it opened.
    queueMicrotask(() => void look())

    return {
      status: () => status,
      async close() {
        closed = true
        clearTimeout(retry)
        const open = link
        link = undefined
        if (open !== undefined) await within(linkMs, open.close()).catch(() => undefined)
      },
    }
  }
