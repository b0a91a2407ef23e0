/**
 * A row this store has forgotten, made anew from the gateway's record. Pure, so that IndexedDB and the simulation's disk obey the same rules.
 *
 * Invariants
 * - Nothing is settled without a receipt of this very packet, here as everywhere.
 * - What the gateway has begun to receive and this store has no bytes of cannot be finished by sending: it lies on the shelf and says so.
 */
import type { PacketRecord } from '../../contracts/gateway-api.ts'
import type { PacketHeader } from '../../contracts/packet.ts'
import type { VerifiedReceipt } from '../packet/receipt-codec.ts'
import type { OutboxRow } from './database.ts'
import { dossierOf, sequenceOf } from './outbox-row.ts'
import type { GenuineRecord } from './vault-api.ts'

/** A receipt that says something else than the record does is no receipt of it. */
export const fitsRecord = ({ packet, counter, packetDigest, attachments }: PacketRecord, { claims }: VerifiedReceipt): boolean =>
  claims.packetId === packet.packetId &&
  claims.counter === counter &&
  claims.packetDigest === packetDigest &&
  claims.attachments.length === attachments.length

/** Sent again under another id, or a draft again by the gateway's promise, while this record was on its way. */
export const standsHere = (
  { dossierId, sequence, kind }: Pick<PacketRecord, 'dossierId' | 'sequence' | 'kind'>,
  rows: readonly OutboxRow[],
  drafts: readonly { draftId: string; about?: { dossierId: string } }[],
): boolean =>
  rows.some((row) => dossierOf(row) === dossierId && sequenceOf(row) === sequence) ||
  drafts.some(({ draftId, about }) => (kind === 'submit' ? draftId === dossierId : about?.dossierId === dossierId))

/** `sealedHere`: packet and attachments outlived their row, so it goes on being sent. */
const progressOf = ({ state }: PacketRecord['packet'], sealedHere: boolean): OutboxRow['progress'] => ({
  state:
    state === 'received' || state === 'accepted' || state === 'refused'
      ? { name: state }
      : sealedHere
        ? { name: 'queued' }
        : { name: 'needs-attention', reason: 'forgotten-unsent', detail: state, findings: [] },
  attempt: 0,
  reuploads: 0,
})

/** `slipKey` is unique in a store: another row may have it by now. */
export const forgottenRow = (
  stationId: string,
  { record, receipt }: GenuineRecord,
  { isTaken, sealedHere }: { isTaken: (slipKey: string) => boolean; sealedHere: boolean },
): OutboxRow => {
  const { packet, kind, slipCode, sequence, submitPacketId, requestId } = record
  const { packetId } = packet
  const slipKey = sequence === 1 ? slipCode : `${slipCode}/${sequence}`
  return {
    packetId,
    // Of an event this was its draft's id, which nothing refers to any more.
    dossierId: kind === 'submit' ? record.dossierId : packetId,
    ...(kind === 'submit'
      ? {}
      : {
          about: {
            kind,
            dossierId: record.dossierId,
            sequence,
            ...(submitPacketId === undefined ? {} : { packetId: submitPacketId }),
            ...(requestId === undefined ? {} : { requestId }),
          },
        }),
    stationId,
    counter: record.counter,
    packetDigest: record.packetDigest,
    slipCode,
    slipKey: isTaken(slipKey) ? `${slipKey} ${packetId}` : slipKey,
    procedureCode: record.procedureCode,
    procedureVersion: record.procedureVersion,
    training: record.training,
    operatorId: record.operatorId,
    queuedAt: record.sealedAt,
    progress: progressOf(packet, sealedHere),
    open: receipt === undefined ? 1 : 0,
    sentOnce: true,
    attachments: record.attachments,
    bytesSent: Object.fromEntries(packet.missing.map(({ attachmentId, offset }) => [attachmentId, offset])),
    label: new Uint8Array(),
    rebuilt: true,
    ...(receipt === undefined ? {} : { receipt: receipt.jws, receivedAt: receipt.claims.receivedAt }),
    ...(packet.official === undefined ? {} : { official: packet.official }),
    ...(packet.status === undefined ? {} : { status: packet.status }),
    ...(packet.supplement === undefined ? {} : { supplement: packet.supplement }),
    ...(packet.double === undefined ? {} : { double: packet.double }),
  }
}

/** A sealed packet whose row could not be read: it is whole in itself and goes on. Its slip's number is inside the seal. */
export const adoptedRow = (header: PacketHeader, packetDigest: string, dossierId: string): OutboxRow => ({
  packetId: header.packetId,
  dossierId,
  ...(header.event === undefined || header.kind === 'submit'
    ? {}
    : { about: { kind: header.kind, dossierId: header.event.dossierId, sequence: header.event.sequence } }),
  stationId: header.stationId,
  counter: header.counter,
  packetDigest,
  slipCode: '',
  slipKey: header.packetId,
  procedureCode: header.procedureCode,
  procedureVersion: header.procedureVersion,
  training: header.training,
  operatorId: '',
  queuedAt: header.sealedAt,
  progress: { state: { name: 'queued' }, attempt: 0, reuploads: 0 },
  open: 1,
  sentOnce: true,
  attachments: header.attachments,
  bytesSent: {},
  label: new Uint8Array(),
  rebuilt: true,
})
