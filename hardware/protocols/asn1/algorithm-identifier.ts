/** AlgorithmIdentifier and SubjectPublicKeyInfo (RFC 5280 sections 4.1.1.2 and 4.1.2.7). */
import { asn1Tag, bitStringOctets, type Element, enter, oidOf } from './asn1.ts'

export type AlgorithmIdentifier = {
  readonly oid: string
  /** Absent also where they are NULL. */
  readonly parameters: Element | undefined
}

export const algorithmOf = (element: Element): AlgorithmIdentifier => {
  const parts = enter(element, asn1Tag.sequence, 'AlgorithmIdentifier')
  const oid = oidOf(parts.take(asn1Tag.oid, 'algorithm'))
  const [parameters] = parts.rest()
  return { oid, parameters: parameters?.tag === asn1Tag.null ? undefined : parameters }
}

export type PublicKeyInfo = {
  readonly algorithm: AlgorithmIdentifier
  readonly key: Uint8Array
  readonly raw: Uint8Array
}

export const publicKeyInfoOf = (element: Element): PublicKeyInfo => {
  const parts = enter(element, asn1Tag.sequence, 'SubjectPublicKeyInfo')
  return {
    algorithm: algorithmOf(parts.take(asn1Tag.sequence, 'algorithm')),
    key: bitStringOctets(parts.take(asn1Tag.bitString, 'subjectPublicKey')),
    raw: element.raw,
  }
}
