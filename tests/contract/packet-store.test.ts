/**
 * The two stores of packets hold the same contract: what the simulation proves over its model in memory is worth as much as that model is
 * like PostgreSQL. Random calls, the same to both, and after each everything either can be asked.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Answers, Dossier } from '../../contracts/dossier.ts'
import type { PacketContent } from '../../contracts/dossier-events.ts'
import type { PacketHeader, ReceiptClaims } from '../../contracts/packet.ts'
import type { NewPacket, PacketStore } from '../../sync/gateway/packets/packet-store.ts'
import { type Database, openDatabase } from '../../sync/gateway/storage/database.ts'
import { startEmbeddedPostgres } from '../../sync/gateway/storage/embedded-postgres.ts'
import { createPostgresPacketStore } from '../../sync/gateway/storage/postgres-packet-store.ts'
import { clusterIn, layReadyCluster } from '../../sync/gateway/storage/ready-cluster.fixture.ts'
import { createGatewayTables, createMemoryPacketStore, type GatewayTables } from '../simulation/gateway-disk.ts'
import { createRandom } from '../simulation/random.ts'

let folder: string
let server: Awaited<ReturnType<typeof startEmbeddedPostgres>>
let database: Database

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tram-stores-'))
  await chmod(folder, 0o711)
  const dataFolder = path.join(folder, 'server')
  await layReadyCluster(dataFolder)
  server = await startEmbeddedPostgres({ ...clusterIn(dataFolder), onUnexpectedExit: () => undefined })
  database = openDatabase(server.url, () => undefined)
})
afterAll(async () => {
  await database?.destroy()
  await server?.stop()
  await rm(folder, { recursive: true, force: true })
})

const base = Date.UTC(2026, 0, 1)
const at = (second: number) => new Date(base + second * 1000)
const stamp = '2026-01-01T00:00:00.000Z'
const fields = ['a', 'b']

/** One run's world: names are drawn from few, so that calls meet. */
const worldOf = (run: number, tables: GatewayTables) => {
  const random = createRandom(run)
  const pick = <T>(all: readonly T[]): T => {
    const one = all[Math.floor(random.next() * all.length)]
    if (one === undefined) throw new Error('nothing to pick from')
    return one
  }
  const uuid = (kind: number, n: number) =>
    `${String(run).padStart(8, '0')}-0000-4000-8${String(kind).padStart(3, '0')}-${String(n).padStart(12, '0')}`
  const range = (kind: number, count: number) => Array.from({ length: count }, (_, n) => uuid(kind, n))
  const [stations, packetIds, dossierIds] = [range(1, 3), range(2, 12), range(3, 3)]
  const answers = (values: Record<string, string>): Answers =>
    Object.fromEntries(
      Object.entries(values).map(([id, value]) => [
        id,
        { value, provenance: { source: 'typed', at: stamp, operatorId: uuid(4, 0) } },
      ]),
    )
  const common = {
    procedureCode: '1.001193',
    procedureVersion: '2026-01-01',
    helper: { operatorId: uuid(4, 0), name: 'Mẫu' },
    slipCode: 'P7-K3M-9Q',
    training: true,
    finishedAt: stamp,
  }
  const contentOf = (kind: PacketHeader['kind'], dossierId: string): PacketContent => {
    const value = () => pick(['1', '2', '3'])
    const submit: Dossier = { ...common, dossierId, answers: answers({ a: value(), b: value() }), attachments: [], consents: [] }
    if (kind === 'submit') return { kind, dossier: submit }
    if (kind === 'withdraw') return { kind, withdrawal: { ...common, dossierId, reason: 'Mẫu', attachments: [] } }
    const field = pick(fields)
    const now = tables.dossiers.get(dossierId)?.dossier.answers[field]?.value
    const seen = { [field]: now !== undefined && random.next() < 0.7 ? now : value() }
    const supplement = { ...common, dossierId, answers: answers({ [field]: value() }), seen, attachments: [] }
    return { kind, supplement }
  }
  const fresh = (second: number): NewPacket => {
    const kind = pick(['submit', 'submit', 'supplement', 'supplement', 'withdraw'] as const)
    const packetId = pick(packetIds)
    const dossierId = pick(dossierIds)
    const before = tables.packets.filter((row) => row.dossierId === dossierId).map((row) => row.packetId)
    const previous = random.next() < 0.6 ? pick(before.length > 0 && random.next() < 0.8 ? before : packetIds) : undefined
    const event = { dossierId, sequence: pick([2, 3, 4]), ...(previous === undefined ? {} : { previous }) }
    const header: PacketHeader = {
      format: 'tram-packet-1',
      packetId,
      stationId: pick(stations),
      counter: Math.floor(random.next() * 12) + 1,
      kind,
      ...(kind === 'submit' ? {} : { event }),
      procedureCode: common.procedureCode,
      procedureVersion: common.procedureVersion,
      training: true,
      gatewayKeyId: 'seal-1',
      chunkSize: 1024,
      attachments: Array.from({ length: Math.floor(random.next() * 3) }, (_, n) => ({
        attachmentId: uuid(5, n),
        sealedSize: 100 + n,
        sealedSha256: '0'.repeat(64),
      })),
      sealedAt: stamp,
    }
    const packet = { header: 'AA', sealedKey: { enc: 'AA', ciphertext: 'AA' }, payload: 'AA', signature: 'AA' }
    const refuses = random.next() < 0.2
    return {
      header,
      packet,
      digest: String(second),
      content: contentOf(kind, dossierId),
      at: at(second),
      check: () => (refuses ? { type: 'dossier-invalid' } : undefined),
    }
  }
  return { random, pick, stations, packetIds, attachments: range(5, 2), fresh }
}

