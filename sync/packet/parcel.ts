/**
 * A parcel: a packet and, when they are small, its sealed attachments behind it in one body, so that one request and one receipt do.
 *
 * Layout: length of the packet's JSON (4 bytes, big endian) | the JSON | the sealed attachments in the order of the header, all or none.
 * It adds no seal of its own: every part is told genuine by what the packet's signature covers.
 */
import type { Packet, SealedAttachment } from '../../contracts/packet.ts'
import { err, ok, type Result } from '../../contracts/result.ts'
import { type Bytes, concatBytes, fromUtf8, toUtf8 } from './base64url.ts'

const lengthBytes = 4

/** What a parcel is put together from, in order. */
export const parcelParts = (packet: Packet, sealed: readonly Uint8Array[]): Uint8Array[] => {
  const json = toUtf8(JSON.stringify(packet))
  const length = new Uint8Array(lengthBytes)
  new DataView(length.buffer).setUint32(0, json.length)
  return [length, json, ...sealed]
}

export const packParcel = (packet: Packet, sealed: readonly Uint8Array[]): Bytes => concatBytes(...parcelParts(packet, sealed))

/** The packet's JSON as it came, not yet parsed, and whatever lies behind it. An error: bytes are missing. */
export const unpackParcel = (parcel: Uint8Array): Result<{ packet: unknown; sealed: Uint8Array }, { type: 'cut-off' }> => {
  if (parcel.length < lengthBytes) return err({ type: 'cut-off' })
  const end = lengthBytes + new DataView(parcel.buffer, parcel.byteOffset).getUint32(0)
  if (parcel.length < end) return err({ type: 'cut-off' })
  let packet: unknown
  try {
    packet = JSON.parse(fromUtf8(parcel.subarray(lengthBytes, end)))
  } catch {
    packet = undefined
  }
  return ok({ packet, sealed: parcel.subarray(end) })
}

/** What lies behind the packet, attachment by attachment: all of them, or none. */
export const sealedParts = (
  sealed: Uint8Array,
  announced: readonly SealedAttachment[],
): Result<{ attachmentId: string; bytes: Uint8Array }[] | undefined, { type: 'cut-off' }> => {
  const total = announced.reduce((sum, { sealedSize }) => sum + sealedSize, 0)
  if (sealed.length === 0 && total > 0) return ok(undefined)
  if (sealed.length !== total) return err({ type: 'cut-off' })
  let from = 0
  return ok(
    announced.map(({ attachmentId, sealedSize }) => {
      from += sealedSize
      return { attachmentId, bytes: sealed.subarray(from - sealedSize, from) }
    }),
  )
}
