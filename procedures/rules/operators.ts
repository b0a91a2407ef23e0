/**
 * The operators a condition may name, what each takes and what comes out: JSON Logic's own (jsonlogic.com) and those of our forms.
 *
 * Invariants: none fails, whatever it is given; each of our own answers false, 0 or nothing when it cannot be sure, and a partial date
 * proves nothing it does not say. None depends on a clock: `today` is a value like any other.
 */
import { daysBetween, earliest, isWhole, lastDayOfYears, latest, type PartialDate, readDate } from './dates.ts'
import { birthYearOfNumber, isPersonalNumber, sexOfNumber } from './personal-number.ts'
import { healthFacilityOf, provinceOfPlace, unitOfPlace } from './place-text.ts'

/** What a value is read as. `any` is a value of no kind in particular. */
export type Kind = 'any' | 'date' | 'number' | 'text' | 'truth'

type Operator = {
  takes: readonly Kind[]
  /** Of which kind further ones are; without it, there are no more. */
  more?: Kind
  gives: Kind
  /** Without it, the operator is JSON Logic's own. */
  method?: (args: readonly unknown[]) => unknown
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : '')

/** The hour of a date-time is left aside. */
const asDate = (value: unknown): PartialDate | undefined => {
  const read = readDate(asText(value).replace(/ \d{2}:\d{2}$/, ''))
  return read.ok ? read.value : undefined
}

const asNumber = (value: unknown): number | undefined => {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  return /^-?\d+$/.test(asText(value)) ? Number(value) : undefined
}

const onDates = (first: unknown, second: unknown, test: (a: PartialDate, b: PartialDate) => boolean): boolean => {
  const a = asDate(first)
  const b = asDate(second)
  return a !== undefined && b !== undefined && test(a, b)
}

type OfDates = (a: PartialDate, b: PartialDate) => boolean
const dates = (test: OfDates): Operator => ({
  takes: ['date', 'date'],
  gives: 'truth',
  method: ([a, b]) => onDates(a, b, test),
})
const datesAndCount = (test: (a: PartialDate, b: PartialDate, count: number) => boolean): Operator => ({
  takes: ['date', 'date', 'number'],
  gives: 'truth',
  method: ([a, b, count]) => onDates(a, b, (x, y) => test(x, y, asNumber(count) ?? Number.NaN)),
})

/** A number is the same however it is written; what is not given is the same as nothing but what is not given. */
const isSame = (a: unknown, b: unknown): boolean =>
  typeof a === 'number' || typeof b === 'number'
    ? asNumber(a) !== undefined && asNumber(a) === asNumber(b)
    : (a ?? null) === (b ?? null)
const same: Operator = { takes: ['any', 'any'], gives: 'truth', method: ([a, b]) => isSame(a, b) }
const different: Operator = { takes: ['any', 'any'], gives: 'truth', method: ([a, b]) => !isSame(a, b) }

/** Of two numbers, or three in this order: texts are never compared by their letters. */
const numbers = (test: (a: number, b: number) => boolean): Operator => ({
  takes: ['number', 'number'],
  more: 'number',
  gives: 'truth',
  method: (args) =>
    args.slice(1).every((second, index) => {
      const a = asNumber(args[index])
      const b = asNumber(second)
      return a !== undefined && b !== undefined && test(a, b)
    }),
})

/** What is not given counts as nothing. */
const reckoning = (reckon: (a: number, b: number) => number): Operator => ({
  takes: ['number', 'number'],
  more: 'number',
  gives: 'number',
  method: (args) => args.map((each) => asNumber(each) ?? 0).reduce(reckon),
})

/** The first of the places that names a unit of today. */
const atPlace = (unitOf: (place: string) => string): Operator => ({
  takes: ['text', 'text'],
  more: 'text',
  gives: 'text',
  method: ([title, ...places]) => {
    const unit = places.map((place) => unitOf(asText(place))).find((found) => found !== '')
    return unit === undefined ? '' : `${asText(title)} ${unit}`
  },
})

