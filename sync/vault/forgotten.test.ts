import 'fake-indexeddb/auto'
import { expect, it } from 'vitest'
import type { PacketRecord } from '../../contracts/gateway-api.ts'
import type { ReceiptClaims } from '../../contracts/packet.ts'
import type { Result } from '../../contracts/result.ts'
import { type VerifiedReceipt, verifyReceipt } from '../packet/receipt-codec.ts'
import { TramDatabase } from './database.ts'
import { makeGatewayKeys, makeStation } from './station.fixture.ts'
import { openVault } from './vault.ts'

const must = <T, E extends { type: string }>(result: Result<T, E>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}
const at = '2026-11-22T02:00:00.000Z'
const newDraft = { procedureCode: '1.001193', procedureVersion: '2025-07-01', content: {}, label: 'M.', training: true }
const consents = [{ id: 'submit', purpose: { vi: 'Gửi' }, given: true, at }]
const stationId = crypto.randomUUID()

const recordOf = (change: Partial<PacketRecord>): PacketRecord => ({
  packet: { packetId: crypto.randomUUID(), state: 'waiting-for-attachments', missing: [] },
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
  operatorId: crypto.randomUUID(),
  sealedAt: at,
  ...change,
})

const openOne = async (databaseName: string) => {
  const keys = await makeGatewayKeys()
  const { station } = await makeStation(keys)
  const vault = must(await openVault({ station, databaseName, pinCost: { memoryKib: 64, iterations: 1 } }))
  const { operatorId } = must(await vault.createOperator({ name: 'Lò Thị Mẫu', pin: '604182' }))
  must(await vault.signIn({ operatorId, pin: '604182' }))
  return { vault, keys }
}

it('shows what the gateway received as received, and shelves what it has only in part', async () => {
  const { vault, keys } = await openOne('forgotten')
  const half = recordOf({})
  const claims: ReceiptClaims = {
    packetId: crypto.randomUUID(),
    stationId,
    counter: 6,
    packetDigest: 'b'.repeat(64),
    attachments: [],
    receivedAt: at,
  }
  const { packetId, counter, packetDigest } = claims
  const jws = await keys.signReceipt(claims)
  const record = recordOf({ packet: { packetId, state: 'received', missing: [], receipt: jws }, counter, packetDigest })
  const receipt = must(await verifyReceipt(jws, keys.pinned))
  // Both have the same number on their slips: what a store put back sealed anew can have.
  expect(must(await vault.outbox.takeRecords(stationId, [{ record: half }, { record, receipt }]))).toEqual({ added: 2 })
  expect(must(await vault.outbox.takeRecords(stationId, [{ record: half }, { record, receipt }]))).toEqual({ added: 0 })
  const entries = must(await vault.listOutbox())
  expect(entries.map(({ progress }) => progress.state)).toMatchObject([
    { name: 'needs-attention', reason: 'forgotten-unsent' },
    { name: 'received' },
  ])
  expect(entries.every(({ slipCode, rebuilt }) => slipCode === 'P7-K3M-9Q' && rebuilt)).toBe(true)
  // Nobody can send it, and a courier cannot carry it: there are no bytes of it.
  expect(must(await vault.exportCourier(() => undefined)).dossiers).toBe(0)
  vault.close()
})

