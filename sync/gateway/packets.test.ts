import { randomBytes, randomUUID } from 'node:crypto'
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { compactVerify, importJWK } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EnrolmentAnswer, PacketAnswer, Problem, UpdatesAnswer } from '../../contracts/gateway-api.ts'
import { ReceiptClaims } from '../../contracts/packet.ts'
import { type Gateway, keysFile, startGateway } from './gateway.ts'
import { enrolSpecimenStation, jpegLike, makeDeviceKey, type SpecimenStation } from './specimen-station.ts'
import { layReadyCluster } from './storage/ready-cluster.fixture.ts'

let folder: string
let gateway: Gateway
let station: SpecimenStation

const newStation = async (at: Gateway, demo = true) => {
  const { code } = await at.createEnrolmentCode({ pointName: 'Bưu điện Mẫu', stationName: 'Quầy mẫu', demo })
  return enrolSpecimenStation(at.url, code, demo)
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tram-gateway-'))
  await chmod(folder, 0o711)
  await layReadyCluster(path.join(folder, 'demo'))
  gateway = await startGateway({ dataFolder: path.join(folder, 'demo'), mode: 'demo', origins: ['http://127.0.0.1:4810'] })
  station = await newStation(gateway)
})
afterAll(async () => {
  await gateway?.stop()
  await rm(folder, { recursive: true, force: true })
})

const problem = async (response: Response) => {
  expect(response.headers.get('content-type')).toContain('application/problem+json')
  const parsed = Problem.parse(await response.json())
  expect(parsed.status).toBe(response.status)
  return parsed
}
const answerOf = async (response: Response) => {
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  return PacketAnswer.parse(await response.json())
}
const accepted = async (of: SpecimenStation, packetId: string) => {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const answer = await answerOf(await of.call(`/v1/packets/${packetId}`))
    if (answer.state === 'accepted') return answer
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error('not accepted in time')
}

describe('taking back', () => {
  const takeBack = (packetId: string, of = station) => of.call(`/v1/packets/${packetId}`, { method: 'DELETE' })

  it('is a promise: the packet is refused for ever, and its counter and dossier are free again', async () => {
    const sealed = await station.seal()
    await answerOf(await station.put(sealed.packetId, sealed.packet))
    const [file] = sealed.files
    if (file === undefined) throw new Error('no file')
    await station.create(sealed.packetId, file)
    expect(await answerOf(await takeBack(sealed.packetId))).toEqual({
      packetId: sealed.packetId,
      state: 'taken-back',
      missing: [],
    })
    expect(await answerOf(await takeBack(sealed.packetId))).toMatchObject({ state: 'taken-back' })
    expect(await problem(await station.put(sealed.packetId, sealed.packet))).toMatchObject({ type: 'taken-back', status: 410 })
    expect((await station.patch(sealed.packetId, file.facts.attachmentId, 0, file.sealed)).status).toBe(404)
    const corrected = await station.seal({ dossier: { dossierId: sealed.dossier.dossierId } })
    await station.deliver(corrected)
    await accepted(station, corrected.packetId)
  })

  it('shows the receipt when it comes too late, and nothing to another station', async () => {
    const sealed = await station.seal()
    await station.deliver(sealed)
    const late = await answerOf(await takeBack(sealed.packetId))
    expect(late.receipt).toBeDefined()
    const other = await newStation(gateway)
    expect(await problem(await takeBack(sealed.packetId, other))).toMatchObject({ type: 'not-found' })
  })

  it('either holds or is too late when the packet comes at the same moment', async () => {
    for (let round = 0; round < 12; round += 1) {
      const sealed = await station.seal()
      const [put, taken] = await Promise.all([station.put(sealed.packetId, sealed.packet), takeBack(sealed.packetId)])
      const promised = (await answerOf(taken)).state === 'taken-back'
      expect(promised).toBe(put.status === 410 || (await station.call(`/v1/packets/${sealed.packetId}`)).status === 404)
    }
  })
})

