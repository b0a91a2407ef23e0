/**
 * The station's end of the device host: the `CardReader` port over a process that may die.
 *
 * Invariants: every call is answered: by the host, with 'device-host-crashed' when it dies, with 'timeout' when it hangs (it is
 * then killed). A host that dies is started again with
 * growing pauses (bounded); one that lived a while starts the count anew. Watchers survive: they hear of an empty list, then of the
 * readers of the next host. Works in Node 18 and Electron's main process.
 */
import { z } from 'zod'
import { type CardFailure, type CardReading, CardReadRequest, type ReaderStatus } from '../contracts/card.ts'
import { err, ok, type Result } from '../contracts/result.ts'
import type { ScanFailure, ScannerConfiguration, ScannerStatus } from '../contracts/scan.ts'
import { HostMessage, type HostRequest } from './device-host-messages.ts'
import type { CardReader } from './ports/card-reader.ts'
import type { CodeScannerListener } from './ports/code-scanner.ts'
import type { ScannerControl } from './ports/scanner-control.ts'

/** One running host, whatever started it: child_process.fork, utilityProcess. */
export type DeviceHostProcess = {
  send(message: HostRequest): void
  onMessage(listener: (message: unknown) => void): void
  /** Called once, also when it could not be started. */
  onExit(listener: () => void): void
  kill(): void
}

export type DeviceHostClient = CardReader & ScannerControl

type Pending = { fail(failure: CardFailure): void; hear(message: HostMessage): void }

