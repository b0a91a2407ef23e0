/**
 * What a chip's text says of the person: DG1 (Doc 9303-10 section 4.7.1), and DG13 as the issuer wrote it.
 *
 * Invariants: pure. A DG13 that cannot be had or read is part of a normal reading, named with its reason; nothing is taken from one of
 * another person than DG1 names. A DG1 that cannot be read, or one of another person than the number given, is a failure.
 */
import type { CardAccess, CardFailure, CardPerson, CardText, DataGroupName } from '../../../contracts/card.ts'
import { ok, type Result } from '../../../contracts/result.ts'
import { parseDg11 } from '../lds/additional-details.ts'
import { parseDg13 } from '../lds/dg13-vietnam.ts'
import { parseDg1 } from '../lds/lds.ts'
import { type MrzFields, vietnamesePersonalNumber } from '../mrz/mrz.ts'
import { arePersonsApart } from '../passive-authentication/compare-sources.ts'
import { factsOfDg13, factsOfMrz } from '../passive-authentication/source-facts.ts'
import { failure } from './exchange.ts'

const mrzDateText = (date: string, century: (year: number) => number): string => {
  const year = Number(date.slice(0, 2))
  return `${date.slice(4, 6)}/${date.slice(2, 4)}/${century(year) + year}`
}

/** What DG1 alone says of the person. The personal number's fourth digit tells the century (Decree 137/2015/ND-CP article 7). */
const personOfMrz = (mrz: MrzFields, personalNumber: string | undefined): CardPerson => {
  const person: CardPerson = {}
  if (personalNumber !== undefined) {
    person.personalNumber = personalNumber
    const century = 1900 + Math.floor(Number(personalNumber.charAt(3)) / 2) * 100
    if (/^\d{6}$/.test(mrz.birthDate)) person.birthDate = mrzDateText(mrz.birthDate, () => century)
  }
  if (mrz.sex === 'M') person.sex = 'Nam'
  if (mrz.sex === 'F') person.sex = 'Nữ'
  // A card that never expires carries 991231.
  if (mrz.expiryDate !== '991231') person.expiryDate = mrzDateText(mrz.expiryDate, () => 2000)
  return person
}

/** Specimens bear a place code which no province has. */
const isSpecimenNumber = (personalNumber: string | undefined): boolean => personalNumber?.startsWith('000') === true

/** A card is the one whose number was given, or it is told: its data are another person's. A CAN that opened the chip is the chip's. */
const isOtherCard = (access: CardAccess, personalNumber: string | undefined): boolean =>
  personalNumber !== undefined && access.type === 'number' && access.personalNumber !== personalNumber

/**
 * DG11 in place of a DG13 that is not there: the cards of 2024 are told to have their text in the standard's own groups. A name without
 * diacritics is no name for a Vietnamese form.
 */
const personOfDg11 = (file: Uint8Array | undefined, issuingState: string): CardPerson => {
  const parsed = file === undefined ? undefined : parseDg11(file)
  if (!parsed?.ok) return {}
  const { fullName, personalNumber, birthDate, address } = parsed.value
  const written = fullName !== undefined && (issuingState !== 'VNM' || /[^ -~]/.test(fullName)) ? fullName : undefined
  return {
    ...(written === undefined ? {} : { fullName: written }),
    ...(personalNumber === undefined ? {} : { personalNumber }),
    ...(birthDate === undefined ? {} : { birthDate }),
    ...(address === undefined ? {} : { residence: address.join(', ') }),
  }
}

/** The text, and why DG13 gave nothing where it did. */
/** Whether DG13 says what a form needs; if not, DG11 may. */
export const isDg13Readable = (file: Uint8Array | undefined): boolean => file !== undefined && parseDg13(file).ok

export const textOfChip = (
  raw: ReadonlyMap<DataGroupName, Uint8Array>,
  access: CardAccess,
): Result<{ text: CardText; dg13Unread?: string }, CardFailure> => {
  const mrz = parseDg1(raw.get('dg1') ?? new Uint8Array())
  if (!mrz.ok) return failure('unreadable-data', `DG1: ${mrz.error.type}`, false)
  const { format: _format, wrongChecks: _wrongChecks, ...mrzOfCard } = mrz.value
  const personalNumber = vietnamesePersonalNumber(mrz.value)
  if (isOtherCard(access, personalNumber)) return failure('other-card', 'DG1: another number than the one given', false)
  const person = personOfMrz(mrz.value, personalNumber)
  const text = { person, mrz: mrzOfCard, specimen: isSpecimenNumber(personalNumber) }
  const dg13 = raw.get('dg13')
  const parsed = dg13 === undefined ? undefined : parseDg13(dg13)
  if (!parsed?.ok) {
    Object.assign(person, personOfDg11(raw.get('dg11'), mrzOfCard.issuingState))
    return ok(parsed === undefined ? { text } : { text, dg13Unread: `DG13: ${parsed.error.detail}` })
  }
  const personOfDg13 = parsed.value.person
  if (arePersonsApart(factsOfMrz(mrz.value), factsOfDg13(personOfDg13)))
    return ok({ text, dg13Unread: 'DG13: of another person than DG1' })
  if (isOtherCard(access, personOfDg13.personalNumber))
    return failure('other-card', 'DG13: another number than the one given', false)
  Object.assign(person, personOfDg13)
  return ok({ text })
}
