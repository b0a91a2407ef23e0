/**
 * Verifying ECDSA (BSI TR-03111 section 4.2.1) on any curve of `curves.ts`: the signature as DER (X9.62) or plain, r and s side by side.
 *
 * Invariants: r and s in 1..n-1; a hash longer than the order is cut to its leftmost bits; any bytes give an answer.
 */
import type { WeierstrassPoint } from '@noble/curves/abstract/weierstrass.js'
import { asn1Tag, enter, parsing, positiveInteger, readElement, unsignedOf } from '../asn1/asn1.ts'
import type { SignatureCurve } from './curves.ts'

type Pair = { r: bigint; s: bigint }

const pairOfDer = (signature: Uint8Array): Pair | undefined => {
  const parsed = parsing(() => {
    const pair = enter(readElement(signature), asn1Tag.sequence, 'ECDSA signature')
    return {
      r: positiveInteger(pair.take(asn1Tag.integer, 'r')),
      s: positiveInteger(pair.take(asn1Tag.integer, 's')),
    }
  })
  return parsed.ok ? parsed.value : undefined
}

const pairOfPlain = (signature: Uint8Array): Pair | undefined => {
  if (signature.length === 0 || signature.length % 2 !== 0) return undefined
  const half = signature.length / 2
  return { r: unsignedOf(signature.subarray(0, half)), s: unsignedOf(signature.subarray(half)) }
}

const inverse = (value: bigint, modulus: bigint): bigint => {
  let [a, b, x, y] = [value % modulus, modulus, 1n, 0n]
  while (a > 1n) {
    if (b === 0n) return 0n
    const quotient = a / b
    ;[a, b] = [b, a % b]
    ;[x, y] = [y, x - quotient * y]
  }
  return x < 0n ? x + modulus : x
}

export const verifyEcdsa = (
  curve: SignatureCurve,
  key: WeierstrassPoint<bigint>,
  digest: Uint8Array,
  signature: Uint8Array,
  format: 'der' | 'plain',
): boolean => {
  const pair = format === 'der' ? pairOfDer(signature) : pairOfPlain(signature)
  if (pair === undefined) return false
  const order = curve.Point.Fn.ORDER
  const { r, s } = pair
  if (r < 1n || r >= order || s < 1n || s >= order) return false
  const excess = Math.max(0, digest.length * 8 - order.toString(2).length)
  const e = unsignedOf(digest) >> BigInt(excess)
  const w = inverse(s, order)
  const sum = curve.Point.BASE.mulAddUnsafe((e * w) % order, key, (r * w) % order)
  return !sum.is0() && sum.toAffine().x % order === r
}
