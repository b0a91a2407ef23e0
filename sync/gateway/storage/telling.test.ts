/**
 * Nobody waits crosswise: two gateways on one real PostgreSQL do at once all that tells stations, for dossiers that are each other's
 * doubles. PostgreSQL itself counts the deadlocks it had to end.
 */
import { randomUUID } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PacketContent } from '../../../contracts/dossier-events.ts'
import type { PacketHeader } from '../../../contracts/packet.ts'
import { findProcedure } from '../../../procedures/catalogue.ts'
import type { PacketStore } from '../packets/packet-store.ts'
import { askSupplement } from '../supplements/ask-supplement.ts'
import { correctAnswer } from '../supplements/correct-answer.ts'
import { type Database, openDatabase } from './database.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { keepDoubles } from './postgres-doubles.ts'
import { createPostgresPacketStore } from './postgres-packet-store.ts'
import { clusterIn, layReadyCluster } from './ready-cluster.fixture.ts'

let folder: string
let server: Awaited<ReturnType<typeof startEmbeddedPostgres>>
let gateways: { database: Database; store: PacketStore }[] = []

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tram-telling-'))
  await chmod(folder, 0o711)
  const dataFolder = path.join(folder, 'server')
  await layReadyCluster(dataFolder)
  server = await startEmbeddedPostgres({ ...clusterIn(dataFolder), onUnexpectedExit: () => undefined })
  gateways = [1, 2].map(() => {
    const database = openDatabase(server.url, () => undefined)
    return { database, store: createPostgresPacketStore(database) }
  })
})
afterAll(async () => {
  await Promise.all(gateways.map(({ database }) => database.destroy()))
  await server?.stop()
  await rm(folder, { recursive: true, force: true })
})

const of = (index: number) => {
  const gateway = gateways[index % gateways.length]
  if (gateway === undefined) throw new Error('no gateway')
  return gateway
}
const procedure = { procedureCode: '1.001193', procedureVersion: '2026-07-18' }
const stamp = '2026-01-01T00:00:00.000Z'
const operatorId = randomUUID()
const given = (value: string) => ({ value, provenance: { source: 'typed' as const, at: stamp, operatorId } })
const said = { ...procedure, helper: { operatorId, name: 'Mẫu' }, slipCode: 'P7-K3M-9Q', training: true, finishedAt: stamp }
const field = 'childName'

type HandedIn = { packetId: string; dossierId: string; stationId: string; paper: string | undefined }

