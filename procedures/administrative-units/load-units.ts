/** Reads the units when they are first needed: the page fetches them as a file of their own (kept for offline), once. */
import { CompactUnits } from './compact.ts'
import { type AdministrativeUnits, readUnits } from './units.ts'

let loading: Promise<AdministrativeUnits> | undefined

export const loadUnits = (): Promise<AdministrativeUnits> => {
  loading ??= import('./units.json', { with: { type: 'json' } }).then((file) => readUnits(CompactUnits.parse(file.default)))
  return loading
}
