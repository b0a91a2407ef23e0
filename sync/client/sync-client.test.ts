import 'fake-indexeddb/auto'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Answers, Consent } from '../../contracts/dossier.ts'
import type { OutboxProgress } from '../../contracts/outbox.ts'
import type { Result } from '../../contracts/result.ts'
import { attachmentKey, openAttachmentChunks } from '../packet/attachment-codec.ts'
import { openPacket } from '../packet/packet-codec.ts'
import { makeGatewayKeys, makeStation, type TestGatewayKeys } from '../vault/station.fixture.ts'
import { openVault, type Vault } from '../vault/vault.ts'
import { type Fault, problem, startGatewayFixture } from './gateway.fixture.ts'
import { type Fetch, pageFetch } from './gateway-http.ts'
import { createSyncClient, type SyncClient, type SyncClientOptions } from './sync-client.ts'

const must = <T, E extends { type: string }>(result: Result<T, E>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

const pin = '604182'
const at = '2026-11-22T02:00:00.000Z'
const jpeg = Uint8Array.from({ length: 700_000 }, (_, index) => [0xff, 0xd8, 0xff][index] ?? (index * 7) % 251)
const consents: Consent[] = [{ id: 'submit', purpose: { vi: 'Gửi hồ sơ' }, given: true, at }]

let keys: TestGatewayKeys
let gateway: Awaited<ReturnType<typeof startGatewayFixture>>
let made: Awaited<ReturnType<typeof makeStation>>
let vault: Vault
let operatorId: string
let serial = 0
const clients: SyncClient[] = []

beforeAll(async () => {
  keys = await makeGatewayKeys()
})

beforeEach(async () => {
  gateway = await startGatewayFixture(keys)
  made = await makeStation(keys, gateway.url)
  serial += 1
  vault = must(
    await openVault({ station: made.station, databaseName: `sync-${serial}`, pinCost: { memoryKib: 64, iterations: 1 } }),
  )
  operatorId = must(await vault.createOperator({ name: 'Lò Thị Mẫu', pin })).operatorId
  must(await vault.signIn({ operatorId, pin }))
})

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.stop()))
  vault.close()
  await gateway.close()
})

const finish = async (paperBytes?: Uint8Array) => {
  const draft = must(
    await vault.createDraft({
      procedureCode: '1.001193',
      procedureVersion: '2025-07-01',
      content: {},
      label: 'x',
      training: true,
    }),
  )
  if (paperBytes !== undefined) {
    const paper = { paperId: 'birthPaper', fileName: 'a.jpg', mediaType: 'image/jpeg' as const, bytes: paperBytes }
    must(await vault.addAttachment(draft.draftId, paper))
  }
  const answers: Answers = { childName: { value: 'TRẦN VĂN MẪU', provenance: { source: 'typed', at, operatorId } } }
  return must(await vault.finish({ draftId: draft.draftId, answers, consents, label: 'T.V.M.' }))
}

const start = (more: Partial<SyncClientOptions> = {}) => {
  const client = createSyncClient({
    vault,
    station: made.station,
    gatewayUrl: gateway.url,
    random: () => 0.05,
    pollSeconds: 1,
    requestTimeoutMs: 1_000,
    reconnectSpreadMs: 50,
    ...more,
  })
  clients.push(client)
  client.start()
  return client
}

const stateOf = async (packetId: string): Promise<OutboxProgress['state']> =>
  must(await vault.outbox.read(packetId)).progress.state

const settles = (packetId: string, name: OutboxProgress['state']['name']) =>
  expect.poll(() => stateOf(packetId), { timeout: 15_000, interval: 30 }).toMatchObject({ name })

const once = (method: string, path: RegExp, fault: Fault, times = 1) => {
  let left = times
  gateway.onRequest((request) => {
    if (left === 0 || request.method !== method || !path.test(request.path)) return undefined
    left -= 1
    return fault
  })
}

const count = (method: string, path: RegExp) => gateway.seen.filter((one) => one.method === method && path.test(one.path)).length

describe('a gateway that says when to come again', () => {
  it('is asked no sooner, by the feed or by any dossier, but at a person’s word', async () => {
    const made = [await finish(), await finish(), await finish(), await finish(), await finish(), await finish()]
    const busy = JSON.stringify({ type: 'busy', title: 'busy', status: 503 })
    gateway.onRequest(({ path }) =>
      path === '/v1/challenge' ? { act: 'answer', status: 503, body: busy, headers: { 'retry-after': '600' } } : undefined,
    )
    const client = start()
    await expect.poll(() => count('GET', /challenge/), { timeout: 5_000 }).toBeGreaterThan(0)
    await new Promise((resolve) => setTimeout(resolve, 3_000))
    expect(count('GET', /challenge/)).toBe(1)
    gateway.onRequest(() => undefined)
    await client.sendNow()
    for (const { packetId } of made) await settles(packetId, 'received')
  })
})

