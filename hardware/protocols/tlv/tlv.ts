/**
 * BER-TLV as smart cards use it (ISO/IEC 7816-4 section 5.2.2, ITU-T X.690 section 8.1), definite lengths only.
 *
 * Invariants: never reads outside the bytes given; tags of at most 3 bytes, lengths of at most 3 bytes; any input gives a Result.
 * `encodeTlv` writes the shortest length, so decode(encode(x)) = x.
 */
import { err, ok, type Result } from '../../../contracts/result.ts'
import { concatBytes } from '../bytes/bytes.ts'

export type Tlv = {
  /** The tag's bytes as one number: 0x61, 0x5F1F, 0x7F61. */
  readonly tag: number
  readonly value: Uint8Array
}

export type TlvFailure = {
  type: 'tlv-truncated' | 'tlv-tag-too-long' | 'tlv-length-unsupported' | 'tlv-too-many'
  offset: number
}

export type TlvHeader = { tag: number; headerLength: number; valueLength: number }

/** Most sibling objects in one list: a chip's groups hold dozens, garbage could claim thousands. */
const maxSiblings = 4096

/** Tag and length alone: how much of a file there is to read can be told from its first bytes. */
export const decodeTlvHeader = (bytes: Uint8Array, offset = 0): Result<TlvHeader, TlvFailure> => {
  let at = offset
  const first = bytes[at]
  if (first === undefined) return err({ type: 'tlv-truncated', offset: at })
  at += 1
  let tag = first
  if ((first & 0x1f) === 0x1f) {
    for (;;) {
      const next = bytes[at]
      if (next === undefined) return err({ type: 'tlv-truncated', offset: at })
      if (at - offset >= 3) return err({ type: 'tlv-tag-too-long', offset })
      at += 1
      tag = tag * 256 + next
      if ((next & 0x80) === 0) break
    }
  }
  const lengthByte = bytes[at]
  if (lengthByte === undefined) return err({ type: 'tlv-truncated', offset: at })
  at += 1
  if (lengthByte < 0x80) return ok({ tag, headerLength: at - offset, valueLength: lengthByte })
  const count = lengthByte & 0x7f
  if (count === 0 || count > 3) return err({ type: 'tlv-length-unsupported', offset: at - 1 })
  let valueLength = 0
  for (let index = 0; index < count; index += 1) {
    const byte = bytes[at]
    if (byte === undefined) return err({ type: 'tlv-truncated', offset: at })
    at += 1
    valueLength = valueLength * 256 + byte
  }
  return ok({ tag, headerLength: at - offset, valueLength })
}

/** One object at `offset`; `end` is where the next one begins. */
export const decodeTlv = (bytes: Uint8Array, offset = 0): Result<{ tlv: Tlv; end: number }, TlvFailure> => {
  const header = decodeTlvHeader(bytes, offset)
  if (!header.ok) return header
  const start = offset + header.value.headerLength
  const end = start + header.value.valueLength
  if (end > bytes.length) return err({ type: 'tlv-truncated', offset: bytes.length })
  return ok({ tlv: { tag: header.value.tag, value: bytes.subarray(start, end) }, end })
}

/** All objects that fill `bytes` exactly. */
export const decodeTlvList = (bytes: Uint8Array): Result<Tlv[], TlvFailure> => {
  const list: Tlv[] = []
  let at = 0
  while (at < bytes.length) {
    if (list.length >= maxSiblings) return err({ type: 'tlv-too-many', offset: at })
    const next = decodeTlv(bytes, at)
    if (!next.ok) return next
    list.push(next.value.tlv)
    at = next.value.end
  }
  return ok(list)
}

const encodeTag = (tag: number): Uint8Array => {
  const bytes: number[] = []
  for (let rest = tag; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  return Uint8Array.from(bytes)
}

const encodeLength = (length: number): Uint8Array => {
  if (length < 0x80) return Uint8Array.of(length)
  if (length < 0x100) return Uint8Array.of(0x81, length)
  if (length < 0x10000) return Uint8Array.of(0x82, length >> 8, length & 0xff)
  if (length < 0x1000000) return Uint8Array.of(0x83, length >> 16, (length >> 8) & 0xff, length & 0xff)
  throw new Error('value too long for a card')
}

export const encodeTlv = (tag: number, ...values: readonly Uint8Array[]): Uint8Array => {
  const value = concatBytes(...values)
  return concatBytes(encodeTag(tag), encodeLength(value.length), value)
}
