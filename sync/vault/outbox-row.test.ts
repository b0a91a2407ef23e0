import { expect, it } from 'vitest'
import type { OutboxRow } from './database.ts'
import { canRecall, canTakeBack, laterEvent } from './outbox-row.ts'

const row = (change: Partial<OutboxRow>): OutboxRow => ({
  packetId: 'p1',
  dossierId: 'd1',
  stationId: 's',
  counter: 1,
  packetDigest: '',
  slipCode: '',
  slipKey: '',
  procedureCode: '',
  procedureVersion: '',
  training: true,
  operatorId: 'o',
  queuedAt: '',
  progress: { state: { name: 'queued' }, attempt: 0, reuploads: 0 },
  open: 1,
  sentOnce: false,
  attachments: [],
  bytesSent: {},
  label: new Uint8Array(),
  wrappedKey: new Uint8Array(),
  ...change,
})

it('takes back the last event of a dossier first: the later ones name it as the one before them', () => {
  const submit = row({})
  const supplement = row({ packetId: 'p2', dossierId: 'draft2', about: { kind: 'supplement', dossierId: 'd1', sequence: 2 } })
  const withdrawal = row({ packetId: 'p4', dossierId: 'draft3', about: { kind: 'withdraw', dossierId: 'd1', sequence: 3 } })
  const other = row({ packetId: 'p3', dossierId: 'd3' })
  expect(laterEvent(submit, [submit, supplement, other, withdrawal])).toBe(withdrawal)
  expect(laterEvent(supplement, [submit, supplement, other])).toBeUndefined()
  expect(laterEvent(other, [submit, supplement, other])).toBeUndefined()
})

it('comes back at once while nothing was sent, with the gateway’s promise after that, never after the receipt', () => {
  expect([canTakeBack(row({})), canRecall(row({}))]).toEqual([true, false])
  const sent = row({ sentOnce: true })
  expect([canTakeBack(sent), canRecall(sent)]).toEqual([false, true])
  const recalled = row({ sentOnce: true, progress: { state: { name: 'recalled' }, attempt: 0, reuploads: 0 } })
  expect([canTakeBack(recalled), canRecall(recalled)]).toEqual([true, false])
  const received = row({ sentOnce: true, receipt: 'jws' })
  expect([canTakeBack(received), canRecall(received)]).toEqual([false, false])
})
