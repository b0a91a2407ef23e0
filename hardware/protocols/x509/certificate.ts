/**
 * X.509 certificates as the PKI of travel documents has them (RFC 5280, profile of Doc 9303-12 section 7.1): read, and one verified by
 * another's key.
 *
 * Invariants: any bytes give a Result; what was signed is the bytes that came, never a re-encoding.
 */
import type { Result } from '../../../contracts/result.ts'
import { type AlgorithmIdentifier, algorithmOf, type PublicKeyInfo, publicKeyInfoOf } from '../asn1/algorithm-identifier.ts'
import {
  type Asn1Failure,
  asn1Tag,
  bitStringOctets,
  childrenOf,
  constructedContext,
  type Element,
  enter,
  insideOf,
  integerBytes,
  octetsOf,
  oidOf,
  parsing,
  primitiveContext,
  readElement,
  timeOf,
} from '../asn1/asn1.ts'
import { toHex } from '../bytes/bytes.ts'
import { type SignatureAnswer, verifySignature } from '../signatures/verify-signature.ts'
import { type DistinguishedName, nameOf } from './distinguished-name.ts'

export type Certificate = {
  readonly raw: Uint8Array
  readonly signedPart: Uint8Array
  /** Hexadecimal, without leading zeros. */
  readonly serialNumber: string
  readonly issuer: DistinguishedName
  readonly subject: DistinguishedName
  readonly notBefore: Date
  readonly notAfter: Date
  readonly publicKey: PublicKeyInfo
  readonly signatureAlgorithm: AlgorithmIdentifier
  readonly signature: Uint8Array
  readonly subjectKeyIdentifier: string | undefined
  readonly authorityKeyIdentifier: string | undefined
  /** Absent = the extension is absent. */
  readonly isCa: boolean | undefined
  /** keyUsage says that the key signs certificates; absent = the extension is absent. */
  readonly signsCertificates: boolean | undefined
  readonly extendedKeyUsage: readonly string[]
  /** Critical extensions that are not understood here. */
  readonly unknownCritical: readonly string[]
}

export const serialOf = (element: Element): string => toHex(integerBytes(element)).replace(/^(?:00)+(?=..)/, '')

type Extensions = Pick<
  Certificate,
  'subjectKeyIdentifier' | 'authorityKeyIdentifier' | 'isCa' | 'signsCertificates' | 'extendedKeyUsage' | 'unknownCritical'
>

/** Understood, or without bearing on whether a signature counts here. */
const passedOver: readonly string[] = [
  '2.5.29.16', // privateKeyUsagePeriod
  '2.5.29.17', // subjectAltName
  '2.5.29.18', // issuerAltName
  '2.5.29.31', // cRLDistributionPoints
  '2.5.29.32', // certificatePolicies
  '2.23.136.1.1.6.1', // nameChange
  '2.23.136.1.1.6.2', // documentTypeList
]

const extensionsOf = (list: readonly Element[]): Extensions => {
  const extensions: { -readonly [Key in keyof Extensions]: Extensions[Key] } = {
    subjectKeyIdentifier: undefined,
    authorityKeyIdentifier: undefined,
    isCa: undefined,
    signsCertificates: undefined,
    extendedKeyUsage: [],
    unknownCritical: [],
  }
  for (const extension of list) {
    const parts = enter(extension, asn1Tag.sequence, 'Extension')
    const oid = oidOf(parts.take(asn1Tag.oid, 'extnID'))
    const critical = parts.optional(asn1Tag.boolean)?.contents[0] === 0xff
    const value = readElement(octetsOf(parts.any('extnValue')))
    if (oid === '2.5.29.14') extensions.subjectKeyIdentifier = toHex(octetsOf(value))
    else if (oid === '2.5.29.35') {
      const key = enter(value, asn1Tag.sequence, 'AuthorityKeyIdentifier').optional(primitiveContext(0))
      if (key !== undefined) extensions.authorityKeyIdentifier = toHex(key.contents)
    } else if (oid === '2.5.29.19') {
      const constraints = enter(value, asn1Tag.sequence, 'BasicConstraints')
      const ca = constraints.optional(asn1Tag.boolean)
      extensions.isCa = ca !== undefined && ca.contents[0] !== 0
    } else if (oid === '2.5.29.15') extensions.signsCertificates = ((bitStringOctets(value)[0] ?? 0) & 0x04) !== 0
    else if (oid === '2.5.29.37') extensions.extendedKeyUsage = childrenOf(value).map(oidOf)
    else if (critical && !passedOver.includes(oid)) extensions.unknownCritical = [...extensions.unknownCritical, oid]
  }
  return extensions
}

/** Inside another parser: a deviation is thrown to its `parsing`. */
export const certificateOf = (element: Element): Certificate => {
  const whole = enter(element, asn1Tag.sequence, 'Certificate')
  const signedPart = whole.take(asn1Tag.sequence, 'tbsCertificate')
  const signatureAlgorithm = algorithmOf(whole.take(asn1Tag.sequence, 'signatureAlgorithm'))
  const signature = bitStringOctets(whole.take(asn1Tag.bitString, 'signatureValue'))
  const parts = enter(signedPart, asn1Tag.sequence, 'TBSCertificate')
  parts.optional(constructedContext(0))
  const serialNumber = serialOf(parts.take(asn1Tag.integer, 'serialNumber'))
  parts.take(asn1Tag.sequence, 'signature')
  const issuer = nameOf(parts.take(asn1Tag.sequence, 'issuer'))
  const validity = enter(parts.take(asn1Tag.sequence, 'validity'), asn1Tag.sequence, 'Validity')
  const notBefore = timeOf(validity.any('notBefore'))
  const notAfter = timeOf(validity.any('notAfter'))
  const subject = nameOf(parts.take(asn1Tag.sequence, 'subject'))
  const publicKey = publicKeyInfoOf(parts.take(asn1Tag.sequence, 'subjectPublicKeyInfo'))
  const wrapped = parts.rest().find((part) => part.tag === constructedContext(3))
  const extensions = wrapped === undefined ? [] : childrenOf(insideOf(wrapped, 'extensions'))
  return {
    raw: element.raw,
    signedPart: signedPart.raw,
    serialNumber,
    issuer,
    subject,
    notBefore,
    notAfter,
    publicKey,
    signatureAlgorithm,
    signature,
    ...extensionsOf(extensions),
  }
}

export const parseCertificate = (bytes: Uint8Array): Result<Certificate, Asn1Failure> =>
  parsing(() => certificateOf(readElement(bytes)))

export const isSelfIssued = (certificate: Certificate): boolean =>
  certificate.issuer.comparable === certificate.subject.comparable

/** Whether `signed` bears the signature of `issuer`'s key. Names and constraints are the caller's. */
export const verifyIssued = (
  signed: Pick<Certificate, 'signedPart' | 'signatureAlgorithm' | 'signature'>,
  issuer: Certificate,
): SignatureAnswer =>
  verifySignature({
    algorithm: signed.signatureAlgorithm,
    key: issuer.publicKey,
    data: signed.signedPart,
    signature: signed.signature,
  })
