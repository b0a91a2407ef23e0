import { randomUUID } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { PacketAnswer } from '../../../contracts/gateway-api.ts'
import { err } from '../../../contracts/result.ts'
import { type Gateway, startGateway } from '../gateway.ts'
import { enrolSpecimenStation, type SpecimenStation } from '../specimen-station.ts'
import { layReadyCluster } from '../storage/ready-cluster.fixture.ts'
import { agencyStatuses } from './agency-statuses.ts'
import type { Connector } from './connector.ts'
import { appointmentDay, codeDay, createOneStopSimulator } from './one-stop-simulator.ts'

let folder: string
let gateway: Gateway
let station: SpecimenStation
/** What the way to the simulator does with the next submission of a reference, before or after the simulator saw it. */
let trouble: Map<string, 'lose-answer' | 'unavailable' | 'refuse' | 'crash' | 'hang'>
let submissions: string[]

const createTroubledConnector = (simulator: Connector): Connector => ({
  ...simulator,
  submit: async (submission) => {
    submissions.push(submission.reference)
    const kind = trouble.get(submission.reference)
    trouble.delete(submission.reference)
    if (kind === 'unavailable') return err({ type: 'unavailable', detail: 'down' })
    if (kind === 'crash') throw new Error('bug')
    if (kind === 'hang') return new Promise(() => undefined)
    if (kind === 'refuse') {
      const at = new Date().toISOString()
      return err({
        type: 'refused',
        status: { code: 3, text: agencyStatuses[3], at, simulated: true },
        reason: { vi: 'Từ chối thử' },
      })
    }
    const answer = await simulator.submit(submission)
    if (kind === 'lose-answer') return err({ type: 'unavailable', detail: 'answer lost' })
    return answer
  },
})

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tram-delivery-'))
  await chmod(folder, 0o711)
  await layReadyCluster(path.join(folder, 'data'))
  gateway = await startGateway({
    dataFolder: path.join(folder, 'data'),
    mode: 'demo',
    connector: (database) => createTroubledConnector(createOneStopSimulator(database)),
  })
  const { code } = await gateway.createEnrolmentCode({ pointName: 'Điểm mẫu', stationName: 'Quầy mẫu', demo: true })
  station = await enrolSpecimenStation(gateway.url, code, true)
})
beforeEach(() => {
  trouble = new Map()
  submissions = []
})
afterAll(async () => {
  await gateway?.stop()
  await rm(folder, { recursive: true, force: true })
})

const settled = async (packetId: string, state: PacketAnswer['state']) => {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const answer = PacketAnswer.parse(await (await station.call(`/v1/packets/${packetId}`)).json())
    if (answer.state === state) return answer
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error(`${packetId} did not become ${state}`)
}

describe('delivery to the connector', () => {
  it('takes up the code given before when the answer was lost ("đã tồn tại")', async () => {
    const sealed = await station.seal()
    trouble.set(sealed.packetId, 'lose-answer')
    await station.deliver(sealed)
    const answer = await settled(sealed.packetId, 'accepted')
    const codes = await gateway.database
      .selectFrom('one_stop_dossiers')
      .select('code')
      .where('reference', '=', sealed.packetId)
      .execute()
    expect(codes).toEqual([{ code: answer.official?.code }])
    expect(submissions).toEqual([sealed.packetId, sealed.packetId])
  })

  it.each(['unavailable', 'crash'] as const)('tries again after "%s"', async (kind) => {
    const sealed = await station.seal()
    trouble.set(sealed.packetId, kind)
    await station.deliver(sealed)
    await settled(sealed.packetId, 'accepted')
  })

  it('passes a refusal on, with its status', async () => {
    const sealed = await station.seal()
    trouble.set(sealed.packetId, 'refuse')
    await station.deliver(sealed)
    const answer = await settled(sealed.packetId, 'refused')
    expect(answer.status).toMatchObject({ code: 3, text: { vi: 'Không được tiếp nhận' } })
    expect(answer.official).toBeUndefined()
  })

  it('lets nobody wait behind a dossier that hangs', async () => {
    const hanging = await station.seal()
    trouble.set(hanging.packetId, 'hang')
    await station.deliver(hanging)
    const next = await station.seal()
    await station.deliver(next)
    await settled(next.packetId, 'accepted')
    expect((await settled(hanging.packetId, 'received')).receipt).toBeDefined()
  })
})

describe('the one-stop simulator', () => {
  it('mints each number of a day once, without gaps, whoever comes at once; a repeat is told so', async () => {
    const database = gateway.database
    const at = new Date('2027-03-04T18:30:00Z')
    const simulator = createOneStopSimulator(database, () => at)
    const { dossier } = await station.seal()
    const references = Array.from({ length: 12 }, () => randomUUID())
    const results = await Promise.all(
      [...references, ...references].map((reference) =>
        simulator.submit({ reference, content: { kind: 'submit', dossier: { ...dossier, dossierId: reference } } }),
      ),
    )
    const codes = results.flatMap((result) => (result.ok ? [result.value.official.code] : []))
    expect(codes.toSorted()).toEqual(references.map((_, index) => `H11.12.34-270305-${String(index + 1).padStart(4, '0')}`))
    const repeats = results.flatMap((result) => (result.ok ? [] : [result.error]))
    expect(repeats).toHaveLength(12)
    for (const repeat of repeats)
      expect(repeat).toMatchObject({ type: 'already-exists', message: expect.stringContaining('đã tồn tại') })
    expect(await simulator.lookUp(randomUUID())).toEqual({ ok: false, error: { type: 'unknown-reference' } })
  })

  it("counts days by Vietnam's clock and gives the next working day after 15 o'clock", () => {
    expect(codeDay(new Date('2026-11-22T16:59:59Z'))).toBe('261122')
    expect(codeDay(new Date('2026-11-22T17:00:00Z'))).toBe('261123')
    expect(appointmentDay(new Date('2026-11-23T07:59:00Z'))).toBe('23/11/2026')
    expect(appointmentDay(new Date('2026-11-23T08:00:00Z'))).toBe('24/11/2026')
    expect(appointmentDay(new Date('2026-11-27T08:00:00Z'))).toBe('30/11/2026')
  })
})