it('tells the stations of doubles, events, answers and requests at once without a deadlock', async () => {
  const stations: string[] = [randomUUID(), randomUUID(), randomUUID()]
  const row = { point_name: 'Mẫu', station_name: 'Mẫu', demo: true, shell: 'loopback', device_key: '{}', enrolled_at: stamp }
  await of(0)
    .database.insertInto('stations')
    .values(stations.map((station_id) => ({ ...row, station_id })))
    .execute()
  const counters = new Map<string, number>()
  let calls = 0

  const packetOf = (stationId: string, content: PacketContent, more: Partial<PacketHeader>) => {
    const counter = (counters.get(stationId) ?? 0) + 1
    counters.set(stationId, counter)
    const packetId = randomUUID()
    const header: PacketHeader = {
      format: 'tram-packet-1',
      packetId,
      stationId,
      counter,
      kind: content.kind,
      ...procedure,
      training: true,
      gatewayKeyId: 'seal-1',
      chunkSize: 1024,
      attachments: [],
      sealedAt: stamp,
      ...more,
    }
    const packet = { header: 'AA', sealedKey: { enc: 'AA', ciphertext: 'AA' }, payload: 'AA', signature: 'AA' }
    return { header, packet, digest: packetId, content, at: new Date(), check: () => undefined }
  }
  const handIn = async (at: number, stationId: string, matter: string, whole: boolean): Promise<HandedIn> => {
    const dossierId = randomUUID()
    const paper = whole ? undefined : randomUUID()
    const dossier = { ...said, dossierId, answers: { [field]: given('1') }, attachments: [], consents: [] }
    const attachments = paper === undefined ? [] : [{ attachmentId: paper, sealedSize: 1, sealedSha256: '0'.repeat(64) }]
    const packet = packetOf(stationId, { kind: 'submit', dossier }, { attachments })
    await of(at).store.store({ ...packet, matter, ...(whole ? { receipt: 'signed' } : {}) })
    return { packetId: packet.header.packetId, dossierId, stationId, paper }
  }
  const event = (at: number, { dossierId }: HandedIn, stationId: string, kind: 'supplement' | 'withdraw') => {
    const content: PacketContent =
      kind === 'withdraw'
        ? { kind, withdrawal: { ...said, dossierId, reason: 'Mẫu', attachments: [] } }
        : { kind, supplement: { ...said, dossierId, answers: {}, seen: {}, attachments: [] } }
    const packet = packetOf(stationId, content, { event: { dossierId, sequence: 2 } })
    return of(at).store.store({ ...packet, receipt: 'signed' })
  }
  const complete = async (at: number, { packetId, paper }: HandedIn) => {
    if (paper !== undefined) await of(at).store.markWhole(packetId, paper, new Date())
    await of(at).store.finish(packetId, async () => 'signed', new Date())
  }
  const conclude = async (at: number) => {
    const jobs = await of(at).store.claimJobs(20, new Date(), new Date(Date.now() + 60_000))
    const status = { code: 2, text: { vi: 'Đang xử lý' }, at: stamp, simulated: true }
    const official = (packetId: string) => ({ code: packetId, agency: 'Mẫu', acceptedAt: stamp, simulated: true })
    await Promise.all(
      jobs.map(({ packetId }) =>
        of(at).store.concludeJob(packetId, { state: 'accepted', official: official(packetId), status }, new Date()),
      ),
    )
  }
  const ask = (at: number, { dossierId }: HandedIn) =>
    askSupplement(of(at).database, findProcedure, {
      dossier: dossierId,
      reason: 'Mẫu',
      fields: [],
      papers: ['birthProof'],
      simulated: true,
    })

  let before: HandedIn[] = []
  let older: HandedIn[] = []
  for (let round = 0; round < 9; round += 1) {
    const matters = [0, 1].map((each) => `matter-${(round + each) % 3}`)
    const inOrder = round % 2 === 0 ? stations : stations.toReversed()
    const [now] = await Promise.all([
      Promise.all(
        matters.flatMap((matter, m) =>
          inOrder.flatMap((stationId, s) => [handIn(m + s, stationId, matter, true), handIn(s, stationId, matter, false)]),
        ),
      ),
      ...before.flatMap((each, n) => {
        const other = stations[(stations.indexOf(each.stationId) + 1) % stations.length] ?? ''
        calls += 4
        return [
          n % 4 === 3 ? of(n).store.takeBack(each.packetId, each.stationId, new Date()) : complete(n, each),
          keepDoubles(of(n + 1).database, each.packetId, each.stationId, new Date()),
          keepDoubles(of(n).database, each.packetId, each.stationId, new Date()),
          n % 3 === 0 ? event(n, each, other, 'withdraw') : event(n, each, other, 'supplement'),
        ]
      }),
      ...older.flatMap((each, n) => [
        ask(n, each),
        correctAnswer(of(n + 1).database, {
          officialCode: each.packetId,
          field,
          value: String(round),
          at: new Date().toISOString(),
        }),
      ]),
      conclude(round),
      conclude(round + 1),
      of(round).store.bringJobsForward(new Date()),
      of(round + 1).store.bringJobsForward(new Date()),
    ])
    older = before
    before = now
  }
  expect(calls).toBeGreaterThan(350)

  const { database } = of(0)
  const { rows: kinds } = await sql<{ kinds: string }>`
    SELECT concat_ws(' ', (SELECT count(*) > 5 FROM doubles WHERE kept_at IS NOT NULL), (SELECT count(*) > 5 FROM supplement_requests),
      (SELECT count(*) > 5 FROM dossiers WHERE withdrawn_at IS NOT NULL), (SELECT count(*) > 5 FROM taken_back),
      (SELECT count(*) > 5 FROM packets WHERE state = 'accepted' AND kind <> 'submit')) AS kinds`.execute(database)
  expect(kinds[0]?.kinds).toBe('t t t t t')
  const { rows: feeds } = await sql<{ whole: boolean }>`
    SELECT feed_cursor = count(*) AND feed_cursor = max(cursor) AS whole FROM stations JOIN updates USING (station_id)
    GROUP BY stations.station_id`.execute(database)
  expect(feeds).toEqual(stations.map(() => ({ whole: true })))
  // Each connection tells its counts when it ends.
  await Promise.all(gateways.map((gateway) => gateway.database.destroy()))
  const asking = openDatabase(server.url, () => undefined)
  gateways = [{ database: asking, store: createPostgresPacketStore(asking) }]
  const { rows } = await sql<{ deadlocks: string }>`
    SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`.execute(asking)
  expect(Number(rows[0]?.deadlocks)).toBe(0)
}, 60_000)
