/** The same matter handed in at two stations of a real gateway: marked at both, refused at none. */
import { readFileSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PacketAnswer, UpdatesAnswer } from '../../contracts/gateway-api.ts'
import { databaseUrlFile, type Gateway, startGateway } from './gateway.ts'
import { enrolSpecimenStation, type SpecimenStation } from './specimen-station.ts'
import { openDatabase } from './storage/database.ts'
import { layReadyCluster } from './storage/ready-cluster.fixture.ts'

let folder: string
let gateway: Gateway
let here: SpecimenStation
let there: SpecimenStation

const newStation = async (stationName: string) => {
  const { code } = await gateway.createEnrolmentCode({ pointName: 'Bưu điện Mẫu', stationName, demo: true })
  return enrolSpecimenStation(gateway.url, code, true)
}
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tram-doubles-'))
  await chmod(folder, 0o711)
  await layReadyCluster(path.join(folder, 'gateway'))
  gateway = await startGateway({ dataFolder: path.join(folder, 'gateway'), mode: 'demo' })
  here = await newStation('Quầy 1')
  there = await newStation('Quầy 2')
})
afterAll(async () => {
  await gateway?.stop()
  await rm(folder, { recursive: true, force: true })
})

const handIn = async (station: SpecimenStation, dossier: Parameters<SpecimenStation['seal']>[0] = {}) => {
  const sealed = await station.seal(dossier)
  await station.deliver(sealed)
  return sealed
}
const answerOf = async (station: SpecimenStation, packetId: string) =>
  PacketAnswer.parse(await (await station.call(`/v1/packets/${packetId}`)).json())

it('marks both, tells both stations, and stays quiet once somebody keeps both', async () => {
  const first = await handIn(here)
  expect((await answerOf(here, first.packetId)).double).toBeUndefined()
  const second = await handIn(there)
  expect((await answerOf(there, second.packetId)).double).toMatchObject({
    others: [{ slipCode: 'P7-K3M-9Q', pointName: 'Bưu điện Mẫu', stationName: 'Quầy 1' }],
    kept: false,
  })
  const { updates } = UpdatesAnswer.parse(await (await here.call('/v1/updates?after=0&wait=0')).json())
  const told = updates.find(({ packet }) => packet.packetId === first.packetId && packet.double !== undefined)
  expect(told?.packet.double).toMatchObject({ others: [{ stationName: 'Quầy 2' }], kept: false })
  const kept = PacketAnswer.parse(
    await (await there.call(`/v1/packets/${second.packetId}/kept-double`, { method: 'PUT' })).json(),
  )
  expect(kept.double?.kept).toBe(true)
  expect((await answerOf(here, first.packetId)).double?.kept).toBe(true)
})

it('keeps from the start what a clerk gave a reason for, and keeps nothing for a station it does not belong to', async () => {
  const third = await handIn(there, { dossier: { knownDouble: { slipCodes: ['P7-K3M-9Q'], reason: 'Bản trước bị trả lại' } } })
  expect((await answerOf(there, third.packetId)).double).toMatchObject({ kept: true, others: [{}, {}] })
  expect((await here.call(`/v1/packets/${third.packetId}/kept-double`, { method: 'PUT' })).status).toBe(404)
})

it('marks one of many copies with the five before it, so that their news does not grow with their square', async () => {
  const station = await newStation('Quầy 3')
  const copies: string[] = []
  for (let copy = 0; copy < 8; copy += 1) copies.push((await handIn(station)).packetId)
  const database = openDatabase(readFileSync(databaseUrlFile(path.join(folder, 'gateway')), 'utf8'), () => undefined)
  try {
    const marked = await database.selectFrom('doubles').select(['earlier', 'later']).where('later', 'in', copies).execute()
    const before = (later?: string) => marked.filter((pair) => pair.later === later).map(({ earlier }) => earlier)
    for (const copy of copies) expect(before(copy).length).toBeLessThanOrEqual(5)
    expect(before(copies[7]).toSorted()).toEqual(copies.slice(2, 7).toSorted())
  } finally {
    await database.destroy()
  }
})
