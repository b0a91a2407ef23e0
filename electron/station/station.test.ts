import { createHmac, createPublicKey, verify } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CompactSign, exportJWK, generateKeyPair, importJWK, jwtVerify } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { EnrolmentRequest } from '../../contracts/gateway-api.ts'
import { type StationEvent, type StationMethodName, type StationMethods, stationMethods } from '../../contracts/station-api.ts'
import { createDocumentScanners } from '../../hardware/drivers/document-scanners/document-scanners.ts'
import { bindingOf, type EnrolmentEndpoint, enrolmentAnswer, startEnrolmentEndpoint } from '../../tests/contract/fake-gateway.ts'
import { createScriptedCardDevices, scriptedText } from '../../tests/contract/scripted-card-devices.ts'
import type { SecretBox } from './secret-store.ts'
import { createStation, type Station, type StationOptions } from './station.ts'

const code = 'ABCD-EFGH-IJKL-MNOP'
const access = { type: 'mrz', documentNumber: '190000017', birthDate: '900101', expiryDate: '300101' }
const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

let folder: string
let endpoint: EnrolmentEndpoint
const stations: Station[] = []

const open = (changes: Partial<StationOptions> = {}) =>
  createStation({
    dataDir: join(folder, 'station'),
    gatewayUrl: endpoint.url,
    origin: 'http://127.0.0.1:4810',
    shell: 'loopback',
    version: '0.1.0',
    simulatedReader: true,
    devices: createScriptedCardDevices(),
    documentScanners: createDocumentScanners({ escl: [] }),
    secretBoxes: [],
    fetch,
    ...changes,
  })

const started = async (changes: Partial<StationOptions> = {}): Promise<Station> => {
  const station = await open(changes)
  if (!station.ok) throw new Error(station.error.detail)
  stations.push(station.value)
  return station.value
}

const call = async <M extends StationMethodName>(
  station: Station,
  method: M,
  request: unknown,
): Promise<z.output<StationMethods[M]['response']>> => {
  const schema: z.ZodType = stationMethods[method].response
  return schema.parse(await station.handle(method, request)) as z.output<StationMethods[M]['response']>
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tram-station-'))
  endpoint = await startEnrolmentEndpoint()
})
afterEach(async () => {
  await Promise.all(stations.splice(0).map((station) => station.stop()))
  await endpoint.stop()
  await rm(folder, { recursive: true, force: true })
})

describe('leases', () => {
  it('are taken once each and only in answer to the last question, whatever the gateway’s clock says', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    const keys = { ...enrolmentAnswer.keys, receipts: { keyId: 'receipt-1', publicKey: await exportJWK(publicKey) } }
    const own = await startEnrolmentEndpoint((_request, response) => {
      response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify({ ...enrolmentAnswer, keys }))
    })
    const station = await started({ gatewayUrl: own.url })
    expect(await call(station, 'enrol', { code })).toMatchObject({ ok: true })
    const { stationId } = enrolmentAnswer
    const leaseAt = (nonce: string, issuedAt: string) =>
      new CompactSign(
        Buffer.from(
          JSON.stringify({ stationId, nonce, issuedAt, offlineDays: 14, draftHours: 72, removedOperators: [id(7)], keys }),
        ),
      )
        .setProtectedHeader({ alg: 'ES256', typ: 'tram-lease', kid: 'receipt-1' })
        .sign(privateKey)
    const ask = async () => (await call(station, 'leaseNonce', {})).nonce
    const outdated = { ok: false, error: { type: 'lease-outdated' } }
    const laidBy = await leaseAt(await ask(), '2036-01-01T00:00:00.000Z')
    const ahead = await leaseAt(await ask(), '2036-01-02T00:00:00.000Z')
    expect(await call(station, 'applyLease', { lease: laidBy })).toMatchObject(outdated)
    expect(await call(station, 'applyLease', { lease: ahead })).toMatchObject({ value: { removedOperators: [id(7)] } })
    expect(await call(station, 'applyLease', { lease: ahead })).toMatchObject(outdated)
    const right = await leaseAt(await ask(), '2026-01-02T00:00:00.000Z')
    expect(await call(station, 'applyLease', { lease: right })).toMatchObject({ ok: true })
    await own.stop()
  })
})