describe('the way of a packet', () => {
  it('goes from stored to received to accepted, with a receipt the pinned key verifies', async () => {
    const sealed = await station.seal()
    const first = await answerOf(await station.put(sealed.packetId, sealed.packet))
    expect(first.state).toBe('waiting-for-attachments')
    expect(first.missing).toEqual(sealed.files.map((file) => ({ attachmentId: file.facts.attachmentId, offset: 0 })))
    expect(first.receipt).toBeUndefined()
    await station.deliver(sealed)
    const done = await accepted(station, sealed.packetId)
    const key = await importJWK(station.enrolment.keys.receipts.publicKey, 'ES256')
    const { payload, protectedHeader } = await compactVerify(done.receipt ?? '', key)
    expect(protectedHeader.typ).toBe('tram-receipt')
    const claims = ReceiptClaims.parse(JSON.parse(new TextDecoder().decode(payload)))
    expect(claims).toMatchObject({
      packetId: sealed.packetId,
      stationId: station.enrolment.stationId,
      packetDigest: sealed.digest,
    })
    expect(done.official).toMatchObject({ simulated: true })
    expect(done.official?.code).toMatch(/^H11\.12\.34-\d{6}-\d{4}$/)
    expect(done.status).toMatchObject({ code: 2, text: { vi: 'Được tiếp nhận' }, simulated: true })
    const row = await gateway.database
      .selectFrom('packets')
      .select('dossier')
      .where('packet_id', '=', sealed.packetId)
      .executeTakeFirstOrThrow()
    expect(row.dossier).toEqual(sealed.dossier)
  })

  it('is one row and one official code when it comes 20 times at once', async () => {
    const sealed = await station.seal()
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => answerOf(await station.put(sealed.packetId, sealed.packet))),
    )
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    for (const file of sealed.files) {
      await station.create(sealed.packetId, file)
      await station.patch(sealed.packetId, file.facts.attachmentId, 0, file.sealed)
    }
    const again = await Promise.all(
      Array.from({ length: 20 }, async () => answerOf(await station.put(sealed.packetId, sealed.packet))),
    )
    expect(new Set(again.map((answer) => answer.receipt)).size).toBe(1)
    await accepted(station, sealed.packetId)
    const rows = await gateway.database
      .selectFrom('packets')
      .select('packet_id')
      .where('dossier_id', '=', sealed.dossier.dossierId)
      .execute()
    const codes = await gateway.database
      .selectFrom('one_stop_dossiers')
      .select('code')
      .where('reference', '=', sealed.packetId)
      .execute()
    expect([rows.length, codes.length]).toEqual([1, 1])
  })

  it('tells each change once in order, and wakes who waits', async () => {
    const other = await newStation(gateway)
    const waiting = other.call('/v1/updates?after=0&wait=20')
    const sealed = await other.seal()
    await other.deliver(sealed)
    const first = UpdatesAnswer.parse(await (await waiting).json())
    expect(first.updates[0]).toMatchObject({ cursor: 1, packet: { packetId: sealed.packetId } })
    await accepted(other, sealed.packetId)
    const all = UpdatesAnswer.parse(await (await other.call('/v1/updates?after=0')).json())
    expect(all.updates.map((update) => update.cursor)).toEqual([1, 2])
    expect(all.updates.at(-1)?.packet.state).toBe('accepted')
    const none = UpdatesAnswer.parse(await (await other.call('/v1/updates?after=2')).json())
    expect(none).toEqual({ updates: [], cursor: 2, highestCounter: 1 })
  })
})

describe('a database put back to an older state', () => {
  it('tells a station which had heard more what it has of it, and everything new', async () => {
    const other = await newStation(gateway)
    const before = await other.seal()
    await other.deliver(before)
    await accepted(other, before.packetId)
    const updatesAfter = async (cursor: number) =>
      UpdatesAnswer.parse(await (await other.call(`/v1/updates?after=${cursor}&wait=5`)).json())
    const told = await updatesAfter(500)
    expect(told.updates.map(({ packet }) => [packet.packetId, packet.state])).toEqual([[before.packetId, 'accepted']])
    expect(told.cursor).toBeGreaterThan(500)
    const fresh = await other.seal()
    await other.deliver(fresh)
    const next = await updatesAfter(told.cursor)
    expect(next.updates.map(({ packet }) => packet.packetId)).toContain(fresh.packetId)
    expect(next.updates.every(({ cursor }) => cursor > told.cursor)).toBe(true)
  })
})

