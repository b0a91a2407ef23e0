/**
 * The gateway's machine: the real intake, completion, feed and delivery over a disk in memory, behind as much of HTTP as the kiosk sees.
 * It is killed at its effects and started again; what its disk had synced is all that a new one finds.
 */
import { z } from 'zod'
import { Packet } from '../../contracts/packet.ts'
import { startDelivery } from '../../sync/gateway/connectors/delivery.ts'
import { createCompletion } from '../../sync/gateway/packets/completion.ts'
import { createFeed, type Feed } from '../../sync/gateway/packets/feed.ts'
import { createIntake } from '../../sync/gateway/packets/intake.ts'
import type { AttachmentFiles } from '../../sync/gateway/packets/intake-ports.ts'
import { createPapersInHand } from '../../sync/gateway/packets/papers-in-hand.ts'
import { readRecords } from '../../sync/gateway/packets/records.ts'
import { problemOf, type Refusal } from '../../sync/gateway/problem.ts'
import { unpackConsignment } from '../../sync/packet/consignment.ts'
import { parseHeader } from '../../sync/packet/packet-codec.ts'
import { unpackParcel } from '../../sync/packet/parcel.ts'
import type { Agency } from './agency.ts'
import { basisOf } from './agency-desk.ts'
import type { Faults } from './faults.ts'
import {
  createGatewayTables,
  createMemoryPacketStore,
  cutFiles,
  fileName,
  type GatewayFiles,
  type GatewayTables,
  type Transact,
} from './gateway-disk.ts'
import { createModelSeals, signModelReceipt, verifyModelAttachment } from './model-seals.ts'
import type { PlantedBug } from './planted-bugs.ts'
import { createProcess, type Process } from './processes.ts'
import type { Random } from './random.ts'
import type { Scheduler } from './virtual-time.ts'

export type SimulatedRequest = { method: string; path: string; headers: Record<string, string>; body?: string | Uint8Array }
export type SimulatedAnswer = { status: number; headers: Record<string, string>; body: string }

const deliveryPollMs = 20_000
/** PostgreSQL gives a statement up after that (storage/database.ts), also one whose gateway is no more. */
const longestTransactionMs = 20_000

const json = (status: number, value: unknown): SimulatedAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})
const refused = (refusal: Refusal): SimulatedAnswer => {
  const problem = problemOf(refusal)
  return { ...json(problem.status, problem), headers: problem.type === 'busy' ? { 'retry-after': '5' } : {} }
}
const empty = (status: number, headers: Record<string, string> = {}): SimulatedAnswer => ({ status, headers, body: '' })

const UpdatesQuery = z.object({ after: z.coerce.number(), wait: z.coerce.number() })

