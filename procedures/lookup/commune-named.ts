/** A commune of today by its full name with its province, as the list writes it; capitals of the kinds of units do not matter. */
import { loadUnits } from '../administrative-units/load-units.ts'
import { unitOfPlace } from '../rules/place-text.ts'

export const communeNamed = async (place: string): Promise<string | undefined> => {
  const wanted = unitOfPlace(place.normalize('NFC'))
  if (wanted === '') return undefined
  const { communes } = await loadUnits()
  return [...communes.values()]
    .map(({ name, province }) => `${name}, ${province.name}`)
    .find((name) => unitOfPlace(name) === wanted)
}
