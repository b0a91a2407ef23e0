/**
 * Completing a place while it is typed: the commune at the end of an address by the look-up, and whole places that this dossier or this
 * visit has named before. Only the text after the last comma, or from the last word for a kind of unit on, is looked up; what stands
 * before it stays. Nothing is completed unless it is chosen.
 */
import type { UnitCodes } from '../../contracts/dossier.ts'
import type { FormerUnit, Share } from '../administrative-units/units.ts'
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
  known?: boolean
  unit?: UnitCodes
}

const shortKinds = /(?:^|[\s,])((?:xã|phường|thị trấn|đặc khu|tt|tx|p|x|q)[\s.]\s*\S.*)$/iu

/** Where in the text the commune begins that is being typed. */
export const tailOf = (text: string): { before: string; tail: string } => {
  const kind = shortKinds.exec(text)
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

export const completePlace = (
  typed: string,
  lookup: Lookup<LookupValue> | undefined,
  known: readonly string[],
  /** `anywhere`: the field is a place, so any text may begin a commune; else only after a word for a kind of unit. */
  { anywhere, near }: { anywhere: boolean; near?: (province: string) => boolean },
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
  const places = createLookup(knownEntries(known))
  for (const { entry } of places.search(typed, { limit: 3 }))
    add({ id: `known ${entry.name}`, text: entry.name, name: entry.name, known: true })
  const tails = createLookup(knownEntries(known.map((place) => tailOf(place).tail).filter((place) => place.includes(','))))
  if (before.trim() !== '') {
    for (const { entry } of tails.search(tail, { limit: 2 })) {
      const text = `${before}${uncapitalised(entry.name)}`
      add({ id: `tail ${entry.name}`, text, name: entry.name, known: true })
    }
  }
  const isNear = (value: LookupValue): boolean => value.type === 'commune' && near?.(value.commune.province.code) === true
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
