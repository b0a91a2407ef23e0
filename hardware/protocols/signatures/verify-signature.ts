/**
 * One signature over data by a public key as X.509 and CMS name them: RSA PKCS#1 v1.5, RSA-PSS, ECDSA in both formats (Doc 9303-12
 * section 4.4).
 *
 * Invariants: any bytes give an answer; 'fits' only for a signature that was verified. An algorithm that is not known is told apart
 * from a signature that does not fit. Where issuers contradict themselves on the hash (CMS names it twice), each hash they named is
 * tried and no other.
 */
import type { AlgorithmIdentifier, PublicKeyInfo } from '../asn1/algorithm-identifier.ts'
import { parsing } from '../asn1/asn1.ts'
import { curveOfParameters, pointOf } from './curves.ts'
import { verifyEcdsa } from './ecdsa.ts'
import { type HashName, hash } from './hashes.ts'
import { fitsByPlatform } from './platform-ecdsa.ts'
import { type PssParameters, parsePssParameters, parseRsaKey, verifyRsaPkcs1, verifyRsaPss } from './rsa.ts'

export type SignatureAnswer =
  | { type: 'fits'; algorithm: string }
  | { type: 'differs'; algorithm: string }
  | { type: 'unsupported'; detail: string }

type Scheme = { family: 'rsa' | 'rsa-pss' | 'ecdsa' | 'ecdsa-plain'; hash: HashName | undefined }

const schemes: Readonly<Record<string, Scheme>> = {
  // A key's own identifier in a signature's place: the hash stands elsewhere.
  '1.2.840.113549.1.1.1': { family: 'rsa', hash: undefined },
  '1.2.840.113549.1.1.5': { family: 'rsa', hash: 'sha1' },
  '1.2.840.113549.1.1.14': { family: 'rsa', hash: 'sha224' },
  '1.2.840.113549.1.1.11': { family: 'rsa', hash: 'sha256' },
  '1.2.840.113549.1.1.12': { family: 'rsa', hash: 'sha384' },
  '1.2.840.113549.1.1.13': { family: 'rsa', hash: 'sha512' },
  '1.2.840.113549.1.1.10': { family: 'rsa-pss', hash: undefined },
  '1.2.840.10045.2.1': { family: 'ecdsa', hash: undefined },
  '1.2.840.10045.4.1': { family: 'ecdsa', hash: 'sha1' },
  '1.2.840.10045.4.3.1': { family: 'ecdsa', hash: 'sha224' },
  '1.2.840.10045.4.3.2': { family: 'ecdsa', hash: 'sha256' },
  '1.2.840.10045.4.3.3': { family: 'ecdsa', hash: 'sha384' },
  '1.2.840.10045.4.3.4': { family: 'ecdsa', hash: 'sha512' },
  '0.4.0.127.0.7.1.1.4.1.1': { family: 'ecdsa-plain', hash: 'sha1' },
  '0.4.0.127.0.7.1.1.4.1.2': { family: 'ecdsa-plain', hash: 'sha224' },
  '0.4.0.127.0.7.1.1.4.1.3': { family: 'ecdsa-plain', hash: 'sha256' },
  '0.4.0.127.0.7.1.1.4.1.4': { family: 'ecdsa-plain', hash: 'sha384' },
  '0.4.0.127.0.7.1.1.4.1.5': { family: 'ecdsa-plain', hash: 'sha512' },
}

const rsaKeyOids: readonly string[] = ['1.2.840.113549.1.1.1', '1.2.840.113549.1.1.10', '2.5.8.1.1']
const ecKeyOids: readonly string[] = ['1.2.840.10045.2.1', '1.3.132.1.12']

/** The hash that a signature's identifier names; undefined where it names none. */
export const hashOfSignatureOid = (oid: string): HashName | undefined => schemes[oid]?.hash

