import { chmod, mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PacketAnswer, Problem } from '../../../contracts/gateway-api.ts'
import { startGateway } from '../gateway.ts'
import { enrolSpecimenStation } from '../specimen-station.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tram-outage-'))
  await chmod(folder, 0o711)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

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