describe('what is refused', () => {
  it('the same packet id or counter or dossier with another body', async () => {
    const sealed = await station.seal()
    await answerOf(await station.put(sealed.packetId, sealed.packet))
    const { counter } = JSON.parse(Buffer.from(sealed.packet.header, 'base64url').toString()) as { counter: number }
    const sameId = await station.seal({ packetId: sealed.packetId })
    const sameCounter = await station.seal({ counter })
    const sameDossier = await station.seal({ dossier: { dossierId: sealed.dossier.dossierId } })
    for (const other of [sameId, sameCounter, sameDossier]) {
      expect((await problem(await station.put(other.packetId, other.packet))).type).toBe('key-reused')
    }
    const stranger = await newStation(gateway)
    expect((await problem(await stranger.put(sealed.packetId, sealed.packet))).type).toBe('key-reused')
  })

  it.each<[string, string, () => Promise<Response>]>([
    ['malformed', 'a body that is no packet', () => station.put(randomUUID(), { header: 1 })],
    [
      'malformed',
      'broken JSON',
      () =>
        station.call(`/v1/packets/${randomUUID()}`, {
          method: 'PUT',
          headers: { 'content-type': 'application/json' },
          body: '{',
        }),
    ],
    ['malformed', 'another id in the path', async () => station.put(randomUUID(), (await station.seal()).packet)],
    [
      'malformed',
      'a payload that is no dossier',
      async () => {
        const sealed = await station.seal({ payload: '{}' })
        return station.put(sealed.packetId, sealed.packet)
      },
    ],
    ...(['\u0000', '\ud842'] as const).map((letter): [string, string, () => Promise<Response>] => [
      'malformed',
      `a letter no database keeps (${letter.charCodeAt(0).toString(16)})`,
      async () => {
        const sealed = await station.seal({ dossier: { helper: { operatorId: randomUUID(), name: `Mẫu ${letter}` } } })
        return station.post(
          sealed.packet,
          sealed.files.map((file) => file.sealed),
        )
      },
    ]),
    [
      'malformed',
      'attachments the dossier does not know',
      async () => {
        const sealed = await station.seal({ dossier: { attachments: [] } })
        return station.put(sealed.packetId, sealed.packet)
      },
    ],
    [
      'too-large',
      'a payload above the limit',
      async () => {
        const sealed = await station.seal()
        return station.put(sealed.packetId, { ...sealed.packet, payload: 'A'.repeat(400_001) })
      },
    ],
    ['too-large', 'a body above the limit', () => station.put(randomUUID(), { payload: 'A'.repeat(1_100_000) })],
    [
      'signature-invalid',
      'another key',
      async () => {
        const sealed = await station.seal()
        return station.put(sealed.packetId, { ...sealed.packet, signature: Buffer.alloc(64, 7).toString('base64url') })
      },
    ],
    [
      'signature-invalid',
      'another station in the header',
      async () => {
        const sealed = await station.seal({ header: { stationId: randomUUID() } })
        return station.put(sealed.packetId, sealed.packet)
      },
    ],
    [
      'unknown-key',
      'a key the gateway does not hold',
      async () => {
        const sealed = await station.seal({ header: { gatewayKeyId: 'another' } })
        return station.put(sealed.packetId, sealed.packet)
      },
    ],
    [
      'seal-invalid',
      'a broken payload, properly signed',
      async () => {
        const sealed = await station.seal()
        const broken = { ...sealed.packet, payload: `${sealed.packet.payload.slice(0, -4)}AAAA` }
        const { packetDigest } = await import('../packet/packet-codec.ts')
        return station.put(sealed.packetId, { ...broken, signature: await station.sign(await packetDigest(broken)) })
      },
    ],
    [
      'procedure-unknown',
      'a version nobody published',
      async () => {
        const sealed = await station.seal({ dossier: { procedureVersion: '1999-01-01' } })
        return station.put(sealed.packetId, sealed.packet)
      },
    ],
    ['not-found', 'a packet nobody sent', () => station.call(`/v1/packets/${randomUUID()}`)],
    ['not-found', 'an address nobody serves', () => station.call('/v1/nothing')],
    ['unauthenticated', 'no token', () => fetch(`${gateway.url}/v1/updates`)],
  ])('%s: %s', async (type, _name, send) => {
    expect((await problem(await send())).type).toBe(type)
  })

  it('an incomplete dossier, with findings in words and no values', async () => {
    const sealed = await station.seal({ dossier: { answers: {} } })
    const refusal = await problem(await station.put(sealed.packetId, sealed.packet))
    expect(refusal.type).toBe('dossier-invalid')
    expect(refusal.findings?.length).toBeGreaterThan(3)
    expect(refusal.findings?.every((finding) => finding.message.vi.length > 5)).toBe(true)
  })

  it('an answer with a letter no database keeps, by its name', async () => {
    const { dossier } = await station.seal()
    const [field, answer] = Object.entries(dossier.answers)[0] ?? expect.fail('no answer')
    const answers = { ...dossier.answers, [field]: { ...answer, value: `${answer.value}\ud842` } }
    const { packetId, packet } = await station.seal({ dossier: { answers } })
    const refused = await problem(await station.put(packetId, packet))
    expect(refused).toMatchObject({ type: 'dossier-invalid', findings: [{ fields: [field] }] })
  })

  it('training at a production gateway, and a station once it is revoked', async () => {
    const dataFolder = path.join(folder, 'production')
    await mkdir(dataFolder)
    await copyFile(keysFile(path.join(folder, 'demo')), keysFile(dataFolder))
    const production = await startGateway({
      dataFolder,
      mode: 'production',
      databaseUrl: gateway.databaseUrl,
    })
    try {
      const real = await newStation(production, false)
      const training = await real.seal({ dossier: { training: true } })
      expect((await problem(await real.put(training.packetId, training.packet))).type).toBe('training-refused')
      const genuine = await real.seal()
      expect((await answerOf(await real.put(genuine.packetId, genuine.packet))).state).toBe('waiting-for-attachments')
      await production.revokeStation(real.enrolment.stationId)
      expect((await problem(await real.put(genuine.packetId, genuine.packet))).type).toBe('station-revoked')
      const { assertion } = await real.assert()
      expect((await problem(await real.requestToken(assertion))).type).toBe('station-revoked')
    } finally {
      await production.stop()
    }
  })
})