export const operators: Readonly<Record<string, Operator>> = {
  and: { takes: ['any'], more: 'any', gives: 'any' },
  or: { takes: ['any'], more: 'any', gives: 'any' },
  '!': { takes: ['any'], gives: 'truth' },
  '!!': { takes: ['any'], gives: 'truth' },
  '==': same,
  '!=': different,
  '===': same,
  '!==': different,
  if: { takes: ['any', 'any'], more: 'any', gives: 'any' },
  /** Among the values of a list, or within a text. */
  in: {
    takes: ['any', 'any'],
    gives: 'truth',
    method: ([value, among]) =>
      Array.isArray(among)
        ? among.some((each) => isSame(value, each))
        : typeof value === 'string' && asText(among).includes(value),
  },
  cat: { takes: ['any'], more: 'any', gives: 'text' },
  '<': numbers((a, b) => a < b),
  '<=': numbers((a, b) => a <= b),
  '>': numbers((a, b) => a > b),
  '>=': numbers((a, b) => a >= b),
  '+': reckoning((a, b) => a + b),
  '-': reckoning((a, b) => a - b),
  '*': reckoning((a, b) => a * b),
  isWholeDate: {
    takes: ['date'],
    gives: 'truth',
    method: ([date]) => {
      const read = asDate(date)
      return read !== undefined && isWhole(read)
    },
  },
  dateNotBefore: dates((x, y) => earliest(x) >= latest(y)),
  dateBefore: dates((x, y) => latest(x) < earliest(y)),
  /** Has not reached that age on that day, whatever the unknown part of the date of birth. */
  youngerThan: datesAndCount((birth, on, years) => earliest(birth) + years * 10_000 > latest(on)),
  /** Has reached that age on that day, whatever the unknown part of the date of birth. */
  hasReachedAge: datesAndCount((birth, on, years) => latest(birth) + years * 10_000 <= earliest(on)),
  moreDaysThan: datesAndCount((from, to, days) => (daysBetween(from, to) ?? 0) > days),
  fewerYearsThan: datesAndCount((from, to, years) => to.year - from.year < years),
  yearOf: { takes: ['date'], gives: 'number', method: ([date]) => String(asDate(date)?.year ?? '') },
  /** 0 where nothing is given. */
  numberOf: { takes: ['any'], gives: 'number', method: ([value]) => asNumber(value) ?? 0 },
  /** Of a field with several values. */
  chosen: {
    takes: ['text', 'text'],
    gives: 'truth',
    method: ([values, value]) => asText(values).split('; ').includes(asText(value)),
  },
  /** Number and whole date of birth are given: the registry's forms then let residence, sex, ethnicity and nationality blank. */
  identified: {
    takes: ['text', 'date'],
    gives: 'truth',
    method: ([number, birthDate]) => {
      const read = asDate(birthDate)
      return isPersonalNumber(asText(number)) && read !== undefined && isWhole(read)
    },
  },
  /** `{"agencyAt": ["Công an", place, …]}`: the agency of the first of the places that names a commune of today. */
  agencyAt: atPlace(unitOfPlace),
  /** The same of the province alone. */
  provinceAgencyAt: atPlace(provinceOfPlace),
  /** The health facility that a place begins with: it is the one to issue the notice of death. */
  healthFacilityAt: { takes: ['text'], gives: 'text', method: ([place]) => healthFacilityOf(asText(place)) },
  /** The last day of a time of so many whole years that begins on this day. */
  lastDayOfYears: {
    takes: ['date', 'number'],
    gives: 'date',
    method: ([date, years]) => {
      const read = asDate(date)
      const count = asNumber(years)
      return read === undefined || count === undefined ? '' : lastDayOfYears(read, count)
    },
  },
  isPersonalNumber: { takes: ['text'], gives: 'truth', method: ([number]) => isPersonalNumber(asText(number)) },
  yearOfNumber: { takes: ['text'], gives: 'number', method: ([number]) => String(birthYearOfNumber(asText(number)) ?? '') },
  sexOfNumber: { takes: ['text'], gives: 'text', method: ([number]) => sexOfNumber(asText(number)) ?? '' },
}

/** Over the rows of a group, whose fields the second operand sees as `row.x`: of how many it holds, and what it adds up to. */
export const rowOperators: Readonly<Record<string, { takes: Kind }>> = {
  rowsWhere: { takes: 'truth' },
  rowsSum: { takes: 'number' },
}
