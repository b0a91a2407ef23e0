/**
 * DG13 of Vietnamese citizen cards, the layout of the cards issued from 2021: 6D { SEQUENCE { INTEGER 1, OID 1.0.10646.1.0.8,
 * SET OF SEQUENCE { INTEGER n, value } } }. No standard describes it (Doc 9303-10 section 4.7.13 leaves DG13 to the issuer).
 *
 * Invariants: fields are told by n, never by position; any may be missing; unknown n are passed over. Another layout is a named
 * failure, not a fault: the card's other data stay usable. Texts are UTF-8 in NFC.
 */
import type { CardPerson } from '../../../contracts/card.ts'
import { err, ok, type Result } from '../../../contracts/result.ts'
import { decodeTlv, decodeTlvList, type Tlv } from '../tlv/tlv.ts'

export type Dg13Failure = { type: 'dg13-layout-unknown'; detail: string }

const asn1 = { integer: 0x02, oid: 0x06, sequence: 0x30, set: 0x31, utf8: 0x0c, printable: 0x13, ia5: 0x16 } as const
const layoutOid = Uint8Array.of(0x28, 0xd3, 0x16, 0x01, 0x00, 0x08)

const singleFields: Readonly<Record<number, keyof CardPerson>> = {
  1: 'personalNumber',
  2: 'fullName',
  3: 'birthDate',
  4: 'sex',
  5: 'nationality',
  6: 'ethnicity',
  7: 'religion',
  8: 'placeOfOrigin',
  9: 'residence',
  10: 'identifyingMarks',
  11: 'issueDate',
  12: 'expiryDate',
  15: 'oldIdentityNumber',
}

const unknownLayout = (detail: string): Result<never, Dg13Failure> => err({ type: 'dg13-layout-unknown', detail })

const textOf = (object: Tlv): string | undefined => {
  if (object.tag !== asn1.utf8 && object.tag !== asn1.printable && object.tag !== asn1.ia5) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(object.value).normalize('NFC').trim()
  } catch {
    return undefined
  }
}

const maxDepth = 4
/** Texts in order, through nested sequences: the parents' names are seen both bare and each in a sequence of its own. */
const textsOf = (object: Tlv, depth = 0): string[] => {
  const text = textOf(object)
  if (text !== undefined) return [text]
  if ((object.tag !== asn1.sequence && object.tag !== asn1.set) || depth >= maxDepth) return []
  const inner = decodeTlvList(object.value)
  return inner.ok ? inner.value.flatMap((child) => textsOf(child, depth + 1)) : []
}

const children = (object: Tlv | undefined, tag: number): Tlv[] | undefined => {
  if (object === undefined || object.tag !== tag) return undefined
  const list = decodeTlvList(object.value)
  return list.ok ? list.value : undefined
}

export const parseDg13 = (file: Uint8Array): Result<CardPerson, Dg13Failure> => {
  const outer = decodeTlv(file)
  if (!outer.ok) return unknownLayout('no BER-TLV')
  const content = children(outer.value.tlv, 0x6d)
  if (content === undefined) return unknownLayout('no object 6D')
  const parts = children(content[0], asn1.sequence)
  if (parts === undefined) return unknownLayout('no SEQUENCE in 6D')
  const oid = parts.find((part) => part.tag === asn1.oid)
  if (oid === undefined || !Buffer.from(oid.value).equals(layoutOid)) return unknownLayout('another object identifier')
  const fields = children(
    parts.find((part) => part.tag === asn1.set),
    asn1.set,
  )
  if (fields === undefined) return unknownLayout('no SET of fields')

  const person: CardPerson = {}
  const put = (key: keyof CardPerson, value: string | undefined): void => {
    if (value !== undefined && value !== '') person[key] = value
  }
  for (const field of fields) {
    const pair = children(field, asn1.sequence)
    const number = pair?.[0]
    const value = pair?.[1]
    if (number?.tag !== asn1.integer || number.value.length !== 1 || value === undefined) continue
    const n = number.value[0] ?? 0
    const texts = textsOf(value)
    const key = singleFields[n]
    if (key !== undefined) put(key, texts[0])
    if (n === 13) {
      put('fatherName', texts[0])
      put('motherName', texts[1])
    }
    if (n === 14) put('spouseName', texts[0])
  }
  if (Object.keys(person).length === 0) return unknownLayout('no known field')
  return ok(person)
}
