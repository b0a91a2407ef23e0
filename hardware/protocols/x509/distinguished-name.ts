/**
 * Distinguished names (RFC 5280 section 4.1.2.4): as text, and in a form in which two names can be compared although one is written
 * as UTF8String and the other as PrintableString, as happens between CSCAs and document signers (section 7.1).
 */
import { asn1Tag, childrenOf, type Element, enter, malformed, oidOf, stringOf } from '../asn1/asn1.ts'

export type DistinguishedName = {
  /** As RFC 4514 writes it, in the order of the certificate. */
  readonly text: string
  /** Equal for names that count as the same. */
  readonly comparable: string
  /** countryName in capitals; empty where there is none. */
  readonly country: string
}

const shortNames: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.97': 'organizationIdentifier',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'emailAddress',
}

const maxText = 2_000
/** Neither commas nor line ends of a foreign certificate may disturb a list or a log. */
const printable = (text: string): string => text.replaceAll(/[\\,+"<>;]/g, '\\$&').replaceAll(/\p{C}/gu, '?')

export const nameOf = (element: Element): DistinguishedName => {
  if (element.tag !== asn1Tag.sequence) return malformed('Name: no SEQUENCE')
  const texts: string[] = []
  const comparable: string[] = []
  let country = ''
  for (const relative of childrenOf(element)) {
    const attributes = childrenOf(relative).map((attribute) => {
      const parts = enter(attribute, asn1Tag.sequence, 'AttributeTypeAndValue')
      const oid = oidOf(parts.take(asn1Tag.oid, 'type'))
      const value = parts.any('value')
      const text = stringOf(value) ?? `#${Buffer.from(value.raw).toString('hex')}`
      if (oid === '2.5.4.6') country = text.trim().toUpperCase()
      return { oid, text }
    })
    texts.push(attributes.map(({ oid, text }) => `${shortNames[oid] ?? oid}=${printable(text)}`).join('+'))
    comparable.push(
      attributes
        .map(({ oid, text }) => `${oid}=${JSON.stringify(text.normalize('NFC').trim().replaceAll(/\s+/g, ' ').toLowerCase())}`)
        .sort()
        .join('+'),
    )
  }
  return { text: texts.join(',').slice(0, maxText), comparable: comparable.join(','), country: printable(country).slice(0, 8) }
}
