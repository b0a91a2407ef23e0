/**
 * What the clerk entered or scanned, as what opens the chip: the 12 digits, and dates where they are known. The last six are the card access
 * number, and open a chip with PACE by themselves.
 */
import type { CardAccess, ScannedCode } from '../../contracts/card.ts'
import type { CardQr } from '../../procedures/identity/card-qr.ts'
import { readDate } from '../../procedures/rules/dates.ts'

/** yyyy-MM-dd of a whole date as typed; undefined for anything else. */
export const isoDateOf = (text: string): string | undefined => {
  const read = readDate(text)
  if (!read.ok || read.value.day === undefined || read.value.month === undefined) return undefined
  const { year, month, day } = read.value
  return [String(year), String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-')
}

export const accessOf = (
  personalNumber: string,
  qr: CardQr | null,
  typed: { birthDate: string; issueDate: string },
): CardAccess => {
  if (personalNumber.length === 6) return { type: 'can', can: personalNumber }
  // A code that was scanned for another number says nothing of this one.
  const own = qr?.personalNumber === personalNumber ? qr : null
  const birthDate = isoDateOf(own?.birthDate ?? '') ?? isoDateOf(typed.birthDate)
  const issueDate = isoDateOf(own?.issueDate ?? '') ?? isoDateOf(typed.issueDate)
  return {
    type: 'number',
    personalNumber,
    ...(birthDate === undefined ? {} : { birthDate }),
    ...(issueDate === undefined ? {} : { issueDate }),
  }
}

/** The code as it is compared with the chip; one that was scanned for another number is none of this card's. */
export const scannedOf = (personalNumber: string, qr: CardQr | null): ScannedCode | undefined => {
  if (qr?.personalNumber !== personalNumber) return undefined
  const { fullName, birthDate, sex, issueDate } = qr
  return { personalNumber, name: fullName, birthDate, sex, ...(issueDate === undefined ? {} : { issueDate }) }
}