type Signed = {
  algorithm: AlgorithmIdentifier
  /** What SignerInfo.digestAlgorithm says. */
  digestHash?: HashName | undefined
  key: PublicKeyInfo
  data: Uint8Array
  signature: Uint8Array
}

const unsupported = (detail: string): SignatureAnswer => ({ type: 'unsupported', detail })

const firstThatFits = <T>(candidates: readonly T[], nameOf: (each: T) => string, fits: (each: T) => boolean): SignatureAnswer => {
  const [first] = candidates
  if (first === undefined) return unsupported('no hash is named')
  const fitting = candidates.find(fits)
  return fitting === undefined ? { type: 'differs', algorithm: nameOf(first) } : { type: 'fits', algorithm: nameOf(fitting) }
}

const verifyRsa = (signed: Signed, scheme: Scheme, hashes: readonly HashName[]): SignatureAnswer => {
  if (!rsaKeyOids.includes(signed.key.algorithm.oid)) return unsupported('an RSA signature with another kind of key')
  const key = parseRsaKey(signed.key.key)
  if (key === undefined) return unsupported('RSA key of unusable size')
  const bits = key.length * 8
  // A key made for PSS alone signs nothing else, whatever SignerInfo says.
  if (scheme.family === 'rsa' && signed.key.algorithm.oid !== '1.2.840.113549.1.1.10')
    return firstThatFits(
      hashes,
      (name) => `RSA-${bits} PKCS#1 v1.5 with ${name}`,
      (name) => verifyRsaPkcs1(key, name, signed.data, signed.signature),
    )
  const given = signed.algorithm.parameters ?? (scheme.family === 'rsa' ? signed.key.algorithm.parameters : undefined)
  const parameters = given === undefined ? undefined : parsePssParameters(given)
  if (given !== undefined && parameters === undefined) return unsupported('RSA-PSS with an unknown hash')
  // Absent parameters mean SHA-1 by RFC 4055; issuers who leave them out mean the hash that they name beside it.
  const candidates: PssParameters[] =
    parameters === undefined
      ? [...hashes, 'sha1' as const].map((name) => ({ hash: name, maskHash: name, saltLength: undefined }))
      : [parameters]
  return firstThatFits(
    candidates,
    (each) => `RSA-${bits} PSS with ${each.hash}`,
    (each) => verifyRsaPss(key, each, signed.data, signed.signature),
  )
}

const verifyOnCurve = (signed: Signed, scheme: Scheme, hashes: readonly HashName[]): SignatureAnswer => {
  const { algorithm, key } = signed.key
  if (!ecKeyOids.includes(algorithm.oid)) return unsupported('an ECDSA signature with another kind of key')
  const curve = algorithm.parameters === undefined ? undefined : curveOfParameters(algorithm.parameters)
  if (curve === undefined) return unsupported('a curve that is not known')
  const point = pointOf(curve, key)
  if (point === undefined) return { type: 'differs', algorithm: `${curve.name}, key not on the curve` }
  const format = scheme.family === 'ecdsa-plain' ? 'plain' : 'der'
  return firstThatFits(
    hashes,
    (name) => `ECDSA ${curve.name} with ${name}`,
    (name) =>
      fitsByPlatform(curve, point, name, signed.data, signed.signature, format) ||
      verifyEcdsa(curve, point, hash(name, signed.data), signed.signature, format),
  )
}

export const verifySignature = (signed: Signed): SignatureAnswer => {
  const scheme = schemes[signed.algorithm.oid]
  if (scheme === undefined) return unsupported(`signature algorithm ${signed.algorithm.oid}`)
  const hashes = [...new Set([scheme.hash, signed.digestHash])].filter((name) => name !== undefined)
  const answer = parsing(() =>
    scheme.family === 'rsa' || scheme.family === 'rsa-pss'
      ? verifyRsa(signed, scheme, hashes)
      : verifyOnCurve(signed, scheme, hashes),
  )
  return answer.ok ? answer.value : { type: 'unsupported', detail: answer.error.detail }
}
