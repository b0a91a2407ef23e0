/**
 * What is pressed for a value. Alike on both sides: a character is 1, an option chosen is 1, moving between fields and steps is 0, dates are
 * their digits; what no form has typed by anybody (words of a date, composed sentences) is 0.
 */
import type { UnitCodes } from '../../../contracts/dossier.ts'
import type { Field } from '../../../contracts/procedure.ts'
import { completeEmail } from '../../../procedures/lookup/emails.ts'
import { type LookupValue, loadLookup } from '../../../procedures/lookup/everything.ts'
import { completeListed } from '../../../procedures/lookup/lists.ts'
import type { Lookup } from '../../../procedures/lookup/lookup.ts'
import { completePlace, tailOf } from '../../../procedures/lookup/places.ts'
import { isPlaceField } from '../../../procedures/reuse/known-places.ts'
import { withWholeYear } from '../../../procedures/rules/index.ts'
import { unitOfPlace } from '../../../procedures/rules/place-text.ts'

const remembering = <T>(lookup: Lookup<T>): Lookup<T> => {
  const found = new Map<string, ReturnType<Lookup<T>['search']>>()
  return {
    size: lookup.size,
    search: (query, options) => {
      const key = JSON.stringify([query, options?.lists, options?.limit])
      const hits = found.get(key) ?? lookup.search(query, options)
      found.set(key, hits)
      return hits
    },
  }
}

const everything = await loadLookup()

/** What is near differs by where the point stands. */
const lookups = new Map<string, Lookup<LookupValue>>()
const lookupAt = (point: string): Lookup<LookupValue> => {
  const made = lookups.get(point) ?? remembering(everything)
  lookups.set(point, made)
  return made
}

export const isMadeByNobody = (field: Field): boolean => field.type === 'date-in-words' || field.type === 'composed'

const characters = (text: string): number => [...text.normalize('NFC')].length

/** What a person presses who types the whole value. */
export const typedCost = (field: Field, value: string): number => {
  switch (field.type) {
    case 'choice':
      return 1
    case 'multi-choice':
      return value.split('; ').length
    case 'rows':
      return Number(value)
    case 'date-in-words':
    case 'composed':
      return 0
    case 'date':
      return value.replaceAll('/', '').length
    default:
      return characters(value)
  }
}

const remembered = (make: (key: string) => number): ((key: string) => number) => {
  const known = new Map<string, number>()
  return (key) => {
    const cost = known.get(key) ?? make(key)
    known.set(key, cost)
    return cost
  }
}

/** The shortest way through a list: letters without marks, arrows down to the line, Enter. In a closed list the first line is marked already. */
const lookUpCost = remembered((key) => {
  const [list = '', value = '', free] = key.split('\n')
  const letters = value.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/gi, 'd')
  const arrows = free === 'free' ? 1 : 0
  let best = Number.POSITIVE_INFINITY
  for (let length = 1; length + 1 < best && length <= letters.length; length += 1) {
    const place = completeListed(list, letters.slice(0, length)).findIndex(({ name }) => name === value)
    if (place >= 0) best = Math.min(best, length + place + arrows + 1)
  }
  return best
})

/** A place is the same whatever the capitals of its kinds of units: `Xã Mường Ảng`, `xã Mường Ảng`. */
export const isSameValue = (field: Field, one: string, other: string): boolean =>
  one === other ||
  (isPlaceField(field.type) && unitOfPlace(one) !== '' && one.toLocaleLowerCase('vi') === other.toLocaleLowerCase('vi'))

/** The shortest way through the completion of places: some of the text, arrows down (nothing is marked by itself), Enter. */
const placeCost = remembered((key) => {
  const [type, point = '', value = '', ...places] = key.split('\n')
  const wanted = value.toLocaleLowerCase('vi')
  let best = characters(value)
  for (const from of new Set([0, tailOf(value).before.length])) {
    for (let length = from + 1; length + 1 < best && length <= value.length; length += 1) {
      const choices = completePlace(value.slice(0, length), lookupAt(point), places, {
        anywhere: type !== 'text',
        point: point || undefined,
      })
      const place = choices.findIndex(({ text }) => text.toLocaleLowerCase('vi') === wanted)
      if (place >= 0) best = Math.min(best, length + place + 2)
    }
  }
  return best
})

/** A date with two digits of its year, where the form then holds the same date. */
export const shortDateOf = (field: Field, value: string, today: string): string | undefined => {
  const digits = value.replaceAll('/', '')
  if (field.type !== 'date' || digits.length !== 8) return undefined
  const short = digits.slice(0, 4) + digits.slice(6)
  return withWholeYear(short, { today, future: field.future }) === value ? short : undefined
}

/** The address up to its @ or some letters more, arrows down to the line, Enter. */
const emailCost = (value: string): number => {
  let best = characters(value)
  for (let length = value.indexOf('@') + 1; length > 0 && length < value.length; length += 1) {
    const place = completeEmail(value.slice(0, length)).indexOf(value)
    if (place >= 0) best = Math.min(best, length + place + 2)
  }
  return best
}

export type PlacesAtHand = { places: readonly string[]; point: string | undefined; today: string }

/** The same by the older name the clerk reads from a paper: only a choice that keeps that name counts. */
export const formerPlaceCost = (value: string, former: string, point = ''): { cost: number; unit: UnitCodes } | undefined => {
  const { before } = tailOf(value)
  const wanted = value.toLocaleLowerCase('vi')
  const proper = former.replace(/^(?:Thị trấn|Xã|Phường|Đặc khu)\s+/u, '')
  let best: { cost: number; unit: UnitCodes } | undefined
  for (const words of new Set([former, proper])) {
    for (let length = 2; length <= words.length; length += 1) {
      const choices = completePlace(`${before}${words.slice(0, length)}`, lookupAt(point), [], { anywhere: true, point })
      const place = choices.findIndex(({ text, unit }) => text.toLocaleLowerCase('vi') === wanted && unit?.former === former)
      const unit = choices[place]?.unit
      const cost = before.length + length + place + 2
      if (unit !== undefined && cost < (best?.cost ?? Number.POSITIVE_INFINITY)) best = { cost, unit }
    }
  }
  return best
}

/** What is pressed on the screen for a value that nothing offers. */
export const enteredCost = (field: Field, value: string, { places, point = '', today }: PlacesAtHand): number => {
  const short = shortDateOf(field, value, today)
  if (short !== undefined) return short.length
  if (field.type === 'email') return emailCost(value)
  if (field.type === 'listed')
    return Math.min(lookUpCost(`${field.list}\n${value}\n${field.free ? 'free' : 'closed'}`), typedCost(field, value))
  return isPlaceField(field.type) ? placeCost([field.type, point, value, ...places].join('\n')) : typedCost(field, value)
}
