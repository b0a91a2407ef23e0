/**
 * What the gateway must have of a store of packets. Two keep it: PostgreSQL, and the simulation's in memory.
 *
 * Invariants: each call is one transaction, durable when it resolves. A packet id, and a counter of a station, belong to one content for
 * ever. A packet that was taken back is never stored. A station's update cursors become visible in their order.
 */
import type { Dossier } from '../../../contracts/dossier.ts'
import type { PacketContent } from '../../../contracts/dossier-events.ts'
import type { AgencyStatus, DoubleNotice, OfficialCode, PacketAnswer, PacketRecord } from '../../../contracts/gateway-api.ts'
import type { Packet, PacketHeader, ReceiptClaims } from '../../../contracts/packet.ts'
import type { SupplementNotice } from '../../../contracts/supplement.ts'
import type { Refusal } from '../problem.ts'

/** Taken back packets are not kept, only remembered. */
export type StoredState = Exclude<PacketAnswer['state'], 'taken-back'>

export type NewPacket = {
  header: PacketHeader
  packet: Packet
  digest: string
  content: PacketContent
  at: Date
  /** Of a submit: the keyed hash of what it is about. */
  matter?: string
  /** Of a supplement: is the dossier right with it? */
  check(merged: Dossier): Refusal | undefined
  /** All its attachments are on disk and checked: it is received in the transaction that stores it. */
  receipt?: string
}

export type StoreOutcome =
  | { type: 'stored' }
  /** Something else has this packet's id, counter or dossier. */
  | { type: 'in-the-way' }
  | { type: 'refused'; refusal: Refusal }

export type HeldPacket = {
  stationId: string
  digest: string
  state: StoredState
  header: PacketHeader
  packet: Packet
  content: PacketContent
}

export type StoredAnswer = {
  packetId: string
  state: StoredState
  /** Attachments not yet checked and whole. */
  open: string[]
  receipt?: string
  official?: OfficialCode
  status?: AgencyStatus
  supplement?: SupplementNotice
  double?: DoubleNotice
}

export type StoredRecord = Omit<PacketRecord, 'packet'> & { packetId: string }

export type Outcome =
  | { state: 'accepted'; official: OfficialCode; status: AgencyStatus }
  | { state: 'refused'; status: AgencyStatus }

export type PacketStore = {
  find(packetId: string): Promise<{ stationId: string; digest: string; state: StoredState } | undefined>
  read(packetId: string): Promise<HeldPacket | undefined>
  /** With a receipt it is finished too, as by `finish`. */
  store(packet: NewPacket): Promise<StoreOutcome>
  openAttachments(packetId: string): Promise<{ attachmentId: string; sealedSize: number }[]>
  /** What a stored packet announced. */
  announced(packetId: string, attachmentId: string): Promise<{ stationId: string; sealedSize: number } | undefined>
  markWhole(packetId: string, attachmentId: string, at: Date): Promise<void>
  /**
   * A supplement answers the request it names, and the submit's station is told. Receipt, state, the dossier's new state, the station's update and the connector's job, when nothing
   * is open; once.
   */
  finish(packetId: string, sign: (claims: ReceiptClaims) => Promise<string>, at: Date): Promise<boolean>
  /** After `taken-back` this packet is never stored. `attachments` had begun to come. */
  takeBack(
    packetId: string,
    stationId: string,
    at: Date,
  ): Promise<{ type: 'taken-back'; attachments: string[] } | { type: 'too-late' } | { type: 'foreign' }>
  isTakenBack(packetId: string, stationId: string): Promise<boolean>
  /** Packets whose attachments are awaited. */
  waiting(): Promise<string[]>
  answers(packetIds: readonly string[]): Promise<Map<string, StoredAnswer>>
  updatesAfter(stationId: string, after: number, limit: number): Promise<{ cursor: number; packetId: string }[]>
  /** What is kept of a station's packets, in the order of their counters. */
  recordsAfter(stationId: string, after: number, limit: number): Promise<StoredRecord[]>
  /** 0 when there is none. */
  highestCounter(stationId: string): Promise<number>

  /** Due jobs of the connector, put off until `until`; none while an earlier event of its dossier is not done. */
  claimJobs(limit: number, now: Date, until: Date): Promise<{ packetId: string; attempts: number }[]>
  /** The station to be told, when something changed. */
  concludeJob(packetId: string, outcome: Outcome, now: Date): Promise<string | undefined>
  putOffJob(packetId: string, failure: string, until: Date): Promise<void>
  /** What a killed worker had claimed need not wait until its claim runs out. */
  bringJobsForward(now: Date): Promise<void>
}

/** The dossier a packet is about. */
export const dossierIdOf = (header: PacketHeader, content: PacketContent): string =>
  content.kind === 'submit' ? content.dossier.dossierId : (header.event?.dossierId ?? '')

export const sequenceOf = (header: PacketHeader): number => header.event?.sequence ?? 1
