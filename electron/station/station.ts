/**
 * The station: what the Node side of a kiosk does for its pages, in either shell. It keeps the device key and the device secret, which
 * never leave it, and asks the device host for cards.
 *
 * Invariants: every request is parsed on the way in and every response on the way out; an error of the work is inside the response;
 * what `handle` throws is a `StationRefusal` (the asker's fault, safe to tell) or a bug.
 */
import { createHmac, randomBytes } from 'node:crypto'
import { statfs } from 'node:fs/promises'
import { uptime } from 'node:os'
import { join } from 'node:path'
import type { z } from 'zod'
import { err, ok, type Result } from '../../contracts/result.ts'
import {
  type OperatorSecret,
  type StationDescription,
  StationEvent,
  type StationMethodName,
  type StationMethods,
  type StationStanding,
  stationMethods,
} from '../../contracts/station-api.ts'
import type { CardReader } from '../../hardware/ports/card-reader.ts'
import type { DocumentScanning } from '../../hardware/ports/document-scanning.ts'
import type { ScannerControl } from '../../hardware/ports/scanner-control.ts'
import { createCardEvidences } from './card-evidence.ts'
import { createCardReads } from './card-reads.ts'
import { makeClientAssertion } from './client-assertion.ts'
import { type DeviceKey, openDeviceKey, openingSigningBytes, packetSigningBytes, storeSigningBytes } from './device-key.ts'
import { enrolWithGateway, type Fetch } from './enrol-with-gateway.ts'
import { parseGatewayUrl } from './gateway-url.ts'
import { verifyLease } from './lease.ts'
import { createScanJobs } from './scan-jobs.ts'
import { openScannerDesk } from './scanner-desk.ts'
import { createSecretStore, randomSecret, type SecretBox } from './secret-store.ts'
import { openStationLedger } from './station-ledger.ts'
import { openStationRecord, type StationRecordFailure } from './station-record.ts'

export type Station = {
  readonly gatewayUrl: string
  /** Takes what a page sent, as it came. */
  handle(method: string, request: unknown): Promise<unknown>
  /** Returns its own unsubscribe. */
  onEvent(listener: (event: StationEvent) => void): () => void
  /** Tells the pages, then lets go of the devices. */
  stop(): Promise<void>
}

export type StationOptions = {
  dataDir: string
  gatewayUrl: string
  /** Where the pages live: the scheme's origin in Electron, http://127.0.0.1:PORT in the loopback shell. */
  origin: string
  shell: 'electron' | 'loopback'
  version: string
  simulatedReader: boolean
  /** Of the mending of the browser's store, where there was one. */
  storeMended?: string | undefined
  devices: CardReader & ScannerControl
  documentScanners: DocumentScanning
  secretBoxes: readonly SecretBox[]
  fetch: Fetch
  /** Wall clock and uptime, milliseconds. */
  clocks?: { wallMs: () => number; uptimeMs: () => number }
}

export type StationStartFailure = StationRecordFailure | { type: 'gateway-url-invalid'; detail: string }

export class StationRefusal extends Error {
  readonly reason: 'unknown-method' | 'invalid-request' | 'not-enrolled' | 'stopping'
  constructor(reason: StationRefusal['reason'], detail: string) {
    super(detail)
    this.name = 'StationRefusal'
    this.reason = reason
  }
}

type Handlers = {
  [M in StationMethodName]: (
    request: z.output<StationMethods[M]['request']>,
  ) => Promise<z.input<StationMethods[M]['response']>> | z.input<StationMethods[M]['response']>
}

const isMethod = (name: string): name is StationMethodName => Object.hasOwn(stationMethods, name)

const dayMs = 86_400_000
/** Of the gateway's that says nothing. */
const defaultDraftHours = 72
const heartbeatMs = 60_000
/** Attempts of the whole machine, whoever is named: enough for a point where all sign in at once, too few to search a PIN by. */
const mostInTime = { most: 60, perMs: 600_000 }

