import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PacketAnswer } from '../../../contracts/gateway-api.ts'
import { LeaseAnswer, type LeaseClaims, type LeaseRequest } from '../../../contracts/lease.ts'
import { verifyLease } from '../../../electron/station/lease.ts'
import { parseRecoveryCode, recoveryChallengeOf, recoveryKeyPair } from '../../packet/recovery-code.ts'
import { type Gateway, keysFile, startGateway } from '../gateway.ts'
import { loadKeys, rotateKeys } from '../keys.ts'
import { enrolSpecimenStation, type SpecimenStation } from '../specimen-station.ts'
import { layReadyCluster } from '../storage/ready-cluster.fixture.ts'
import { listOperators, removeOperator } from './leases.ts'
import { answerRecovery } from './recovery.ts'

const exec = promisify(execFile)
let folder: string
let gateway: Gateway
let station: SpecimenStation
const dataFolder = () => path.join(folder, 'gateway')

const desk = async (...words: string[]) =>
  exec(process.execPath, ['sync/gateway/commands.ts', ...words, '--data', dataFolder()], { timeout: 60_000 }).then(
    ({ stdout }) => ({ code: 0, text: stdout }),
    (error: { code: number; stderr: string }) => ({ code: error.code, text: error.stderr }),
  )

const newStation = async () => {
  const { code } = await gateway.createEnrolmentCode({ pointName: 'Bưu điện Mẫu', stationName: 'Quầy mẫu', demo: true })
  return enrolSpecimenStation(gateway.url, code, true)
}

const leaseFor = async (of: SpecimenStation, request: Partial<LeaseRequest> = {}): Promise<LeaseClaims> => {
  const answer = await of.call('/v1/lease', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ nonce: randomUUID(), trusts: of.enrolment.keys.receipts.keyId, operators: [], ...request }),
  })
  const { lease } = LeaseAnswer.parse(await answer.json())
  const verified = verifyLease(lease, of.enrolment)
  if (!verified.ok) throw new Error(verified.error.detail)
  return verified.value
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tram-leases-'))
  await chmod(folder, 0o711)
  await layReadyCluster(dataFolder())
  gateway = await startGateway({ dataFolder: dataFolder(), mode: 'demo', leasePolicy: { offlineDays: 9, draftHours: 48 } })
  station = await newStation()
})
afterAll(async () => {
  await gateway?.stop()
  await rm(folder, { recursive: true, force: true })
})

