/** The objects of one data group (Doc 9303-10 section 4.7): its outer tag taken off, what follows the group left alone. */
import { err, type Result } from '../../../contracts/result.ts'
import { decodeTlv, decodeTlvList, type Tlv, type TlvFailure } from '../tlv/tlv.ts'

export type GroupFailure = TlvFailure | { type: 'lds-object-missing'; tag: number }

export const groupObjects = (file: Uint8Array, tag: number): Result<Tlv[], GroupFailure> => {
  const outer = decodeTlv(file)
  if (!outer.ok) return outer
  return outer.value.tlv.tag === tag ? decodeTlvList(outer.value.tlv.value) : err({ type: 'lds-object-missing', tag })
}

/** Text as personal data of a chip are written: UTF-8 in NFC. Undefined where it is none. */
export const utf8Text = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).normalize('NFC').replaceAll('\0', '').trim()
  } catch {
    return undefined
  }
}

/** A list in a template A0: a count (02) and objects of one tag. */
export const listedObjects = (objects: readonly Tlv[], tag: number): Tlv[] => {
  const own = objects.filter((object) => object.tag === tag)
  const nested = objects.flatMap((object) => {
    if (object.tag !== 0xa0) return []
    const inner = decodeTlvList(object.value)
    return inner.ok ? inner.value.filter((each) => each.tag === tag) : []
  })
  return [...own, ...nested]
}

/** CCYYMMDD in eight characters or four packed bytes, as dd/MM/yyyy; parts that are not known are left out. */
export const dateOf = (bytes: Uint8Array): string | undefined => {
  const digits = bytes.length === 4 ? Buffer.from(bytes).toString('hex') : Buffer.from(bytes).toString('latin1')
  const parts = /^(\d{4})(\d\d)(\d\d)$/.exec(digits)
  if (parts === null) return undefined
  return parts
    .slice(1)
    .reverse()
    .filter((part) => !/^0+$/.test(part))
    .join('/')
}
