import { expect, it } from 'vitest'
import type { CourierNote } from '../../contracts/courier.ts'
import { concatBytes, toUtf8 } from './base64url.ts'
import { courierEnd, courierHead, courierNotes, readCourier } from './courier-file.ts'

const note: CourierNote = {
  packetId: '00000000-0000-4000-8000-000000000001',
  slipCode: 'P7-K3M-9Q',
  reason: 'dossier-invalid',
  detail: '',
  findings: [{ fields: ['motherName'], message: { vi: 'Chưa điền.' } }],
  words: 'Máy chủ thấy hồ sơ còn thiếu hoặc sai.',
}
const read = (bytes: Uint8Array) =>
  readCourier({ size: bytes.length, read: async (from, to) => bytes.subarray(from, to) }, async () => 'go-on')

it('carries words about packets behind its end, where a reader that knows none has stopped', async () => {
  const file = concatBytes(courierHead, courierEnd(0))
  expect(await read(file)).toEqual({ ok: true, value: { parcels: 0, notes: [] } })
  expect(await read(concatBytes(file, courierNotes([note])))).toEqual({ ok: true, value: { parcels: 0, notes: [note] } })
  expect(courierNotes([])).toHaveLength(0)
})

it.each([
  ['cut off', courierNotes([note]).subarray(0, 60)],
  ['of a length nobody has', new Uint8Array([255, 255, 255, 255, 1])],
  ['of another format', concatBytes(new Uint8Array([0, 0, 0, 2]), toUtf8('{}'))],
  ['too short to have a length', new Uint8Array([0, 0])],
])('lets words %s be none: the packets count all the same', async (_what, tail) => {
  expect(await read(concatBytes(courierHead, courierEnd(0), tail))).toEqual({ ok: true, value: { parcels: 0, notes: [] } })
})
