/**
 * The files a specimen's chip holds: EF.COM, DG1, DG2, DG14, DG15 and EF.SOD (Doc 9303-10), DG13 in the layout of the Vietnamese cards
 * of 2021; and the same files wrong on purpose.
 */
import { concatBytes } from '../../protocols/bytes/bytes.ts'
import { encodeTd1 } from '../../protocols/mrz/mrz.ts'
import { cardSecurityType } from '../../protocols/passive-authentication/card-security.ts'
import { encodeTlv } from '../../protocols/tlv/tlv.ts'
import { issueSecurityObject, signContent } from '../specimen-pki/issue.ts'
import { type SignerKind, specimenSigner } from '../specimen-pki/specimen-authorities.ts'
import { dg2Of, dg14Of, dg15Of } from '../specimen-pki/specimen-groups.ts'
import { mrzAccessOf, optionalDataOf, type Specimen, specimens } from '../specimens.ts'
import { type ChipAuthenticationOffer, createChipAuthentication, usualChipAuthentication } from './chip-authentication.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const utf8String = (text: string): Uint8Array => encodeTlv(0x0c, utf8(text))
const printableString = (text: string): Uint8Array => encodeTlv(0x13, utf8(text))
const sequence = (...parts: readonly Uint8Array[]): Uint8Array => encodeTlv(0x30, ...parts)
const integer = (n: number): Uint8Array => encodeTlv(0x02, Uint8Array.of(n))

const slashDate = (isoDate: string): string => isoDate.split('-').reverse().join('/')

const efCom = (groupTags: readonly number[]): Uint8Array =>
  encodeTlv(0x60, encodeTlv(0x5f01, utf8('0107')), encodeTlv(0x5f36, utf8('040000')), encodeTlv(0x5c, Uint8Array.from(groupTags)))

const dg1 = (specimen: Specimen): Uint8Array => {
  const access = mrzAccessOf(specimen)
  const lines = encodeTd1({
    documentCode: 'ID',
    issuingState: 'VNM',
    documentNumber: access.documentNumber,
    optionalData: optionalDataOf(specimen),
    birthDate: access.birthDate,
    sex: specimen.sex === 'Nam' ? 'M' : 'F',
    expiryDate: access.expiryDate,
    nationality: 'VNM',
    name: specimen.mrzName,
  })
  return encodeTlv(0x61, encodeTlv(0x5f1f, utf8(lines.join(''))))
}

const dg13 = (specimen: Specimen): Uint8Array => {
  const fields: [number, Uint8Array][] = [
    [1, printableString(specimen.personalNumber)],
    [2, utf8String(specimen.fullName)],
    [3, printableString(slashDate(specimen.birthDate))],
    [4, utf8String(specimen.sex)],
    [5, utf8String('Việt Nam')],
    [6, utf8String(specimen.ethnicity)],
    [7, utf8String(specimen.religion)],
    [8, utf8String(specimen.placeOfOrigin)],
    [9, utf8String(specimen.residence)],
    [10, utf8String(specimen.identifyingMarks)],
    [11, printableString(slashDate(specimen.issueDate))],
    [12, printableString(slashDate(specimen.expiryDate))],
    [13, sequence(utf8String(specimen.fatherName), utf8String(specimen.motherName))],
  ]
  if (specimen.spouseName !== undefined) fields.push([14, sequence(utf8String(specimen.spouseName))])
  if (specimen.oldIdentityNumber !== undefined) fields.push([15, printableString(specimen.oldIdentityNumber)])
  fields.push([16, printableString('0000000000000000')])
  const set = encodeTlv(0x31, ...fields.map(([n, value]) => sequence(integer(n), value)))
  const oid = encodeTlv(0x06, Uint8Array.of(0x28, 0xd3, 0x16, 0x01, 0x00, 0x08))
  return encodeTlv(0x6d, sequence(integer(1), oid, set))
}

/** 'locked' = the file is there and needs terminal authentication. */
export type ChipFiles = ReadonlyMap<number, Uint8Array | 'locked'>

export type FilesWish = {
  /** Undefined = the chip offers none. */
  chipAuthentication?: ChipAuthenticationOffer | undefined
  dg13?: 'layout-2021' | 'absent' | 'garbage' | 'of-another'
  /** Who signs the security object; 'nobody' = there is none. */
  signer?: SignerKind | 'nobody'
  /** Changed after signing: another name in DG13. */
  changedGroup?: boolean
  /** DG14 and DG15 are signed, and neither listed nor there: a copy that need not prove itself. */
  keysHidden?: boolean
}

/** SecurityInfos with the static key of chip authentication mapping, signed. */
export const efCardSecurity = (specimen: Specimen, offer: ChipAuthenticationOffer, signer: FilesWish['signer']): Uint8Array => {
  const { infos } = createChipAuthentication(specimen.personalNumber, offer)
  const documentSigner = specimenSigner(signer === undefined || signer === 'nobody' ? 'valid' : signer)
  return signContent(documentSigner, cardSecurityType, encodeTlv(0x31, ...infos), 'sha256', [documentSigner.certificate])
}

const groupTags: Readonly<Record<number, number>> = { 1: 0x61, 2: 0x75, 3: 0x63, 13: 0x6d, 14: 0x6e, 15: 0x6f }

const anotherThan = (specimen: Specimen): Specimen =>
  specimens.find(({ personalNumber }) => personalNumber !== specimen.personalNumber) ?? specimen

const madeFiles = new Map<string, ChipFiles>()

export const chipFiles = (specimen: Specimen, wish: FilesWish = {}): ChipFiles => {
  const name = JSON.stringify([specimen, wish])
  const known = madeFiles.get(name)
  if (known !== undefined) return known
  const offer = 'chipAuthentication' in wish ? wish.chipAuthentication : usualChipAuthentication
  const groups = new Map<number, Uint8Array>([
    [1, dg1(specimen)],
    [2, dg2Of(specimen)],
    [14, dg14Of(specimen, offer === undefined ? [] : createChipAuthentication(specimen.personalNumber, offer).infos)],
    [15, dg15Of(specimen)],
  ])
  if (wish.dg13 === 'garbage')
    groups.set(13, encodeTlv(0x6d, concatBytes(Uint8Array.of(0x30, 0x7f), new Uint8Array(300).fill(0xa5))))
  else if (wish.dg13 !== 'absent') groups.set(13, dg13(wish.dg13 === 'of-another' ? anotherThan(specimen) : specimen))
  const files = new Map<number, Uint8Array | 'locked'>()
  if (wish.signer !== 'nobody') files.set(0x011d, issueSecurityObject(specimenSigner(wish.signer ?? 'valid'), groups, 'sha256'))
  if (wish.changedGroup === true) groups.set(13, dg13({ ...specimen, fullName: `${specimen.fullName} KHÁC` }))
  if (wish.keysHidden === true) for (const n of [14, 15]) groups.delete(n)
  const listed = [...groups.keys(), 3].sort((left, right) => left - right)
  files.set(0x011e, efCom(listed.map((n) => groupTags[n] ?? 0)))
  for (const [n, file] of groups) files.set(0x0100 + n, file)
  files.set(0x0103, 'locked')
  madeFiles.set(name, files)
  return files
}
