/**
 * Active Authentication (Doc 9303-11 section 6.1): the chip signs a challenge of 8 bytes with the key whose public part is DG15. RSA by
 * ISO/IEC 9796-2 digital signature scheme 1 with partial recovery, ECDSA plain (r and s side by side, BSI TR-03111 section 5.2.1).
 *
 * Invariants: any bytes give an answer. It proves no more than that the chip has the private key: whether DG15 is signed is passive
 * authentication's to say.
 */
import type { PublicKeyInfo } from '../asn1/algorithm-identifier.ts'
import { parsing } from '../asn1/asn1.ts'
import { concatBytes, equalBytes, fromHex } from '../bytes/bytes.ts'
import type { SecurityInfo } from '../lds/security-infos.ts'
import type { ChipCheckAnswer } from '../passive-authentication/verdict.ts'
import { curveOfParameters, pointOf } from '../signatures/curves.ts'
import { verifyEcdsa } from '../signatures/ecdsa.ts'
import { type HashName, hash, hashNames } from '../signatures/hashes.ts'
import { parseRsaKey, rsaPublicOperation } from '../signatures/rsa.ts'
import { hashOfSignatureOid } from '../signatures/verify-signature.ts'

/** Trailer fields of ISO/IEC 10118-3 hash functions, before the closing CC. */
const hashByTrailer: Readonly<Record<number, HashName>> = { 51: 'sha1', 52: 'sha256', 53: 'sha512', 54: 'sha384', 56: 'sha224' }

/** The recovered block: 6A, M1, hash of M1 and the challenge, trailer (Doc 9303-11 appendix F). */
export const recoveredBlockFits = (block: Uint8Array, challenge: Uint8Array): boolean => {
  const last = block.at(-1)
  const trailerLength = last === 0xbc ? 1 : last === 0xcc ? 2 : 0
  if (trailerLength === 0 || block[0] !== 0x6a) return false
  const hashName = trailerLength === 1 ? 'sha1' : hashByTrailer[block.at(-2) ?? 0]
  if (hashName === undefined) return false
  const digestLength = hash(hashName, challenge).length
  const digestAt = block.length - trailerLength - digestLength
  // A recoverable part must be there, or the chip would sign whatever it is given.
  if (digestAt < 2) return false
  const recovered = block.subarray(1, digestAt)
  return equalBytes(block.subarray(digestAt, digestAt + digestLength), hash(hashName, concatBytes(recovered, challenge)))
}

const differs: ChipCheckAnswer = { type: 'failed', reason: 'signature-differs' }

const verifyRsa = (key: Uint8Array, challenge: Uint8Array, signature: Uint8Array): ChipCheckAnswer => {
  const parsed = parseRsaKey(key)
  if (parsed === undefined) return { type: 'not-checked', reason: 'algorithm-unsupported', detail: 'RSA key of unusable size' }
  const detail = `RSA-${parsed.length * 8} ISO 9796-2`
  const block = rsaPublicOperation(parsed, signature)
  if (block === undefined) return { ...differs, detail }
  // ISO/IEC 9796-2 lets the signer give the smaller of s and n - s: the block's last four bits tell.
  const mirrored = fromHex(
    (parsed.n - BigInt(`0x${Buffer.from(block).toString('hex')}`)).toString(16).padStart(block.length * 2, '0'),
  )
  return [block, mirrored].some((each) => recoveredBlockFits(each, challenge))
    ? { type: 'passed', detail }
    : { ...differs, detail }
}

const verifyCurve = (
  key: PublicKeyInfo,
  infos: readonly SecurityInfo[],
  challenge: Uint8Array,
  signature: Uint8Array,
): ChipCheckAnswer => {
  const curve = key.algorithm.parameters === undefined ? undefined : curveOfParameters(key.algorithm.parameters)
  if (curve === undefined) return { type: 'not-checked', reason: 'algorithm-unsupported', detail: 'a curve that is not known' }
  const point = pointOf(curve, key.key)
  if (point === undefined) return { type: 'failed', reason: 'key-not-on-curve', detail: curve.name }
  const named = infos.map((info) => (info.type === 'active-authentication' ? hashOfSignatureOid(info.signatureOid) : undefined))
  const declared = named.find((name) => name !== undefined)
  // Without ActiveAuthenticationInfo in DG14 the hash is the chip's choice.
  const hashes = declared === undefined ? hashNames : [declared]
  const fits = hashes.some((name) =>
    (['plain', 'der'] as const).some((format) => verifyEcdsa(curve, point, hash(name, challenge), signature, format)),
  )
  const detail = `ECDSA ${curve.name}`
  return fits ? { type: 'passed', detail } : { ...differs, detail }
}

/** What the chip's answer to INTERNAL AUTHENTICATE proves. `infos` are those of DG14, if it has any. */
export const verifyActiveAuthentication = (
  key: PublicKeyInfo,
  infos: readonly SecurityInfo[],
  challenge: Uint8Array,
  signature: Uint8Array,
): ChipCheckAnswer => {
  const answer = parsing(() => {
    if (key.algorithm.oid === '1.2.840.113549.1.1.1') return verifyRsa(key.key, challenge, signature)
    if (key.algorithm.oid === '1.2.840.10045.2.1') return verifyCurve(key, infos, challenge, signature)
    return { type: 'not-checked' as const, reason: 'algorithm-unsupported', detail: key.algorithm.oid }
  })
  return answer.ok ? answer.value : { type: 'not-checked', reason: 'key-malformed', detail: answer.error.detail }
}