it('takes away with the receipt what outlived its row, and sends on what the gateway has in part', async () => {
  const { vault, keys } = await openOne('outlived')
  const database = new TramDatabase('outlived')
  const sealedCount = async () => [
    await database.packets.count(),
    await database.attachments.count(),
    await database.chunks.count(),
  ]
  const rowless = async () => {
    const { draftId } = must(await vault.createDraft(newDraft))
    const bytes = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0])
    must(await vault.addAttachment(draftId, { paperId: 'proof', fileName: 'a.jpg', mediaType: 'image/jpeg', bytes }))
    const { packetId } = must(await vault.finish({ draftId, answers: {}, consents, label: 'M.' }))
    const row = await database.outbox.get(packetId)
    if (row === undefined) throw new Error('no row')
    await database.outbox.delete(packetId)
    return row
  }
  const received = await rowless()
  const { packetId, counter, packetDigest, attachments } = received
  const claims = { packetId, stationId, counter, packetDigest, attachments, receivedAt: at }
  const jws = await keys.signReceipt(claims)
  const record = recordOf({
    packet: { packetId, state: 'received', missing: [], receipt: jws },
    counter,
    packetDigest,
    attachments,
  })
  const half = await rowless()
  const waiting = recordOf({
    packet: { packetId: half.packetId, state: 'waiting-for-attachments', missing: [] },
    counter: half.counter,
    packetDigest: half.packetDigest,
    attachments: half.attachments,
    slipCode: 'P7-K3M-9R',
  })
  const receipt = must(await verifyReceipt(jws, keys.pinned))
  expect(await sealedCount()).toEqual([2, 2, 2])
  must(await vault.outbox.takeRecords(stationId, [{ record, receipt }, { record: waiting }]))
  expect(await sealedCount()).toEqual([1, 1, 1])
  const states = must(await vault.listOutbox()).map(({ progress }) => progress.state.name)
  expect(states.toSorted()).toEqual(['queued', 'received'])
  database.close()
  vault.close()
})

it('leaves alone what is a draft again, or was handed in anew', async () => {
  const { vault } = await openOne('standing')
  const { draftId } = must(await vault.createDraft(newDraft))
  const other = must(await vault.createDraft(newDraft))
  const { dossierId } = must(await vault.finish({ draftId: other.draftId, answers: {}, consents, label: 'M.' }))
  const records = [recordOf({ dossierId: draftId }), recordOf({ dossierId })].map((record) => ({ record }))
  expect(must(await vault.outbox.takeRecords(stationId, records))).toEqual({ added: 0 })
  vault.close()
})

it('asks once by itself, and again for what is noticed while an answer comes in', async () => {
  const { vault } = await openOne('asking')
  expect(must(await vault.outbox.readAsked())).toEqual({ asked: 1 })
  must(await vault.outbox.askRecords())
  must(await vault.outbox.settleAsked(1))
  expect(must(await vault.outbox.readAsked())).toEqual({ asked: 2 })
  must(await vault.outbox.settleAsked(2))
  expect(must(await vault.outbox.readAsked())).toBeUndefined()
  // A store put back counts below the gateway: it has forgotten something.
  expect(must(await vault.outbox.compareCounter(stationId, 5))).toEqual({ rolledBack: true })
  expect(must(await vault.outbox.readAsked())).toEqual({ asked: 3 })
  vault.close()
})

it('tells what the gateway has forgotten until somebody has read it, each once', async () => {
  const { vault, keys } = await openOne('forgotten-there')
  const { outbox } = vault
  expect(must(await outbox.highestReceived(stationId))).toBe(0)
  const kept: { record: PacketRecord; receipt: VerifiedReceipt }[] = []
  for (const counter of [3, 5, 6]) {
    const packetId = crypto.randomUUID()
    const packetDigest = 'c'.repeat(64)
    const jws = await keys.signReceipt({ packetId, stationId, counter, packetDigest, attachments: [], receivedAt: at })
    const packet = { packetId, state: 'received' as const, missing: [], receipt: jws }
    kept.push({
      record: recordOf({ packet, counter, packetDigest, slipCode: `P7-K3M-9${counter}` }),
      receipt: must(await verifyReceipt(jws, keys.pinned)),
    })
  }
  must(await outbox.takeRecords(stationId, kept))
  const received = kept.map(({ record }) => record.slipCode)
  expect(must(await outbox.highestReceived(stationId))).toBe(6)
  expect(must(await outbox.noteForgottenThere(stationId, 6))).toEqual([])
  expect(must(await outbox.noteForgottenThere(stationId, 5))).toEqual([received[2]])
  expect(must(await outbox.noteForgottenThere(stationId, 3))).toEqual([received[2], received[1]])
  must(await outbox.acknowledgeForgottenThere())
  expect(must(await outbox.noteForgottenThere(stationId, 3))).toEqual([])
  expect(must(await outbox.noteForgottenThere(stationId, 0))).toEqual([received[0]])
  expect(must(await outbox.noteForgottenThere(stationId, Number.MAX_SAFE_INTEGER))).toEqual([received[0]])
  vault.close()
})
