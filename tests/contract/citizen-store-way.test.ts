/**
 * The citizens' store as its stations meet it: a real gateway over HTTP, a real chip's files and signatures, and everything that somebody who
 * is not the citizen might try.
 */
import { createHash, randomUUID } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { CardEvidence, StoreAct } from '../../contracts/card-evidence.ts'
import { SealedStoreAnswer, StoreChallenge } from '../../contracts/citizen-store.ts'
import type { Answers, Provenance } from '../../contracts/dossier.ts'
import { Problem } from '../../contracts/gateway-api.ts'
import { createSimulatedCardReader } from '../../hardware/simulators/simulated-card-reader.ts'
import { trainingTrust } from '../../hardware/simulators/specimen-pki/training-trust.ts'
import { mrzAccessOf, nguyenThiMau, type Specimen, tranVanThu } from '../../hardware/simulators/specimens.ts'
import { findProcedure } from '../../procedures/catalogue.ts'
import { allFields } from '../../procedures/rules/index.ts'
import { specimenDossiers } from '../../procedures/specimens.ts'
import { askingLimit } from '../../sync/gateway/citizen-store/open-store.ts'
import { provePresence } from '../../sync/gateway/citizen-store/presence.ts'
import { type Gateway, startGateway } from '../../sync/gateway/gateway.ts'
import { enrolSpecimenStation, type SealedDossier, type SpecimenStation } from '../../sync/gateway/specimen-station.ts'
import { layReadyCluster } from '../../sync/gateway/storage/ready-cluster.fixture.ts'
import { toBase64Url, toUtf8 } from '../../sync/packet/base64url.ts'
import { evidenceDigest, openStoreAnswer, sealEvidence, storeWords } from '../../sync/packet/store-seal.ts'
import { makeOpeningKey } from '../../sync/packet/supplement-seal.ts'

let folder: string
let gateway: Gateway

const newStation = async (demo = true) => {
  const { code } = await gateway.createEnrolmentCode({ pointName: 'Bưu điện Mẫu', stationName: 'Quầy mẫu', demo })
  return enrolSpecimenStation(gateway.url, code, demo)
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tram-citizens-'))
  await chmod(folder, 0o711)
  await layReadyCluster(path.join(folder, 'gateway'))
  gateway = await startGateway({ dataFolder: path.join(folder, 'gateway'), mode: 'demo' })
})
afterAll(async () => {
  await gateway?.stop()
  await rm(folder, { recursive: true, force: true })
})

const readCard = async (specimen: Specimen, nonce?: string): Promise<CardEvidence> => {
  const reader = createSimulatedCardReader({ chips: [specimen] })
  let evidence: CardEvidence | undefined
  const reading = await reader.read(
    { access: mrzAccessOf(specimen), groups: ['dg1', 'dg14', 'dg15', 'sod'], ...(nonce === undefined ? {} : { nonce }) },
    { onEvidence: (heard) => (evidence = heard) },
  )
  await reader.close()
  if (!reading.ok || evidence === undefined) throw new Error('the specimen could not be read')
  return evidence
}

const challengeOf = async (station: SpecimenStation) =>
  StoreChallenge.parse(await (await station.call('/v1/citizen-store/challenge')).json())

type Trick = {
  evidence?: (honest: CardEvidence) => CardEvidence
  challenge?: StoreChallenge
  signedBy?: SpecimenStation
  signedAct?: StoreAct
  operatorId?: string
}