describe('leases', () => {
  it('come with the enrolment, for this station alone, with the gateway’s own policy', async () => {
    const other = await newStation()
    const first = verifyLease(station.enrolment.lease ?? '', station.enrolment)
    expect(first).toMatchObject({ ok: true, value: { offlineDays: 9, draftHours: 48, removedOperators: [] } })
    expect(verifyLease(station.enrolment.lease ?? '', other.enrolment).ok).toBe(false)
    const [head, body, signature] = (station.enrolment.lease ?? '').split('.')
    const forged = Buffer.from(
      Buffer.from(body ?? '', 'base64url')
        .toString('utf8')
        .replace('"offlineDays":9', '"offlineDays":99'),
    )
    expect(verifyLease(`${head}.${forged.toString('base64url')}.${signature}`, station.enrolment).ok).toBe(false)
  })

  it('name whoever the desk removed, for ever after', async () => {
    const [stays, goes] = [randomUUID(), randomUUID()]
    const operators = [
      { operatorId: stays, name: 'Lò Thị Mẫu', role: 'supervisor' as const },
      { operatorId: goes, name: 'Giàng A Thử', role: 'operator' as const },
    ]
    expect((await leaseFor(station, { operators })).removedOperators).toEqual([])
    expect((await listOperators(gateway.database)).map(({ name }) => name)).toContain('Giàng A Thử')
    const last = await desk('remove-operator', stays)
    expect(last).toMatchObject({ code: 1, text: expect.stringContaining('--lose-drafts') })
    expect(await desk('remove-operator', goes)).toMatchObject({ code: 0 })
    expect(await removeOperator(gateway.database, goes)).toBe(false)
    expect((await leaseFor(station, { operators })).removedOperators).toEqual([goes])
    expect((await leaseFor(await newStation())).removedOperators).toEqual([])
  })

  it('hand out public keys whose codes only the desk can tell, each once', async () => {
    const operatorId = randomUUID()
    const operators = [{ operatorId, name: 'Vàng Thị Thử', role: 'operator' as const, recoverySlot: 18 }]
    const { recovery } = await leaseFor(station, { operators, recoveryFrom: 17 })
    expect(recovery).toMatchObject({ first: 17 })
    const { stationId } = station.enrolment
    const told = await desk('recovery', recoveryChallengeOf(stationId, 18))
    expect(told.text).toContain('Bưu điện Mẫu · Quầy mẫu · Vàng Thị Thử')
    const code = parseRecoveryCode(told.text.split('\n')[0] ?? '')
    if (!code.ok) throw new Error('not a code')
    expect((await recoveryKeyPair(code.value, stationId, 18)).publicKey).toBe(recovery?.publicKeys[1])
    const keys = await loadKeys(keysFile(dataFolder()))
    const ask = (challenge: string, again = false, callerKnown = false) =>
      answerRecovery(gateway.database, keys, challenge, { again, callerKnown })
    const challenge = recoveryChallengeOf(stationId, 18)
    expect(await ask(challenge)).toMatchObject({ error: { type: 'answered-before' } })
    expect(await ask(challenge, true)).toMatchObject({ ok: true })
    expect(await ask(recoveryChallengeOf(randomUUID(), 18))).toMatchObject({ error: { type: 'station-unknown' } })
    const misheard = challenge.slice(0, -1) + (challenge.endsWith('A') ? 'B' : 'A')
    expect(await ask(misheard)).toMatchObject({ error: { type: 'challenge-mistyped' } })
    const unreported = recoveryChallengeOf(stationId, 19)
    // Somebody was removed from this station before.
    expect(await ask(unreported)).toMatchObject({ error: { type: 'caller-unsure', removed: ['Giàng A Thử'] } })
    expect(await ask(unreported, false, true)).toMatchObject({ ok: true, value: { operatorName: undefined } })
    await removeOperator(gateway.database, operatorId)
    expect(await ask(challenge, true)).toMatchObject({ error: { type: 'operator-removed' } })
  })
})

describe('key rotation', () => {
  it('opens the queue sealed before it, and reaches a station which knows only the first key', async () => {
    const queued = await station.seal()
    const before = station.enrolment.keys
    expect(await desk('rotate-keys')).toMatchObject({ code: 0 })
    await rotateKeys(keysFile(dataFolder()))
    for (let tries = 0; tries < 100; tries += 1) {
      if (((await leaseFor(station)).keys.formerReceipts ?? []).length === 2) break
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    const lease = await leaseFor(station)
    expect(lease.keys.sealing.keyId).not.toBe(before.sealing.keyId)
    expect(lease.keys.formerReceipts?.map(({ keyId }) => keyId)).toContain(before.receipts.keyId)

    await station.deliver(queued)
    const answer = PacketAnswer.parse(await (await station.call(`/v1/packets/${queued.packetId}`)).json())
    expect(['received', 'accepted']).toContain(answer.state)
    const header: unknown = JSON.parse(Buffer.from((answer.receipt ?? '').split('.')[0] ?? '', 'base64url').toString('utf8'))
    expect(header).toMatchObject({ kid: lease.keys.receipts.keyId })

    station.enrolment.keys = lease.keys
    const sealedAnew = await station.seal()
    await station.deliver(sealedAnew)
    expect((await station.call(`/v1/packets/${sealedAnew.packetId}`)).status).toBe(200)
  })
})
