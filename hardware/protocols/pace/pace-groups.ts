/**
 * The two kinds of groups as PACE calculates in them: what an element is, how it is mapped to (Doc 9303-11 sections 4.4.3.3.1 and
 * 4.4.3.3.2), how it is written (section 9.4).
 *
 * Invariants: pure. `decode` gives elements of the group only. `mapped` is undefined where a mapping leads to the neutral element,
 * to which no honest chip leads, or is not defined on this curve.
 */
import { type Curve, type CurvePoint, curveOfParameterId, decodePoint, encodePoint, integerOf } from './curves.ts'
import { type DhGroup, decodeElement, dhGroupOfParameterId, encodeElement, modularPower } from './dh-groups.ts'

export type PaceGroup<E> = {
  readonly generator: E
  readonly order: bigint
  /** Bits of the field, by which integrated mapping measures its pseudo-random number. */
  readonly fieldBits: number
  /** Tag of a public key in the authentication token's input (section 9.4.2, 9.4.3). */
  readonly publicKeyTag: 0x84 | 0x86
  decode(bytes: Uint8Array): E | undefined
  encode(element: E): Uint8Array
  power(base: E, exponent: bigint): E
  /** By the generator's own table where there is one. */
  powerOfGenerator(exponent: bigint): E
  secret(element: E): Uint8Array
  /** Generic mapping: G^s · H. */
  mapped(nonce: Uint8Array, shared: E): E | undefined
  /**
   * A public key over the mapped generator, (G^s · Y^x)^y, in one turn: G^sy · Y^xy. Neither the shared element of the mapping nor
   * the generator itself is needed for anything else.
   */
  mappedKey(nonce: Uint8Array, peer: E, mappingKey: bigint, agreementKey: bigint): E | undefined
  /** Integrated mapping: from a pseudo-random number. */
  mappedFrom(pseudoRandom: Uint8Array): E | undefined
}

/** Point encoding, section B.2 of Doc 9303-11, for primes of 3 modulo 4. */
const encodeToCurve = (curve: Curve, number: bigint): CurvePoint | undefined => {
  const { prime: p, a, b } = curve
  if (p % 4n !== 3n) return undefined
  const mod = (value: bigint): bigint => ((value % p) + p) % p
  const inverse = (value: bigint): bigint => modularPower(mod(value), p - 2n, p)
  const t = mod(number)
  const alpha = mod(-t * t)
  const x2 = mod(-b * inverse(a) * (1n + inverse(alpha + alpha * alpha)))
  const x3 = mod(alpha * x2)
  const h2 = mod(x2 ** 3n + a * x2 + b)
  const root = modularPower(h2, p - 1n - (p + 1n) / 4n, p)
  const [x, y] = mod(root * root * h2) === 1n ? [x2, mod(root * h2)] : [x3, mod(root * t ** 3n * h2)]
  try {
    const point = curve.fromAffine(x, y)
    point.assertValidity()
    return point
  } catch {
    // The library's only way of saying so: t was one of the few numbers without an image.
    return undefined
  }
}

const curveGroup = (curve: Curve): PaceGroup<CurvePoint> => ({
  generator: curve.generator,
  order: curve.order,
  fieldBits: curve.prime.toString(2).length,
  publicKeyTag: 0x86,
  decode: (bytes) => decodePoint(curve, bytes),
  encode: encodePoint,
  // Not in constant time, which integers of this platform never are: every exponent here is used once, and the nonce is multiplied by
  // one of them before it is used.
  power: (base, exponent) => base.multiplyUnsafe(exponent),
  powerOfGenerator: (exponent) => curve.generator.multiply(exponent),
  secret: (element) => encodePoint(element).slice(1, 1 + curve.coordinateLength),
  mapped(nonce, shared) {
    const s = integerOf(nonce) % curve.order
    const mapped = s === 0n ? shared : curve.generator.multiply(s).add(shared)
    return mapped.is0() ? undefined : mapped
  },
  mappedKey(nonce, peer, mappingKey, agreementKey) {
    const { order, generator } = curve
    const key = peer.mulAddUnsafe(
      (mappingKey * agreementKey) % order,
      generator,
      ((integerOf(nonce) % order) * agreementKey) % order,
    )
    return key.is0() ? undefined : key
  },
  mappedFrom: (pseudoRandom) => encodeToCurve(curve, integerOf(pseudoRandom)),
})

const dhGroup = (group: DhGroup & { order: bigint }): PaceGroup<bigint> => ({
  generator: group.generator,
  order: group.order,
  fieldBits: group.prime.toString(2).length,
  publicKeyTag: 0x84,
  decode: (bytes) => decodeElement(group, bytes),
  encode: (element) => encodeElement(group, element),
  power: (base, exponent) => modularPower(base, exponent, group.prime),
  powerOfGenerator: (exponent) => modularPower(group.generator, exponent, group.prime),
  secret: (element) => encodeElement(group, element),
  mapped(nonce, shared) {
    const mapped = (modularPower(group.generator, integerOf(nonce), group.prime) * shared) % group.prime
    return mapped === 1n ? undefined : mapped
  },
  mappedKey(nonce, peer, mappingKey, agreementKey) {
    const { prime, order, generator } = group
    const key =
      (modularPower(generator, (integerOf(nonce) * agreementKey) % order, prime) *
        modularPower(peer, (mappingKey * agreementKey) % order, prime)) %
      prime
    return key === 1n ? undefined : key
  },
  mappedFrom(pseudoRandom) {
    const cofactor = (group.prime - 1n) / group.order
    const mapped = modularPower(integerOf(pseudoRandom) % group.prime, cofactor, group.prime)
    return mapped <= 1n ? undefined : mapped
  },
})

export type AnyPaceGroup =
  | { readonly agreement: 'ecdh'; readonly group: PaceGroup<CurvePoint> }
  | { readonly agreement: 'dh'; readonly group: PaceGroup<bigint> }

export const paceGroupOf = (agreement: 'dh' | 'ecdh', parameterId: number | undefined): AnyPaceGroup | undefined => {
  if (agreement === 'ecdh') {
    const curve = curveOfParameterId(parameterId)
    return curve && { agreement, group: curveGroup(curve) }
  }
  const group = dhGroupOfParameterId(parameterId)
  return group?.order === undefined ? undefined : { agreement, group: dhGroup({ ...group, order: group.order }) }
}