describe('keys and secrets', () => {
  it('keeps every file to its owner and leaves no half-written one', async () => {
    const station = await started()
    await call(station, 'enrol', { code })
    const files = await readdir(join(folder, 'station'))
    expect(files.sort()).toEqual(['device-key.secret', 'device-secret.secret', 'ledger', 'station.json'])
    for (const file of files) expect((await stat(join(folder, 'station', file))).mode & 0o777).toBe(0o600)
    expect((await stat(join(folder, 'station'))).mode & 0o777).toBe(0o700)
  })

  it('binds to the device by HMAC-SHA-256 under its secret: each operator, each way and each station by itself', async () => {
    const binding = bindingOf(7)
    const station = await started()
    const first = await call(station, 'bindToDevice', binding)
    expect(await call(await started(), 'bindToDevice', binding)).toEqual(first)
    expect(await call(await started({ dataDir: join(folder, 'other') }), 'bindToDevice', binding)).not.toEqual(first)
    for (const change of [{ operatorId: id(2) }, { way: 'desk-code' }, { input: bindingOf(8).input }]) {
      expect(await call(station, 'bindToDevice', { ...binding, ...change })).not.toEqual(first)
    }
    const kept: { sealed: string } = JSON.parse(await readFile(join(folder, 'station/device-secret.secret'), 'utf8'))
    const output = createHmac('sha256', Buffer.from(kept.sealed, 'base64'))
      .update(`tram vault|pin|${binding.operatorId}|${binding.input}`)
      .digest('base64url')
    expect(first).toEqual({ ok: true, value: { output } })
  })

  it('binds nothing for an operator it knows without the proof that his key is at hand: no search of his PIN goes uncounted', async () => {
    const station = await started()
    const { proof, ...binding } = bindingOf(7)
    const counted = await call(station, 'tryOperatorSecret', binding)
    expect(await call(station, 'settleAttempt', { operatorId: binding.operatorId, proof })).toEqual({ cleared: true })
    expect(await call(station, 'bindToDevice', { ...binding, proof: 'q'.repeat(43) })).toMatchObject({
      error: { type: 'not-proven' },
    })
    const bound = await call(station, 'bindToDevice', { ...binding, proof })
    expect(bound.ok && counted.ok && counted.value.output).toBe(bound.ok && bound.value.output)
  })

  it('answers no search of a PIN that names another operator for each guess', async () => {
    let uptimeMs = 0
    const station = await started({ clocks: { wallMs: () => 0, uptimeMs: () => uptimeMs } })
    const input = Buffer.alloc(32, 7).toString('base64url')
    const guess = (n: number) => call(station, 'tryOperatorSecret', { operatorId: id(n), way: 'pin', input })
    let answered = 0
    for (let n = 0; n < 100; n += 1) if ((await guess(n)).ok) answered += 1
    expect(answered).toBe(60)
    expect(await guess(100)).toEqual({ ok: false, error: { type: 'locked-out', waitMs: 600_000 } })
    uptimeMs = 600_000
    expect(await guess(100)).toMatchObject({ ok: true })
  })

  it('signs packets so that WebCrypto verifies them with the enrolled key', async () => {
    const station = await started()
    await call(station, 'enrol', { code })
    const digest = '0f'.repeat(32)
    const signed = await call(station, 'signPacket', { digest, counter: 1 })
    if (!signed.ok) throw new Error(signed.error.type)
    const { signature } = signed.value
    const { deviceKey } = EnrolmentRequest.parse(endpoint.bodies[0])
    const key = await crypto.subtle.importKey('jwk', deviceKey, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify'])
    const message = Buffer.concat([Buffer.from('tram-packet-1\0'), Buffer.from(digest, 'hex')])
    const bytes = Buffer.from(signature, 'base64url')
    expect(bytes).toHaveLength(64)
    expect(await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, bytes, message)).toBe(true)
    const publicKey = createPublicKey({ key: deviceKey, format: 'jwk' })
    expect(verify('sha256', Buffer.from(digest, 'hex'), { key: publicKey, dsaEncoding: 'ieee-p1363' }, bytes)).toBe(false)
  })

  it('signs no counter twice, also after a restart: a lost or second store cannot begin again', async () => {
    const station = await started()
    await call(station, 'enrol', { code })
    const digest = '0f'.repeat(32)
    const both = await Promise.all([1, 1].map((counter) => call(station, 'signPacket', { digest, counter })))
    expect(both.map(({ ok }) => ok).toSorted()).toEqual([false, true])
    expect(await call(station, 'signPacket', { digest, counter: 7 })).toMatchObject({ ok: true })
    await station.stop()
    const again = await started()
    expect(await call(again, 'signPacket', { digest, counter: 7 })).toEqual({
      ok: false,
      error: { type: 'counter-used', lastCounter: 7 },
    })
    expect(await call(again, 'signPacket', { digest, counter: 8 })).toMatchObject({ ok: true })
  })

  it('signs no counter twice after it was killed: what was reserved beside the last one is left unused', async () => {
    const station = await started()
    await call(station, 'enrol', { code })
    const digest = '0f'.repeat(32)
    for (const counter of [1, 2, 3]) expect(await call(station, 'signPacket', { digest, counter })).toMatchObject({ ok: true })
    const again = await started()
    const refused = await call(again, 'signPacket', { digest, counter: 4 })
    expect(refused).toEqual({ ok: false, error: { type: 'counter-used', lastCounter: 64 } })
    expect(await call(again, 'signPacket', { digest, counter: 65 })).toMatchObject({ ok: true })
  })

  it('takes no counter more than a million ahead, so that one bad call cannot use all of them up', async () => {
    const station = await started()
    await call(station, 'enrol', { code })
    const digest = '0f'.repeat(32)
    expect(await call(station, 'signPacket', { digest, counter: 5 })).toMatchObject({ ok: true })
    for (const counter of [Number.MAX_SAFE_INTEGER, 1_000_006]) {
      const refused = { ok: false, error: { type: 'counter-used', lastCounter: 5 } }
      expect(await call(station, 'signPacket', { digest, counter })).toEqual(refused)
    }
    expect(await call(station, 'signPacket', { digest, counter: 6 })).toMatchObject({ ok: true })
    expect(await call(station, 'signPacket', { digest, counter: 1_000_006 })).toMatchObject({ ok: true })
  })

  it('makes the client assertion of RFC 7523 by the time of the gateway', async () => {
    const station = await started()
    await call(station, 'enrol', { code })
    const time = '2031-05-06T07:08:09.000Z'
    const { assertion } = await call(station, 'clientAssertion', { challenge: 'challenge-of-the-gateway', time })
    const { deviceKey } = EnrolmentRequest.parse(endpoint.bodies[0])
    const { payload } = await jwtVerify(assertion, await importJWK(deviceKey, 'ES256'), {
      issuer: enrolmentAnswer.stationId,
      subject: enrolmentAnswer.stationId,
      audience: `${endpoint.url}/v1/token`,
      currentDate: new Date(time),
    })
    expect(payload).toMatchObject({
      nonce: 'challenge-of-the-gateway',
      iat: Date.parse(time) / 1000,
      exp: Date.parse(time) / 1000 + 60,
    })
  })

  it('signs nothing before it is enrolled', async () => {
    const station = await started()
    await expect(station.handle('signPacket', { digest: '00'.repeat(32), counter: 1 })).rejects.toMatchObject({
      reason: 'not-enrolled',
    })
  })

  it('reports the keystore only for a secret that is in it, and refuses to start when the keystore is gone', async () => {
    const flip = async (bytes: Uint8Array) => bytes.map((byte) => byte ^ 0x5a)
    const keystore: SecretBox = { protection: 'os-keystore', seal: flip, open: flip }
    const binding = bindingOf(1)
    const sealed = await started({ secretBoxes: [keystore] })
    expect(await call(sealed, 'describe', {})).toMatchObject({ deviceSecret: 'os-keystore' })
    const bound = await call(sealed, 'bindToDevice', binding)
    expect(await call(await started({ secretBoxes: [keystore] }), 'bindToDevice', binding)).toEqual(bound)
    await expect(open()).rejects.toThrow(/keystore/)
    const plain = await started({ dataDir: join(folder, 'plain') })
    expect(await call(plain, 'describe', {})).toMatchObject({ deviceSecret: 'file' })
    expect(await call(await started({ dataDir: join(folder, 'plain'), secretBoxes: [keystore] }), 'describe', {})).toMatchObject({
      deviceSecret: 'file',
    })
  })

  it('stops at a damaged secret instead of making a new one', async () => {
    await started()
    const file = join(folder, 'station/device-secret.secret')
    await writeFile(file, '{"format":"tram-secret-1"}')
    await expect(open()).rejects.toThrow(/damaged/)
    expect(await readFile(file, 'utf8')).toBe('{"format":"tram-secret-1"}')
  })
})

