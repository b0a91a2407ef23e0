/** What a reading needs of the world: the card, fresh randomness, time. Given from outside, so that the protocols stay pure. */
import type { CardFailure } from '../../../contracts/card.ts'
import type { Result } from '../../../contracts/result.ts'
import type { Transmit } from './exchange.ts'

export type ReadingTools = {
  readonly transmit: Transmit
  /** Fresh bytes at each call. */
  random(length: number): Uint8Array
  /** Between two tries to open a chip; fails when the reading is stopped meanwhile. */
  pause(ms: number): Promise<Result<null, CardFailure>>
  /** ISO date. */
  readonly today: string
}
