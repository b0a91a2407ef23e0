/**
 * The curves that document signers use (Doc 9303-12 section 4.4.2: NIST and RFC 5639 brainpool), also the short ones of early documents,
 * named or with explicit parameters. Arithmetic does not ask the platform: Electron's BoringSSL has no brainpool curves.
 *
 * Invariants: explicit parameters count only where all of them (field, both coefficients, base point, order) are those of a known
 * curve, so that nobody brings a curve of his own; cofactor 1 throughout.
 */
import { type WeierstrassPoint, type WeierstrassPointCons, weierstrass } from '@noble/curves/abstract/weierstrass.js'
import { brainpoolP256r1, brainpoolP384r1, brainpoolP512r1 } from '@noble/curves/misc.js'
import { p256, p384, p521 } from '@noble/curves/nist.js'
import {
  asn1Tag,
  childrenOf,
  type Element,
  enter,
  octetsOf,
  oidOf,
  positiveInteger,
  smallInteger,
  unsignedOf,
} from '../asn1/asn1.ts'

export type SignatureCurve = {
  readonly name: string
  readonly Point: WeierstrassPointCons<bigint>
}

/** p, a, b, x and y of the base point, order. */
type Parameters = readonly [p: string, a: string, b: string, x: string, y: string, n: string]