describe('enrolment', () => {
  it('sends the code and the public key alone, and pins the answer to disk', async () => {
    const station = await started()
    const answer = await call(station, 'enrol', { code })
    expect(answer).toMatchObject({ ok: true, value: { enrolment: { stationId: enrolmentAnswer.stationId, demo: true } } })
    expect(JSON.stringify(endpoint.bodies[0])).not.toContain('"d"')
    expect(await call(await started(), 'describe', {})).toMatchObject({ enrolment: { keys: enrolmentAnswer.keys } })
    expect(await call(station, 'enrol', { code })).toMatchObject({ ok: false, error: { type: 'already-enrolled' } })
  })

  it.each([
    ['a refused code', 404, JSON.stringify({ type: 'enrolment-code-unknown', title: 'x', status: 404 }), 'code-refused'],
    ['a busy gateway', 503, JSON.stringify({ type: 'busy', title: 'x', status: 503 }), 'gateway-unreachable'],
    ['a proxy error page', 502, '<html>', 'gateway-unreachable'],
    ['a page of another program', 200, '<html>', 'gateway-answer-invalid'],
    ['an answer without keys', 200, '{"stationId":"x"}', 'gateway-answer-invalid'],
    ['an endless answer', 200, `"${'x'.repeat(200_000)}"`, 'gateway-answer-invalid'],
    ['a redirect', 302, '', 'gateway-unreachable'],
  ])('names %s', async (_name, status, body, type) => {
    await endpoint.stop()
    endpoint = await startEnrolmentEndpoint((_request, response) => {
      response.writeHead(status, { location: 'http://127.0.0.1:9/' }).end(body)
    })
    const station = await started()
    expect(await call(station, 'enrol', { code })).toMatchObject({ ok: false, error: { type } })
    expect(await call(station, 'describe', {})).toMatchObject({ enrolment: null })
  })

  it('names a gateway that is not there', async () => {
    const station = await started()
    await endpoint.stop()
    expect(await call(station, 'enrol', { code })).toMatchObject({ ok: false, error: { type: 'gateway-unreachable' } })
  })

  it('spends one code when asked twice at once', async () => {
    const station = await started()
    const answers = await Promise.all([call(station, 'enrol', { code }), call(station, 'enrol', { code })])
    expect(answers.map((answer) => answer.ok).sort()).toEqual([false, true])
    expect(endpoint.bodies).toHaveLength(1)
  })

  it('holds an enrolled folder to its origin and its gateway', async () => {
    await call(await started(), 'enrol', { code })
    expect(await open({ origin: 'http://127.0.0.1:4811' })).toMatchObject({
      ok: false,
      error: { type: 'other-origin', origin: 'http://127.0.0.1:4810' },
    })
    expect(await open({ gatewayUrl: 'https://gateway.example' })).toMatchObject({ ok: false, error: { type: 'other-gateway' } })
  })

  it.each([
    'http://gateway.example',
    'ftp://127.0.0.1',
    'https://gateway.example/path',
    'https://a:b@gateway.example',
    'nothing',
  ])('refuses the gateway address %s', async (gatewayUrl) => {
    expect(await open({ gatewayUrl })).toMatchObject({ ok: false, error: { type: 'gateway-url-invalid' } })
  })
})

