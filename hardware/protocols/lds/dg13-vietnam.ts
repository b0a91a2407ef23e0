/**
 * DG13 of Vietnamese citizen cards, the layout of the cards issued from 2021: 6D { SEQUENCE { INTEGER 1, OID 1.0.10646.1.0.8,
 * SET OF SEQUENCE { INTEGER n, value } } }. No standard describes it (Doc 9303-10 section 4.7.13 leaves DG13 to the issuer).
 *
 * Invariants: fields are told by n, never by position; any may be missing. Numbered fields under another identifier, or deeper, count
 * only where field 1 is a personal number: then the numbers mean the same. Another layout is a named failure, not a fault: the card's
 * other data stay usable. Texts are in NFC.
 */
import type { CardPerson } from '../../../contracts/card.ts'
import { err, ok, type Result } from '../../../contracts/result.ts'
import { decodeTlv, decodeTlvList, type Tlv } from '../tlv/tlv.ts'

export type Dg13Failure = { type: 'dg13-layout-unknown'; detail: string }

const asn1 = { integer: 0x02, octets: 0x04, oid: 0x06, sequence: 0x30, set: 0x31, utf8: 0x0c, bmp: 0x1e } as const
/** Of one byte a character in what they are used for: numeric, printable, teletex, IA5, visible, general. */
const plainStrings: readonly number[] = [0x12, 0x13, 0x14, 0x16, 0x1a, 0x1b]
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
  const { tag, value } = object
  if (tag !== asn1.utf8 && tag !== asn1.octets && tag !== asn1.bmp && !plainStrings.includes(tag)) return undefined
  try {
    const text = new TextDecoder(tag === asn1.bmp ? 'utf-16be' : 'utf-8', { fatal: true }).decode(value)
    return text.replaceAll('\0', '').normalize('NFC').trim()
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

const children = (object: Tlv): Tlv[] => {
  if ((object.tag & (object.tag > 0xff ? 0x2000 : 0x20)) === 0) return []
  const list = decodeTlvList(object.value)
  return list.ok ? list.value : []
}

type Field = { n: number; value: Tlv }

/** SEQUENCE { INTEGER n, value }. */
const fieldOf = (object: Tlv): Field | undefined => {
  if (object.tag !== asn1.sequence) return undefined
  const [number, value, ...more] = children(object)
  if (more.length > 0) return undefined
  if (number?.tag !== asn1.integer || number.value.length !== 1 || value === undefined) return undefined
  return { n: number.value[0] ?? 0, value }
}

/** The first list in which most objects are numbered fields. */
const fieldsIn = (objects: readonly Tlv[], depth = 0): Field[] => {
  const fields = objects.flatMap((object) => fieldOf(object) ?? [])
  if (fields.length > 0 && fields.length * 2 >= objects.length) return fields
  if (depth >= maxDepth) return []
  for (const object of objects) {
    const inner = fieldsIn(children(object), depth + 1)
    if (inner.length > 0) return inner
  }
  return []
}

const isPersonalNumber = ({ n, value }: Field): boolean => n === 1 && /^\d{12}$/.test(textOf(value) ?? '')

/** What the group's fields say; `others` by number, as they stand: field 16 is a value of unknown meaning. */
export const parseDg13 = (
  file: Uint8Array,
): Result<{ person: CardPerson; others: Readonly<Record<number, string>> }, Dg13Failure> => {
  const outer = decodeTlv(file)
  if (!outer.ok) return unknownLayout('no BER-TLV')
  if (outer.value.tlv.tag !== 0x6d) return unknownLayout('no object 6D')
  const content = children(outer.value.tlv)
  const [whole] = content
  if (whole === undefined) return unknownLayout('nothing in 6D')
  const oid = children(whole).find((part) => part.tag === asn1.oid)
  const known = oid !== undefined && Buffer.from(oid.value).equals(layoutOid)
  const fields = fieldsIn(content)
  if (!known && !fields.some(isPersonalNumber))
    return unknownLayout(oid === undefined ? 'no numbered fields' : 'another object identifier')

  const person: CardPerson = {}
  const others: Record<number, string> = {}
  const put = (key: keyof CardPerson, value: string | undefined): void => {
    if (value !== undefined && value !== '') person[key] = value
  }
  for (const { n, value } of fields) {
    const texts = textsOf(value)
    const key = singleFields[n]
    if (key !== undefined) put(key, texts[0])
    if (n === 13) {
      put('fatherName', texts[0])
      put('motherName', texts[1])
    }
    if (n === 14) put('spouseName', texts[0])
    const [only] = texts
    if (key === undefined && n !== 13 && n !== 14 && only !== undefined && only !== '') others[n] = only
  }
  // Some cards are told to have the old number here.
  if (person.oldIdentityNumber === undefined && /^\d{9}$/.test(others[16] ?? '')) put('oldIdentityNumber', others[16])
  if (Object.keys(person).length === 0) return unknownLayout('no known field')
  return ok({ person, others })
}