export const createDeviceHostClient = (options: {
  spawn: () => DeviceHostProcess
  /** Pauses before the next start, ms; the last one repeats. */
  backoff?: readonly number[]
  /** A host that lived this long, ms, was well. */
  wellAfter?: number
  /** When a host that does not answer is given up, ms. A read waits for its turn, then for its card. */
  limits?: { list: number; read: number }
}): DeviceHostClient => {
  const backoff = options.backoff ?? [100, 500, 2_000, 10_000]
  const limits = options.limits ?? { list: 10_000, read: 120_000 }
  const wellAfter = options.wellAfter ?? 30_000
  const pendingByCall = new Map<number, Pending>()
  const watchers = new Set<(readers: ReaderStatus[]) => void>()
  const queued: HostRequest[] = []
  let host: DeviceHostProcess | undefined
  let ready = false
  let closed = false
  let failures = 0
  let lastCallId = 0
  let lastReaders: ReaderStatus[] | undefined
  let restart: ReturnType<typeof setTimeout> | undefined

  const crashed: CardFailure = { type: 'device-host-crashed', detail: 'the device process ended', retry: true }

  const scannerWatchers = new Set<CodeScannerListener>()
  /** Kept for the next host: it begins without one. */
  let scannerConfiguration: ScannerConfiguration | undefined
  let scannerStatus: ScannerStatus | undefined

  const tellScanner = (status: ScannerStatus): void => {
    scannerStatus = status
    for (const watcher of [...scannerWatchers]) watcher.onStatus(status)
  }

  const tell = (readers: ReaderStatus[]): void => {
    lastReaders = readers
    for (const watcher of [...watchers]) watcher(readers)
  }

  const send = (message: HostRequest): void => {
    if (host !== undefined && ready) host.send(message)
    else queued.push(message)
  }

  const start = (): void => {
    restart = undefined
    const started = options.spawn()
    const startedAt = Date.now()
    let ended = false
    host = started
    ready = false
    started.onMessage((raw) => {
      const parsed = HostMessage.safeParse(raw)
      if (host !== started) return
      if (!parsed.success) {
        const unclear = z.object({ callId: z.number() }).safeParse(raw)
        if (unclear.success)
          pendingByCall.get(unclear.data.callId)?.fail({ ...crashed, detail: 'an answer that is not understood' })
        return
      }
      const message = parsed.data
      if (message.type === 'ready') {
        ready = true
        if (watchers.size > 0) started.send({ type: 'watch' })
        const waitsForScanner = queued.some(({ type }) => type === 'configure-scanner')
        if (scannerConfiguration !== undefined && !waitsForScanner) {
          lastCallId += 1
          started.send({ type: 'configure-scanner', callId: lastCallId, configuration: scannerConfiguration })
        }
        for (const waiting of queued.splice(0)) started.send(waiting)
      } else if (message.type === 'readers') tell(message.readers)
      else if (message.type === 'scanner') tellScanner(message.status)
      else if (message.type === 'scan') for (const watcher of [...scannerWatchers]) watcher.onScan(message.scan)
      else pendingByCall.get(message.callId)?.hear(message)
    })
    started.onExit(() => {
      if (ended) return
      ended = true
      if (host === started) {
        host = undefined
        ready = false
      }
      queued.length = 0
      for (const pending of [...pendingByCall.values()]) pending.fail(crashed)
      if (closed) return
      if (watchers.size > 0) tell([])
      if (scannerStatus !== undefined && scannerStatus.state !== 'off')
        tellScanner({ ...scannerStatus, state: 'waiting', failure: scannerFailed(crashed) })
      failures = Date.now() - startedAt > wellAfter ? 1 : failures + 1
      restart = setTimeout(start, backoff[Math.min(failures, backoff.length) - 1] ?? 0)
    })
  }

  const scannerFailed = ({ detail }: CardFailure): ScanFailure => ({ type: 'scanner-failed', detail, retry: true })

  const callScanner = async <T>(
    makeRequest: (callId: number) => HostRequest,
    take: (message: HostMessage) => Result<T, ScanFailure> | undefined,
  ): Promise<Result<T, ScanFailure>> => {
    const answered = await call<Result<T, ScanFailure>>(limits.list, makeRequest, (message) => {
      const result = take(message)
      return result === undefined ? undefined : ok(result)
    })
    return answered.ok ? answered.value : err(scannerFailed(answered.error))
  }

  const call = <T>(
    limit: number,
    makeRequest: (callId: number) => HostRequest,
    take: (message: HostMessage) => Result<T, CardFailure> | undefined,
    onCallId: (callId: number) => void = () => {},
  ): Promise<Result<T, CardFailure>> =>
    new Promise((resolve) => {
      lastCallId += 1
      const callId = lastCallId
      // While the next host is only waited for, an answer now is worth more than one after the pause.
      if (closed || host === undefined) {
        resolve(err(crashed))
        return
      }
      const finish = (result: Result<T, CardFailure>): void => {
        clearTimeout(timer)
        pendingByCall.delete(callId)
        resolve(result)
      }
      const asked = host
      const timer = setTimeout(() => {
        finish(err({ type: 'timeout', detail: 'the device process does not answer', retry: true }))
        asked.kill()
      }, limit)
      pendingByCall.set(callId, {
        fail: (failure) => finish(err(failure)),
        hear(message) {
          const result = take(message)
          if (result !== undefined) finish(result)
        },
      })
      send(makeRequest(callId))
      onCallId(callId)
    })

  start()

  return {
    listReaders: () =>
      call<ReaderStatus[]>(
        limits.list,
        (callId) => ({ type: 'list', callId }),
        (message) => (message.type === 'listed' ? message.result : undefined),
      ),
    watchReaders(listener) {
      watchers.add(listener)
      if (watchers.size === 1) {
        if (ready) send({ type: 'watch' })
      } else if (lastReaders !== undefined) listener(lastReaders)
      return () => {
        if (!watchers.delete(listener) || watchers.size > 0) return
        lastReaders = undefined
        if (ready) send({ type: 'unwatch' })
      }
    },
    async read(request, readOptions = {}) {
      const { signal, onProgress, onText, onEvidence } = readOptions
      const parsed = CardReadRequest.safeParse(request)
      if (!parsed.success)
        return err({
          type: 'invalid-request',
          detail: parsed.error.issues.map(({ path }) => path.join('.')).join(', '),
          retry: false,
        })
      if (signal?.aborted === true) return err({ type: 'cancelled', detail: 'before it began', retry: true })
      let cancel: () => void = () => {}
      const onAbort = (): void => cancel()
      signal?.addEventListener('abort', onAbort, { once: true })
      try {
        return await call<CardReading>(
          limits.read,
          (callId) => ({ type: 'read', callId, request: parsed.data }),
          (message) => {
            if (message.type === 'progress') onProgress?.(message.progress)
            if (message.type === 'text') onText?.(message.text)
            if (message.type === 'evidence') onEvidence?.(message.evidence)
            return message.type === 'read' ? message.result : undefined
          },
          (callId) => {
            cancel = () => send({ type: 'cancel', callId })
          },
        )
      } finally {
        signal?.removeEventListener('abort', onAbort)
      }
    },
    configureScanner(configuration) {
      scannerConfiguration = configuration
      return callScanner(
        (callId) => ({ type: 'configure-scanner', callId, configuration }),
        (message) => (message.type === 'scanner-configured' ? message.result : undefined),
      )
    },
    listScannerDevices: () =>
      callScanner(
        (callId) => ({ type: 'list-scanners', callId }),
        (message) => (message.type === 'scanners-listed' ? message.result : undefined),
      ),
    presentSpecimenCode: (specimen) =>
      callScanner(
        (callId) => ({ type: 'present-specimen', callId, specimen }),
        (message) => (message.type === 'specimen-presented' ? message.result : undefined),
      ),
    watchScanner(listener) {
      scannerWatchers.add(listener)
      if (scannerStatus !== undefined) listener.onStatus(scannerStatus)
      return () => {
        scannerWatchers.delete(listener)
      }
    },
    async close() {
      if (closed) return
      closed = true
      clearTimeout(restart)
      watchers.clear()
      scannerWatchers.clear()
      const ending = host
      if (ending === undefined) return
      const ended = new Promise<void>((resolve) => ending.onExit(resolve))
      if (ready) ending.send({ type: 'stop' })
      const timer = setTimeout(() => ending.kill(), ready ? 2_000 : 0)
      await ended
      clearTimeout(timer)
    },
  }
}