const ask = async (station: SpecimenStation, specimen: Specimen, act: StoreAct = 'read', trick: Trick = {}) => {
  const { challenge, nonce } = trick.challenge ?? (await challengeOf(station))
  const honest = await readCard(specimen, nonce)
  const evidence = trick.evidence?.(honest) ?? honest
  const { publicKey: recipient, privateKey } = await makeOpeningKey()
  const operatorId = trick.operatorId ?? randomUUID()
  const { stationId, keys } = station.enrolment
  const names = { stationId, operatorId, act, challenge, recipient, evidenceDigest: await evidenceDigest(evidence) }
  const words = toUtf8(storeWords({ ...names, act: trick.signedAct ?? act }))
  const { privateKey: device } = (trick.signedBy ?? station).device
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, device, words)
  const response = await station.call('/v1/citizen-store/openings', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      act,
      operatorId,
      challenge,
      recipient,
      gatewayKeyId: keys.sealing.keyId,
      evidence: await sealEvidence(keys.sealing.publicKey, { stationId, challenge }, evidence),
      signature: toBase64Url(new Uint8Array(signature)),
    }),
  })
  if (!response.ok) return { refused: Problem.parse(await response.json()) }
  const { sealed } = SealedStoreAnswer.parse(await response.json())
  return { answer: await openStoreAnswer(names, privateKey, sealed), sealed }
}
const refusal = async (asked: ReturnType<typeof ask>) => {
  const { refused } = await asked
  return refused && `${refused.type}${refused.detail === undefined ? '' : ` ${refused.detail}`}`
}

const typed: Provenance = { source: 'typed', at: '2026-11-22T02:00:00.000Z', operatorId: randomUUID() }
const byCard: Provenance = { ...typed, source: 'card', chip: { verdict: 'genuine', samePerson: 'yes' } }

const birth = specimenDossiers.marriedCouple
const procedure = findProcedure(birth.procedureCode, birth.procedureVersion)
if (procedure === undefined) throw new Error('no procedure')
const motherField = (fact: string): string => {
  const field = allFields(procedure).find((each) => each.fact?.person === 'mother' && each.fact.value === fact)
  if (field === undefined) throw new Error(`the form does not ask for it: ${fact}`)
  return field.id
}

/** A birth whose mother showed her card at this station, and said yes or no to being kept. */
const handIn = async (station: SpecimenStation, given: boolean | undefined, residence: string, at = new Date().toISOString()) => {
  const answers: Answers = Object.fromEntries(
    Object.entries({ ...birth.answers, [motherField('personalNumber')]: nguyenThiMau.personalNumber }).map(([id, value]) => [
      id,
      { value, provenance: id === motherField('personalNumber') ? byCard : typed },
    ]),
  )
  const field = motherField('residence')
  answers[field] = { value: residence, provenance: { ...typed, at } }
  const own = procedure.consents.map(({ id, purpose }) => ({ id, purpose, given: true, at }))
  const keep = { id: 'keepFactsOfMother', purpose: { vi: 'Lưu để dùng lại' }, at }
  const sealed = await station.seal({
    dossier: { answers, consents: [...own, ...(given === undefined ? [] : [{ ...keep, given }])] },
  })
  const response = await station.post(
    sealed.packet,
    sealed.files.map((file) => file.sealed),
  )
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  return sealed
}

/** The same dossier corrected: an empty value takes an answer away. */
const correct = async (station: SpecimenStation, { dossier }: SealedDossier, changed: Record<string, string>) => {
  const { answers: before, attachments: _, consents: __, ...event } = dossier
  const at = new Date().toISOString()
  const answers = Object.fromEntries(Object.entries(changed).map(([id, value]) => [id, { value, provenance: { ...typed, at } }]))
  const seen = Object.fromEntries(Object.keys(changed).map((id) => [id, before[id]?.value ?? '']))
  const supplement = await station.seal({
    withoutAttachments: true,
    dossier: { ...dossier, attachments: [] },
    header: { kind: 'supplement', event: { dossierId: dossier.dossierId, sequence: 2 } },
    payload: JSON.stringify({ ...event, answers, seen, attachments: [] }),
  })
  const response = await station.put(supplement.packetId, supplement.packet)
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
}

