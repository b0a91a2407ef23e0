/**
 * The courier's file: a kiosk's sealed queue on a stick, to be handed in anywhere. It opens to nobody on the way.
 *
 * Layout: "TRAM-COURIER-1\n" | parcels (parcel.ts: length of the packet's JSON, 4 bytes big endian; the JSON; its sealed attachments in the
 * order of its header) | four zero bytes | number of parcels (4 bytes) | notes (length, 4 bytes; JSON, contracts/courier.ts) where there are
 * any. Read from front to back, a parcel at a time, however long it is.
 *
 * Integrity is each packet's own: the device key's signature covers header and payload, the header names size and SHA-256 of every
 * attachment. The end tells a file that was cut off; what lies before the cut counts all the same.
 */
import { type CourierNote, CourierNotes } from '../../contracts/courier.ts'
import { Packet, type PacketHeader } from '../../contracts/packet.ts'
import { err, ok, type Result } from '../../contracts/result.ts'
import { type Bytes, concatBytes, fromUtf8, toUtf8 } from './base64url.ts'
import { parseHeader } from './packet-codec.ts'

const lengthBytes = 4
const mostPacketBytes = 1024 * 1024
const mostNotesBytes = 4 * 1024 * 1024

export const courierHead: Bytes = toUtf8('TRAM-COURIER-1\n')

const uint32 = (value: number): Bytes => {
  const bytes = new Uint8Array(lengthBytes)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}

export const courierEnd = (parcels: number): Bytes => concatBytes(uint32(0), uint32(parcels))

/** Behind the end; a reader that does not know them stops there. */
export const courierNotes = (notes: readonly CourierNote[]): Bytes => {
  if (notes.length === 0) return new Uint8Array()
  const json = toUtf8(JSON.stringify({ format: 'tram-courier-notes-1', notes }))
  return concatBytes(uint32(json.length), json)
}

/** What goes before a packet's sealed attachments. */
export const courierPacket = (packet: Packet): Bytes => {
  const json = toUtf8(JSON.stringify(packet))
  return concatBytes(uint32(json.length), json)
}

/** A file or a blob. */
export type CourierSource = { size: number; read(from: number, to: number): Promise<Uint8Array> }

export type CarriedParcel = {
  packet: Packet
  header: PacketHeader
  /** Where in the file each attachment lies. */
  attachments: { attachmentId: string; sealedSize: number; from: number }[]
}

export type CourierFault =
  | { type: 'not-a-courier' }
  /** What was visited before it is whole. */
  | { type: 'cut-off'; parcels: number }

/** `visit` in the order of the file; ends at once when it says so. */
export const readCourier = async (
  source: CourierSource,
  visit: (parcel: CarriedParcel) => Promise<'go-on' | 'stop'>,
): Promise<Result<{ parcels: number; notes: CourierNote[] }, CourierFault>> => {
  const numberAt = async (at: number): Promise<number | undefined> => {
    if (at + lengthBytes > source.size) return undefined
    const bytes = await source.read(at, at + lengthBytes)
    return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  }
  const head = await source.read(0, Math.min(source.size, courierHead.length))
  if (head.length !== courierHead.length || courierHead.some((byte, index) => head[index] !== byte))
    return err({ type: 'not-a-courier' })
  let at = courierHead.length
  for (let parcels = 0; ; parcels += 1) {
    const cutOff = err({ type: 'cut-off' as const, parcels })
    const length = await numberAt(at)
    if (length === undefined || length > mostPacketBytes) return cutOff
    if (length === 0) {
      if ((await numberAt(at + lengthBytes)) !== parcels) return cutOff
      const notesAt = at + 2 * lengthBytes
      const noted = Math.min((await numberAt(notesAt)) ?? 0, mostNotesBytes)
      return ok({ parcels, notes: parseNotes(await source.read(notesAt + lengthBytes, notesAt + lengthBytes + noted)) })
    }
    const begin = at + lengthBytes
    if (begin + length > source.size) return cutOff
    const packet = parsePacket(await source.read(begin, begin + length))
    const header = packet && parseHeader(packet)
    if (packet === undefined || header?.ok !== true) return cutOff
    let from = begin + length
    const attachments = header.value.header.attachments.map(({ attachmentId, sealedSize }) => {
      from += sealedSize
      return { attachmentId, sealedSize, from: from - sealedSize }
    })
    if (from > source.size) return cutOff
    at = from
    if ((await visit({ packet, header: header.value.header, attachments })) === 'stop')
      return ok({ parcels: parcels + 1, notes: [] })
  }
}

/** Words beside the packets: what cannot be read of them is no fault of the packets. */
const parseNotes = (json: Uint8Array): CourierNote[] => {
  try {
    return CourierNotes.safeParse(JSON.parse(fromUtf8(json))).data?.notes ?? []
  } catch {
    return []
  }
}

const parsePacket = (json: Uint8Array): Packet | undefined => {
  try {
    return Packet.safeParse(JSON.parse(fromUtf8(json))).data
  } catch {
    return undefined
  }
}