export const createStation = async (options: StationOptions): Promise<Result<Station, StationStartFailure>> => {
  const gateway = parseGatewayUrl(options.gatewayUrl)
  if (!gateway.ok) return gateway
  const gatewayUrl = gateway.value
  const opened = await openStationRecord(options.dataDir, { origin: options.origin, gatewayUrl })
  if (!opened.ok) return opened
  const record = opened.value
  const secrets = await createSecretStore(options.dataDir, options.secretBoxes)
  const deviceSecret = await secrets.keep('device-secret', randomSecret)
  let keyInHand: DeviceKey | undefined
  const deviceKey = async (): Promise<DeviceKey> => {
    keyInHand ??= await openDeviceKey(secrets)
    return keyInHand
  }
  const clocks = options.clocks ?? { wallMs: () => Date.now(), uptimeMs: () => uptime() * 1000 }
  const ledger = await openStationLedger(join(options.dataDir, 'ledger'), clocks)
  const heartbeat = setInterval(() => void ledger.beat().catch(() => undefined), heartbeatMs)
  heartbeat.unref()

  const listeners = new Set<(event: StationEvent) => void>()
  let stopping: Promise<void> | undefined
  const emit = (event: StationEvent): void => {
    const parsed = StationEvent.parse(event)
    for (const listener of [...listeners]) listener(parsed)
  }
  const evidences = createCardEvidences(clocks.uptimeMs)
  const reads = createCardReads(options.devices, {
    progress(readId, progress) {
      if (!stopping) emit({ type: 'card-progress', readId, progress })
    },
    text(readId, text) {
      if (!stopping) emit({ type: 'card-text', readId, text })
    },
    evidence: evidences.hear,
  })
  const scans = createScanJobs(options.documentScanners)
  const unwatch = options.devices.watchReaders((readers) => {
    if (!stopping) emit({ type: 'readers', readers })
  })

  const scanner = await openScannerDesk({
    folder: options.dataDir,
    devices: options.devices,
    simulated: options.simulatedReader,
    onStatus: (status) => {
      if (!stopping) emit({ type: 'scanner', status })
    },
    onScan: (scan) => {
      if (!stopping) emit({ type: 'scan', scan })
    },
  })

  const descriptionNow = (): StationDescription => {
    const enrolment = record.enrolment()
    // The desk's later word: the point may have been enrolled before its place was known.
    const pointPlace = record.lease()?.pointPlace ?? enrolment?.pointPlace
    return {
      shell: options.shell,
      version: options.version,
      gatewayUrl,
      deviceSecret: deviceSecret.protection,
      simulatedReader: options.simulatedReader,
      ...(options.storeMended === undefined ? {} : { storeMended: options.storeMended }),
      enrolment: enrolment && {
        stationId: enrolment.stationId,
        pointName: enrolment.pointName,
        stationName: enrolment.stationName,
        ...(pointPlace === undefined ? {} : { pointPlace }),
        demo: enrolment.demo,
        keys: enrolment.keys,
      },
    }
  }

  const enrolled = () => {
    const enrolment = record.enrolment()
    if (!enrolment) throw new StationRefusal('not-enrolled', 'the station is not enrolled with a gateway')
    return enrolment
  }

  const underSecret = (text: string) => createHmac('sha256', deviceSecret.bytes).update(text, 'utf8').digest('base64url')
  const bind = ({ operatorId, way, input }: { operatorId: string; way: OperatorSecret; input: string }) =>
    underSecret(`tram vault|${way}|${operatorId.toLowerCase()}|${input}`)
  let attempts: number[] = []
  /** Ms to wait, 0 when there was one left to take. */
  const takeAttempt = (): number => {
    const now = clocks.uptimeMs()
    attempts = attempts.filter((at) => now - at < mostInTime.perMs)
    const [first] = attempts
    if (first !== undefined && attempts.length >= mostInTime.most) return first + mostInTime.perMs - now
    attempts.push(now)
    return 0
  }

  const disk = async (): Promise<StationStanding['disk']> => {
    const found = await statfs(options.dataDir).catch(() => null)
    return found && { freeBytes: found.bavail * found.bsize, totalBytes: found.blocks * found.bsize }
  }

  const standing = async (): Promise<StationStanding> => {
    const lease = record.lease()
    return {
      elapsedMs: ledger.elapsedMs(),
      draftHours: lease?.draftHours ?? defaultDraftHours,
      offline: lease && { ms: ledger.offlineMs(), limitMs: lease.offlineDays * dayMs },
      removedOperators: lease?.removedOperators ?? [],
      recovery: lease?.recovery ?? null,
      keepMonths: lease?.keepMonths ?? null,
      catalogue: lease?.catalogue ?? null,
      disk: await disk(),
    }
  }

  let leaseNonce: string | undefined
  const applyLease: Handlers['applyLease'] = async ({ lease }) => {
    const verified = verifyLease(lease, enrolled())
    if (!verified.ok) return verified
    const { nonce, issuedAt } = verified.value
    if (nonce !== leaseNonce) return err({ type: 'lease-outdated', detail: issuedAt })
    leaseNonce = undefined
    try {
      // What it says first: a lease that counts as heard was obeyed.
      await record.keepLease(verified.value)
      await ledger.leaseCame(Date.parse(issuedAt), verified.value.removedOperators)
    } catch (error) {
      return err({ type: 'lease-not-stored', detail: error instanceof Error && 'code' in error ? String(error.code) : 'failed' })
    }
    return ok(await standing())
  }

  /** Two enrolments at once would spend two codes for one record. */
  let enrolling = false
  const handlers: Handlers = {
    describe: descriptionNow,
    async enrol({ code }) {
      if (record.enrolment() || enrolling) return err({ type: 'already-enrolled', detail: 'this station has its enrolment' })
      enrolling = true
      try {
        const { publicKey } = await deviceKey()
        const answer = await enrolWithGateway({
          fetch: options.fetch,
          gatewayUrl,
          code,
          deviceKey: publicKey,
          shell: options.shell,
        })
        if (!answer.ok) return answer
        const { lease, ...enrolment } = answer.value
        await record.pin({ ...enrolment, gatewayUrl })
        leaseNonce = publicKey.x
        if (lease !== undefined) await applyLease({ lease })
        return ok(descriptionNow())
      } finally {
        enrolling = false
      }
    },
    deviceCheck: () => ({ output: underSecret('tram device check') }),
    bindToDevice: ({ proof, ...asked }) =>
      ledger.proves(asked.operatorId, proof) ? ok({ output: bind(asked) }) : err({ type: 'not-proven' }),
    async tryOperatorSecret({ operatorId, way, input, knownFailures }) {
      const lease = record.lease()
      if (lease?.removedOperators.includes(operatorId)) return err({ type: 'removed' })
      const waitMs = takeAttempt()
      if (waitMs > 0) return err({ type: 'locked-out', waitMs })
      const counted = await ledger.attempt({
        operatorId,
        way,
        knownFailures: knownFailures ?? 0,
        offlineLimitMs: lease && lease.offlineDays * dayMs,
      })
      return counted.ok ? ok({ output: bind({ operatorId, way, input }), ...counted.value }) : counted
    },
    settleAttempt: async ({ operatorId, proof }) => ({ cleared: await ledger.settle(operatorId, proof) }),
    standing,
    leaseNonce() {
      leaseNonce = randomBytes(16).toString('base64url')
      return { nonce: leaseNonce }
    },
    applyLease,
    async signPacket({ digest, counter }) {
      enrolled()
      const key = await deviceKey()
      if (!(await record.takeCounter(counter))) return err({ type: 'counter-used', lastCounter: record.lastCounter() })
      return ok({ signature: Buffer.from(key.sign(packetSigningBytes(digest))).toString('base64url') })
    },
    async signSupplementOpening({ requestId, operatorId, recipient }) {
      const { stationId } = enrolled()
      if (record.lease()?.removedOperators.includes(operatorId)) return err({ type: 'removed' })
      const key = await deviceKey()
      const words = openingSigningBytes({ stationId, requestId, operatorId, recipient })
      return ok({ signature: Buffer.from(key.sign(words)).toString('base64url') })
    },
    async signStoreOpening({ readId, ...asked }) {
      const { stationId } = enrolled()
      if (record.lease()?.removedOperators.includes(asked.operatorId)) return err({ type: 'removed' })
      const evidence = evidences.find(readId)
      if (evidence === undefined) return err({ type: 'not-read' })
      const key = await deviceKey()
      const words = storeSigningBytes({ stationId, evidence, ...asked })
      return ok({ signature: Buffer.from(key.sign(words)).toString('base64url'), evidence })
    },
    async clientAssertion({ challenge, time }) {
      const { stationId } = enrolled()
      return { assertion: makeClientAssertion(await deviceKey(), { stationId, gatewayUrl, challenge, time }) }
    },
    listReaders: () => options.devices.listReaders(),
    async readCard({ readId, ...request }) {
      const answered = await reads.read(readId, request)
      evidences.settle(readId, answered.ok ? answered.value : undefined)
      return answered
    },
    cancelRead({ readId }) {
      reads.cancel(readId)
      return {}
    },
    describeScanner: () => scanner.status(),
    listScannerDevices: () => options.devices.listScannerDevices(),
    configureScanner: ({ configuration }) => scanner.configure(configuration),
    presentSpecimenCode: ({ specimen }) => options.devices.presentSpecimenCode(specimen),
    listDocumentScanners: async () => ({ scanners: await options.documentScanners.list() }),
    startScan: (settings) => scans.start(settings),
    nextScannedPage: ({ scanId }) => scans.next(scanId),
    async cancelScan({ scanId }) {
      await scans.cancel(scanId)
      return {}
    },
  }

  const answer = async <M extends StationMethodName>(method: M, request: unknown): Promise<unknown> => {
    const { request: requestSchema, response: responseSchema } = stationMethods[method]
    const parsed = requestSchema.safeParse(request)
    // The issues' paths alone: the values may be personal.
    if (!parsed.success) {
      const fields = parsed.error.issues.map((issue) => issue.path.join('.') || '(whole)').join(', ')
      throw new StationRefusal('invalid-request', `${method}: ${fields}`)
    }
    const handler: (input: z.output<StationMethods[M]['request']>) => unknown = handlers[method]
    return responseSchema.parse(await handler(parsed.data as z.output<StationMethods[M]['request']>))
  }

  const stop = async (): Promise<void> => {
    emit({ type: 'station-stopping' })
    clearInterval(heartbeat)
    unwatch()
    scanner.close()
    reads.cancelAll()
    evidences.clear()
    await scans.end()
    await options.devices.close()
    await ledger.beat().catch(() => undefined)
    await record.close().catch(() => undefined)
    listeners.clear()
  }

  return ok({
    gatewayUrl,
    async handle(method, request) {
      if (stopping) throw new StationRefusal('stopping', 'the station is stopping')
      if (!isMethod(method)) throw new StationRefusal('unknown-method', 'no such method')
      return answer(method, request)
    },
    onEvent(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    stop() {
      stopping ??= stop()
      return stopping
    },
  })
}
