/**
 * What it costs to search a PIN with what lies on a stolen disk, for each kind of device secret.
 *
 * - `file`: the disk holds the device secret, so every PIN can be tried away from the machine: half of all PINs times one Argon2id
 *   (RFC 9106), on as many cores as one likes to rent.
 * - `os-keystore`: the disk holds the secret under the keystore's key; without the login password of the kiosk's user nothing can be tried.
 * - `tpm`: the secret never leaves the chip, which slows guesses down by itself; nothing can be tried away from the machine.
 */
import type { StationDescription } from '../../contracts/station-api.ts'

type DeviceSecretKind = StationDescription['deviceSecret']

/** One guess by a native implementation on one core of a rented machine: 64 MiB, three passes (assumed; `npm run pin-cost` measures WebAssembly, which is slower). */
const guessMs = 100
/** A rented core's price for an hour, US dollars: an order of magnitude. */
const coreHourDollars = 0.02
/** From here on a PIN in a file's care is worth more than what one dossier could be sold for: a month of a hundred cores. */
const enoughCoreHours = 72_000

export type PinCost = { kind: 'unsearchable' } | { kind: 'searchable'; coreHours: number; dollars: number; enough: boolean }

export const pinSearchCost = (secret: DeviceSecretKind, digits: number, msPerGuess = guessMs): PinCost => {
  if (secret !== 'file') return { kind: 'unsearchable' }
  const coreHours = (10 ** digits / 2) * (msPerGuess / 3_600_000)
  return { kind: 'searchable', coreHours, dollars: coreHours * coreHourDollars, enough: coreHours >= enoughCoreHours }
}

/** Digits a PIN needs on this machine before its search costs enough. */
export const digitsAdvised = (secret: DeviceSecretKind): number => {
  let digits = 6
  for (
    let cost = pinSearchCost(secret, digits);
    cost.kind === 'searchable' && !cost.enough;
    cost = pinSearchCost(secret, digits)
  ) {
    digits += 1
  }
  return digits
}
