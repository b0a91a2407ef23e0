/**
 * The elliptic curves of the standardized domain parameters (Doc 9303-11 section 9.5.1, table 12), points as uncompressed octets
 * (section 9.4, BSI TR-03111), over arithmetic that does not ask the platform: Electron's BoringSSL has no brainpool curves.
 *
 * Invariants: a point is taken only when it lies on its curve and is not infinity; every curve has cofactor 1, so it then lies in
 * the group.
 */
import { type WeierstrassPoint, weierstrass } from '@noble/curves/abstract/weierstrass.js'
import { brainpoolP256r1, brainpoolP384r1, brainpoolP512r1 } from '@noble/curves/misc.js'
import { p256, p384, p521 } from '@noble/curves/nist.js'
import { toHex } from '../bytes/bytes.ts'

export type CurvePoint = WeierstrassPoint<bigint>
export type Curve = {
  readonly name: string
  /** Value of the object identifier, as hexadecimal digits. */
  readonly objectId: string
  readonly generator: CurvePoint
  readonly order: bigint
  /** y² = x³ + a·x + b over the field of this prime. */
  readonly prime: bigint
  readonly a: bigint
  readonly b: bigint
  /** Bytes of one coordinate. */
  readonly coordinateLength: number
  readonly decode: (bytes: Uint8Array) => CurvePoint
  readonly fromAffine: (x: bigint, y: bigint) => CurvePoint
}

type CurveOfLibrary = Pick<typeof p256, 'Point'>

const curveOf = (name: string, objectId: string, { Point }: CurveOfLibrary): Curve => ({
  name,
  objectId,
  generator: Point.BASE,
  order: Point.Fn.ORDER,
  prime: Point.Fp.ORDER,
  a: Point.CURVE().a,
  b: Point.CURVE().b,
  coordinateLength: Point.Fp.BYTES,
  decode: (bytes) => Point.fromBytes(bytes),
  fromAffine: (x, y) => Point.fromAffine({ x, y }),
})

type Parameters = Record<'p' | 'n' | 'a' | 'b' | 'Gx' | 'Gy', string>

/** Curves the library does not name: FIPS 186-4 appendix D.1.2, RFC 5639 section 3. */
const made = (hex: Parameters): CurveOfLibrary => {
  const number = (key: keyof Parameters): bigint => BigInt(`0x${hex[key]}`)
  const [p, n, a, b, Gx, Gy] = [number('p'), number('n'), number('a'), number('b'), number('Gx'), number('Gy')]
  return { Point: weierstrass({ p, n, h: 1n, a, b, Gx, Gy }) }
}

