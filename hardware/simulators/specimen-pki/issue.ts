/** Issuing what the specimens' authorities issue: certificates, revocation lists, security objects (Doc 9303-12 section 7, Doc 9303-10 section 4.6.2). */
import { type HashName, hash, hashOidOf } from '../../protocols/signatures/hashes.ts'
import { encodeTlv } from '../../protocols/tlv/tlv.ts'
import { bits, context, integer, nothing, octets, oid, printable, sequence, set, time, utf8, yes } from './der.ts'
import { type CurveKey, signOnCurve } from './specimen-keys.ts'

const ecdsaOids: Readonly<Record<HashName, string>> = {
  sha1: '1.2.840.10045.4.1',
  sha224: '1.2.840.10045.4.3.1',
  sha256: '1.2.840.10045.4.3.2',
  sha384: '1.2.840.10045.4.3.3',
  sha512: '1.2.840.10045.4.3.4',
}

export type Authority = {
  readonly name: Uint8Array
  readonly key: CurveKey
  readonly hashName: HashName
}

export const distinguishedName = (country: string, organisation: string, commonName: string): Uint8Array =>
  sequence(
    set(sequence(oid('2.5.4.6'), printable(country))),
    set(sequence(oid('2.5.4.10'), utf8(organisation))),
    set(sequence(oid('2.5.4.3'), utf8(commonName))),
  )

const keyIdentifier = (publicKeyInfo: Uint8Array): Uint8Array => hash('sha1', publicKeyInfo)

const algorithm = ({ hashName }: Authority): Uint8Array => sequence(oid(ecdsaOids[hashName]))

const signed = (authority: Authority, content: Uint8Array): Uint8Array =>
  sequence(content, algorithm(authority), bits(signOnCurve(authority.key, authority.hashName, content, 'der')))

const extension = (name: string, critical: boolean, value: Uint8Array): Uint8Array =>
  sequence(oid(name), ...(critical ? [yes] : []), octets(value))

export type CertificateWish = {
  serialNumber: bigint | number
  subject: Uint8Array
  publicKeyInfo: Uint8Array
  notBefore: string
  notAfter: string
  kind: 'authority' | 'document-signer'
}

export const issueCertificate = (issuer: Authority, wish: CertificateWish): Uint8Array => {
  const extensions = [
    extension('2.5.29.14', false, octets(keyIdentifier(wish.publicKeyInfo))),
    extension('2.5.29.35', false, sequence(encodeTlv(0x80, keyIdentifier(issuer.key.publicKeyInfo)))),
    // keyCertSign and cRLSign, or digitalSignature.
    extension('2.5.29.15', true, wish.kind === 'authority' ? bits(Uint8Array.of(0x06), 1) : bits(Uint8Array.of(0x80), 7)),
    ...(wish.kind === 'authority' ? [extension('2.5.29.19', true, sequence(yes, integer(0)))] : []),
  ]
  return signed(
    issuer,
    sequence(
      context(0, integer(2)),
      integer(wish.serialNumber),
      algorithm(issuer),
      issuer.name,
      sequence(time(wish.notBefore), time(wish.notAfter)),
      wish.subject,
      wish.publicKeyInfo,
      context(3, sequence(...extensions)),
    ),
  )
}

export const issueRevocationList = (
  issuer: Authority,
  wish: { thisUpdate: string; nextUpdate: string; revoked: readonly (bigint | number)[] },
): Uint8Array =>
  signed(
    issuer,
    sequence(
      integer(1),
      algorithm(issuer),
      issuer.name,
      time(wish.thisUpdate),
      time(wish.nextUpdate),
      ...(wish.revoked.length === 0
        ? []
        : [sequence(...wish.revoked.map((serial) => sequence(integer(serial), time(wish.thisUpdate))))]),
    ),
  )

export type DocumentSigner = {
  readonly certificate: Uint8Array
  readonly issuerName: Uint8Array
  readonly serialNumber: bigint | number
  readonly key: CurveKey
}

const cmsOids = {
  data: '1.2.840.113549.1.7.2',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
} as const

/** SignedData over any content, by one signer, its certificates with it. */
export const signContent = (
  signer: DocumentSigner,
  contentType: string,
  content: Uint8Array,
  hashName: HashName,
  certificates: readonly Uint8Array[],
): Uint8Array => {
  const attributes = [
    sequence(oid(cmsOids.contentType), set(oid(contentType))),
    sequence(oid(cmsOids.messageDigest), set(octets(hash(hashName, content)))),
  ].sort((left, right) => Buffer.compare(left, right))
  const signature = signOnCurve(signer.key, hashName, encodeTlv(0x31, ...attributes), 'der')
  const digest = sequence(oid(hashOidOf(hashName)), nothing)
  const signerInfo = sequence(
    integer(1),
    sequence(signer.issuerName, integer(signer.serialNumber)),
    digest,
    context(0, ...attributes),
    sequence(oid(ecdsaOids[hashName])),
    octets(signature),
  )
  return sequence(
    oid(cmsOids.data),
    context(
      0,
      sequence(
        integer(3),
        set(digest),
        sequence(oid(contentType), context(0, octets(content))),
        ...(certificates.length === 0 ? [] : [context(0, ...certificates)]),
        set(signerInfo),
      ),
    ),
  )
}

/** EF.SOD over the groups given by number. */
export const issueSecurityObject = (
  signer: DocumentSigner,
  groups: ReadonlyMap<number, Uint8Array>,
  hashName: HashName,
  certificate: 'with-certificate' | 'without-certificate' = 'with-certificate',
): Uint8Array => {
  const hashes = [...groups]
    .sort(([left], [right]) => left - right)
    .map(([n, file]) => sequence(integer(n), octets(hash(hashName, file))))
  const content = sequence(integer(0), sequence(oid(hashOidOf(hashName))), sequence(...hashes))
  return encodeTlv(
    0x77,
    signContent(signer, '2.23.136.1.1.1', content, hashName, certificate === 'with-certificate' ? [signer.certificate] : []),
  )
}

/** A master list (Doc 9303-12 section 8) of the certificates given. */
export const issueMasterList = (
  signer: DocumentSigner,
  authorities: readonly Uint8Array[],
  signersIssuer: Uint8Array,
): Uint8Array =>
  signContent(signer, '2.23.136.1.1.2', sequence(integer(0), set(...authorities)), 'sha256', [signer.certificate, signersIssuer])