describe('attachments', () => {
  it('are created only as announced, only by their station, and once', async () => {
    const sealed = await station.seal()
    const [file] = sealed.files
    if (file === undefined) throw new Error('no attachment')
    expect((await problem(await station.create(sealed.packetId, file))).type).toBe('not-found')
    await answerOf(await station.put(sealed.packetId, sealed.packet))
    expect((await problem(await station.create(sealed.packetId, file, file.sealed.length + 1))).type).toBe('attachment-invalid')
    const stranger = await newStation(gateway)
    expect((await problem(await stranger.create(sealed.packetId, file))).type).toBe('not-found')
    const created = await station.create(sealed.packetId, file)
    expect(created.status).toBe(201)
    expect(created.headers.get('location')).toBe(`/v1/attachments/${sealed.packetId}.${file.facts.attachmentId}`)
    expect((await station.create(sealed.packetId, file)).status).toBe(409)
    expect((await stranger.tus(`/${sealed.packetId}.${file.facts.attachmentId}`, 'HEAD')).status).toBe(404)
    expect((await problem(await stranger.patch(sealed.packetId, file.facts.attachmentId, 0, file.sealed))).type).toBe('not-found')
    expect((await station.tus(`/..%2F..%2Fkeys.json`, 'HEAD')).status).toBe(404)
  })

  it('resume at the byte where a cut left them, and refuse another offset', async () => {
    const sealed = await station.seal()
    const [file] = sealed.files
    if (file === undefined) throw new Error('no attachment')
    const { attachmentId } = file.facts
    await answerOf(await station.put(sealed.packetId, sealed.packet))
    await station.create(sealed.packetId, file)
    const cut = new AbortController()
    const { promise: sent, resolve: markSent } = Promise.withResolvers<void>()
    const body = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        controller.enqueue(file.sealed.slice(0, 20_000))
        await new Promise((resolve) => setTimeout(resolve, 150))
        markSent()
        await new Promise((resolve) => setTimeout(resolve, 10_000).unref())
      },
    })
    const half = station.call(`/v1/attachments/${sealed.packetId}.${attachmentId}`, {
      method: 'PATCH',
      headers: { 'tus-resumable': '1.0.0', 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
      body,
      duplex: 'half',
      signal: cut.signal,
    })
    await sent
    cut.abort()
    await expect(half).rejects.toThrow()
    expect(await station.offsetOf(sealed.packetId, attachmentId)).toBe(20_000)
    const missing = (await answerOf(await station.call(`/v1/packets/${sealed.packetId}`))).missing
    expect(missing).toEqual([{ attachmentId, offset: 20_000 }])
    expect((await station.patch(sealed.packetId, attachmentId, 0, file.sealed)).status).toBe(409)
    expect((await station.patch(sealed.packetId, attachmentId, 20_000, file.sealed.slice(20_000))).status).toBe(204)
    await accepted(station, sealed.packetId)
  })

  it('with other bytes than announced are thrown away and may come again', async () => {
    const sealed = await station.seal()
    const [file] = sealed.files
    if (file === undefined) throw new Error('no attachment')
    await answerOf(await station.put(sealed.packetId, sealed.packet))
    await station.create(sealed.packetId, file)
    const wrong = await station.patch(sealed.packetId, file.facts.attachmentId, 0, randomBytes(file.sealed.length))
    expect((await problem(wrong)).type).toBe('attachment-invalid')
    expect((await answerOf(await station.call(`/v1/packets/${sealed.packetId}`))).missing[0]?.offset).toBe(0)
    await station.deliver(sealed)
    await accepted(station, sealed.packetId)
  })

  it('whose bytes are not of their declared kind are refused', async () => {
    const sealed = await station.seal({ plain: randomBytes(3000).fill(0x41) })
    const [file] = sealed.files
    if (file === undefined) throw new Error('no attachment')
    await answerOf(await station.put(sealed.packetId, sealed.packet))
    await station.create(sealed.packetId, file)
    const refused = await problem(await station.patch(sealed.packetId, file.facts.attachmentId, 0, file.sealed))
    expect(refused).toMatchObject({ type: 'attachment-invalid' })
  })

  it('of several chunks and megabytes come through', async () => {
    const sealed = await station.seal({ plain: jpegLike(3_000_000) })
    await station.deliver(sealed)
    await accepted(station, sealed.packetId)
  })
})

