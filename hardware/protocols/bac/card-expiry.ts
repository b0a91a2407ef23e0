/**
 * When a Vietnamese identity card ends: at the age of 14, 25, 40 or 60; one issued within two years before such an age at the next of
 * them; one issued after that for ever, which the MRZ writes 991231 (Law 26/2023/QH15 article 21; Law 59/2014/QH13 article 21 had the
 * same ages but 14). BAC needs the date, and the card's QR does not tell it.
 *
 * Invariants: pure; at most `maxCandidates` dates, the likeliest first, none twice.
 */

type CardDates = {
  /** ISO dates. */
  readonly birthDate: string
  readonly issueDate?: string | undefined
  readonly expiryDate?: string | undefined
}

const ages = [14, 25, 40, 60] as const
/** No citizen card had a chip before (Circular 06/2021/TT-BCA). */
const firstChips = '2021-01-01'
const unlimited = '991231'
export const maxCandidates = 4

const mrzDate = (isoDate: string): string => isoDate.slice(2).replaceAll('-', '')

const isLeapYear = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

/** ISO days on which somebody reaches an age: two for a 29 February in a year that has none, as offices count differently. */
const birthdays = (birthDate: string, age: number): string[] => {
  const year = Number(birthDate.slice(0, 4)) + age
  const day = birthDate.slice(5)
  return day === '02-29' && !isLeapYear(year) ? [`${year}-02-28`, `${year}-03-01`] : [`${year}-${day}`]
}

/** How many of the ages a card issued on this day passes over. */
const agesPassed = (birthDate: string, issueDate: string, countsTheDay: boolean): number => {
  const at = ages.findIndex((age) => {
    const twoYearsBefore = birthdays(birthDate, age - 2)[0] ?? ''
    return countsTheDay ? twoYearsBefore >= issueDate : twoYearsBefore > issueDate
  })
  return at < 0 ? ages.length : at
}

/** YYMMDD as the MRZ may have it. `today` (ISO) closes the time in which the card was issued, where that is not known. */
export const expiryCandidates = (card: CardDates, today: string): string[] => {
  if (card.expiryDate !== undefined) return [card.expiryDate === 'unlimited' ? unlimited : mrzDate(card.expiryDate)]
  const earliest = card.issueDate ?? (card.birthDate > firstChips ? card.birthDate : firstChips)
  const latest = card.issueDate ?? (today > earliest ? today : earliest)
  const first = agesPassed(card.birthDate, earliest, true)
  const last = agesPassed(card.birthDate, latest, false)
  const dates: string[] = []
  for (let at = first; at <= last; at += 1) {
    const age = ages[at]
    dates.push(...(age === undefined ? ['unlimited'] : birthdays(card.birthDate, age)))
  }
  // A card that is still good is likelier in hand than one that has ended.
  const likely = [...dates.filter((date) => date >= today), ...dates.filter((date) => date < today)]
  return likely.slice(0, maxCandidates).map((date) => (date === 'unlimited' ? unlimited : mrzDate(date)))
}
