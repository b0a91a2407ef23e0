/**
 * ASN.1 as certificates, CMS and the LDS security object are written (ITU-T X.690): DER, and of BER what card issuers are known to
 * send: indefinite lengths and octet strings in pieces. Elements keep the bytes they were read from, because signatures and hashes
 * are over those.
 *
 * Invariants: never reads outside the bytes given, nests at most `maxDepth`, at most `maxChildren` siblings; tags of one byte only.
 * Inside a parser a deviation is thrown as `Malformed` and ends at `parsing`, which gives the Result: no other error is caught.
 */
import { err, ok, type Result } from '../../../contracts/result.ts'
import { concatBytes, toHex } from '../bytes/bytes.ts'
import { encodeTlv } from '../tlv/tlv.ts'

export const asn1Tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

/** [n] of a structure: EXPLICIT or constructed IMPLICIT. */
export const constructedContext = (n: number): number => 0xa0 + n
export const primitiveContext = (n: number): number => 0x80 + n

export type Element = {
  readonly tag: number
  /** Identifier, length and contents as they came. */
  readonly raw: Uint8Array
  /** Contents, without the end mark of an indefinite length. */
  readonly contents: Uint8Array
  readonly indefinite: boolean
}

export type Asn1Failure = { type: 'asn1-malformed'; detail: string }

class Malformed extends Error {}

export const malformed = (detail: string): never => {
  throw new Malformed(detail)
}

/** Runs a parser to a Result. A bug still throws. */
export const parsing = <T>(parse: () => T): Result<T, Asn1Failure> => {
  try {
    return ok(parse())
  } catch (error) {
    if (error instanceof Malformed) return err({ type: 'asn1-malformed', detail: error.message })
    throw error
  }
}

const maxDepth = 24
/** Revocation lists and master lists are the longest lists there are. */
const maxChildren = 200_000

const readElementAt = (bytes: Uint8Array, offset: number, depth: number): Element => {
  if (depth > maxDepth) return malformed('nested too deep')
  const tag = bytes[offset]
  const lengthByte = bytes[offset + 1]
  if (tag === undefined || lengthByte === undefined) return malformed('ends within a header')
  if ((tag & 0x1f) === 0x1f) return malformed('tag of several bytes')
  let start = offset + 2
  if (lengthByte === 0x80) {
    if ((tag & 0x20) === 0) return malformed('indefinite length of a primitive')
    let at = start
    for (let count = 0; !(bytes[at] === 0 && bytes[at + 1] === 0); count += 1) {
      if (count > maxChildren) return malformed('too many elements')
      at += readElementAt(bytes, at, depth + 1).raw.length
    }
    return { tag, raw: bytes.subarray(offset, at + 2), contents: bytes.subarray(start, at), indefinite: true }
  }
  let length = lengthByte
  if (lengthByte > 0x80) {
    const count = lengthByte & 0x7f
    if (count > 4) return malformed('length of more than four bytes')
    length = 0
    for (let index = 0; index < count; index += 1)
      length = length * 256 + (bytes[start + index] ?? malformed('ends within a length'))
    start += count
  }
  const end = start + length
  if (end > bytes.length) return malformed('ends within an element')
  return { tag, raw: bytes.subarray(offset, end), contents: bytes.subarray(start, end), indefinite: false }
}

/** The element at the beginning; what follows it (padding of a file) is left alone. */
export const readElement = (bytes: Uint8Array): Element => readElementAt(bytes, 0, 0)

export const childrenOf = (element: Pick<Element, 'contents'>): Element[] => {
  const list: Element[] = []
  for (let at = 0; at < element.contents.length; ) {
    if (list.length >= maxChildren) return malformed('too many elements')
    const next = readElementAt(element.contents, at, 0)
    list.push(next)
    at += next.raw.length
  }
  return list
}

export type Cursor = {
  /** The next element, which must have this tag. */
  take(tag: number, what: string): Element
  /** The next element whatever it is. */
  any(what: string): Element
  /** The next element if it has this tag. */
  optional(tag: number): Element | undefined
  rest(): Element[]
}

/** The children of a structure, in order. */
export const enter = (element: Element, tag: number, what: string): Cursor => {
  if (element.tag !== tag) return malformed(`${what}: tag ${element.tag.toString(16)} instead of ${tag.toString(16)}`)
  const list = childrenOf(element)
  let at = 0
  const any = (inner: string): Element => {
    const next = list[at] ?? malformed(`${what}: no ${inner}`)
    at += 1
    return next
  }
  return {
    any,
    take(wanted, inner) {
      const next = any(inner)
      return next.tag === wanted ? next : malformed(`${what}: ${inner} has tag ${next.tag.toString(16)}`)
    },
    optional(wanted) {
      const next = list[at]
      if (next?.tag !== wanted) return undefined
      at += 1
      return next
    },
    rest() {
      const others = list.slice(at)
      at = list.length
      return others
    },
  }
}

