/**
 * What another kiosk's courier brought is handed to the gateway as it is, straight from the file: nothing of it is opened or kept here.
 * Broken off, it is begun again from the front; the gateway knows what it has, to the byte. And receipts that a courier brought back.
 */
import type { Clock } from '../../contracts/clock.ts'
import { type CarriedAnswer, CourierReceipts } from '../../contracts/courier.ts'
import { maxParcelAttachments } from '../../contracts/gateway-api.ts'
import { err, ok, type Result } from '../../contracts/result.ts'
import { transition } from '../engine/outbox-machine.ts'
import { type CarriedParcel, type CourierFault, type CourierSource, readCourier } from '../packet/courier-file.ts'
import { parcelParts } from '../packet/parcel.ts'
import type { VerifiedReceipt } from '../packet/receipt-codec.ts'
import type { OutboxStore } from '../vault/vault-api.ts'
import { uploadAttachment } from './attachment-upload.ts'
import type { CallFault, GatewayHttp } from './gateway-http.ts'

export type CourierReport = {
  /** Whole and durable at the gateway, now or from before. */
  received: number
  refused: { packetId: string; reason: string }[]
  receipts: CourierReceipts
}
export type ForwardFault = CourierFault | { type: 'gateway-away'; report: CourierReport }

type Http = Pick<GatewayHttp, 'carryParcel' | 'authorised' | 'toFault'>

/** What the gateway says of this one packet; those behind it go on. */
const refusalOf = (fault: CallFault): string | undefined => {
  if (fault.type === 'stopped') return undefined
  switch (fault.failure.kind) {
    case 'rejected':
      return fault.failure.reason
    case 'attachment-refused':
      return 'attachment-invalid'
    case 'earlier-event':
      return 'event-out-of-order'
    default:
      return undefined
  }
}

const bodyOf = async ({ packet, attachments }: CarriedParcel, source: CourierSource) => {
  const total = attachments.reduce((sum, { sealedSize }) => sum + sealedSize, 0)
  const inOne = total <= maxParcelAttachments
  const sealed = inOne ? await Promise.all(attachments.map(({ from, sealedSize }) => source.read(from, from + sealedSize))) : []
  return parcelParts(packet, sealed)
}

/** One packet, until the gateway has it whole or says why not. */
const carry = async (
  parcel: CarriedParcel,
  source: CourierSource,
  http: Http,
  clock: Clock,
): Promise<Result<CarriedAnswer, CallFault>> => {
  const { packetId } = parcel.header
  let first = await http.carryParcel(await bodyOf(parcel, source))
  // Somebody on the way may take no body so long: the attachments can follow in pieces.
  if (!first.ok && first.error.type === 'call-failed' && first.error.failure.kind === 'unreadable-answer')
    first = await http.carryParcel(parcelParts(parcel.packet, []))
  if (!first.ok || first.value.state !== 'waiting-for-attachments') return first
  const pace = { chunkSize: 256 * 1024, smallest: 64 * 1024, largest: 4 * 1024 * 1024 }
  for (const { attachmentId, offset } of first.value.missing) {
    const attachment = parcel.attachments.find((one) => one.attachmentId === attachmentId)
    if (attachment === undefined) continue
    const { from } = attachment
    const uploaded = await uploadAttachment({
      packetId,
      attachment,
      offset,
      store: { readSealed: async (_id, begin, end) => ok(Uint8Array.from(await source.read(from + begin, from + end))) },
      http,
      clock,
      pace,
      goOn: () => true,
      onAcknowledged: () => undefined,
    })
    if (!uploaded.ok) return uploaded
  }
  return http.carryParcel(parcelParts(parcel.packet, []))
}

export const forwardCourier = async (request: {
  source: CourierSource
  http: Http
  clock: Clock
  onProgress: (done: number) => void
}): Promise<Result<CourierReport, ForwardFault>> => {
  const report: CourierReport = { received: 0, refused: [], receipts: { format: 'tram-courier-receipts-1', receipts: [] } }
  let away = false
  let done = 0
  const read = await readCourier(request.source, async (parcel) => {
    const { packetId } = parcel.header
    const carried = await carry(parcel, request.source, request.http, request.clock)
    done += 1
    request.onProgress(done)
    if (carried.ok) {
      const { receipt } = carried.value
      if (receipt === undefined) {
        report.refused.push({ packetId, reason: carried.value.state })
        return 'go-on'
      }
      report.received += 1
      report.receipts.receipts.push({ packetId, receipt })
      return 'go-on'
    }
    const reason = refusalOf(carried.error)
    if (reason === undefined) {
      away = true
      return 'stop'
    }
    report.refused.push({ packetId, reason })
    return 'go-on'
  })
  if (away) return err({ type: 'gateway-away', report })
  return read.ok ? ok(report) : read
}

/** Receipts of packets of this kiosk, genuine or let go. Each counts as if it had come from the gateway. */
export const takeReceipts = async (
  text: string,
  outbox: Pick<OutboxStore, 'change'>,
  verify: (jws: string) => Promise<Result<VerifiedReceipt, { type: string }>>,
): Promise<Result<{ taken: number; others: number }, { type: 'not-receipts' }>> => {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return err({ type: 'not-receipts' })
  }
  const file = CourierReceipts.safeParse(json)
  if (!file.success) return err({ type: 'not-receipts' })
  let taken = 0
  for (const { packetId, receipt: jws } of file.data.receipts) {
    const receipt = await verify(jws)
    if (!receipt.ok) continue
    const changed = await outbox.change(packetId, ({ progress, purged }) =>
      purged ? undefined : { progress: transition(progress, { type: 'received' }).progress, receipt: receipt.value },
    )
    if (changed.ok) taken += 1
  }
  return ok({ taken, others: file.data.receipts.length - taken })
}
