/** Administrative units as entries of the look-up: communes of today, provinces, and units of before with where they went. */
import type { AdministrativeUnits, Commune, FormerUnit, Province } from '../administrative-units/units.ts'
import type { LookupEntry } from './lookup.ts'

export type UnitValue =
  | { type: 'province'; province: Province }
  | { type: 'commune'; commune: Commune }
  | { type: 'former'; former: FormerUnit }

const kindWordsOf = (name: string): number => (/^(Thành phố|Thị trấn|Thị xã|Đặc khu)\s/u.test(name) ? 2 : 1)

/** What people still call them, beyond what the lists say. */
const provincesAlsoCalled: Readonly<Record<string, readonly string[]>> = {
  'Thành phố Hồ Chí Minh': ['Sài Gòn'],
  'Thành phố Huế': ['Thừa Thiên Huế'],
}

const kindOf = (name: string): string => name.split(' ').slice(0, kindWordsOf(name)).join(' ')

/** The name proper stays when a unit changes its kind, so the kind of before is all there is to add. */
const kindsBefore = (unit: { before?: string | undefined }): { otherKinds?: string[] } =>
  unit.before === undefined ? {} : { otherKinds: [kindOf(unit.before)] }

const wide = (name: string, aliases: readonly string[]): string => [name, ...aliases].join(' ')

export const unitEntries = (units: AdministrativeUnits): LookupEntry<UnitValue>[] => {
  const provinces = [...units.provinces.values()].map((province): LookupEntry<UnitValue> => {
    return {
      list: 'provinces',
      name: province.name,
      kindWords: kindWordsOf(province.name),
      aliases: provincesAlsoCalled[province.name] ?? [],
      ...kindsBefore(province),
      value: { type: 'province', province },
    }
  })
  const communes = [...units.communes.values()].map((commune): LookupEntry<UnitValue> => {
    return {
      list: 'communes',
      name: commune.name,
      kindWords: kindWordsOf(commune.name),
      ...kindsBefore(commune),
      within: [
        wide(commune.province.name, [...(provincesAlsoCalled[commune.province.name] ?? []), commune.province.before ?? '']),
      ],
      value: { type: 'commune', commune },
    }
  })
  const formers = units.formers.map((former): LookupEntry<UnitValue> => {
    const district = wide(former.district, units.districtsAlsoCalled[former.district] ?? [])
    const province = wide(former.province, provincesAlsoCalled[former.province] ?? [])
    const name = former.name === '' ? former.district : former.name
    return {
      list: 'former-communes',
      name,
      kindWords: kindWordsOf(name),
      // The province it belongs to now is said too: a card of today and a paper of before are often held side by side.
      within: [district, province, former.went[0]?.commune.province.name ?? ''],
      order: former.code === '' ? 3 : 2,
      value: { type: 'former', former },
    }
  })
  return [...provinces, ...communes, ...formers]
}
