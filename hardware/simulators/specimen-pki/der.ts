/** Writing DER for the specimens' certificates and security objects. The readers are elsewhere and were not made from this. */
import { concatBytes, fromHex } from '../../protocols/bytes/bytes.ts'
import { encodeTlv } from '../../protocols/tlv/tlv.ts'

export const sequence = (...parts: readonly Uint8Array[]): Uint8Array => encodeTlv(0x30, ...parts)

/** DER sorts the members of a SET OF. */
export const set = (...parts: readonly Uint8Array[]): Uint8Array =>
  encodeTlv(0x31, ...[...parts].sort((left, right) => Buffer.compare(left, right)))

export const integer = (value: bigint | number): Uint8Array => {
  const hex = value.toString(16)
  const even = hex.length % 2 === 0 ? hex : `0${hex}`
  return encodeTlv(0x02, fromHex(Number.parseInt(even.slice(0, 2), 16) >= 0x80 ? `00${even}` : even))
}

export const oid = (dotted: string): Uint8Array => {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc & 0x7f]
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) groups.unshift((left & 0x7f) | 0x80)
    return groups
  })
  return encodeTlv(0x06, Uint8Array.from(bytes))
}

export const octets = (bytes: Uint8Array): Uint8Array => encodeTlv(0x04, bytes)
export const bits = (bytes: Uint8Array, unused = 0): Uint8Array => encodeTlv(0x03, concatBytes(Uint8Array.of(unused), bytes))
export const nothing = Uint8Array.of(0x05, 0x00)
export const yes = Uint8Array.of(0x01, 0x01, 0xff)
export const printable = (text: string): Uint8Array => encodeTlv(0x13, Uint8Array.from(Buffer.from(text, 'latin1')))
export const utf8 = (text: string): Uint8Array => encodeTlv(0x0c, new TextEncoder().encode(text))
/** EXPLICIT, or a constructed IMPLICIT whose members are given. */
export const context = (n: number, ...parts: readonly Uint8Array[]): Uint8Array => encodeTlv(0xa0 + n, ...parts)

/** UTCTime to 2049, GeneralizedTime after it (RFC 5280 section 4.1.2.5). */
export const time = (isoDate: string): Uint8Array => {
  const digits = isoDate.replaceAll(/\D/g, '').padEnd(14, '0')
  return isoDate < '2050'
    ? encodeTlv(0x17, Uint8Array.from(Buffer.from(`${digits.slice(2)}Z`, 'latin1')))
    : encodeTlv(0x18, Uint8Array.from(Buffer.from(`${digits}Z`, 'latin1')))
}
