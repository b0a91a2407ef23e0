/**
 * Files of the logical data structure: EF.COM (Doc 9303-10 section 4.6.1) and DG1 (section 4.7.1).
 *
 * Invariants: any bytes give a Result; groups are named 'dg1'..'dg16'.
 */
import type { MrzCheck } from '../../../contracts/card-proof.ts'
import { err, ok, type Result } from '../../../contracts/result.ts'
import { type MrzFields, type MrzMalformed, readMrz } from '../mrz/mrz.ts'
import { decodeTlv, decodeTlvList, type TlvFailure } from '../tlv/tlv.ts'

export type LdsFailure = TlvFailure | MrzMalformed | { type: 'lds-object-missing'; tag: number }

export const ldsApplicationId = Uint8Array.of(0xa0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01)

/** File identifiers (Doc 9303-10 section 4.6, table 37). */
export const fileIds = {
  com: 0x011e,
  sod: 0x011d,
  dg1: 0x0101,
  dg2: 0x0102,
  dg7: 0x0107,
  dg11: 0x010b,
  dg12: 0x010c,
  dg13: 0x010d,
  dg14: 0x010e,
  dg15: 0x010f,
} as const

/** Tags of EF.COM's list, in the order of the groups' numbers (Doc 9303-10 table 38). */
const groupTags = [0x61, 0x75, 0x63, 0x76, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f, 0x70]

export const parseEfCom = (file: Uint8Array): Result<{ ldsVersion: string; groups: string[] }, LdsFailure> => {
  const outer = decodeTlv(file)
  if (!outer.ok) return outer
  if (outer.value.tlv.tag !== 0x60) return err({ type: 'lds-object-missing', tag: 0x60 })
  const inner = decodeTlvList(outer.value.tlv.value)
  if (!inner.ok) return inner
  const list = inner.value.find((object) => object.tag === 0x5c)
  if (list === undefined) return err({ type: 'lds-object-missing', tag: 0x5c })
  const version = inner.value.find((object) => object.tag === 0x5f01)
  const groups = Array.from(list.value, (tag) => {
    const number = groupTags.indexOf(tag) + 1
    return number === 0 ? `tag-${tag.toString(16)}` : `dg${number}`
  })
  return ok({ ldsVersion: version === undefined ? '' : Buffer.from(version.value).toString('latin1'), groups })
}

/** The chip's MRZ, and the check digits in it that do not fit. */
export const parseDg1 = (file: Uint8Array): Result<MrzFields & { wrongChecks?: MrzCheck[] }, LdsFailure> => {
  const outer = decodeTlv(file)
  if (!outer.ok) return outer
  if (outer.value.tlv.tag !== 0x61) return err({ type: 'lds-object-missing', tag: 0x61 })
  const inner = decodeTlvList(outer.value.tlv.value)
  if (!inner.ok) return inner
  const mrz = inner.value.find((object) => object.tag === 0x5f1f)
  if (mrz === undefined) return err({ type: 'lds-object-missing', tag: 0x5f1f })
  const read = readMrz(Buffer.from(mrz.value).toString('latin1'))
  if (!read.ok) return read
  const { fields, wrongChecks } = read.value
  return ok(wrongChecks.length > 0 ? { ...fields, wrongChecks } : fields)
}
