import { randomUUID } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PacketAnswer, Problem } from '../../../contracts/gateway-api.ts'
import { startGateway } from '../gateway.ts'
import { enrolSpecimenStation } from '../specimen-station.ts'
import { listenForUpdates } from './announcements.ts'
import { openDatabase } from './database.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { migrate } from './migrations.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tram-outage-'))
  await chmod(folder, 0o711)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it('updates are heard whoever wrote them, also after the connection was lost', async () => {
  const server = await startEmbeddedPostgres({
    folder: path.join(folder, 'heard'),
    secretFile: path.join(folder, 'heard.json'),
    onUnexpectedExit: () => undefined,
  })
  const database = openDatabase(server.url, () => undefined)
  const heard: string[] = []
  const told = { missed: 0, lost: 0 }
  await migrate(database)
  const announcements = await listenForUpdates(server.url, {
    onUpdate: (stationId) => heard.push(stationId),
    onMissed: () => {
      told.missed += 1
    },
    onLost: () => {
      told.lost += 1
    },
  })
  try {
    // Whose packet it is does not matter to the trigger.
    await sql`ALTER TABLE updates DROP CONSTRAINT IF EXISTS updates_packet_id_fkey, DROP CONSTRAINT IF EXISTS updates_station_id_fkey`.execute(
      database,
    )
    const update = (stationId: string) =>
      database
        .insertInto('updates')
        .values({ station_id: stationId, cursor: 1, packet_id: randomUUID(), at: new Date() })
        .execute()
    const [first, second] = [randomUUID(), randomUUID()]
    await update(first)
    await expect.poll(() => heard, { timeout: 10_000 }).toEqual([first])
    await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'`.execute(database)
    await expect.poll(() => told, { timeout: 10_000 }).toEqual({ missed: 1, lost: 1 })
    await update(second)
    await expect.poll(() => heard, { timeout: 10_000 }).toEqual([first, second])
  } finally {
    await announcements.stop()
    await database.destroy()
    await server.stop()
  }
})

it('a database that goes away makes the gateway busy, not broken, and nothing personal is logged about it', async () => {
  const startServer = () =>
    startEmbeddedPostgres({
      folder: path.join(folder, 'server'),
      secretFile: path.join(folder, 'server.json'),
      onUnexpectedExit: () => undefined,
    })
  const logged: string[] = []
  const logger = pino({ level: 'trace' }, { write: (line: string) => logged.push(line) })
  let server = await startServer()
  const gateway = await startGateway({ dataFolder: path.join(folder, 'data'), mode: 'demo', databaseUrl: server.url, logger })
  try {
    const { code } = await gateway.createEnrolmentCode({ pointName: 'Điểm mẫu', stationName: 'Quầy mẫu', demo: true })
    const station = await enrolSpecimenStation(gateway.url, code, true)
    const sealed = await station.seal()
    await station.authorization()
    await server.stop()
    const answer = await station.put(sealed.packetId, sealed.packet)
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).not.toBeNull()
    expect(Problem.parse(await answer.json()).type).toBe('busy')
    server = await startServer()
    await station.deliver(sealed)
    expect(PacketAnswer.parse(await (await station.call(`/v1/packets/${sealed.packetId}`)).json()).receipt).toBeDefined()
    const names = Object.values(sealed.dossier.answers)
      .map((given) => given.value)
      .filter((value) => value.length > 6)
    const token = (await station.authorization()).slice(7)
    for (const secret of [...names, token, code, code.replaceAll('-', '')]) expect(logged.join('')).not.toContain(secret)
    expect(logged.length).toBeGreaterThan(5)
  } finally {
    await gateway.stop()
    await server.stop()
  }
})
