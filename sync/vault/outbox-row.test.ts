import { expect, it } from 'vitest'
import type { OutboxRow } from './database.ts'
import { canRecall, canTakeBack, hasLaterEvent } from './outbox-row.ts'

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
  const other = row({ packetId: 'p3', dossierId: 'd3' })
  expect(hasLaterEvent(submit, [submit, supplement, other])).toBe(true)
  expect(hasLaterEvent(supplement, [submit, supplement, other])).toBe(false)
  expect(hasLaterEvent(other, [submit, supplement, other])).toBe(false)
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
