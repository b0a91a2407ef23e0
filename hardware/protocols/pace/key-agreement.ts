/**
 * Diffie-Hellman over either kind of group (Doc 9303-11 section 9.6; BSI TR-03111 section 4.3), as far as PACE and Chip Authentication
 * share it.
 *
 * Invariants: pure; a peer's key that is no key of the group gives no secret. Not in constant time, which integers of this platform never
 * are: a private key of the terminal is used once.
 */
import { type Curve, decodePoint, encodePoint, privateKeyOf } from './curves.ts'
import { type DhGroup, decodeElement, encodeElement, modularPower } from './dh-groups.ts'

export type KeyPair = { readonly privateKey: bigint; readonly publicKey: Uint8Array }
export type KeyAgreement = {
  readonly kind: 'ecdh' | 'dh'
  readonly name: string
  /** Bytes of a seed: 64 bits more than the order. */
  readonly seedLength: number
  keyPair(seed: Uint8Array): KeyPair
  /** The x coordinate, or the number, in full length. */
  secret(privateKey: bigint, peer: Uint8Array): Uint8Array | undefined
}

export const ecdhOver = (curve: Curve): KeyAgreement => ({
  kind: 'ecdh',
  name: curve.name,
  seedLength: curve.coordinateLength + 9,
  keyPair(seed) {
    const privateKey = privateKeyOf(curve, seed)
    return { privateKey, publicKey: encodePoint(curve.generator.multiply(privateKey)) }
  },
  secret(privateKey, peer) {
    const point = decodePoint(curve, peer)
    return point && encodePoint(point.multiplyUnsafe(privateKey)).slice(1, 1 + curve.coordinateLength)
  },
})

export const dhOver = (group: DhGroup): KeyAgreement => ({
  kind: 'dh',
  name: group.name,
  seedLength: group.length + 8,
  keyPair(seed) {
    const privateKey = privateKeyOf({ order: group.order ?? group.prime - 1n }, seed)
    return { privateKey, publicKey: encodeElement(group, modularPower(group.generator, privateKey, group.prime)) }
  },
  secret(privateKey, peer) {
    const element = decodeElement(group, peer)
    return element === undefined ? undefined : encodeElement(group, modularPower(element, privateKey, group.prime))
  },
})
