/**
 * The composition root of devices, a process of its own: a driver that crashes takes nothing else along.
 *
 *     device-host --readers=pcsc|simulated [--trust=FOLDER] [--memory=FILE]
 *
 * TRAM_SIMULATED_FAULTS gives the specimens' chips faults to practise with (`chip-fault-words.ts`).
 *
 * Runs under child_process.fork and Electron's utilityProcess alike, from Node 18 on. Invariants: every message is parsed; what is
 * not understood is dropped; the process ends when its parent is gone. No personal data is logged: nothing is.
 */
import { parseArgs } from 'node:util'
import { type HostMessage, HostRequest } from './device-host-messages.ts'
import { createPcscCardReader } from './drivers/pcsc-card-reader.ts'
import type { CardReader } from './ports/card-reader.ts'
import { noTrust } from './protocols/passive-authentication/trust-anchors.ts'
import { openReaderMemory } from './reader-memory-file.ts'
import { createScannerHost } from './scanner-host.ts'
import { chipFaultsOf } from './simulators/chip/chip-fault-words.ts'
import { createSimulatedCardReader } from './simulators/simulated-card-reader.ts'
import { loadTrust } from './trust-store/trust-folder.ts'

/** As Electron's utilityProcess has it; absent under child_process.fork. */
type ParentPort = {
  on(event: 'message', listener: (event: { data: unknown }) => void): void
  postMessage(message: unknown): void
}

const parentPort = (process as NodeJS.Process & { parentPort?: ParentPort }).parentPort

const say = (message: HostMessage): void => {
  if (parentPort !== undefined) parentPort.postMessage(message)
  // Its parent may be gone between the question and the word: nobody hears, nothing fails.
  else if (process.connected) process.send?.(message, undefined, undefined, () => {})
}

/** About what a contactless reader takes for a command: a demo should not be quicker than the real thing. */
const simulatedExchangeMs = 30

const { values } = parseArgs({
  options: { readers: { type: 'string', default: 'pcsc' }, trust: { type: 'string' }, memory: { type: 'string' } },
  strict: false,
})
/** Read once: who adds to the trust store starts the kiosk anew. */
const trust = typeof values.trust === 'string' ? loadTrust(values.trust, false).trust : noTrust
const reader: CardReader =
  values.readers === 'simulated'
    ? createSimulatedCardReader({
        exchangeMs: simulatedExchangeMs,
        faults: chipFaultsOf(process.env.TRAM_SIMULATED_FAULTS ?? ''),
      })
    : createPcscCardReader({ trust, ...(typeof values.memory === 'string' ? { memory: openReaderMemory(values.memory) } : {}) })

const scanner = createScannerHost({ simulated: values.readers === 'simulated' })
scanner.watchScanner({
  onStatus: (status) => say({ type: 'scanner', status }),
  onScan: (scan) => say({ type: 'scan', scan }),
})

const running = new Map<number, AbortController>()
let unwatch: (() => void) | undefined

const stop = async (): Promise<void> => {
  unwatch?.()
  for (const controller of running.values()) controller.abort()
  await Promise.all([reader.close(), scanner.close()])
  process.exit(0)
}

const read = async (callId: number, request: Extract<HostRequest, { type: 'read' }>['request']): Promise<void> => {
  const controller = new AbortController()
  running.set(callId, controller)
  const result = await reader.read(request, {
    signal: controller.signal,
    onProgress: (progress) => say({ type: 'progress', callId, progress }),
    onText: (text) => say({ type: 'text', callId, text }),
    onEvidence: (evidence) => say({ type: 'evidence', callId, evidence }),
  })
  running.delete(callId)
  say({ type: 'read', callId, result })
}

const obey = async (message: unknown): Promise<void> => {
  const parsed = HostRequest.safeParse(message)
  if (!parsed.success) return
  const request = parsed.data
  switch (request.type) {
    case 'list':
      say({ type: 'listed', callId: request.callId, result: await reader.listReaders() })
      return
    case 'read':
      await read(request.callId, request.request)
      return
    case 'cancel':
      running.get(request.callId)?.abort()
      return
    case 'watch':
      unwatch ??= reader.watchReaders((readers) => say({ type: 'readers', readers }))
      return
    case 'unwatch':
      unwatch?.()
      unwatch = undefined
      return
    case 'list-scanners':
      say({ type: 'scanners-listed', callId: request.callId, result: await scanner.listScannerDevices() })
      return
    case 'configure-scanner':
      say({ type: 'scanner-configured', callId: request.callId, result: await scanner.configureScanner(request.configuration) })
      return
    case 'present-specimen':
      say({ type: 'specimen-presented', callId: request.callId, result: await scanner.presentSpecimenCode(request.specimen) })
      return
    case 'stop':
      await stop()
  }
}

/** A bug ends the process: the client answers what was pending and starts another. */
const hear = (message: unknown): void => {
  obey(message).catch((error: unknown) => {
    console.error(error instanceof Error ? error.stack : error)
    process.exit(1)
  })
}

if (parentPort !== undefined) parentPort.on('message', (event) => hear(event.data))
else {
  process.on('message', hear)
  process.on('disconnect', () => void stop())
}
say({ type: 'ready' })