describe('a proxy in between', () => {
  it('that takes only short bodies gets shorter ones', async () => {
    const { packetId } = await finish(
      Uint8Array.from({ length: 3_000_000 }, (_, index) => [0xff, 0xd8, 0xff][index] ?? (index * 7) % 251),
    )
    const most = 150_000
    gateway.onRequest(({ bytes }) =>
      bytes > most ? { act: 'answer', status: 413, body: '<html>413 Request Entity Too Large</html>' } : undefined,
    )
    start({ uploadChunkSize: 1_000_000 })
    await settles(packetId, 'received')
  })
})

describe('a store that has forgotten', () => {
  it('shelves what the gateway has only in part, says so, and keeps saying so when it is sent again', async () => {
    const packetId = crypto.randomUUID()
    gateway.records.push({
      packet: { packetId, state: 'waiting-for-attachments', missing: [] },
      counter: 7,
      packetDigest: 'a'.repeat(64),
      attachments: [],
      dossierId: crypto.randomUUID(),
      kind: 'submit',
      sequence: 1,
      procedureCode: '1.001193',
      procedureVersion: '2025-07-01',
      training: true,
      slipCode: 'P7-K3M-9Q',
      operatorId,
      sealedAt: at,
    })
    const client = start()
    const reasons = async () => must(await vault.listOutbox()).map(({ progress: { state } }) => 'reason' in state && state.reason)
    await expect.poll(reasons, { timeout: 5_000, interval: 30 }).toEqual(['forgotten-unsent'])
    await client.sendNow(packetId)
    expect(await reasons()).toEqual(['forgotten-unsent'])
  })
})