export const createSimulatedGateway = (options: {
  scheduler: Scheduler
  faults: Faults
  random: Random
  agency: Agency
  /** Dossiers whose answers say so are refused for good. */
  onCommit: () => void
  bug?: PlantedBug
}) => {
  const { scheduler, faults, random, agency, bug } = options
  const tables = createGatewayTables()
  const files: GatewayFiles = new Map()
  const keys = { current: 'seal-1', opens: new Set(['seal-1']) }
  const revoked = new Set<string>()
  let running: { process: Process; serve: (request: SimulatedRequest) => Promise<SimulatedAnswer>; feed: Feed } | undefined

  const start = () => {
    const callers = new Set<() => void>()
    let powerCut = false
    const process = createProcess({
      scheduler,
      random,
      latencyMs: [1, 12],
      death: (from) =>
        faults.strikes('gateway-killed-before-effect', from)
          ? 'before'
          : faults.strikes('gateway-killed-after-effect', from)
            ? 'after'
            : undefined,
      outlivedBy: (from) => {
        if (powerCut || faults.healed() || from.chance(0.5)) return undefined
        faults.note('transaction-outlives-gateway')
        return from.between(1, longestTransactionMs)
      },
      onKilled: () => {
        running = undefined
        powerCut = faults.strikes('gateway-power-cut', random)
        if (powerCut || (bug === 'ack-before-fsync' && random.chance(0.5))) cutFiles(files)
        // A machine whose process dies tells its callers so; one without power does not.
        if (!powerCut) for (const hangUp of callers) hangUp()
        scheduler.at(random.between(500, faults.healed() ? 1_000 : random.pick([2_000, 2_000, 90_000])), start)
      },
    })
    const { effect } = process
    const transact: Transact = (work) =>
      process.entrust(() => {
        const value = work(tables)
        options.onCommit()
        return value
      })
    const store = createMemoryPacketStore(transact, bug)
    const clock = process.clock(() => 1_795_000_000_000)
    const now = () => new Date(clock.now())
    const attachmentFiles: AttachmentFiles = {
      durableSize: (name) =>
        effect(() => {
          const file = files.get(fileName(name))
          if (file === undefined) return undefined
          // What a killed gateway wrote and did not sync is synced before it is counted.
          if (bug !== 'ack-before-fsync') files.set(fileName(name), { ...file, synced: file.bytes.length })
          return file.bytes.length
        }),
      // Synced under another name, then renamed: a file that is there already is replaced whole or not at all.
      write: (name, bytes) =>
        effect(() => {
          files.set(fileName(name), { bytes: Uint8Array.from(bytes), synced: bug === 'ack-before-fsync' ? 0 : bytes.length })
        }),
      read: (name) => effect(() => files.get(fileName(name))?.bytes ?? new Uint8Array()),
      remove: (name) =>
        effect(() => {
          files.delete(fileName(name))
        }),
    }
    const offsetOf = async (packetId: string, attachmentId: string) =>
      (await attachmentFiles.durableSize({ packetId, attachmentId })) ?? 0
    const seals = createModelSeals((keyId) => keys.opens.has(keyId))
    const feed = createFeed({ store, offsetOf, clock })
    const delivery = startDelivery({
      store,
      connector: agency.connector,
      clock,
      random: random.next,
      onTrouble: () => {},
      onDelivered: feed.announce,
      pollMs: deliveryPollMs,
    })
    const onReceived = (stationId: string) => {
      feed.announce(stationId)
      delivery.wake()
    }
    const completion = createCompletion({
      store,
      seals,
      files: attachmentFiles,
      verifyAttachment: verifyModelAttachment,
      signReceipt: signModelReceipt,
      now,
      onFinished: onReceived,
      onTrouble: (_packetId, error) => {
        throw error
      },
    })
    const intake = createIntake({
      store,
      seals,
      files: attachmentFiles,
      mode: 'demo',
      completion,
      checkDossier: {
        version: () => ({ ok: true, value: undefined }),
        content: (_header, dossier) =>
          dossier.answers.refuse?.value === 'yes'
            ? { ok: false, error: { type: 'dossier-invalid', findings: [{ fields: ['refuse'], message: { vi: 'Sai' } }] } }
            : { ok: true, value: undefined },
      },
      keepPapers: createPapersInHand({ files: attachmentFiles, verifyAttachment: verifyModelAttachment }),
      signReceipt: signModelReceipt,
      onReceived,
      offsetOf,
      now,
    })

    /** tus as the real gateway speaks it: core and creation, an upload's bytes are synced before they are acknowledged. */
    const attachments = async (stationId: string, request: SimulatedRequest, id: string): Promise<SimulatedAnswer> => {
      const [packetId = '', attachmentId = ''] = id.split('.')
      const name = { packetId, attachmentId }
      const expected = await store.announced(packetId, attachmentId)
      if (expected?.stationId !== stationId) return refused({ type: 'not-found' })
      const size = await attachmentFiles.durableSize(name)
      if (request.method === 'POST') {
        if (Number(request.headers['upload-length']) !== expected.sealedSize)
          return refused({ type: 'attachment-invalid', detail: 'length' })
        if (size !== undefined) return json(409, problemOf({ type: 'busy' }, 409))
        await effect(() => {
          if (!files.has(fileName(name))) files.set(fileName(name), { bytes: new Uint8Array(), synced: 0 })
        })
        return empty(201)
      }
      if (size === undefined) return refused({ type: 'not-found' })
      if (request.method === 'HEAD') return empty(200, { 'upload-offset': String(size) })
      if (Number(request.headers['upload-offset']) !== size) return json(409, problemOf({ type: 'busy' }, 409))
      const body = typeof request.body === 'object' ? request.body : new Uint8Array()
      const written = await effect(() => {
        const file = files.get(fileName(name))
        // Another request for the same upload was quicker.
        if (file === undefined || file.bytes.length !== size) return undefined
        const bytes = new Uint8Array(Math.min(expected.sealedSize, size + body.length))
        bytes.set(file.bytes)
        bytes.set(body.subarray(0, bytes.length - size), size)
        files.set(fileName(name), { bytes, synced: file.synced })
        return bytes.length
      })
      if (written === undefined) return json(423, problemOf({ type: 'busy' }, 423))
      if (bug !== 'ack-before-fsync')
        await effect(() => {
          const file = files.get(fileName(name))
          if (file !== undefined) files.set(fileName(name), { ...file, synced: file.bytes.length })
        })
      if (written === expected.sealedSize) {
        const settled = await completion.settle(packetId)
        if (!settled.ok) return refused(settled.error)
      }
      return empty(204, { 'upload-offset': String(written) })
    }

    const serve = async (request: SimulatedRequest): Promise<SimulatedAnswer> => {
      const [path = '', query = ''] = request.path.split('?')
      if (path === '/v1/challenge')
        return json(200, { challenge: 'c'.repeat(16), time: now().toISOString(), expiresInSeconds: 120 })
      if (path === '/v1/token') {
        const stationId = new URLSearchParams(String(request.body)).get('client_assertion') ?? ''
        if (revoked.has(stationId)) return refused({ type: 'station-revoked' })
        return json(200, { access_token: stationId, token_type: 'Bearer', expires_in: 600 })
      }
      const stationId = (request.headers.authorization ?? '').slice('Bearer '.length)
      if (stationId === '') return refused({ type: 'unauthenticated' })
      if (revoked.has(stationId)) return refused({ type: 'station-revoked' })
      const stationNamed = (id: string) => ({
        stationId: id,
        demo: true,
        deviceKey: { kty: 'EC' as const, crv: 'P-256' as const, x: id, y: '' },
      })
      const station = stationNamed(stationId)
      const [, , room, id = ''] = path.split('/')
      if (room === 'consignments') {
        const parcels = unpackConsignment(request.body instanceof Uint8Array ? request.body : new Uint8Array())
        if (!parcels.ok) return refused({ type: 'busy' })
        const each = parcels.value.map((body) => serve({ ...request, path: '/v1/packets', body }))
        const answers = (await Promise.all(each)).map(({ status, body }) => ({ status, body: JSON.parse(body) }))
        return json(200, { answers })
      }
      if ((room === 'packets' || room === 'courier') && request.method === 'POST') {
        const parcel = unpackParcel(request.body instanceof Uint8Array ? request.body : new Uint8Array())
        if (!parcel.ok) return refused({ type: 'busy' })
        const packet = Packet.parse(parcel.value.packet)
        const parsed = parseHeader(packet)
        if (!parsed.ok) return refused(parsed.error)
        const { header } = parsed.value
        const origin = room === 'courier' ? stationNamed(header.stationId) : station
        if (revoked.has(origin.stationId)) return refused({ type: 'signature-invalid' })
        const result = await intake.accept(origin, header.packetId, packet, parcel.value.sealed)
        return result.ok ? json(200, result.value) : refused(result.error)
      }
      if (room === 'packets') {
        const result =
          request.method === 'GET'
            ? await intake.find(station, id)
            : request.method === 'DELETE'
              ? await intake.takeBack(station, id)
              : await intake.accept(station, id, Packet.parse(JSON.parse(String(request.body))))
        return result.ok ? json(200, result.value) : refused(result.error)
      }
      if (room === 'records') {
        const after = Number(new URLSearchParams(query).get('after'))
        return json(200, await readRecords({ store, offsetOf }, stationId, after))
      }
      if (room === 'updates') {
        const { after, wait } = UpdatesQuery.parse(Object.fromEntries(new URLSearchParams(query)))
        return json(200, await feed.read(stationId, after, wait * 1_000, new AbortController().signal))
      }
      if (room === 'supplements') {
        const basis = await effect(() => basisOf(tables, stationId, id))
        return basis === undefined ? refused({ type: 'not-found' }) : json(200, basis)
      }
      if (room === 'attachments') {
        const metadata = (request.headers['upload-metadata'] ?? '')
          .split(',')
          .map((pair) => Buffer.from(pair.split(' ')[1] ?? '', 'base64').toString())
        return attachments(stationId, request, id === '' ? metadata.join('.') : id)
      }
      return refused({ type: 'not-found' })
    }
    const answered = (request: SimulatedRequest) =>
      new Promise<SimulatedAnswer>((resolve, reject) => {
        const hangUp = () => reject(new Error('connection reset'))
        callers.add(hangUp)
        serve(request)
          .finally(() => callers.delete(hangUp))
          .then(resolve, reject)
      })
    running = { process, serve: answered, feed }
    completion.recover()
  }

  start()
  return {
    tables,
    files,
    keys,
    revoked,
    /** Undefined while nobody listens; never resolves when it dies at it. */
    serve: (request: SimulatedRequest): Promise<SimulatedAnswer> | undefined => running?.serve(request),
    isUp: () => running !== undefined,
    /** One transaction of the desk beside the running gateway, which hears of it by the database. */
    desk: (work: (disk: GatewayTables) => void): void => {
      work(tables)
      options.onCommit()
      running?.feed.announceAll()
    },
  }
}
export type SimulatedGateway = ReturnType<typeof createSimulatedGateway>