const untilKept = async () => {
  for (let tries = 0; tries < 200; tries += 1) {
    const { rows } = await sql<{
      open: number
    }>`SELECT count(*)::int AS open FROM packets WHERE keeps AND kept_at IS NULL`.execute(gateway.database)
    if (rows[0]?.open === 0) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('not kept in time')
}
const records = () => gateway.database.selectFrom('citizen_records').selectAll().execute()
const residenceOf = (asked: Awaited<ReturnType<typeof ask>>) => asked.answer?.facts.residence?.value

beforeEach(async () => {
  await gateway.database.deleteFrom('citizen_records').execute()
})

const home = 'Số 5, Bản Mẫu, Xã Thử Nghiệm, Tỉnh Ví Dụ'
const other = 'Số 7, Bản Mẫu, Xã Thử Nghiệm, Tỉnh Ví Dụ'

describe('with consent', () => {
  test('what was said at one station is there for the same card at another, and for nobody else', async () => {
    const [one, another] = [await newStation(), await newStation()]
    await handIn(one, true, home)
    await untilKept()
    const asked = await ask(another, nguyenThiMau)
    expect(residenceOf(asked)).toBe(home)
    expect(asked.answer?.until).toBeDefined()
    // The father stands in the same dossier: he has said nothing.
    const nobody = await ask(another, tranVanThu)
    expect(nobody.answer).toEqual({ facts: {} })
    // Sealed, the two cannot be told apart.
    expect(nobody.sealed?.length).toBe(asked.sealed?.length)
  })

  test('a correction renews what is kept, under the same consent', async () => {
    const station = await newStation()
    const consentedAt = new Date(Date.now() - 60_000)
    const handedIn = await handIn(station, true, home, consentedAt.toISOString())
    await untilKept()
    const until = (await ask(station, nguyenThiMau)).answer?.until
    await correct(station, handedIn, { [motherField('residence')]: other })
    await untilKept()
    const asked = await ask(await newStation(), nguyenThiMau)
    expect(residenceOf(asked)).toBe(other)
    expect(asked.answer?.until).toBe(until)
  })

  test('a correction of a dossier from before the erasure brings nothing back', async () => {
    const station = await newStation()
    const handedIn = await handIn(station, true, home)
    await untilKept()
    await ask(station, nguyenThiMau, 'erase')
    await correct(station, handedIn, { [motherField('residence')]: other })
    await untilKept()
    expect(await records()).toEqual([])
  })

  test('the table says neither whose it is nor what it holds, also where it was erased', async () => {
    const station = await newStation()
    await handIn(station, true, home)
    await untilKept()
    const said = JSON.stringify([await records(), await gateway.database.selectFrom('citizen_audit').selectAll().execute()])
    for (const secret of [home, nguyenThiMau.personalNumber, 'Thử Nghiệm']) expect(said).not.toContain(secret)
    expect(await records()).toHaveLength(1)
    expect(await ask(station, nguyenThiMau, 'erase')).toMatchObject({ answer: { facts: {} } })
    expect(await records()).toEqual([])
    expect((await ask(station, nguyenThiMau)).answer).toEqual({ facts: {} })
  })

  test('a dossier from before the erasure, which comes only now, keeps nothing', async () => {
    const station = await newStation()
    const before = new Date(Date.now() - 60_000).toISOString()
    await ask(station, nguyenThiMau, 'erase')
    await handIn(station, true, home, before)
    await untilKept()
    expect(await records()).toEqual([])
  })
})

test('without consent, by refusal or by silence, nothing is kept', async () => {
  const station = await newStation()
  await handIn(station, false, home)
  await handIn(station, undefined, home)
  await untilKept()
  expect(await records()).toEqual([])
  expect((await ask(station, nguyenThiMau)).answer).toEqual({ facts: {} })
})

describe('who is not the citizen at the counter', () => {
  test('is refused: another station’s signature, another act, a challenge of another station or spent, no signature of the chip', async () => {
    const [station, other] = [await newStation(), await newStation()]
    expect(await refusal(ask(station, nguyenThiMau, 'read', { signedBy: other }))).toBe('signature-invalid')
    expect(await refusal(ask(station, nguyenThiMau, 'erase', { signedAct: 'read' }))).toBe('signature-invalid')
    const challenge = await challengeOf(other)
    expect(await refusal(ask(station, nguyenThiMau, 'read', { challenge }))).toBe('presence-not-proven challenge-spent-or-old')
    expect((await ask(other, nguyenThiMau, 'read', { challenge })).answer).toEqual({ facts: {} })
    expect(await refusal(ask(other, nguyenThiMau, 'read', { challenge }))).toBe('presence-not-proven challenge-spent-or-old')
    const copied = ({ dg1, sod, dg14, dg15 }: CardEvidence): CardEvidence => ({
      dg1,
      sod,
      ...(dg14 === undefined ? {} : { dg14 }),
      ...(dg15 === undefined ? {} : { dg15 }),
    })
    expect(await refusal(ask(station, nguyenThiMau, 'read', { evidence: copied }))).toBe('presence-not-proven chip-did-not-sign')
    const withoutKey = (evidence: CardEvidence): CardEvidence => ({ dg1: evidence.dg1, sod: evidence.sod })
    expect(await refusal(ask(station, nguyenThiMau, 'read', { evidence: withoutKey }))).toBe(
      'presence-not-proven chip-did-not-sign',
    )
  })

  test('cannot play an earlier reading again, nor put another number into it', async () => {
    const station = await newStation()
    const recorded = await readCard(nguyenThiMau, (await challengeOf(station)).nonce)
    expect(await refusal(ask(station, nguyenThiMau, 'read', { evidence: () => recorded }))).toMatch(/^presence-not-proven/)
    const { dg1 } = await readCard(tranVanThu)
    expect(await refusal(ask(station, nguyenThiMau, 'read', { evidence: (honest) => ({ ...honest, dg1 }) }))).toMatch(
      /^presence-not-proven/,
    )
  })

  test('a real number needs a card whose state the gateway trusts, and never reaches a training station', async () => {
    const citizen: Specimen = { ...nguyenThiMau, personalNumber: '001190000017' }
    const nonce = createHash('sha256').update('nonce').digest().subarray(0, 8)
    const evidence = await readCard(citizen, nonce.toString('base64url'))
    const now = new Date()
    const none = provePresence(evidence, nonce, { trust: { certificates: [], revocationLists: [], bySubject: new Map() }, now })
    expect(none).toMatchObject({ ok: false, error: { type: 'presence-not-proven' } })
    expect(provePresence(evidence, nonce, { trust: trainingTrust(), now })).toEqual({
      ok: true,
      value: { personalNumber: '001190000017', specimen: false },
    })
    expect(provePresence(evidence, nonce, { trust: trainingTrust(), now: new Date('2041-01-01') })).toMatchObject({ ok: false })
    expect(await refusal(ask(await newStation(), citizen))).toMatch(/^presence-not-proven/)
  })

  test('is told to rest who asks too often, whatever came of it; each asking is noted without a value', async () => {
    const station = await newStation()
    const { stationId } = station.enrolment
    await handIn(station, true, home)
    await untilKept()
    await ask(station, nguyenThiMau)
    await gateway.database
      .insertInto('citizen_audit')
      .values(
        Array.from({ length: askingLimit.most - 1 }, () => ({
          at: new Date(),
          act: 'refused',
          person_hash: null,
          station_id: stationId,
          why: 'test',
        })),
      )
      .execute()
    expect(await refusal(ask(station, nguyenThiMau))).toBe('busy asked too often')
    expect((await ask(await newStation(), nguyenThiMau)).answer?.facts.residence).toBeDefined()
    const notes = await gateway.database
      .selectFrom('citizen_audit')
      .selectAll()
      .where('station_id', '=', stationId)
      .where('why', '!=', 'test')
      .execute()
    expect(notes.map(({ act }) => act)).toEqual(['kept', 'read'])
  })
})
