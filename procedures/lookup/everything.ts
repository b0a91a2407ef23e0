/** The one look-up over everything the catalogue names: all code lists, provinces, communes and the units of before. */
import { loadUnits } from '../administrative-units/load-units.ts'
import type { AdministrativeUnits } from '../administrative-units/units.ts'
import { codeListEntries, type ListedValue } from './lists.ts'
import { createLookup, type Lookup, type LookupEntry } from './lookup.ts'
import { type UnitValue, unitEntries } from './unit-entries.ts'

export type LookupValue = ListedValue | UnitValue

export const everythingOf = (units: AdministrativeUnits): LookupEntry<LookupValue>[] => [
  ...codeListEntries(),
  ...unitEntries(units),
]

let making: Promise<Lookup<LookupValue>> | undefined

export const loadLookup = (): Promise<Lookup<LookupValue>> => {
  making ??= loadUnits().then((units) => createLookup(everythingOf(units)))
  return making
}
