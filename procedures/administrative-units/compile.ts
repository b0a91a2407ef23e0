/**
 * From the published tables and our own corrections to the compact text the kiosk carries. Pure; run by `npm run units`.
 *
 * Invariants: 34 provinces, every target is a commune of today, every name is NFC. A published row points to its commune by name within
 * its province: 453 of its codes are another commune's, another province's or nobody's, the names are all right.
 */
import { z } from 'zod'
import type { CompactUnits } from './compact.ts'

const Row = z.record(z.string(), z.string().nullable())
const Published = z.array(z.object({ type: z.string(), name: z.string().optional(), data: z.array(Row).optional() }))

const Reason = { reason: z.string().min(1) }
const Code = z.string().regex(/^\d{5}$/)
/** `00004 00008:people`: communes a former unit went to, and how. */
const Targets = z.string().regex(/^\d{5}(:(part|people|area))?( \d{5}(:(part|people|area))?)*$/)

const Corrections = z.object({
  base: z.string(),
  sources: z.record(z.string(), z.string()),
  communeCodes: z.object({ ...Reason, codes: z.record(Code, Code) }),
  provinces: z.array(z.object({ ...Reason, code: z.string(), name: z.string(), from: z.iso.date() })),
  communes: z.object({ ...Reason, names: z.record(Code, z.string()) }),
  formerDistricts: z.object({
    ...Reason,
    province: z.string(),
    name: z.string(),
    alsoCalled: z.array(z.string()),
    codes: z.string(),
  }),
  targets: z.object({ ...Reason, formers: z.record(Code, Targets) }),
  splits: z.object({ ...Reason, formers: z.record(Code, Targets) }),
  dropped: z.object({ ...Reason, rows: z.array(z.object({ commune: z.string(), district: z.string(), to: z.string() })) }),
  added: z.object({
    ...Reason,
    formers: z.array(z.object({ code: Code, name: z.string(), district: z.string(), province: z.string(), communes: Targets })),
  }),
  islands: z.object({ ...Reason, formers: z.array(z.object({ district: z.string(), province: z.string(), commune: Code })) }),
})
type Corrections = z.infer<typeof Corrections>

type Former = { code: string; name: string; district: string; province: string; targets: string[] }

const clean = (text: string | null | undefined): string => (text ?? '').normalize('NFC').replace(/\s+/g, ' ').trim()

const letters = (text: string): string =>
  text
    .normalize('NFD')
    .toLowerCase()
    .replace(/đ/g, 'd')
    .replace(/[^a-z0-9]/g, '')

const provinceName = (name: string): string => (name.startsWith('Thành phố ') ? name : `Tỉnh ${name}`)

const targetFinder = (communes: readonly { code: string; name: string; province: string }[]) => {
  const byPlace = new Map<string, { code: string; name: string }[]>()
  for (const commune of communes) {
    const place = `${commune.province}/${letters(commune.name)}`
    byPlace.set(place, [...(byPlace.get(place) ?? []), commune])
  }
  return (province: string, name: string): string => {
    const found = byPlace.get(`${province}/${letters(name)}`) ?? []
    const [only] = found.length === 1 ? found : found.filter((commune) => commune.name === name)
    if (only === undefined) throw new Error(`No commune "${name}" in ${province}`)
    return only.code
  }
}

const withCorrections = (formers: Former[], corrections: Corrections, known: ReadonlySet<string>): Former[] => {
  const redistricted = new Set(corrections.formerDistricts.codes.split(' '))
  const corrected = formers.map((former) => {
    const named = corrections.splits.formers[former.code] ?? corrections.targets.formers[former.code]
    const targets = named === undefined ? former.targets : named.split(' ')
    const district = redistricted.has(former.code) ? corrections.formerDistricts.name : former.district
    return { ...former, targets, district }
  })
  const added = corrections.added.formers.map(({ communes, ...former }) => ({ ...former, targets: communes.split(' ') }))
  const islands = corrections.islands.formers.map(({ district, province, commune }) => {
    return { code: '', name: '', district, province, targets: [commune] }
  })
  const all = [...corrected, ...added, ...islands]
  for (const former of all) {
    for (const target of former.targets) {
      if (!known.has(target.slice(0, 5))) throw new Error(`${former.name}, ${former.district}: no commune ${target}`)
    }
  }
  return all
}

