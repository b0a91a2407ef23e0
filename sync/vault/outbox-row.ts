/**
 * What may become of an outbox row, without the store it lies in: pure, so that IndexedDB and the simulation's disk obey the same rules.
 *
 * Invariants
 * - No row is settled without a receipt of this very packet, and packet, attachments and the operator's wrap go with that receipt.
 * - A packet that may have reached the gateway becomes a draft again only when the gateway will never receive it.
 */
import type { OpenEntry } from '../engine/schedule.ts'
import type { VerifiedReceipt } from '../packet/receipt-codec.ts'
import type { OutboxRow } from './database.ts'
import type { OutboxChange } from './vault-api.ts'

const settled = new Set(['received', 'accepted', 'refused'])

const receiptFits = (row: OutboxRow, { claims }: VerifiedReceipt): boolean =>
  claims.packetId === row.packetId &&
  claims.stationId === row.stationId &&
  claims.counter === row.counter &&
  claims.packetDigest === row.packetDigest &&
  claims.attachments.length === row.attachments.length &&
  row.attachments.every((mine) =>
    claims.attachments.some(
      (theirs) =>
        theirs.attachmentId === mine.attachmentId &&
        theirs.sealedSize === mine.sealedSize &&
        theirs.sealedSha256 === mine.sealedSha256,
    ),
  )

/** `purge`: packet and attachments go in the same transaction. */
export const changedRow = (row: OutboxRow, wanted: OutboxChange): 'receipt-mismatch' | { row: OutboxRow; purge: boolean } => {
  const { progress, receipt, official, status, supplement, double } = wanted
  if (receipt !== undefined && !receiptFits(row, receipt)) return 'receipt-mismatch'
  if (settled.has(progress.state.name) && receipt === undefined && row.receipt === undefined) {
    throw new Error('No dossier is settled without a receipt')
  }
  const next: OutboxRow = {
    ...row,
    progress,
    open: settled.has(progress.state.name) ? 0 : 1,
    sentOnce: row.sentOnce || wanted.leaving === true || progress.state.name === 'uploading',
    ...(official === undefined ? {} : { official }),
    ...(status === undefined ? {} : { status }),
    ...(supplement === undefined ? {} : { supplement }),
    ...(double === undefined ? {} : { double }),
  }
  if (receipt === undefined || row.receipt !== undefined) return { row: next, purge: false }
  const { wrappedKey: _gone, basis: _with, deadlines: _until, ...kept } = next
  return { row: { ...kept, receipt: receipt.jws, receivedAt: receipt.claims.receivedAt, bytesSent: {} }, purge: true }
}

/** The gateway refused these before keeping anything, so the dossier is nowhere but here. */
const refusedWhole = new Set<string>([
  'malformed',
  'training-refused',
  'unknown-key',
  'signature-invalid',
  'seal-invalid',
  'procedure-unknown',
  'procedure-not-in-force',
  'dossier-invalid',
  'changed-elsewhere',
  'taken-back',
  'too-large',
])

/**
 * Whoever may have been received must not become a draft again: it would go twice. What was refused today may be taken from a stick
 * tomorrow, so for what was carried a refusal is not enough, but the promise never to receive it.
 */
export const canTakeBack = (row: OutboxRow): boolean => {
  if (row.wrappedKey === undefined || row.receipt !== undefined) return false
  const { state } = row.progress
  if (!row.sentOnce || state.name === 'recalled') return true
  if (state.name !== 'needs-attention' || !refusedWhole.has(state.reason)) return false
  return row.carried !== true || state.reason === 'taken-back'
}

/** Bytes may have left, so the gateway has to agree first. */
export const canRecall = (row: OutboxRow): boolean =>
  row.wrappedKey !== undefined && row.receipt === undefined && row.progress.recall !== true && !canTakeBack(row)

export const dossierOf = (row: OutboxRow) => row.about?.dossierId ?? row.dossierId
export const sequenceOf = (row: OutboxRow) => row.about?.sequence ?? 1

/**
 * The last event of its dossier behind this one. While there is one, this stays where it is: it is named as the one before, and would be
 * waited for for ever. The last one comes back first.
 */
export const laterEvent = (row: OutboxRow, rows: readonly OutboxRow[]): OutboxRow | undefined =>
  rows
    .filter((other) => dossierOf(other) === dossierOf(row) && sequenceOf(other) > sequenceOf(row))
    .toSorted((a, b) => sequenceOf(b) - sequenceOf(a))[0]

const bytesOf = (row: OutboxRow) => row.attachments.reduce((sum, { sealedSize }) => sum + sealedSize, 0)
const sentOf = (row: OutboxRow) => row.attachments.reduce((sum, { attachmentId }) => sum + (row.bytesSent[attachmentId] ?? 0), 0)

export const bytesOfRow = (row: OutboxRow): { bytesTotal: number; bytesSent: number } => {
  const bytesTotal = bytesOf(row)
  return { bytesTotal, bytesSent: row.receipt === undefined ? sentOf(row) : bytesTotal }
}

export const toOpenEntry = (row: OutboxRow): OpenEntry => ({
  packetId: row.packetId,
  dossierId: dossierOf(row),
  sequence: sequenceOf(row),
  progress: row.progress,
  bytesLeft: Math.max(0, bytesOf(row) - sentOf(row)),
})

/** What a store remembers of the gateway's count, when that is ahead of its own. */
export const isRolledBack = (own: number, gateways: number): boolean => gateways > own
