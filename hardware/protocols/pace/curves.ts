/**
 * The elliptic curves of the standardized domain parameters (Doc 9303-11 section 9.5.1, table 12), points as uncompressed octets
 * (section 9.4, BSI TR-03111), over arithmetic that does not ask the platform: Electron's BoringSSL has no brainpool curves.
 *
 * Invariants: a point is taken only when it lies on its curve and is not infinity; every curve has cofactor 1, so it then lies in
 * the group.
 */
import type { WeierstrassPoint } from '@noble/curves/abstract/weierstrass.js'
import { brainpoolP256r1, brainpoolP384r1, brainpoolP512r1 } from '@noble/curves/misc.js'
import { p256, p384, p521 } from '@noble/curves/nist.js'

export type CurvePoint = WeierstrassPoint<bigint>
export type Curve = {
  readonly name: string
  readonly generator: CurvePoint
  readonly order: bigint
  /** Bytes of one coordinate. */
  readonly coordinateLength: number
  readonly decode: (bytes: Uint8Array) => CurvePoint
}

const curveOf = (name: string, { Point }: Pick<typeof p256, 'Point'>): Curve => ({
  name,
  generator: Point.BASE,
  order: Point.Fn.ORDER,
  coordinateLength: Point.Fp.BYTES,
  decode: (bytes) => Point.fromBytes(bytes),
})

const curvesByParameterId: ReadonlyMap<number, Curve> = new Map([
  [12, curveOf('NIST P-256', p256)],
  [13, curveOf('brainpoolP256r1', brainpoolP256r1)],
  [15, curveOf('NIST P-384', p384)],
  [16, curveOf('brainpoolP384r1', brainpoolP384r1)],
  [17, curveOf('brainpoolP512r1', brainpoolP512r1)],
  [18, curveOf('NIST P-521', p521)],
])

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

export const integerOf = (bytes: Uint8Array): bigint => bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)

/** A private key in 1..n-1. The seed has at least 64 bits more than the order, so that no key is likelier than another. */
export const privateKeyOf = (curve: Curve, seed: Uint8Array): bigint => (integerOf(seed) % (curve.order - 1n)) + 1n

/** Seeds of this length serve every curve here: 521 bits and 64 more. */
export const seedLength = 74