describe('the way to the gateway', () => {
  it('sends packet and attachment with nobody signed in, and purges against the receipt', async () => {
    const entry = await finish(jpeg)
    vault.lock()
    const sealed = must(await vault.outbox.read(entry.packetId))
    const client = start()
    await settles(entry.packetId, 'received')
    const held = gateway.packets.get(entry.packetId)
    const [attachment] = sealed.attachments
    if (held === undefined || attachment === undefined || sealed.packet === undefined) throw new Error('not there')
    const opened = must(await openPacket(sealed.packet, keys.recipient))
    const key = await attachmentKey(opened.dataKey, attachment.attachmentId)
    const bytes = held.files.get(attachment.attachmentId) ?? Buffer.alloc(0)
    const plain = must(await openAttachmentChunks(key, attachment.attachmentId, bytes, opened.header.chunkSize))
    expect(Buffer.compare(plain, jpeg)).toBe(0)
    expect(must(await vault.outbox.read(entry.packetId)).packet).toBeUndefined()
    expect(client.status.get()).toMatchObject({ network: 'online', role: 'leader', refused: false })
    expect(must(await vault.listOutbox())).toMatchObject([{ bytesSent: attachment.sealedSize, canTakeBack: false }])
  })

  it('sends once more when the acknowledgement is lost: one entry', async () => {
    const entry = await finish()
    once('POST', /packets/, { act: 'lose-answer' })
    start()
    await settles(entry.packetId, 'received')
    expect(count('POST', /packets/)).toBeGreaterThanOrEqual(1)
    expect(gateway.packets.size).toBe(1)
  })

  it('sends small attachments in one request with their packet', async () => {
    const entry = await finish(jpeg.slice(0, 200_000))
    start()
    await settles(entry.packetId, 'received')
    expect(count('POST', /packets/)).toBe(1)
    expect(count('POST', /attachments/) + count('PATCH', /attachments/) + count('GET', /packets/)).toBe(0)
    expect(must(await vault.outbox.read(entry.packetId)).packet).toBeUndefined()
  })

  it('sends the packet alone after a failure, and its attachments after it', async () => {
    const entry = await finish(jpeg.slice(0, 200_000))
    once('POST', /packets/, { act: 'reset' })
    start()
    await settles(entry.packetId, 'received')
    expect(count('POST', /attachments/)).toBe(1)
    const [first, second] = gateway.seen.filter(({ path }) => path === '/v1/packets')
    expect(first?.bytes ?? 0).toBeLessThan(200_000)
    expect(second?.bytes ?? 0).toBeLessThan(20_000)
  })

  it('sends damaged attachments again that came with their packet', async () => {
    const entry = await finish(jpeg.slice(0, 200_000))
    once('POST', /packets/, problem('attachment-invalid', 422))
    start()
    await settles(entry.packetId, 'received')
    expect(must(await vault.outbox.read(entry.packetId)).progress.reuploads).toBe(1)
  })

  it('goes on at the byte where the upload was cut', async () => {
    const entry = await finish(jpeg)
    once('PATCH', /attachments/, { act: 'cut-body', afterBytes: 100_000 })
    start()
    await settles(entry.packetId, 'received')
    const offsets = gateway.seen.filter(({ method }) => method === 'PATCH').map(({ offset }) => Number(offset))
    expect(offsets.slice(0, 2)).toEqual([0, 100_000])
    expect(offsets).toEqual(offsets.toSorted((a, b) => a - b))
    expect(count('POST', /attachments/)).toBe(1)
  })

  it.each<[string, Fault]>([
    ['a captive portal', { act: 'answer', status: 200, body: '<html>Đăng nhập Wi-Fi</html>' }],
    ['garbage', { act: 'answer', status: 200, body: '{"packetId":1}' }],
    ['500', { act: 'answer', status: 500, body: 'oops' }],
    ['a reset', { act: 'reset' }],
    ['429 with Retry-After', { act: 'answer', status: 429, body: '', headers: { 'retry-after': '1' } }],
    ['a forged receipt', { act: 'answer', status: 200, body: '' }],
  ])('waits after %s and sends again', async (what, fault) => {
    const entry = await finish()
    const forged = JSON.stringify({ packetId: entry.packetId, state: 'received', missing: [], receipt: 'a.b.c' })
    once('POST', /packets/, what === 'a forged receipt' && fault.act === 'answer' ? { ...fault, body: forged } : fault)
    start()
    await settles(entry.packetId, 'received')
    expect(count('POST', /packets/)).toBe(2)
  })

  it.each<[Parameters<typeof problem>]>([[['key-reused', 409]], [['dossier-invalid', 422]], [['training-refused', 403]]])(
    'shelves %j with everything kept, and tries again only when a person says so',
    async ([type, status]) => {
      const first = await finish(jpeg)
      once('POST', /packets/, problem(type, status))
      const client = start()
      await settles(first.packetId, 'needs-attention')
      const second = await finish()
      await settles(second.packetId, 'received')
      expect(await stateOf(first.packetId)).toMatchObject({ name: 'needs-attention', reason: type })
      expect(must(await vault.outbox.read(first.packetId)).packet).toBeDefined()
      await client.sendNow(first.packetId)
      await settles(first.packetId, 'received')
    },
  )

  it('fetches a new token when the old one is refused', async () => {
    start()
    const first = await finish()
    await settles(first.packetId, 'received')
    gateway.forgetTokens()
    const second = await finish()
    await settles(second.packetId, 'received')
    expect(count('POST', /token/)).toBeGreaterThanOrEqual(2)
  })

  it('sends an attachment again which arrived damaged', async () => {
    const entry = await finish(jpeg)
    once('PATCH', /attachments/, problem('attachment-invalid', 422))
    start()
    await settles(entry.packetId, 'received')
    expect(must(await vault.outbox.read(entry.packetId)).progress.reuploads).toBe(1)
  })

  it('never purges for a genuine receipt of other bytes', async () => {
    const entry = await finish()
    gateway.receiptChange.packetDigest = '0'.repeat(64)
    start()
    await settles(entry.packetId, 'waiting')
    expect(must(await vault.outbox.read(entry.packetId)).packet).toBeDefined()
  })

  it('drains by itself when the gateway comes back', async () => {
    await gateway.goDown()
    const entry = await finish(jpeg)
    const client = start()
    await expect.poll(() => client.status.get().network, { timeout: 5_000 }).toBe('unreachable')
    await settles(entry.packetId, 'waiting')
    await gateway.comeBack()
    await settles(entry.packetId, 'received')
    expect(client.status.get().network).toBe('online')
  })

  it('leaves a dossier to be taken back while the gateway cannot be reached', async () => {
    await gateway.goDown()
    const entry = await finish(jpeg)
    const client = start()
    await settles(entry.packetId, 'waiting')
    expect(must(await vault.listOutbox())).toMatchObject([{ canTakeBack: true }])
    must(await vault.takeBack(entry.packetId))
    await gateway.comeBack()
    await expect.poll(() => client.status.get().network, { timeout: 5_000 }).toBe('online')
    const other = await finish()
    await settles(other.packetId, 'received')
    expect([...gateway.packets.keys()]).toEqual([other.packetId])
  })

  it('gives nothing back once a packet was put on its way, answered or not', async () => {
    const entry = await finish()
    once('POST', /packets/, { act: 'reset' }, 1_000)
    start()
    await expect.poll(() => count('POST', /packets/)).toBeGreaterThanOrEqual(1)
    expect(must(await vault.listOutbox())).toMatchObject([{ canTakeBack: false }])
    await settles(entry.packetId, 'waiting')
    expect(await vault.takeBack(entry.packetId)).toEqual({ ok: false, error: { type: 'too-late' } })
  })

  it('either sends a dossier or gives it back, never both, at whatever moment the clerk asks', async () => {
    const slowToken: Fetch = async (url, request) => {
      if (url.endsWith('/v1/challenge')) await new Promise((resolve) => setTimeout(resolve, 60))
      return pageFetch(url, request)
    }
    const outcomes: boolean[] = []
    for (let round = 0; round < 12; round += 1) {
      // A client without a token: the clerk also comes between its claim and its first byte.
      await Promise.all(clients.splice(0).map((client) => client.stop()))
      const entry = await finish()
      start({ fetch: slowToken })
      await new Promise((resolve) => setTimeout(resolve, round * 12))
      const taken = await vault.takeBack(entry.packetId)
      outcomes.push(taken.ok)
      if (taken.ok) await new Promise((resolve) => setTimeout(resolve, 60))
      else await settles(entry.packetId, 'received')
      const puts = gateway.seen.filter((one) => one.packetId === entry.packetId).length
      expect([taken.ok, puts > 0, gateway.packets.has(entry.packetId)]).toEqual([taken.ok, !taken.ok, !taken.ok])
    }
    expect(outcomes).toContain(true)
    expect(outcomes).toContain(false)
  })

  it('takes official code and status from the feed, once or twice, in an order of its own', async () => {
    const entry = await finish()
    start()
    await settles(entry.packetId, 'received')
    const official = { code: '000.00.00.H11-261122-0001', agency: 'UBND mô phỏng', acceptedAt: at, simulated: true }
    const accepted = { ...gateway.answerOf(entry.packetId), state: 'accepted' as const, official }
    gateway.publish(accepted)
    gateway.publish(gateway.answerOf(entry.packetId))
    gateway.publish(accepted)
    await settles(entry.packetId, 'accepted')
    await expect.poll(async () => must(await vault.outbox.readCursor())).toBe(4)
    expect(must(await vault.listOutbox())).toMatchObject([{ official, progress: { state: { name: 'accepted' } } }])
  })

  it('lets a second tab watch until the first one ends', async () => {
    const first = start()
    await expect.poll(() => first.status.get().role).toBe('leader')
    const second = start()
    const entry = await finish()
    await settles(entry.packetId, 'received')
    expect(second.status.get().role).toBe('follower')
    expect(count('POST', /packets/)).toBe(1)
    await first.stop()
    await expect.poll(() => second.status.get().role).toBe('leader')
  })

  it('takes over at once what a dead leader was sending; without locks, when its lease has run out', async () => {
    const entry = await finish()
    const dead = (leaseUntil: number): OutboxProgress => ({
      state: { name: 'sending', holder: 'dead', leaseUntil },
      attempt: 0,
      reuploads: 0,
    })
    must(await vault.outbox.change(entry.packetId, () => ({ progress: dead(Date.now() + 30_000) })))
    start()
    await settles(entry.packetId, 'received')
    const other = await finish()
    await clients[0]?.stop()
    must(await vault.outbox.change(other.packetId, () => ({ progress: dead(Date.now() + 700) })))
    const noLocks = createSyncClient({ vault, station: made.station, gatewayUrl: gateway.url, pollSeconds: 1, locks: null })
    clients.push(noLocks)
    noLocks.start()
    await expect.poll(() => noLocks.status.get().network).toBe('online')
    expect(await stateOf(other.packetId)).toMatchObject({ name: 'sending', holder: 'dead' })
    await settles(other.packetId, 'received')
  })

  it('measures the skew of the clock and sends all the same', async () => {
    gateway.setClockAhead(3 * 365 * 86_400_000)
    const entry = await finish()
    const client = start()
    await settles(entry.packetId, 'received')
    expect(client.status.get().clockSkewMs ?? 0).toBeLessThan(-3 * 365 * 86_400_000 + 60_000)
  })

  it('waits for a station that is not enrolled or does not answer, and stops at any time', async () => {
    made.condition.dead = true
    const client = start()
    await client.stop()
    made.condition.dead = false
    client.start()
    const entry = await finish()
    await settles(entry.packetId, 'received')
  })
})