describe('authentication', () => {
  it('works by the time of the gateway only: an assertion by a clock that is years off is refused', async () => {
    expect((await station.requestToken((await station.assert()).assertion)).status).toBe(200)
    for (const years of [-10, 10]) {
      const { assertion } = await station.assert({ clockOffsetSeconds: years * 365 * 86_400 })
      expect((await problem(await station.requestToken(assertion))).type).toBe('unauthenticated')
    }
  })

  it('takes a challenge once and a jti once', async () => {
    const first = await station.assert()
    expect((await station.requestToken(first.assertion)).status).toBe(200)
    expect((await problem(await station.requestToken(first.assertion))).type).toBe('unauthenticated')
    const again = await station.assert({ challenge: first.challenge })
    expect((await problem(await station.requestToken(again.assertion))).type).toBe('unauthenticated')
    const jti = randomUUID()
    expect((await station.requestToken((await station.assert({ jti })).assertion)).status).toBe(200)
    expect((await problem(await station.requestToken((await station.assert({ jti })).assertion))).type).toBe('unauthenticated')
  })

  it.each<[string, () => Promise<string>]>([
    [
      'a challenge the gateway never gave',
      async () => (await station.assert({ challenge: `aaaaaaaaaaaaaaaa.${Date.now() + 60_000}.bbbb` })).assertion,
    ],
    ['another audience', async () => (await station.assert({ audience: 'https://elsewhere.example/v1/token' })).assertion],
    ['another issuer', async () => (await station.assert({ issuer: randomUUID() })).assertion],
    ['too long a life', async () => (await station.assert({ lifeSeconds: 86_400 })).assertion],
    ["another device's key", async () => (await station.assert({ key: (await makeDeviceKey()).privateKey })).assertion],
    ['no JWT', () => Promise.resolve('nonsense')],
  ])('refuses %s', async (_name, make) => {
    expect((await problem(await station.requestToken(await make()))).type).toBe('unauthenticated')
  })

  it('refuses a token that was tampered with', async () => {
    const token = await station.authorization()
    const answer = await fetch(`${gateway.url}/v1/updates`, { headers: { authorization: `${token.slice(0, -6)}AAAAAA` } })
    expect((await problem(answer)).type).toBe('unauthenticated')
  })
})

