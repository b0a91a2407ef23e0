/**
 * CMS SignedData (RFC 5652 section 5) as security objects and master lists are written, in DER or with BER's indefinite lengths.
 *
 * Invariants: any bytes give a Result. The contents are what the octet string held, the signed attributes the bytes that came
 * (section 5.4: under the tag of a SET). A certificate in it proves nothing by being there.
 */
import type { Result } from '../../../contracts/result.ts'
import { type AlgorithmIdentifier, algorithmOf } from '../asn1/algorithm-identifier.ts'
import {
  type Asn1Failure,
  asn1Tag,
  childrenOf,
  constructedContext,
  type Element,
  enter,
  insideOf,
  malformed,
  octetsOf,
  oidOf,
  parsing,
  primitiveContext,
  readElement,
  timeOf,
  withDefiniteLengths,
} from '../asn1/asn1.ts'
import { equalBytes, toHex } from '../bytes/bytes.ts'
import { hash, hashOfOid } from '../signatures/hashes.ts'
import { hashOfSignatureOid, type SignatureAnswer, verifySignature } from '../signatures/verify-signature.ts'
import { type Certificate, certificateOf, serialOf } from '../x509/certificate.ts'
import { type DistinguishedName, nameOf } from '../x509/distinguished-name.ts'

type SignerIdentifier =
  | { readonly type: 'issuer-and-serial'; readonly issuer: DistinguishedName; readonly serialNumber: string }
  | { readonly type: 'subject-key'; readonly identifier: string }

type SignedAttributes = {
  /** Under the tag SET, as they were signed. */
  readonly signed: Uint8Array
  readonly contentType: string | undefined
  readonly messageDigest: Uint8Array | undefined
  readonly signingTime: Date | undefined
}

export type SignerInfo = {
  readonly signer: SignerIdentifier
  readonly digestAlgorithm: AlgorithmIdentifier
  readonly attributes: SignedAttributes | undefined
  readonly signatureAlgorithm: AlgorithmIdentifier
  readonly signature: Uint8Array
}

export type SignedData = {
  readonly contentType: string
  readonly content: Uint8Array
  readonly certificates: readonly Certificate[]
  readonly signers: readonly SignerInfo[]
}

const oids = {
  signedData: '1.2.840.113549.1.7.2',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
} as const

const attributesOf = (element: Element): SignedAttributes => {
  const signed = Uint8Array.from(withDefiniteLengths(element))
  signed[0] = asn1Tag.set
  let contentType: string | undefined
  let messageDigest: Uint8Array | undefined
  let signingTime: Date | undefined
  for (const attribute of childrenOf(element)) {
    const parts = enter(attribute, asn1Tag.sequence, 'Attribute')
    const oid = oidOf(parts.take(asn1Tag.oid, 'attrType'))
    const values = childrenOf(parts.take(asn1Tag.set, 'attrValues'))
    const [value] = values
    if (value === undefined) continue
    if (oid === oids.contentType) contentType = oidOf(value)
    if (oid === oids.messageDigest) {
      // RFC 5652 section 11.2: one value and no other beside it.
      if (values.length > 1 || messageDigest !== undefined) return malformed('two message digests')
      messageDigest = octetsOf(value)
    }
    if (oid === oids.signingTime) signingTime = timeOf(value)
  }
  return { signed, contentType, messageDigest, signingTime }
}

