/**
 * Verifying RSA signatures (RFC 8017): PKCS#1 v1.5 and PSS, and the bare public operation on which Active Authentication builds.
 *
 * Invariants: only public keys, so nothing here needs constant time; sizes are bounded before any arithmetic; the platform is not
 * asked, because it cannot be told another hash for PSS's mask than for its message. Any bytes give an answer.
 */
import { algorithmOf } from '../asn1/algorithm-identifier.ts'
import {
  asn1Tag,
  constructedContext,
  type Element,
  enter,
  insideOf,
  positiveInteger,
  readElement,
  smallInteger,
  unsignedOf,
} from '../asn1/asn1.ts'
import { concatBytes, equalBytes, fromHex } from '../bytes/bytes.ts'
import { encodeTlv } from '../tlv/tlv.ts'
import { type HashName, hash, hashOfOid } from './hashes.ts'

export type RsaKey = { readonly n: bigint; readonly e: bigint /** Bytes of the modulus. */; readonly length: number }

const maxModulusBits = 8192
const maxExponentBits = 64

const bitsOf = (value: bigint): number => value.toString(2).length

/** RSAPublicKey; undefined where it is of no size to calculate with. */
export const parseRsaKey = (bytes: Uint8Array): RsaKey | undefined => {
  const key = enter(readElement(bytes), asn1Tag.sequence, 'RSAPublicKey')
  const n = positiveInteger(key.take(asn1Tag.integer, 'modulus'))
  const e = positiveInteger(key.take(asn1Tag.integer, 'publicExponent'))
  const bits = bitsOf(n)
  if (bits < 512 || bits > maxModulusBits || n % 2n === 0n || e < 3n || bitsOf(e) > maxExponentBits || e % 2n === 0n)
    return undefined
  return { n, e, length: Math.ceil(bits / 8) }
}

const octetsOfLength = (value: bigint, length: number): Uint8Array => fromHex(value.toString(16).padStart(length * 2, '0'))

/** signature^e mod n, as long as the modulus; undefined where the signature is no number below it. */
export const rsaPublicOperation = (key: RsaKey, signature: Uint8Array): Uint8Array | undefined => {
  if (signature.length > key.length + 1) return undefined
  const value = unsignedOf(signature)
  if (value >= key.n) return undefined
  let result = 1n
  let power = value
  for (let rest = key.e; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * power) % key.n
    if (rest > 1n) power = (power * power) % key.n
  }
  return octetsOfLength(result, key.length)
}

const oidBytes: Readonly<Record<HashName, string>> = {
  sha1: '2B0E03021A',
  sha224: '608648016503040204',
  sha256: '608648016503040201',
  sha384: '608648016503040202',
  sha512: '608648016503040203',
}

/** EMSA-PKCS1-v1_5 (RFC 8017 section 9.2) is made and compared whole: nothing of the block is parsed. Both ways of writing absent parameters are in use. */
export const verifyRsaPkcs1 = (key: RsaKey, hashName: HashName, data: Uint8Array, signature: Uint8Array): boolean => {
  const block = rsaPublicOperation(key, signature)
  if (block === undefined) return false
  const oid = encodeTlv(asn1Tag.oid, fromHex(oidBytes[hashName]))
  const digest = encodeTlv(asn1Tag.octetString, hash(hashName, data))
  return [Uint8Array.of(asn1Tag.null, 0), new Uint8Array()].some((parameters) => {
    const info = encodeTlv(asn1Tag.sequence, encodeTlv(asn1Tag.sequence, oid, parameters), digest)
    const fill = key.length - info.length - 3
    return (
      fill >= 8 && equalBytes(block, concatBytes(Uint8Array.of(0, 1), new Uint8Array(fill).fill(0xff), Uint8Array.of(0), info))
    )
  })
}

const mgf1 = (hashName: HashName, seed: Uint8Array, length: number): Uint8Array => {
  const blocks: Uint8Array[] = []
  for (let made = 0, counter = 0; made < length; counter += 1) {
    const block = hash(hashName, concatBytes(seed, Uint8Array.of(counter >>> 24, counter >>> 16, counter >>> 8, counter)))
    blocks.push(block)
    made += block.length
  }
  return concatBytes(...blocks).subarray(0, length)
}

export type PssParameters = {
  hash: HashName
  maskHash: HashName /** Undefined = of whatever length it was made. */
  saltLength: number | undefined
}

/** EMSA-PSS-VERIFY (RFC 8017 section 9.1.2). */
export const verifyRsaPss = (key: RsaKey, parameters: PssParameters, data: Uint8Array, signature: Uint8Array): boolean => {
  const whole = rsaPublicOperation(key, signature)
  if (whole === undefined) return false
  const blockBits = bitsOf(key.n) - 1
  const length = Math.ceil(blockBits / 8)
  if (whole.length > length && whole[0] !== 0) return false
  const block = whole.subarray(whole.length - length)
  const digest = hash(parameters.hash, data)
  const maskedLength = length - digest.length - 1
  if (maskedLength < 1 || block[length - 1] !== 0xbc) return false
  const unusedBits = 8 * length - blockBits
  const masked = block.subarray(0, maskedLength)
  const h = block.subarray(maskedLength, maskedLength + digest.length)
  if ((masked[0] ?? 0) >> (8 - unusedBits) !== 0) return false
  const mask = mgf1(parameters.maskHash, h, maskedLength)
  const db = masked.map((byte, at) => byte ^ (mask[at] ?? 0))
  db[0] = (db[0] ?? 0) & (0xff >> unusedBits)
  const one = db.findIndex((byte) => byte !== 0)
  if (one < 0 || db[one] !== 1) return false
  const salt = db.subarray(one + 1)
  if (parameters.saltLength !== undefined && salt.length !== parameters.saltLength) return false
  return equalBytes(h, hash(parameters.hash, concatBytes(new Uint8Array(8), digest, salt)))
}

/** RSASSA-PSS-params (RFC 4055 section 3.1), each with its default; undefined where a function is not known. */
export const parsePssParameters = (element: Element): PssParameters | undefined => {
  const parameters = enter(element, asn1Tag.sequence, 'RSASSA-PSS-params')
  const inside = (tag: number): Element | undefined => {
    const wrapped = parameters.optional(tag)
    return wrapped === undefined ? undefined : insideOf(wrapped, 'RSASSA-PSS-params')
  }
  const hashElement = inside(constructedContext(0))
  const maskElement = inside(constructedContext(1))
  const saltElement = inside(constructedContext(2))
  const messageHash = hashElement === undefined ? 'sha1' : hashOfOid(algorithmOf(hashElement).oid)
  const maskParameters = maskElement === undefined ? undefined : algorithmOf(maskElement).parameters
  const maskHash =
    maskElement === undefined ? 'sha1' : maskParameters === undefined ? undefined : hashOfOid(algorithmOf(maskParameters).oid)
  if (messageHash === undefined || maskHash === undefined) return undefined
  return { hash: messageHash, maskHash, saltLength: saltElement === undefined ? 20 : smallInteger(saltElement) }
}