describe('the desk’s own station', () => {
  it('goes on with a new token when its own has ended in the middle of a long hand-in', async () => {
    const desk = await newStation(gateway)
    expect((await desk.call('/v1/updates')).status).toBe(200)
    const file = keysFile(path.join(folder, 'demo'))
    const stored = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>
    await writeFile(file, JSON.stringify({ ...stored, tokenSecret: randomBytes(32).toString('base64url') }))
    const old = { headers: { authorization: await desk.authorization() } }
    await expect.poll(async () => (await fetch(`${gateway.url}/v1/updates`, old)).status, { timeout: 10_000 }).toBe(401)
    expect((await desk.call('/v1/updates')).status).toBe(200)
  })
})

describe('enrolment', () => {
  it('uses a code once; the same device may ask again, another may not', async () => {
    const { code } = await gateway.createEnrolmentCode({ pointName: 'Điểm', stationName: 'Quầy', demo: true })
    const ask = (deviceKey: unknown) =>
      fetch(`${gateway.url}/v1/enrolments`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ code: code.toLowerCase().replaceAll('-', ' '), deviceKey, shell: 'electron' }),
      })
    const device = await makeDeviceKey()
    // Each answer carries a lease of its own moment; the enrolment is the same.
    const answered = async () => EnrolmentAnswer.omit({ lease: true }).parse(await (await ask(device.publicKey)).json())
    expect(await answered()).toEqual(await answered())
    expect((await problem(await ask((await makeDeviceKey()).publicKey))).type).toBe('enrolment-code-unknown')
    expect((await problem(await ask({ ...device.publicKey, x: device.publicKey.y }))).type).toBe('malformed')
    const stored = await gateway.database.selectFrom('enrolment_codes').select('code_hash').execute()
    expect(JSON.stringify(stored)).not.toContain(code.replaceAll('-', ''))
  })

  it('slows down who guesses', async () => {
    const { publicKey } = await makeDeviceKey()
    const guess = () =>
      fetch(`${gateway.url}/v1/enrolments`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ code: 'AAAAA-AAAAA-AAAAA-AAAAA', deviceKey: publicKey, shell: 'electron' }),
      })
    const statuses: number[] = []
    for (let count = 0; count < 12; count += 1) statuses.push((await guess()).status)
    expect(statuses.at(-1)).toBe(429)
    const answer = await guess()
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await problem(answer)).type).toBe('busy')
  })

  it('counts guesses by who is behind a proxy on this machine, not by the proxy', async () => {
    const { publicKey } = await makeDeviceKey()
    const guess = async (forwardedFor: string) => {
      const answer = await fetch(`${gateway.url}/v1/enrolments`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': forwardedFor },
        body: JSON.stringify({ code: 'AAAAA-AAAAA-AAAAA-AAAAA', deviceKey: publicKey, shell: 'electron' }),
      })
      return answer.status
    }
    let last = 0
    // What a client says of itself stands further left, and buys it no further guess.
    for (let count = 0; count < 12; count += 1) last = await guess(`198.51.100.${count}, 203.0.113.7`)
    expect(last).toBe(429)
    expect(await guess('203.0.113.8')).not.toBe(429)
  })
})

describe('origins', () => {
  const preflight = (origin: string) =>
    fetch(`${gateway.url}/v1/attachments/x`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'PATCH',
        'access-control-request-headers': 'authorization,upload-offset,tus-resumable',
      },
    })

  it('listed ones may call and read the tus headers, others may not', async () => {
    const listed = await preflight('http://127.0.0.1:4810')
    expect(listed.headers.get('access-control-allow-origin')).toBe('http://127.0.0.1:4810')
    expect(listed.headers.get('access-control-allow-credentials')).toBeNull()
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull()
    const answer = await station.call('/v1/updates', { headers: { origin: 'http://127.0.0.1:4810' } })
    expect(answer.headers.get('access-control-expose-headers')).toContain('Upload-Offset')
  })
})