/** What both must say alike: the words of a refusal are each store's own. */
const told = (outcome: Awaited<ReturnType<PacketStore['store']>>) =>
  outcome.type === 'refused' ? [outcome.refusal.type, outcome.refusal.findings?.map((each) => each.fields)] : outcome.type

const receiptOf = ({ packetId, stationId, counter, packetDigest, attachments, receivedAt }: ReceiptClaims) =>
  [packetId, stationId, counter, packetDigest, ...attachments.map(({ attachmentId }) => attachmentId), receivedAt].join()

type World = ReturnType<typeof worldOf>

/** Draws one call; what comes back does it to a store. */
const drawCall = (world: World, second: number): ((store: PacketStore) => Promise<unknown>) => {
  const { random, pick, stations, packetIds } = world
  const packetId = pick(packetIds)
  const dice = random.next()
  if (dice < 0.35) {
    const fresh = world.fresh(second)
    return async (store) => told(await store.store(fresh))
  }
  if (dice < 0.5) {
    const attachmentId = pick(world.attachments)
    return (store) => store.markWhole(packetId, attachmentId, at(second))
  }
  if (dice < 0.72) return (store) => store.finish(packetId, async (claims) => receiptOf(claims), at(second))
  if (dice < 0.8) {
    const stationId = pick(stations)
    return async (store) => {
      const outcome = await store.takeBack(packetId, stationId, at(second))
      return outcome.type === 'taken-back' ? [outcome.type, outcome.attachments.toSorted()] : outcome
    }
  }
  if (dice < 0.9) {
    const status = { code: 2, label: 'Đang xử lý', at: stamp, simulated: true }
    const official = { code: `H-${second}`, simulated: true, issuedAt: stamp }
    const accepted = random.next() < 0.7
    const postponed = random.next() < 0.4
    return async (store) => {
      const claimed = (await store.claimJobs(50, at(second), at(second + 20))).toSorted((a, b) =>
        a.packetId < b.packetId ? -1 : 1,
      )
      const said: unknown[] = [claimed]
      for (const job of claimed) {
        if (postponed) await store.putOffJob(job.packetId, 'agency-unavailable', at(second + 5))
        else {
          const outcome = accepted
            ? { state: 'accepted' as const, official: official as never, status: status as never }
            : { state: 'refused' as const, status: status as never }
          said.push(await store.concludeJob(job.packetId, outcome, at(second)))
        }
      }
      return said
    }
  }
  if (dice < 0.93) return (store) => store.bringJobsForward(at(second))
  return (store) => store.read(packetId)
}

