/**
 * A queue that never had a network: carried on a stick, handed in at another kiosk and at the gateway's desk, arriving by network too. Real
 * gateway, stations, vaults and sync clients; what counts is what the gateway holds in the end, once.
 */
import 'fake-indexeddb/auto'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { CourierSource } from '../../sync/packet/courier-file.ts'
import {
  type BareGateway,
  type BareKiosk,
  finishBirth,
  must,
  startBareGateway,
  startBareKiosk,
  until,
} from '../fixtures/bare-kiosk.ts'

const exported = async ({ vault }: BareKiosk) => {
  const parts: Uint8Array<ArrayBuffer>[] = []
  const made = must(await vault.exportCourier((part) => parts.push(part)))
  return { made, bytes: Buffer.concat(parts) }
}
const sourceOf = (bytes: Uint8Array): CourierSource => ({
  size: bytes.length,
  read: async (from, to) => bytes.subarray(from, to),
})
const statesOf = async ({ vault }: BareKiosk) => must(await vault.listOutbox()).map(({ progress }) => progress.state.name)
let at: BareGateway
let origin: BareKiosk
let carrier: BareKiosk
/** What the desk says, or why it refuses. */
const takeCourier = (...words: string[]) =>
  at.desk('take-courier', ...words, '--url', at.gateway.url).catch((failed: { stderr: string }) => failed.stderr)

beforeAll(async () => {
  at = await startBareGateway('courier-way')
  origin = await startBareKiosk(at, 'Máy gốc')
  carrier = await startBareKiosk(at, 'Máy khác')
  await finishBirth(origin, { childName: 'BÉ MẪU MỘT', paperBytes: 30_000 })
  // Too large for one request: its papers follow by tus.
  await finishBirth(origin, { childName: 'BÉ MẪU HAI', paperBytes: 2_300_000 })
})
afterAll(async () => {
  await origin?.stop()
  await carrier?.stop()
  await at?.stop()
})

it('leaves the queue as it is, opens to nobody, and is no draft any more without the gateway’s word', async () => {
  const { made, bytes } = await exported(origin)
  expect(made).toMatchObject({ dossiers: 2, skipped: 0, bytes: bytes.length })
  expect(bytes.includes('MẪU')).toBe(false)
  expect(await statesOf(origin)).toEqual(['queued', 'queued'])
  const [entry] = must(await origin.vault.listOutbox())
  expect(await origin.vault.takeBack(entry?.packetId ?? '')).toMatchObject({ error: { type: 'too-late' } })
  expect(entry?.canRecall).toBe(true)
})

it('tells another file, a file that was cut off, and one that was changed', async () => {
  const { bytes } = await exported(origin)
  expect(await carrier.sync.forwardCourier(sourceOf(Buffer.from('not this')), () => undefined)).toEqual({
    ok: false,
    error: { type: 'not-a-courier' },
  })
  const changed = Buffer.from(bytes)
  // A letter of the first packet's payload.
  const payload = changed.indexOf('"payload":"') + 40
  changed[payload] = changed[payload] === 65 ? 66 : 65
  const report = must(await carrier.sync.forwardCourier(sourceOf(changed.subarray(0, changed.length)), () => undefined))
  expect(report).toMatchObject({ received: 1, refused: [{ reason: 'signature-invalid' }] })
  const paperAt = bytes.indexOf('{') + bytes.readUInt32BE(bytes.indexOf('{') - 4)
  const damaged = Buffer.from(bytes)
  damaged[paperAt + 100] = 255 - (damaged[paperAt + 100] ?? 0)
  const behind = must(await carrier.sync.forwardCourier(sourceOf(damaged), () => undefined))
  expect(behind).toMatchObject({ received: 1, refused: [{ reason: 'attachment-invalid' }] })
  const cut = await carrier.sync.forwardCourier(sourceOf(bytes.subarray(0, bytes.length - 100_000)), () => undefined)
  expect(cut).toEqual({ ok: false, error: { type: 'cut-off', parcels: 1 } })
})

it('is handed in at another kiosk with nothing kept there, and again at the desk, and counts once', async () => {
  const { bytes } = await exported(origin)
  const report = must(await carrier.sync.forwardCourier(sourceOf(bytes), () => undefined))
  expect(report).toMatchObject({ received: 2, refused: [] })
  expect(must(await carrier.vault.listOutbox())).toEqual([])
  const file = path.join(at.folder, 'courier.tram')
  const receipts = path.join(at.folder, 'receipts.json')
  await writeFile(file, bytes)
  expect(await takeCourier(file, '--receipts', receipts)).toContain('Đã nhận đủ 2 hồ sơ')
  const back = JSON.parse(await readFile(receipts, 'utf8')) as { receipts: { packetId: string }[] }
  expect(back.receipts.map(({ packetId }) => packetId)).toEqual(report.receipts.receipts.map(({ packetId }) => packetId))
  await writeFile(file, bytes.subarray(0, bytes.length - 4))
  expect(await takeCourier(file)).toContain('bị cắt')
})

it('brings the receipts back by the stick; by the feed when there is a network, and nothing goes again', async () => {
  const { bytes } = await exported(origin)
  const { receipts } = must(await carrier.sync.forwardCourier(sourceOf(bytes), () => undefined))
  const [first, second] = receipts.receipts
  if (first === undefined || second === undefined) throw new Error('two receipts were expected')
  const forged = { ...receipts, receipts: [first, { ...second, receipt: first.receipt }] }
  expect(must(await origin.sync.takeReceipts(JSON.stringify(forged)))).toEqual({ taken: 1, others: 1 })
  expect((await statesOf(origin)).toSorted()).toEqual(['queued', 'received'])
  expect(await origin.sync.takeReceipts('{}')).toMatchObject({ error: { type: 'not-receipts' } })
  origin.sync.start()
  await until(async () => (await statesOf(origin)).every((state) => state === 'accepted'))
  const entries = must(await origin.vault.listOutbox())
  expect(new Set(entries.map(({ official }) => official?.code)).size).toBe(2)
  expect((await exported(origin)).made.dossiers).toBe(0)
})

it('is handed in past a proxy that takes no long bodies: the papers follow in pieces', async () => {
  const other = await startBareKiosk(at, 'Máy sau cổng')
  await finishBirth(other, { childName: 'BÉ MẪU BA', paperBytes: 200_000 })
  const { bytes } = await exported(other)
  const direct = fetch
  let refused = 0
  const proxy = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const { body } = init ?? {}
    const size = body instanceof Blob ? body.size : 0
    if (size <= 100_000) return direct(input, init)
    refused += 1
    return new Response('<html>413</html>', { status: 413, headers: { 'content-type': 'text/html' } })
  })
  try {
    expect(must(await carrier.sync.forwardCourier(sourceOf(bytes), () => undefined))).toMatchObject({ received: 1, refused: [] })
    expect(refused).toBeGreaterThan(1)
  } finally {
    proxy.mockRestore()
    await other.stop()
  }
})
