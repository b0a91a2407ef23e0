/** The tables of the citizens' store hold the same contract in memory and in PostgreSQL. */
import { randomUUID } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CitizenRecord, CitizenRecords, StoreNote } from '../../sync/gateway/citizen-store/citizen-records.ts'
import { createMemoryRecords } from '../../sync/gateway/citizen-store/memory-records.ts'
import { type Database, openDatabase } from '../../sync/gateway/storage/database.ts'
import { startEmbeddedPostgres } from '../../sync/gateway/storage/embedded-postgres.ts'
import { createPostgresCitizenRecords } from '../../sync/gateway/storage/postgres-citizen-records.ts'
import { clusterIn, layReadyCluster } from '../../sync/gateway/storage/ready-cluster.fixture.ts'

let folder: string
let server: Awaited<ReturnType<typeof startEmbeddedPostgres>>
let database: Database
const stationId = randomUUID()

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tram-citizen-records-'))
  await chmod(folder, 0o711)
  const dataFolder = path.join(folder, 'server')
  await layReadyCluster(dataFolder)
  server = await startEmbeddedPostgres({ ...clusterIn(dataFolder), onUnexpectedExit: () => undefined })
  database = openDatabase(server.url, () => undefined)
  await database
    .insertInto('stations')
    .values({
      station_id: stationId,
      point_name: 'Điểm Mẫu',
      station_name: 'Máy 1',
      demo: true,
      shell: 'loopback',
      device_key: JSON.stringify({ kty: 'EC', crv: 'P-256', x: '', y: '' }),
      enrolled_at: new Date(),
    })
    .execute()
})
afterAll(async () => {
  await database?.destroy()
  await server?.stop()
  await rm(folder, { recursive: true, force: true })
})

const at = (second: number) => new Date(Date.UTC(2026, 10, 22) + second * 1000)

const stores: [string, () => CitizenRecords][] = [
  ['memory', createMemoryRecords],
  ['PostgreSQL', () => createPostgresCitizenRecords(database)],
]

describe.each(stores)('the tables of the citizens’ store in %s', (_name, open) => {
  const newRecord = (change: Partial<CitizenRecord> = {}): CitizenRecord => ({
    personHash: randomUUID(),
    recordId: randomUUID(),
    sealed: 'abc',
    consentedAt: at(0),
    endsAt: at(100),
    version: 1,
    ...change,
  })
  const note = (record: CitizenRecord, change: Partial<StoreNote> = {}): StoreNote => ({
    at: at(0),
    act: 'kept',
    personHash: record.personHash,
    stationId,
    operatorId: stationId,
    why: 'test',
    ...change,
  })

  test('a record is written by whoever read it last, and gone when it is removed', async () => {
    const records = open()
    const first = newRecord()
    expect(await records.find(first.personHash)).toBeUndefined()
    expect(await records.put(first, note(first))).toBe('written')
    expect(await records.put({ ...first, sealed: 'x' }, note(first))).toBe('outdated')
    const second = { ...first, sealed: 'def', recordId: randomUUID(), endsAt: at(200), version: 2 }
    expect(await records.put({ ...second, version: 3 }, note(first))).toBe('outdated')
    expect(await records.put(second, note(first))).toBe('written')
    expect(await records.find(first.personHash)).toEqual(second)
    expect((await records.recordIds()).has(second.recordId)).toBe(true)
    expect((await records.recordIds()).has(first.recordId)).toBe(false)
    expect(await records.remove(first.personHash, note(first, { act: 'ended' }), 1)).toBeUndefined()
    expect(await records.remove(first.personHash, note(first, { act: 'erased', at: at(5) }))).toBe(second.recordId)
    expect(await records.find(first.personHash)).toBeUndefined()
    expect(await records.remove(first.personHash, note(first, { act: 'erased', at: at(6) }))).toBeUndefined()
    const acts = (await records.notes({ since: at(0), personHash: first.personHash, limit: 10 })).map(({ act }) => act)
    expect(acts).toEqual(['erased', 'erased', 'kept', 'kept'])
  })

  test('after an erasure no older consent writes, a younger one does', async () => {
    const records = open()
    const record = newRecord()
    await records.remove(record.personHash, note(record, { act: 'erased', at: at(10) }))
    expect(await records.put({ ...record, consentedAt: at(10) }, note(record))).toBe('withdrawn')
    expect(await records.put({ ...record, consentedAt: at(11) }, note(record))).toBe('written')
  })

  test('of many who write at once one does', async () => {
    const records = open()
    const record = newRecord()
    const told = await Promise.all(
      Array.from({ length: 8 }, () => records.put({ ...record, recordId: randomUUID() }, note(record))),
    )
    expect(told.filter((each) => each === 'written')).toHaveLength(1)
  })

  test('what has ended is found, and what a station asked is counted', async () => {
    const records = open()
    const record = newRecord({ endsAt: at(-1000) })
    await records.put(record, note(record))
    expect((await records.endedBy(at(-1001), 10)).map(({ personHash }) => personHash)).not.toContain(record.personHash)
    expect(await records.endedBy(at(-1000), 10)).toEqual([record])
    const before = await records.askedSince(stationId, at(300))
    const asked = ['read', 'refused', 'erased', 'kept', 'shown'] as const
    for (const act of asked) await records.note({ at: at(301), act, stationId, why: 'test' })
    await records.note({ at: at(299), act: 'read', stationId, why: 'test' })
    expect(await records.askedSince(stationId, at(300))).toBe(before + 3)
  })
})