export const compileUnits = (published: unknown, correctionsJson: unknown): CompactUnits => {
  const corrections = Corrections.parse(correctionsJson)
  const table = (name: string) => {
    const rows = Published.parse(published).find((each) => each.name === name)?.data
    if (rows === undefined) throw new Error(`The published data has no table "${name}"`)
    return rows.map((row) => (column: string) => clean(row[column]))
  }
  const provinces = table('provinces').map((cell) => {
    const later = corrections.provinces.find((change) => change.code === cell('province_code'))
    return { code: cell('province_code'), base: cell('name'), name: later?.name ?? provinceName(cell('name')) }
  })
  const communes = table('wards').map((cell) => {
    const code = corrections.communeCodes.codes[cell('ward_code')] ?? cell('ward_code')
    return { code, name: cell('name'), province: cell('province_code') }
  })
  const provinceByName = new Map(provinces.map((province) => [province.base, province.code]))
  const findTarget = targetFinder(communes)
  const dropped = new Set(corrections.dropped.rows.map((row) => `${row.commune}/${row.district}/${row.to}`))

  // Rows with a code come first, so that a row without one only adds a unit which has no code of its own.
  const byPlace = new Map<string, Former>()
  const rows = table('ward_mappings').filter((cell) => cell('old_ward_name') !== '')
  for (const cell of [
    ...rows.filter((each) => each('old_ward_code') !== ''),
    ...rows.filter((each) => each('old_ward_code') === ''),
  ]) {
    const name = cell('old_ward_name')
    const district = cell('old_district_name')
    const code = cell('old_ward_code')
    if (code === '' && dropped.has(`${name}/${district}/${cell('new_ward_name')}`)) continue
    const target = findTarget(provinceByName.get(cell('new_province_name')) ?? '', cell('new_ward_name'))
    const place = code === '' ? letters(`${name}/${district}/${cell('old_province_name')}`) : code
    const known = byPlace.get(place) ?? (code === '' ? byPlace.get(`name/${place}`) : undefined)
    if (known === undefined) {
      const former = { code, name, district, province: cell('old_province_name'), targets: [target] }
      byPlace.set(place, former)
      byPlace.set(`name/${letters(`${name}/${district}/${cell('old_province_name')}`)}`, former)
    } else if (known.code === code && !known.targets.includes(target)) known.targets.push(target)
  }
  const formers = withCorrections([...new Set(byPlace.values())], corrections, new Set(communes.map((commune) => commune.code)))
  return compact(provinces, communes, formers, corrections)
}

const compact = (
  provinces: readonly { code: string; base: string; name: string }[],
  communes: readonly { code: string; name: string; province: string }[],
  formers: readonly Former[],
  corrections: Corrections,
): CompactUnits => {
  const renamed = corrections.communes.names
  const formerProvinces: CompactUnits['formers'] = {}
  const inOrder = [...formers].sort((one, other) => (one.code || '99999').localeCompare(other.code || '99999'))
  for (const former of inOrder) {
    const districts = formerProvinces[former.province] ?? {}
    formerProvinces[former.province] = districts
    const line = `${former.name}|${former.code}|${former.targets.map((target) => (target === former.code ? '=' : target)).join(' ')}`
    districts[former.district] = districts[former.district] === undefined ? line : `${districts[former.district]}\n${line}`
  }
  return {
    source: `${corrections.base}; ${Object.values(corrections.sources).join('; ')}`,
    provinces: provinces.map(({ code, base, name }) => {
      const before = provinceName(base)
      return { code, name, ...(before === name ? {} : { before }) }
    }),
    communes: Object.fromEntries(
      provinces.map(({ code }) => [
        code,
        communes
          .filter((commune) => commune.province === code)
          .sort((one, other) => one.code.localeCompare(other.code))
          .map((commune) => {
            const now = renamed[commune.code]
            return now === undefined ? `${commune.code} ${commune.name}` : `${commune.code} ${now}|${commune.name}`
          })
          .join('\n'),
      ]),
    ),
    formers: formerProvinces,
    districtsAlsoCalled: { [corrections.formerDistricts.name]: corrections.formerDistricts.alsoCalled },
  }
}