const further: Readonly<Record<string, { name: string; parameters: Parameters }>> = {
  // prime192v1
  '1.2.840.10045.3.1.1': {
    name: 'NIST P-192',
    parameters: [
      'fffffffffffffffffffffffffffffffeffffffffffffffff',
      'fffffffffffffffffffffffffffffffefffffffffffffffc',
      '64210519e59c80e70fa7e9ab72243049feb8deecc146b9b1',
      '188da80eb03090f67cbf20eb43a18800f4ff0afd82ff1012',
      '07192b95ffc8da78631011ed6b24cdd573f977a11e794811',
      'ffffffffffffffffffffffff99def836146bc9b1b4d22831',
    ],
  },
  // secp224r1
  '1.3.132.0.33': {
    name: 'NIST P-224',
    parameters: [
      'ffffffffffffffffffffffffffffffff000000000000000000000001',
      'fffffffffffffffffffffffffffffffefffffffffffffffffffffffe',
      'b4050a850c04b3abf54132565044b0b7d7bfd8ba270b39432355ffb4',
      'b70e0cbd6bb4bf7f321390b94a03c1d356c21122343280d6115c1d21',
      'bd376388b5f723fb4c22dfe6cd4375a05a07476444d5819985007e34',
      'ffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3d',
    ],
  },
  // brainpoolP160r1
  '1.3.36.3.3.2.8.1.1.1': {
    name: 'brainpoolP160r1',
    parameters: [
      'e95e4a5f737059dc60dfc7ad95b3d8139515620f',
      '340e7be2a280eb74e2be61bada745d97e8f7c300',
      '1e589a8595423412134faa2dbdec95c8d8675e58',
      'bed5af16ea3f6a4f62938c4631eb5af7bdbcdbc3',
      '1667cb477a1a8ec338f94741669c976316da6321',
      'e95e4a5f737059dc60df5991d45029409e60fc09',
    ],
  },
  // brainpoolP192r1
  '1.3.36.3.3.2.8.1.1.3': {
    name: 'brainpoolP192r1',
    parameters: [
      'c302f41d932a36cda7a3463093d18db78fce476de1a86297',
      '6a91174076b1e0e19c39c031fe8685c1cae040e5c69a28ef',
      '469a28ef7c28cca3dc721d044f4496bcca7ef4146fbf25c9',
      'c0a0647eaab6a48753b033c56cb0f0900a2f5c4853375fd6',
      '14b690866abd5bb88b5f4828c1490002e6773fa2fa299b8f',
      'c302f41d932a36cda7a3462f9e9e916b5be8f1029ac4acc1',
    ],
  },
  // brainpoolP224r1
  '1.3.36.3.3.2.8.1.1.5': {
    name: 'brainpoolP224r1',
    parameters: [
      'd7c134aa264366862a18302575d1d787b09f075797da89f57ec8c0ff',
      '68a5e62ca9ce6c1c299803a6c1530b514e182ad8b0042a59cad29f43',
      '2580f63ccfe44138870713b1a92369e33e2135d266dbb372386c400b',
      '0d9029ad2c7e5cf4340823b2a87dc68c9e4ce3174c1e6efdee12c07d',
      '58aa56f772c0726f24c6b89e4ecdac24354b9e99caa3f6d3761402cd',
      'd7c134aa264366862a18302575d0fb98d116bc4b6ddebca3a5a7939f',
    ],
  },
  // brainpoolP320r1
  '1.3.36.3.3.2.8.1.1.9': {
    name: 'brainpoolP320r1',
    parameters: [
      'd35e472036bc4fb7e13c785ed201e065f98fcfa6f6f40def4f92b9ec7893ec28fcd412b1f1b32e27',
      '3ee30b568fbab0f883ccebd46d3f3bb8a2a73513f5eb79da66190eb085ffa9f492f375a97d860eb4',
      '520883949dfdbc42d3ad198640688a6fe13f41349554b49acc31dccd884539816f5eb4ac8fb1f1a6',
      '43bd7e9afb53d8b85289bcc48ee5bfe6f20137d10a087eb6e7871e2a10a599c710af8d0d39e20611',
      '14fdd05545ec1cc8ab4093247f77275e0743ffed117182eaa9c77877aaac6ac7d35245d1692e8ee1',
      'd35e472036bc4fb7e13c785ed201e065f98fcfa5b68f12a32d482ec7ee8658e98691555b44c59311',
    ],
  },
  // brainpoolP256t1
  '1.3.36.3.3.2.8.1.1.8': {
    name: 'brainpoolP256t1',
    parameters: [
      'a9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5377',
      'a9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5374',
      '662c61c430d84ea4fe66a7733d0b76b7bf93ebc4af2f49256ae58101fee92b04',
      'a3e8eb3cc1cfe7b7732213b23a656149afa142c47aafbc2b79a191562e1305f4',
      '2d996c823439c56d7f7b22e14644417e69bcb6de39d027001dabe8f35b25c9be',
      'a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7',
    ],
  },
  // brainpoolP384t1
  '1.3.36.3.3.2.8.1.1.12': {
    name: 'brainpoolP384t1',
    parameters: [
      '8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b412b1da197fb71123acd3a729901d1a71874700133107ec53',
      '8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b412b1da197fb71123acd3a729901d1a71874700133107ec50',
      '7f519eada7bda81bd826dba647910f8c4b9346ed8ccdc64e4b1abd11756dce1d2074aa263b88805ced70355a33b471ee',
      '18de98b02db9a306f2afcd7235f72a819b80ab12ebd653172476fecd462aabffc4ff191b946a5f54d8d0aa2f418808cc',
      '25ab056962d30651a114afd2755ad336747f93475b7a1fca3b88f2b6a208ccfe469408584dc2b2912675bf5b9e582928',
      '8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b31f166e6cac0425a7cf3ab6af6b7fc3103b883202e9046565',
    ],
  },
  // brainpoolP512t1
  '1.3.36.3.3.2.8.1.1.14': {
    name: 'brainpoolP512t1',
    parameters: [
      'aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca703308717d4d9b009bc66842aecda12ae6a380e62881ff2f2d82c68528aa6056583a48f3',
      'aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca703308717d4d9b009bc66842aecda12ae6a380e62881ff2f2d82c68528aa6056583a48f0',
      '7cbbbcf9441cfab76e1890e46884eae321f70c0bcb4981527897504bec3e36a62bcdfa2304976540f6450085f2dae145c22553b465763689180ea2571867423e',
      '640ece5c12788717b9c1ba06cbc2a6feba85842458c56dde9db1758d39c0313d82ba51735cdb3ea499aa77a7d6943a64f7a3f25fe26f06b51baa2696fa9035da',
      '5b534bd595f5af0fa2c892376c84ace1bb4e3019b71634c01131159cae03cee9d9932184beef216bd71df2dadf86a627306ecff96dbb8bace198b61e00f8b332',
      'aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca70330870553e5c414ca92619418661197fac10471db1d381085ddaddb58796829ca90069',
    ],
  },
}

