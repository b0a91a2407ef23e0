/**
 * Completing a place while it is typed: the commune at the end of an address by the look-up, and whole places that this dossier or this
 * visit has named before. Only the text after the last comma, or from the last word for a kind of unit on, is looked up; what stands
 * before it stays. Nothing is completed unless it is chosen.
 */
import type { UnitCodes } from '../../contracts/dossier.ts'
import type { FormerUnit, Share } from '../administrative-units/units.ts'
import { provinceOfPlace, unitOfPlace } from '../rules/place-text.ts'
import type { LookupValue } from './everything.ts'
import type { Lookup } from './lookup.ts'
import { createLookup, type LookupEntry } from './lookup.ts'
import { readWords } from './words.ts'

export type PlaceChoice = {
  id: string
  /** The whole text after choosing. */
  text: string
  /** What the list shows: the name, and beside it the older name or where it is known from. */
  name: string
  former?: { name: string; share: Share }
  /** Named before in this dossier or visit, or where the point stands. */
  known?: 'before' | 'point'
  unit?: UnitCodes
}

const shortKinds = /(?:^|[\s,])((?:xã|phường|thị trấn|đặc khu|tt|tx|p|x|q)[\s.]\s*\S.*)$/iu

/** The last of them: `Trạm Y tế xã Đồng Văn, xã Đồng Văn` names a facility before its commune. */
const lastKind = /^(?:.*[\s,])?((?:(?<!thị\s)xã|phường|thị trấn|đặc khu)\s+\S.*)$/iu

/** Where in the text the commune begins that is being typed. */
export const tailOf = (text: string): { before: string; tail: string } => {
  const kind = lastKind.exec(text) ?? shortKinds.exec(text)
  const comma = text.lastIndexOf(',')
  const at = kind?.[1] === undefined ? comma + 1 : text.length - kind[1].length
  const tail = text.slice(at).trimStart()
  return { before: text.slice(0, text.length - tail.length), tail }
}

const uncapitalised = (name: string): string => name.charAt(0).toLocaleLowerCase('vi') + name.slice(1)

/** In the middle of a line a unit's kind is written small: `Bản Bua, xã Mường Ảng, tỉnh Điện Biên`. */
const inLine = (before: string, commune: string, province: string): string =>
  `${before}${before.trim() === '' ? commune : uncapitalised(commune)}, ${uncapitalised(province)}`

export const formerName = (former: FormerUnit): string =>
  [former.name, former.district, former.province].filter((name) => name !== '').join(', ')

const tooMany = 8

/** Places named before, as entries of a small look-up. */
const knownEntries = (places: readonly string[]): LookupEntry<string>[] =>
  [...new Set(places)].map((place) => ({ list: 'known-places', name: place, value: place }))

/** The codes of a place named before, where its commune is one of today. */
const codesOf = (place: string, lookup: Lookup<LookupValue> | undefined): UnitCodes | undefined => {
  const unit = unitOfPlace(place)
  if (unit === '' || lookup === undefined) return undefined
  for (const { entry } of lookup.search(unit, { lists: ['communes'], limit: 3 })) {
    const { value } = entry
    if (value.type !== 'commune') continue
    const { code, name, province } = value.commune
    if (unitOfPlace(`${name}, ${province.name}`) !== unit) continue
    const detail = tailOf(place.slice(0, place.length - unit.length)).before.replace(/[\s,]+$/u, '')
    return { province: province.code, commune: code, ...(detail === '' ? {} : { detail }) }
  }
  return undefined
}

export type PlaceSurroundings = {
  /** The field is a place, so any text may begin a commune; else only after a word for a kind of unit. */
  anywhere: boolean
  /** The commune and province the point stands in: offered first, and its province before others. */
  point?: string | undefined
}

const lastOf = <K extends object, V>(make: (key: K, point: string | undefined) => V) => {
  const made = new WeakMap<K, { point: string | undefined; value: V }>()
  return (key: K, point?: string): V => {
    const known = made.get(key)
    if (known !== undefined && known.point === point) return known.value
    const value = make(key, point)
    made.set(key, { point, value })
    return value
  }
}

/** Made once for the same places: a place is typed letter by letter. */
const placesLookup = lastOf((known: readonly string[]) => createLookup(knownEntries(known)))

const tailsLookup = lastOf((known: readonly string[], point) => {
  const tails = known.map((place) => tailOf(place).tail).filter((place) => place.includes(','))
  const names = [...new Set([...(point === undefined ? [] : [point]), ...tails])]
  return { names, lookup: createLookup(knownEntries(names)) }
})

export const completePlace = (
  typed: string,
  lookup: Lookup<LookupValue> | undefined,
  known: readonly string[],
  { anywhere, point }: PlaceSurroundings,
): PlaceChoice[] => {
  if (typed.trim().length < 2 || readWords(typed).length === 0) return []
  const choices: PlaceChoice[] = []
  const add = (choice: PlaceChoice): void => {
    if (
      choices.length < tooMany &&
      choice.text !== typed &&
      !choices.some(({ text, former }) => text === choice.text && former?.name === choice.former?.name)
    ) {
      choices.push(choice)
    }
  }
  const { before, tail } = tailOf(typed)
  const addKnown = (id: string, text: string, name: string): void => {
    const unit = codesOf(text, lookup)
    add({ id, text, name, known: name === point ? 'point' : 'before', ...(unit === undefined ? {} : { unit }) })
  }
  for (const { entry } of placesLookup(known).search(typed, { limit: 3 })) addKnown(`known ${entry.name}`, entry.name, entry.name)
  const tails = tailsLookup(known, point)
  // After the comma nothing is typed yet: the communes that are at hand, the point's own first.
  const atHand = tail === '' && anywhere && /,\s*$/.test(before) ? tails.names.slice(0, 4) : []
  const foundTails = tail === '' ? [] : tails.lookup.search(tail, { limit: 2 }).map(({ entry }) => entry.name)
  if (before.trim() !== '' || anywhere) {
    for (const name of [...atHand, ...foundTails])
      addKnown(`tail ${name}`, before.trim() === '' ? name : `${before}${uncapitalised(name)}`, name)
  }
  const here = provinceOfPlace(point ?? '')
  const isNear = (value: LookupValue): boolean =>
    here !== '' && value.type === 'commune' && provinceOfPlace(value.commune.province.name) === here
  const options = { lists: ['communes', 'former-communes'], limit: tooMany, near: isNear }
  const searched = anywhere || shortKinds.test(typed) ? lookup : undefined
  for (const { entry } of searched?.search(tail, options) ?? []) {
    const { value } = entry
    if (value.type === 'commune') {
      const { code, name, province } = value.commune
      const text = inLine(before, name, province.name)
      const detail = before.replace(/[\s,]+$/u, '')
      const unit: UnitCodes = { province: province.code, commune: code, ...(detail === '' ? {} : { detail }) }
      add({ id: code, text, name: `${name}, ${province.name}`, unit })
    } else if (value.type === 'former') {
      for (const { commune, share } of value.former.went) {
        const former = formerName(value.former)
        const text = inLine(before, commune.name, commune.province.name)
        const detail = before.replace(/[\s,]+$/u, '')
        const unit: UnitCodes = {
          province: commune.province.code,
          commune: commune.code,
          former,
          ...(detail === '' ? {} : { detail }),
        }
        add({
          id: `${former} ${commune.code}`,
          text,
          name: `${commune.name}, ${commune.province.name}`,
          former: { name: former, share },
          unit,
        })
      }
    }
  }
  return choices
}
