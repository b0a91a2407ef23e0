/**
 * Keys of specimen authorities and chips, each made from its name alone: the same on every machine, and known to everybody. They sign
 * nothing but specimens; a trust store takes them in training only (`specimenOrganisation`).
 */
import { createHash } from 'node:crypto'
import { concatBytes, fromHex } from '../../protocols/bytes/bytes.ts'
import { integerOf } from '../../protocols/pace/curves.ts'
import { curveOfOid, type SignatureCurve } from '../../protocols/signatures/curves.ts'
import { type HashName, hash } from '../../protocols/signatures/hashes.ts'
import { bits, integer, nothing, octets, oid, sequence } from './der.ts'

/** As many bytes as wanted, told by the name. */
const streamOf = (name: string, length: number): Uint8Array => {
  const blocks: Uint8Array[] = []
  for (let made = 0; made < length; made += 64)
    blocks.push(Uint8Array.from(createHash('sha512').update(`tram specimen key ${name} ${made}`).digest()))
  return concatBytes(...blocks).slice(0, length)
}

const power = (base: bigint, exponent: bigint, modulus: bigint): bigint => {
  let result = 1n
  let factor = base % modulus
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * factor) % modulus
    factor = (factor * factor) % modulus
  }
  return result
}

const octetsOf = (value: bigint, length: number): Uint8Array => fromHex(value.toString(16).padStart(length * 2, '0'))

export type CurveKey = {
  readonly type: 'curve'
  readonly curve: SignatureCurve
  readonly scalar: bigint
  readonly publicKeyInfo: Uint8Array
}

export const curveOids = {
  p256: '1.2.840.10045.3.1.7',
  brainpoolP256r1: '1.3.36.3.3.2.8.1.1.7',
  brainpoolP384r1: '1.3.36.3.3.2.8.1.1.11',
  brainpoolP512r1: '1.3.36.3.3.2.8.1.1.13',
} as const

const explicitParameters = (curve: SignatureCurve): Uint8Array => {
  const { p, a, b, n } = curve.Point.CURVE()
  const length = curve.Point.Fp.BYTES
  return sequence(
    integer(1),
    sequence(oid('1.2.840.10045.1.1'), integer(p)),
    sequence(octets(octetsOf(a, length)), octets(octetsOf(b, length))),
    octets(curve.Point.BASE.toBytes(false)),
    integer(n),
    integer(1),
  )
}

export const curveKey = (name: string, curveOid: string, parameters: 'named' | 'explicit' = 'named'): CurveKey => {
  const curve = curveOfOid(curveOid)
  if (curve === undefined) throw new Error('a specimen on a curve that is not known')
  const order = curve.Point.Fn.ORDER
  const scalar = (integerOf(streamOf(name, curve.Point.Fn.BYTES + 8)) % (order - 1n)) + 1n
  const algorithm = sequence(oid('1.2.840.10045.2.1'), parameters === 'named' ? oid(curveOid) : explicitParameters(curve))
  return {
    type: 'curve',
    curve,
    scalar,
    publicKeyInfo: sequence(algorithm, bits(curve.Point.BASE.multiplyUnsafe(scalar).toBytes(false))),
  }
}

/** ECDSA with a nonce told by key and message: the same signature every time. */
export const signOnCurve = (key: CurveKey, hashName: HashName, data: Uint8Array, format: 'der' | 'plain'): Uint8Array => {
  const order = key.curve.Point.Fn.ORDER
  const length = key.curve.Point.Fn.BYTES
  const digest = hash(hashName, data)
  const excess = Math.max(0, digest.length * 8 - order.toString(2).length)
  const e = integerOf(digest) >> BigInt(excess)
  const seed = `${key.scalar.toString(16)} ${Buffer.from(digest).toString('hex')}`
  const k = (integerOf(streamOf(`nonce ${seed}`, length + 8)) % (order - 1n)) + 1n
  const r = key.curve.Point.BASE.multiplyUnsafe(k).toAffine().x % order
  const s = (power(k, order - 2n, order) * (e + r * key.scalar)) % order
  return format === 'der' ? sequence(integer(r), integer(s)) : concatBytes(octetsOf(r, length), octetsOf(s, length))
}

export type RsaKeyPair = {
  readonly type: 'rsa'
  readonly n: bigint
  readonly d: bigint
  readonly length: number
  readonly publicKeyInfo: Uint8Array
}

const smallPrimes = [
  3n,
  5n,
  7n,
  11n,
  13n,
  17n,
  19n,
  23n,
  29n,
  31n,
  37n,
  41n,
  43n,
  47n,
  53n,
  59n,
  61n,
  67n,
  71n,
  73n,
  79n,
  83n,
  89n,
  97n,
]

const isProbablyPrime = (candidate: bigint): boolean => {
  if (smallPrimes.some((prime) => candidate % prime === 0n)) return false
  let odd = candidate - 1n
  let twos = 0
  while ((odd & 1n) === 0n) {
    odd >>= 1n
    twos += 1
  }
  return [2n, ...smallPrimes.slice(0, 6)].every((base) => {
    let x = power(base, odd, candidate)
    if (x === 1n || x === candidate - 1n) return true
    for (let round = 1; round < twos; round += 1) {
      x = (x * x) % candidate
      if (x === candidate - 1n) return true
    }
    return false
  })
}

const publicExponent = 65_537n

const primeOf = (name: string, length: number): bigint => {
  const top = 3n << BigInt(length * 8 - 2)
  let candidate = integerOf(streamOf(name, length)) | top | 1n
  while (candidate % publicExponent === 1n || !isProbablyPrime(candidate)) candidate += 2n
  return candidate
}

const inverse = (value: bigint, modulus: bigint): bigint => {
  let [a, b, x, y] = [value, modulus, 1n, 0n]
  while (b !== 0n) {
    const quotient = a / b
    ;[a, b] = [b, a - quotient * b]
    ;[x, y] = [y, x - quotient * y]
  }
  return ((x % modulus) + modulus) % modulus
}

export const rsaKeyPair = (name: string, bitLength: 1024 | 2048): RsaKeyPair => {
  const length = bitLength / 8
  const p = primeOf(`${name} p`, length / 2)
  const q = primeOf(`${name} q`, length / 2)
  const n = p * q
  const key = sequence(integer(n), integer(publicExponent))
  return {
    type: 'rsa',
    n,
    d: inverse(publicExponent, (p - 1n) * (q - 1n)),
    length,
    publicKeyInfo: sequence(sequence(oid('1.2.840.113549.1.1.1'), nothing), bits(key)),
  }
}

export const rsaPrivateOperation = (key: RsaKeyPair, block: Uint8Array): Uint8Array =>
  octetsOf(power(integerOf(block), key.d, key.n), key.length)

/** ISO/IEC 9796-2 scheme 1 with partial recovery (Doc 9303-11 appendix F), as a chip signs a challenge. */
export const signRecoverably = (key: RsaKeyPair, challenge: Uint8Array, hashName: 'sha1' | 'sha256' = 'sha1'): Uint8Array => {
  const trailer = hashName === 'sha1' ? Uint8Array.of(0xbc) : Uint8Array.of(0x34, 0xcc)
  const digestLength = hash(hashName, challenge).length
  const recovered = streamOf('recoverable part', key.length - 1 - digestLength - trailer.length)
  return rsaPrivateOperation(
    key,
    concatBytes(Uint8Array.of(0x6a), recovered, hash(hashName, concatBytes(recovered, challenge)), trailer),
  )
}