const known: Readonly<Record<string, SignatureCurve>> = {
  '1.2.840.10045.3.1.7': { name: 'NIST P-256', Point: p256.Point },
  '1.3.132.0.34': { name: 'NIST P-384', Point: p384.Point },
  '1.3.132.0.35': { name: 'NIST P-521', Point: p521.Point },
  '1.3.36.3.3.2.8.1.1.7': { name: 'brainpoolP256r1', Point: brainpoolP256r1.Point },
  '1.3.36.3.3.2.8.1.1.11': { name: 'brainpoolP384r1', Point: brainpoolP384r1.Point },
  '1.3.36.3.3.2.8.1.1.13': { name: 'brainpoolP512r1', Point: brainpoolP512r1.Point },
}

const made = new Map<string, SignatureCurve>()

export const curveOfOid = (oid: string): SignatureCurve | undefined => {
  const common = known[oid]
  if (common !== undefined) return common
  const rare = further[oid]
  if (rare === undefined) return undefined
  const before = made.get(oid)
  if (before !== undefined) return before
  const [p = 0n, a = 0n, b = 0n, Gx = 0n, Gy = 0n, n = 0n] = rare.parameters.map((hex) => BigInt(`0x${hex}`))
  const curve: SignatureCurve = { name: rare.name, Point: weierstrass({ p, n, h: 1n, a, b, Gx, Gy }) }
  made.set(oid, curve)
  return curve
}

/** SpecifiedECDomain (BSI TR-03111 section 3.1.1). */
const curveOfExplicit = (element: Element): SignatureCurve | undefined => {
  const domain = enter(element, asn1Tag.sequence, 'SpecifiedECDomain')
  smallInteger(domain.take(asn1Tag.integer, 'version'))
  const field = enter(domain.take(asn1Tag.sequence, 'fieldID'), asn1Tag.sequence, 'fieldID')
  if (oidOf(field.take(asn1Tag.oid, 'fieldType')) !== '1.2.840.10045.1.1') return undefined
  const p = positiveInteger(field.take(asn1Tag.integer, 'prime'))
  const [a, b] = childrenOf(domain.take(asn1Tag.sequence, 'curve'))
  const base = octetsOf(domain.take(asn1Tag.octetString, 'base'))
  const n = positiveInteger(domain.take(asn1Tag.integer, 'order'))
  if (a === undefined || b === undefined) return undefined
  const [coefficientA, coefficientB] = [unsignedOf(octetsOf(a)), unsignedOf(octetsOf(b))]
  for (const oid of [...Object.keys(known), ...Object.keys(further)]) {
    const order = further[oid]?.parameters[5]
    // The rare curves are made only when one is asked for.
    if (order !== undefined && BigInt(`0x${order}`) !== n) continue
    const curve = curveOfOid(oid)
    if (curve === undefined) continue
    const parameters = curve.Point.CURVE()
    if (parameters.n !== n || parameters.p !== p || parameters.a !== coefficientA || parameters.b !== coefficientB) continue
    return [true, false].some((compressed) => Buffer.from(curve.Point.BASE.toBytes(compressed)).equals(base)) ? curve : undefined
  }
  return undefined
}

/** ECParameters: named or explicit; undefined for a curve that is not known. */
export const curveOfParameters = (parameters: Element): SignatureCurve | undefined =>
  parameters.tag === asn1Tag.oid ? curveOfOid(oidOf(parameters)) : curveOfExplicit(parameters)

/** A public key, uncompressed or compressed; undefined for whatever is no point of the curve. */
export const pointOf = (curve: SignatureCurve, bytes: Uint8Array): WeierstrassPoint<bigint> | undefined => {
  try {
    const point = curve.Point.fromBytes(Uint8Array.from(bytes))
    point.assertValidity()
    return point
  } catch {
    // The library's only way of saying that the octets are no point.
    return undefined
  }
}
