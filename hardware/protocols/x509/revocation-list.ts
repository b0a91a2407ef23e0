/** Certificate revocation lists (RFC 5280 section 5, profile of Doc 9303-12 section 7.2). Any bytes give a Result. */
import type { Result } from '../../../contracts/result.ts'
import { type AlgorithmIdentifier, algorithmOf } from '../asn1/algorithm-identifier.ts'
import {
  type Asn1Failure,
  asn1Tag,
  bitStringOctets,
  childrenOf,
  type Element,
  enter,
  parsing,
  readElement,
  timeOf,
} from '../asn1/asn1.ts'
import { serialOf } from './certificate.ts'
import { type DistinguishedName, nameOf } from './distinguished-name.ts'

export type RevocationList = {
  readonly raw: Uint8Array
  readonly signedPart: Uint8Array
  readonly issuer: DistinguishedName
  readonly thisUpdate: Date
  readonly nextUpdate: Date | undefined
  /** Serial numbers as `Certificate.serialNumber` writes them. */
  readonly revoked: ReadonlySet<string>
  readonly signatureAlgorithm: AlgorithmIdentifier
  readonly signature: Uint8Array
}

const isTime = (element: Element): boolean => element.tag === asn1Tag.utcTime || element.tag === asn1Tag.generalizedTime

export const parseRevocationList = (bytes: Uint8Array): Result<RevocationList, Asn1Failure> =>
  parsing(() => {
    const element = readElement(bytes)
    const whole = enter(element, asn1Tag.sequence, 'CertificateList')
    const signedPart = whole.take(asn1Tag.sequence, 'tbsCertList')
    const signatureAlgorithm = algorithmOf(whole.take(asn1Tag.sequence, 'signatureAlgorithm'))
    const signature = bitStringOctets(whole.take(asn1Tag.bitString, 'signatureValue'))
    const parts = enter(signedPart, asn1Tag.sequence, 'TBSCertList')
    parts.optional(asn1Tag.integer)
    parts.take(asn1Tag.sequence, 'signature')
    const issuer = nameOf(parts.take(asn1Tag.sequence, 'issuer'))
    const thisUpdate = timeOf(parts.any('thisUpdate'))
    const rest = parts.rest()
    const [next] = rest
    const nextUpdate = next !== undefined && isTime(next) ? timeOf(next) : undefined
    const list = rest.find((part) => part.tag === asn1Tag.sequence)
    const revoked = new Set<string>()
    for (const entry of list === undefined ? [] : childrenOf(list))
      revoked.add(serialOf(enter(entry, asn1Tag.sequence, 'revokedCertificate').take(asn1Tag.integer, 'userCertificate')))
    return {
      raw: element.raw,
      signedPart: signedPart.raw,
      issuer,
      thisUpdate,
      nextUpdate,
      revoked,
      signatureAlgorithm,
      signature,
    }
  })
