/**
 * A consignment: several parcels in one body, so that a queue that drains does not pay for a request with each small dossier.
 *
 * Layout: for each parcel its length (4 bytes, big endian) and its bytes (parcel.ts). It adds no seal, and the parcels share no fate: each
 * is answered for itself.
 */
import { err, ok, type Result } from '../../contracts/result.ts'
import { type Bytes, concatBytes } from './base64url.ts'

const lengthBytes = 4

/** What a consignment is put together from, in order; each parcel in its own parts. */
export const consignmentParts = (parcels: readonly (readonly Uint8Array[])[]): Uint8Array[] =>
  parcels.flatMap((parts) => {
    const length = new Uint8Array(lengthBytes)
    const size = parts.reduce((sum, part) => sum + part.length, 0)
    new DataView(length.buffer).setUint32(0, size)
    return [length, ...parts]
  })

export const packConsignment = (parcels: readonly (readonly Uint8Array[])[]): Bytes => concatBytes(...consignmentParts(parcels))

/** Nothing of it counts when bytes are missing at its end. */
export const unpackConsignment = (body: Uint8Array): Result<Uint8Array[], { type: 'cut-off' }> => {
  const parcels: Uint8Array[] = []
  for (let at = 0; at < body.length; ) {
    if (body.length - at < lengthBytes) return err({ type: 'cut-off' })
    const from = at + lengthBytes
    at = from + new DataView(body.buffer, body.byteOffset).getUint32(at)
    if (at > body.length) return err({ type: 'cut-off' })
    parcels.push(body.subarray(from, at))
  }
  return parcels.length === 0 ? err({ type: 'cut-off' }) : ok(parcels)
}