const curvesByParameterId: ReadonlyMap<number, Curve> = new Map([
  [
    8,
    curveOf(
      'NIST P-192',
      '2A8648CE3D030101',
      made({
        p: 'fffffffffffffffffffffffffffffffeffffffffffffffff',
        n: 'ffffffffffffffffffffffff99def836146bc9b1b4d22831',
        a: 'fffffffffffffffffffffffffffffffefffffffffffffffc',
        b: '64210519e59c80e70fa7e9ab72243049feb8deecc146b9b1',
        Gx: '188da80eb03090f67cbf20eb43a18800f4ff0afd82ff1012',
        Gy: '07192b95ffc8da78631011ed6b24cdd573f977a11e794811',
      }),
    ),
  ],
  [
    9,
    curveOf(
      'brainpoolP192r1',
      '2B2403030208010103',
      made({
        p: 'c302f41d932a36cda7a3463093d18db78fce476de1a86297',
        n: 'c302f41d932a36cda7a3462f9e9e916b5be8f1029ac4acc1',
        a: '6a91174076b1e0e19c39c031fe8685c1cae040e5c69a28ef',
        b: '469a28ef7c28cca3dc721d044f4496bcca7ef4146fbf25c9',
        Gx: 'c0a0647eaab6a48753b033c56cb0f0900a2f5c4853375fd6',
        Gy: '14b690866abd5bb88b5f4828c1490002e6773fa2fa299b8f',
      }),
    ),
  ],
  [
    10,
    curveOf(
      'NIST P-224',
      '2B81040021',
      made({
        p: 'ffffffffffffffffffffffffffffffff000000000000000000000001',
        n: 'ffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3d',
        a: 'fffffffffffffffffffffffffffffffefffffffffffffffffffffffe',
        b: 'b4050a850c04b3abf54132565044b0b7d7bfd8ba270b39432355ffb4',
        Gx: 'b70e0cbd6bb4bf7f321390b94a03c1d356c21122343280d6115c1d21',
        Gy: 'bd376388b5f723fb4c22dfe6cd4375a05a07476444d5819985007e34',
      }),
    ),
  ],
  [
    11,
    curveOf(
      'brainpoolP224r1',
      '2B2403030208010105',
      made({
        p: 'd7c134aa264366862a18302575d1d787b09f075797da89f57ec8c0ff',
        n: 'd7c134aa264366862a18302575d0fb98d116bc4b6ddebca3a5a7939f',
        a: '68a5e62ca9ce6c1c299803a6c1530b514e182ad8b0042a59cad29f43',
        b: '2580f63ccfe44138870713b1a92369e33e2135d266dbb372386c400b',
        Gx: '0d9029ad2c7e5cf4340823b2a87dc68c9e4ce3174c1e6efdee12c07d',
        Gy: '58aa56f772c0726f24c6b89e4ecdac24354b9e99caa3f6d3761402cd',
      }),
    ),
  ],
  [12, curveOf('NIST P-256', '2A8648CE3D030107', p256)],
  [13, curveOf('brainpoolP256r1', '2B2403030208010107', brainpoolP256r1)],
  [
    14,
    curveOf(
      'brainpoolP320r1',
      '2B2403030208010109',
      made({
        p: 'd35e472036bc4fb7e13c785ed201e065f98fcfa6f6f40def4f92b9ec7893ec28fcd412b1f1b32e27',
        n: 'd35e472036bc4fb7e13c785ed201e065f98fcfa5b68f12a32d482ec7ee8658e98691555b44c59311',
        a: '3ee30b568fbab0f883ccebd46d3f3bb8a2a73513f5eb79da66190eb085ffa9f492f375a97d860eb4',
        b: '520883949dfdbc42d3ad198640688a6fe13f41349554b49acc31dccd884539816f5eb4ac8fb1f1a6',
        Gx: '43bd7e9afb53d8b85289bcc48ee5bfe6f20137d10a087eb6e7871e2a10a599c710af8d0d39e20611',
        Gy: '14fdd05545ec1cc8ab4093247f77275e0743ffed117182eaa9c77877aaac6ac7d35245d1692e8ee1',
      }),
    ),
  ],
  [15, curveOf('NIST P-384', '2B81040022', p384)],
  [16, curveOf('brainpoolP384r1', '2B240303020801010B', brainpoolP384r1)],
  [17, curveOf('brainpoolP512r1', '2B240303020801010D', brainpoolP512r1)],
  [18, curveOf('NIST P-521', '2B81040023', p521)],
])

/** By the value of its object identifier, as hexadecimal digits. */
export const curveOfObjectId = (objectId: string): Curve | undefined =>
  [...curvesByParameterId.values()].find((curve) => curve.objectId === objectId)

/** By explicit parameters. Only the standard curves are taken: on another nothing is known of its strength. */
export const curveOfParameters = (prime: bigint, order: bigint): Curve | undefined =>
  [...curvesByParameterId.values()].find((curve) => curve.prime === prime && curve.order === order)

export const curveOfParameterId = (parameterId: number | undefined): Curve | undefined =>
  parameterId === undefined ? undefined : curvesByParameterId.get(parameterId)

export const encodePoint = (point: CurvePoint): Uint8Array => point.toBytes(false)

/** Undefined for whatever is no point of the curve in uncompressed form. */
export const decodePoint = (curve: Curve, bytes: Uint8Array): CurvePoint | undefined => {
  if (bytes.length !== 1 + 2 * curve.coordinateLength || bytes[0] !== 0x04) return undefined
  try {
    const point = curve.decode(bytes)
    point.assertValidity()
    return point
  } catch {
    // The library's only way of saying that the octets are no point.
    return undefined
  }
}

export const integerOf = (bytes: Uint8Array): bigint => (bytes.length === 0 ? 0n : BigInt(`0x${toHex(bytes)}`))

/** A private key in 1..n-1. The seed has at least 64 bits more than the order, so that no key is likelier than another. */
export const privateKeyOf = (curve: { readonly order: bigint }, seed: Uint8Array): bigint =>
  (integerOf(seed) % (curve.order - 1n)) + 1n

/** Seeds of this length serve every curve here: 521 bits and 64 more. */
export const seedLength = 74
