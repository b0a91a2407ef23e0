/**
 * ECDSA on the curves that both OpenSSL and Electron's BoringSSL have, which is ten to thirty times as quick as our own arithmetic.
 *
 * Invariants: the platform's yes counts; its no, or its refusal to look, is no answer: it takes fewer encodings than are in use, so
 * `ecdsa.ts` is asked then.
 */
import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import type { WeierstrassPoint } from '@noble/curves/abstract/weierstrass.js'
import type { SignatureCurve } from './curves.ts'
import type { HashName } from './hashes.ts'

const platformNames: Readonly<Record<string, string>> = {
  'NIST P-256': 'P-256',
  'NIST P-384': 'P-384',
  'NIST P-521': 'P-521',
}

const keyOf = (crv: string, length: number, point: WeierstrassPoint<bigint>): KeyObject => {
  const bytes = point.toBytes(false)
  const coordinate = (at: number): string => Buffer.from(bytes.subarray(at, at + length)).toString('base64url')
  return createPublicKey({ key: { kty: 'EC', crv, x: coordinate(1), y: coordinate(1 + length) }, format: 'jwk' })
}

export const fitsByPlatform = (
  curve: SignatureCurve,
  point: WeierstrassPoint<bigint>,
  hashName: HashName,
  data: Uint8Array,
  signature: Uint8Array,
  format: 'der' | 'plain',
): boolean => {
  const crv = platformNames[curve.name]
  if (crv === undefined) return false
  try {
    const key = keyOf(crv, curve.Point.Fp.BYTES, point)
    return verify(hashName, data, { key, dsaEncoding: format === 'der' ? 'der' : 'ieee-p1363' }, signature)
  } catch {
    // A library that does not take the curve, the hash or the encoding says so by throwing.
    return false
  }
}
