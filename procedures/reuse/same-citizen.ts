/**
 * Are two descriptions the same citizen? The personal number decides; without it the whole name and the whole birth date do.
 * A year of birth or a name alone never does: two cousins share them.
 */
import type { PersonFacts } from '../rules/index.ts'

export type Identity = 'same' | 'different' | 'unknown'

const asWritten = (name: string): string => name.normalize('NFC').toLocaleUpperCase('vi').replace(/\s+/g, ' ').trim()

const isWholeDate = (date: string): boolean => /^\d{2}\/\d{2}\/\d{4}$/.test(date)

export const compareIdentity = (one: PersonFacts, other: PersonFacts): Identity => {
  if (one.personalNumber !== undefined && other.personalNumber !== undefined) {
    return one.personalNumber === other.personalNumber ? 'same' : 'different'
  }
  if (one.fullName === undefined || other.fullName === undefined) return 'unknown'
  const sameName = asWritten(one.fullName) === asWritten(other.fullName)
  if (one.birthDate === undefined || other.birthDate === undefined) return sameName ? 'unknown' : 'different'
  if (isWholeDate(one.birthDate) && isWholeDate(other.birthDate)) {
    if (one.birthDate !== other.birthDate) return 'different'
    return sameName ? 'same' : 'different'
  }
  const sameYear = one.birthDate.slice(-4) === other.birthDate.slice(-4)
  return sameName && sameYear ? 'unknown' : 'different'
}