const everything = async (store: PacketStore, { stations, packetIds, attachments }: World) => ({
  answers: [...(await store.answers(packetIds)).values()].toSorted((a, b) => (a.packetId < b.packetId ? -1 : 1)),
  found: await Promise.all(packetIds.map((packetId) => store.find(packetId))),
  open: await Promise.all(
    packetIds.map(async (packetId) =>
      (await store.openAttachments(packetId)).toSorted((a, b) => (a.attachmentId < b.attachmentId ? -1 : 1)),
    ),
  ),
  announced: await Promise.all(
    packetIds.flatMap((packetId) => attachments.map((attachmentId) => store.announced(packetId, attachmentId))),
  ),
  waiting: (await store.waiting()).filter((packetId) => packetIds.includes(packetId)).toSorted(),
  updates: await Promise.all(stations.map((stationId) => store.updatesAfter(stationId, 1, 5))),
  records: await Promise.all(stations.map((stationId) => store.recordsAfter(stationId, 2, 3))),
  counters: await Promise.all(stations.map((stationId) => store.highestCounter(stationId))),
  gone: await Promise.all(packetIds.map((packetId) => store.isTakenBack(packetId, stations[0] ?? ''))),
})

it('PostgreSQL and the simulation’s memory say the same, call for call', async () => {
  const met = new Set<unknown>()
  for (let run = 1; run <= 8; run += 1) {
    const tables = createGatewayTables()
    const world = worldOf(run, tables)
    const row = { point_name: 'Mẫu', station_name: 'Mẫu', demo: true, shell: 'loopback', device_key: '{}', enrolled_at: at(0) }
    const rows = world.stations.map((stationId) => ({ ...row, station_id: stationId }))
    await database.insertInto('stations').values(rows).execute()
    const memory = createMemoryPacketStore(async (work) => work(tables))
    const postgres = createPostgresPacketStore(database)
    for (let second = 1; second <= 150; second += 1) {
      const call = drawCall(world, second)
      const [expected, real] = [await call(memory), await call(postgres)]
      expect(real, `world ${run}, call ${second}`).toEqual(expected)
      if (second % 10 === 0) {
        expect(await everything(postgres, world), `world ${run}, after call ${second}`).toEqual(await everything(memory, world))
      }
      if (Array.isArray(expected)) met.add(expected[0])
      else met.add(typeof expected === 'object' && expected !== null && 'type' in expected ? expected.type : expected)
    }
    // The next world's jobs are its own.
    await database.deleteFrom('connector_jobs').execute()
  }
  const outcomes = ['stored', 'in-the-way', 'event-out-of-order', 'changed-elsewhere', 'dossier-invalid', true, false]
  for (const outcome of [...outcomes, 'taken-back', 'too-late', 'foreign']) expect(met).toContain(outcome)
})

it('an event goes to the agency after what was received before it, also when the gateway’s clock was set back in between', async () => {
  const tables = createGatewayTables()
  const world = worldOf(99, tables)
  const [stationId = ''] = world.stations
  const row = { point_name: 'Mẫu', station_name: 'Mẫu', demo: true, shell: 'loopback', device_key: '{}', enrolled_at: at(0) }
  await database
    .insertInto('stations')
    .values({ ...row, station_id: stationId })
    .execute()
  const draw = (kind: PacketHeader['kind'], second: number, place: number): NewPacket => {
    const drawn = world.fresh(second)
    if (drawn.header.kind !== kind) return draw(kind, second, place)
    const header = { ...drawn.header, stationId, packetId: world.packetIds[place] ?? '', counter: place, attachments: [] }
    return { ...drawn, header, check: () => undefined, receipt: 'signed' }
  }
  const submit = draw('submit', 100, 1)
  const late = draw('withdraw', 40, 2)
  if (submit.content.kind !== 'submit' || late.content.kind !== 'withdraw') throw new Error('drawn otherwise')
  const { dossierId } = submit.content.dossier
  const withdrawal = { ...late.content.withdrawal, dossierId }
  const event = {
    ...late,
    content: { kind: 'withdraw', withdrawal } as const,
    header: { ...late.header, event: { dossierId, sequence: 2 } },
  }
  for (const store of [createMemoryPacketStore(async (work) => work(tables)), createPostgresPacketStore(database)]) {
    expect([await store.store(submit), await store.store(event)]).toEqual([{ type: 'stored' }, { type: 'stored' }])
    const first = await store.claimJobs(50, at(200), at(300))
    expect(first.map(({ packetId }) => packetId)).toEqual([submit.header.packetId])
    const status = { code: 3, label: 'Mẫu', at: stamp, simulated: true } as never
    await store.concludeJob(submit.header.packetId, { state: 'refused', status }, at(200))
    const second = await store.claimJobs(50, at(200), at(300))
    expect(second.map(({ packetId }) => packetId)).toEqual([event.header.packetId])
  }
})