const signerOf = (element: Element): SignerInfo => {
  const parts = enter(element, asn1Tag.sequence, 'SignerInfo')
  parts.take(asn1Tag.integer, 'version')
  const identifier = parts.any('sid')
  let signer: SignerIdentifier
  if (identifier.tag === asn1Tag.sequence) {
    const pair = enter(identifier, asn1Tag.sequence, 'IssuerAndSerialNumber')
    signer = {
      type: 'issuer-and-serial',
      issuer: nameOf(pair.take(asn1Tag.sequence, 'issuer')),
      serialNumber: serialOf(pair.take(asn1Tag.integer, 'serialNumber')),
    }
  } else {
    // [0] is IMPLICIT; some write it EXPLICIT.
    const octets = identifier.tag === primitiveContext(0) ? identifier.contents : octetsOf(insideOf(identifier, 'sid'))
    signer = { type: 'subject-key', identifier: toHex(octets) }
  }
  const digestAlgorithm = algorithmOf(parts.take(asn1Tag.sequence, 'digestAlgorithm'))
  const attributes = parts.optional(constructedContext(0))
  return {
    signer,
    digestAlgorithm,
    attributes: attributes === undefined ? undefined : attributesOf(attributes),
    signatureAlgorithm: algorithmOf(parts.take(asn1Tag.sequence, 'signatureAlgorithm')),
    signature: octetsOf(parts.any('signature')),
  }
}

export const parseSignedData = (bytes: Uint8Array): Result<SignedData, Asn1Failure> =>
  parsing(() => {
    const info = enter(readElement(bytes), asn1Tag.sequence, 'ContentInfo')
    if (oidOf(info.take(asn1Tag.oid, 'contentType')) !== oids.signedData) return malformed('ContentInfo: no SignedData')
    const wrapped = insideOf(info.take(constructedContext(0), 'content'), 'content')
    const parts = enter(wrapped, asn1Tag.sequence, 'SignedData')
    parts.take(asn1Tag.integer, 'version')
    parts.take(asn1Tag.set, 'digestAlgorithms')
    const encapsulated = enter(parts.take(asn1Tag.sequence, 'encapContentInfo'), asn1Tag.sequence, 'EncapsulatedContentInfo')
    const contentType = oidOf(encapsulated.take(asn1Tag.oid, 'eContentType'))
    const content = octetsOf(insideOf(encapsulated.take(constructedContext(0), 'eContent'), 'eContent'))
    const certificates = parts.optional(constructedContext(0))
    parts.optional(constructedContext(1))
    const signers = childrenOf(parts.take(asn1Tag.set, 'signerInfos')).map(signerOf)
    return {
      contentType,
      content,
      // Beside certificates a set may hold attribute certificates, each under a tag of its own.
      certificates: (certificates === undefined ? [] : childrenOf(certificates))
        .filter(({ tag }) => tag === asn1Tag.sequence)
        .map(certificateOf),
      signers,
    }
  })

export const isSignersCertificate = (signer: SignerInfo, certificate: Certificate): boolean =>
  signer.signer.type === 'subject-key'
    ? certificate.subjectKeyIdentifier === signer.signer.identifier
    : certificate.serialNumber === signer.signer.serialNumber && certificate.issuer.comparable === signer.signer.issuer.comparable

export type SignerAnswer = SignatureAnswer | { type: 'attributes-wrong'; detail: string }

/** Whether `signer` signed this content with the certificate's key (RFC 5652 sections 5.4 and 5.6). */
export const verifySigner = (data: SignedData, signer: SignerInfo, certificate: Certificate): SignerAnswer => {
  const digestHash = hashOfOid(signer.digestAlgorithm.oid) ?? hashOfSignatureOid(signer.digestAlgorithm.oid)
  if (digestHash === undefined) return { type: 'unsupported', detail: `digest algorithm ${signer.digestAlgorithm.oid}` }
  const { attributes } = signer
  if (attributes !== undefined) {
    if (attributes.messageDigest === undefined) return { type: 'attributes-wrong', detail: 'no message digest' }
    if (attributes.contentType !== data.contentType) return { type: 'attributes-wrong', detail: 'content type' }
    if (!equalBytes(attributes.messageDigest, hash(digestHash, data.content)))
      return { type: 'attributes-wrong', detail: `message digest (${digestHash})` }
  }
  return verifySignature({
    algorithm: signer.signatureAlgorithm,
    digestHash,
    key: certificate.publicKey,
    data: attributes?.signed ?? data.content,
    signature: signer.signature,
  })
}
