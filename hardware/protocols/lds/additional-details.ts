/**
 * DG11, additional personal details, and DG12, additional document details (Doc 9303-10 sections 4.7.11 and 4.7.12).
 *
 * Invariants: any bytes give a Result; fields are told by their tag and any may be missing; a list of tags (5C) that promises more than
 * there is does no harm. '<' stands between the parts of a field (Doc 9303-10 section 4.7.11.1) and is kept as a list.
 */
import { ok, type Result } from '../../../contracts/result.ts'
import type { Tlv } from '../tlv/tlv.ts'
import { dateOf, type GroupFailure, groupObjects, listedObjects, utf8Text } from './group-objects.ts'

export type PersonalDetails = {
  fullName?: string
  otherNames?: string[]
  personalNumber?: string
  birthDate?: string
  birthPlace?: string[]
  address?: string[]
  telephone?: string
  profession?: string
  title?: string
  personalSummary?: string
  otherTravelDocuments?: string[]
  custody?: string
}

export type DocumentDetails = {
  issuingAuthority?: string
  issueDate?: string
  otherPeople?: string[]
  endorsements?: string
  taxOrExit?: string
  personalisedAt?: string
  personalisationSystem?: string
}

const find = (objects: readonly Tlv[], tag: number): Uint8Array | undefined => objects.find((object) => object.tag === tag)?.value

const text = (objects: readonly Tlv[], tag: number): string | undefined => {
  const value = find(objects, tag)
  const read = value === undefined ? undefined : utf8Text(value)
  return read === '' ? undefined : read
}

const partsOf = (joined: string | undefined): string[] | undefined => {
  const parts = joined?.split('<').map((part) => part.trim())
  const filled = parts?.filter((part) => part !== '')
  return filled === undefined || filled.length === 0 ? undefined : filled
}

/** Primary identifier, two fillers, secondary identifier: as one writes a name. */
const nameText = (bytes: Uint8Array | undefined): string | undefined => {
  const name = bytes === undefined ? undefined : utf8Text(bytes)?.replaceAll(/<+/g, ' ').trim()
  return name === '' ? undefined : name
}

const names = (objects: readonly Tlv[], tag: number): string[] | undefined => {
  const found = listedObjects(objects, tag).flatMap(({ value }) => nameText(value) ?? [])
  return found.length === 0 ? undefined : found
}

const date = (objects: readonly Tlv[], tag: number): string | undefined => {
  const value = find(objects, tag)
  return value === undefined ? undefined : dateOf(value)
}

/** Without the fields that are not there. */
const filled = <T extends object>(fields: { [Key in keyof Required<T>]: T[Key] | undefined }): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T

export const parseDg11 = (file: Uint8Array): Result<PersonalDetails, GroupFailure> => {
  const read = groupObjects(file, 0x6b)
  if (!read.ok) return read
  const objects = read.value
  return ok(
    filled<PersonalDetails>({
      fullName: nameText(find(objects, 0x5f0e)),
      otherNames: names(objects, 0x5f0f),
      personalNumber: text(objects, 0x5f10),
      birthDate: date(objects, 0x5f2b),
      birthPlace: partsOf(text(objects, 0x5f11)),
      address: partsOf(text(objects, 0x5f42)),
      telephone: text(objects, 0x5f12),
      profession: text(objects, 0x5f13),
      title: text(objects, 0x5f14),
      personalSummary: text(objects, 0x5f15),
      otherTravelDocuments: partsOf(text(objects, 0x5f17)),
      custody: text(objects, 0x5f18),
    }),
  )
}

export const parseDg12 = (file: Uint8Array): Result<DocumentDetails, GroupFailure> => {
  const read = groupObjects(file, 0x6c)
  if (!read.ok) return read
  const objects = read.value
  const personalised = find(objects, 0x5f55)
  return ok(
    filled<DocumentDetails>({
      issuingAuthority: text(objects, 0x5f19),
      issueDate: date(objects, 0x5f26),
      otherPeople: names(objects, 0x5f1a),
      endorsements: text(objects, 0x5f1b),
      taxOrExit: text(objects, 0x5f1c),
      personalisedAt:
        personalised === undefined
          ? undefined
          : personalised.length === 7
            ? Buffer.from(personalised).toString('hex')
            : Buffer.from(personalised).toString('latin1').replaceAll(/\D/g, ''),
      personalisationSystem: text(objects, 0x5f56),
    }),
  )
}
