/**
 * What a courier brings back: the gateway's receipts of what was carried, for the kiosk it came from. They reach that kiosk by its feed too.
 *
 *   POST /v1/courier/parcels   a parcel of another station -> CarriedAnswer   (Bearer of whoever carries; tus for larger attachments)
 */
import { z } from 'zod'
import { Uuid } from './encoding.ts'
import { PacketAnswer } from './gateway-api.ts'
import { AttentionFinding, AttentionReason } from './outbox.ts'

/** Of somebody else's packet a carrier learns this and no more. */
export const CarriedAnswer = PacketAnswer.pick({ packetId: true, state: true, missing: true, receipt: true })
export type CarriedAnswer = z.infer<typeof CarriedAnswer>

export const CourierReceipts = z.object({
  format: z.literal('tram-courier-receipts-1'),
  receipts: z.array(z.object({ packetId: Uuid, receipt: z.string().max(20_000) })).max(100_000),
})
export type CourierReceipts = z.infer<typeof CourierReceipts>

/** Behind the packets: why one lay on its kiosk's shelf. No value a citizen gave; the packets themselves stay sealed. */
export const CourierNote = z.object({
  packetId: Uuid,
  slipCode: z.string().max(20),
  reason: AttentionReason,
  detail: z.string().max(2000),
  findings: z.array(AttentionFinding).max(200),
  /** As the kiosk's screen says it. */
  words: z.string().max(4000),
})
export type CourierNote = z.infer<typeof CourierNote>
export const CourierNotes = z.object({ format: z.literal('tram-courier-notes-1'), notes: z.array(CourierNote).max(10_000) })