describe('cards', () => {
  it('reads one at a time; a reading that waits its turn can be cancelled without touching a reader', async () => {
    const devices = createScriptedCardDevices()
    const station = await started({ devices })
    const events: StationEvent[] = []
    station.onEvent((event) => events.push(event))
    const first = call(station, 'readCard', { readId: id(1), access })
    const second = call(station, 'readCard', { readId: id(2), access })
    await expect.poll(() => devices.running.length).toBe(1)
    expect(events).toEqual([
      { type: 'card-progress', readId: id(1), progress: { step: 'waiting-for-card', bytesRead: 0, bytesExpected: 0 } },
      { type: 'card-text', readId: id(1), text: scriptedText },
    ])
    await call(station, 'cancelRead', { readId: id(2) })
    await call(station, 'cancelRead', { readId: id(1) })
    expect(await first).toMatchObject({ ok: false, error: { type: 'cancelled' } })
    expect(await second).toMatchObject({ ok: false, error: { type: 'cancelled' } })
    expect(events).toHaveLength(2)
  })

  it('refuses a second reading under a running id', async () => {
    const station = await started()
    const first = call(station, 'readCard', { readId: id(1), access })
    expect(await call(station, 'readCard', { readId: id(1), access })).toMatchObject({
      ok: false,
      error: { type: 'invalid-request' },
    })
    await call(station, 'cancelRead', { readId: id(1) })
    await first
  })

  it('ends running readings, tells the pages and lets go of the devices when it stops', async () => {
    const devices = createScriptedCardDevices()
    const station = await started({ devices })
    const events: string[] = []
    station.onEvent((event) => events.push(event.type))
    const reading = call(station, 'readCard', { readId: id(1), access })
    await expect.poll(() => devices.running.length).toBe(1)
    await Promise.all([station.stop(), station.stop()])
    expect(await reading).toMatchObject({ ok: false, error: { type: 'cancelled' } })
    expect(events.at(-1)).toBe('station-stopping')
    expect(devices.closed).toBe(true)
    await expect(station.handle('describe', {})).rejects.toMatchObject({ reason: 'stopping' })
  })
})

describe('requests', () => {
  it.each(['toString', '__proto__', 'constructor', 'Describe', ''])('knows no method %s', async (method) => {
    await expect((await started()).handle(method, {})).rejects.toMatchObject({ reason: 'unknown-method' })
  })

  it('tells which field is wrong and never its value', async () => {
    const station = await started()
    const secret = '012345678901 0123456789012345'
    const refusal = station.handle('readCard', { readId: id(1), access: { ...access, documentNumber: secret } })
    await expect(refusal).rejects.toMatchObject({ reason: 'invalid-request', message: 'readCard: access.documentNumber' })
    await expect(station.handle('signPacket', { digest: `${'0'.repeat(63)}G`, counter: 1 })).rejects.toMatchObject({
      reason: 'invalid-request',
    })
  })
})
