/**
 * Provinces and communes of today, and the units before 1/7/2025 with where each went. A former unit may have gone to several communes:
 * nothing here guesses which, it gives all of them with their share.
 */
import type { CompactUnits } from './compact.ts'

/** How much of a former unit went to a commune; `people`: part of the area, all of the people. */
export type Share = 'whole' | 'people' | 'part' | 'area'

export type Province = CompactUnits['provinces'][number]
export type Commune = { code: string; name: string; province: Province; before?: string }
export type FormerUnit = {
  /** Empty for a unit that was dissolved before the last list of codes, and for an island district. */
  code: string
  /** Empty for an island district, which had no communes. */
  name: string
  district: string
  province: string
  /** Where it went; the likeliest home of its people first. */
  went: { commune: Commune; share: Share }[]
}

export type AdministrativeUnits = {
  provinces: ReadonlyMap<string, Province>
  communes: ReadonlyMap<string, Commune>
  formers: readonly FormerUnit[]
  /** Names a district had before it was merged into another. */
  districtsAlsoCalled: Readonly<Record<string, readonly string[]>>
}

const isShare = (text: string | undefined): text is Share => text === 'people' || text === 'part' || text === 'area'

export const readUnits = (compact: CompactUnits): AdministrativeUnits => {
  const provinces = new Map(compact.provinces.map((province) => [province.code, province]))
  const communes = new Map<string, Commune>()
  // By the provinces' own order: the keys of an object would come as numbers first.
  for (const province of provinces.values()) {
    for (const line of (compact.communes[province.code] ?? '').split('\n')) {
      const [name = '', before] = line.slice(6).split('|')
      const code = line.slice(0, 5)
      communes.set(code, { code, name, province, ...(before === undefined ? {} : { before }) })
    }
  }
  const communeOf = (code: string): Commune => {
    const commune = communes.get(code)
    if (commune === undefined) throw new Error(`No commune ${code}`)
    return commune
  }
  const formers = Object.entries(compact.formers).flatMap(([province, districts]) =>
    Object.entries(districts).flatMap(([district, lines]) =>
      lines.split('\n').map((line): FormerUnit => {
        const [name = '', code = '', targets = ''] = line.split('|')
        const went = targets.split(' ').map((target): FormerUnit['went'][number] => {
          const [to = '', share] = target.split(':')
          return { commune: communeOf(to === '=' ? code : to), share: isShare(share) ? share : 'whole' }
        })
        return { code, name, district, province, went }
      }),
    ),
  )
  return { provinces, communes, formers, districtsAlsoCalled: compact.districtsAlsoCalled }
}