/** The one element inside an EXPLICIT tag. */
export const insideOf = (element: Element, what: string): Element => childrenOf(element)[0] ?? malformed(`${what}: empty`)

export const oidOf = (element: Element): string => {
  if (element.tag !== asn1Tag.oid) return malformed('no object identifier')
  const { contents } = element
  if (contents.length === 0 || contents.length > 64) return malformed('length of an object identifier')
  const arcs: number[] = []
  let arc = 0
  for (const [at, byte] of contents.entries()) {
    arc = arc * 128 + (byte & 0x7f)
    if (arc > Number.MAX_SAFE_INTEGER / 128) return malformed('arc too large')
    if ((byte & 0x80) !== 0) {
      if (at === contents.length - 1) return malformed('ends within an arc')
      continue
    }
    if (arcs.length === 0) arcs.push(Math.min(Math.floor(arc / 40), 2), arc - 40 * Math.min(Math.floor(arc / 40), 2))
    else arcs.push(arc)
    arc = 0
  }
  return arcs.join('.')
}

const maxIntegerLength = 4096

/** The bytes of an INTEGER, big-endian two's complement. */
export const integerBytes = (element: Element): Uint8Array => {
  if (element.tag !== asn1Tag.integer || element.contents.length === 0) return malformed('no integer')
  if (element.contents.length > maxIntegerLength) return malformed('integer too long')
  return element.contents
}

export const unsignedOf = (bytes: Uint8Array): bigint => (bytes.length === 0 ? 0n : BigInt(`0x${toHex(bytes)}`))

/** A non-negative INTEGER. Some issuers leave out the leading zero: such a number was meant as positive. */
export const positiveInteger = (element: Element): bigint => unsignedOf(integerBytes(element))

export const smallInteger = (element: Element): number => {
  const bytes = integerBytes(element)
  return bytes.length <= 4 ? Number(unsignedOf(bytes)) : malformed('integer out of range')
}

/** Octets of an OCTET STRING, put together where it came in pieces. */
export const octetsOf = (element: Element, depth = 0): Uint8Array => {
  if (element.tag === asn1Tag.octetString) return element.contents
  if (element.tag !== 0x24) return malformed('no octet string')
  if (depth > maxDepth) return malformed('nested too deep')
  return concatBytes(...childrenOf(element).map((piece) => octetsOf(piece, depth + 1)))
}

/** Octets of a BIT STRING of whole octets. */
export const bitStringOctets = (element: Element): Uint8Array => {
  if (element.tag !== asn1Tag.bitString || element.contents.length === 0) return malformed('no bit string')
  return element.contents.subarray(1)
}

/** UTCTime (years 1950 to 2049) and GeneralizedTime, in UTC or with an offset. */
export const timeOf = (element: Element): Date => {
  const text = Buffer.from(element.contents).toString('latin1')
  const utc = element.tag === asn1Tag.utcTime
  if (!utc && element.tag !== asn1Tag.generalizedTime) return malformed('no time')
  const shape = utc
    ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(Z|[+-]\d{4})$/
    : /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:[.,]\d{1,9})?(Z|[+-]\d{4})$/
  const parts = shape.exec(text) ?? malformed('a time that is none')
  const year = Number(parts[1])
  const [month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts.slice(2, 7).map((part) => Number(part ?? 0))
  const zone = parts[7] ?? 'Z'
  const offset = zone === 'Z' ? 0 : Number(`${zone[0]}1`) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3, 5)))
  const time =
    Date.UTC(utc ? (year < 50 ? 2000 + year : 1900 + year) : year, month - 1, day, hour, minute, second) - offset * 60_000
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60)
    return malformed('a time that is none')
  return new Date(time)
}

/** Text of any string type; undefined for another element. BMPString is big-endian UTF-16, the others are read as UTF-8 or Latin 1. */
export const stringOf = (element: Element): string | undefined => {
  const bytes = Buffer.from(element.contents)
  if (element.tag === 0x1e) return bytes.length % 2 === 0 ? Buffer.from(bytes).swap16().toString('utf16le') : undefined
  if (element.tag === asn1Tag.utf8String) return bytes.toString('utf8')
  return element.tag >= 0x12 && element.tag <= 0x1c ? bytes.toString('latin1') : undefined
}

/** The same element with definite lengths throughout: what was signed where the lengths that came were indefinite. */
export const withDefiniteLengths = (element: Element, depth = 0): Uint8Array => {
  if (depth > maxDepth) return malformed('nested too deep')
  if (!element.indefinite) return element.raw
  return encodeTlv(element.tag, ...childrenOf(element).map((child) => withDefiniteLengths(child, depth + 1)))
}
