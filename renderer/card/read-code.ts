/** What a scanned code says to whoever wants to open a card: the card's QR, a bare number, or why neither. */
import type { ScanFailureType } from '../../contracts/scan.ts'
import { type CardQr, parseCardQr, personalNumberOfCode } from '../../procedures/identity/card-qr.ts'

export type ReadCode =
  | { type: 'card-qr'; qr: CardQr }
  | { type: 'number'; number: string }
  /** The number is there when it came through whole: it may open the chip, and nothing else of the code is used. */
  | { type: 'trouble'; trouble: ScanFailureType; number?: string }

const withNumber = (trouble: ScanFailureType, number: string | undefined): ReadCode => ({
  type: 'trouble',
  trouble,
  ...(number === undefined ? {} : { number }),
})

export const readCode = (text: string): ReadCode => {
  const parsed = parseCardQr(text)
  if (parsed.ok) return { type: 'card-qr', qr: parsed.value }
  const number = personalNumberOfCode(text)
  if (parsed.error.type !== 'code-not-of-a-card') return withNumber(parsed.error.type, number)
  return number === undefined ? withNumber('code-not-of-a-card', undefined) : { type: 'number', number }
}

/**
 * A code that was typed by a scanner: as its keys were, and as it arrived in the field, where Alt codes and input programs end up.
 * The better of the two counts; a failure of a disturbed code is told as mangled, because that is what can be mended.
 */
export const readTypedCode = (keys: string, field: string, disturbed: boolean): ReadCode => {
  const [first, second] = [readCode(field), readCode(keys)]
  if (first.type === 'card-qr') return first
  if (second.type !== 'trouble') return second
  if (first.type === 'number') return first
  const number = first.number ?? second.number
  const mangled = disturbed || first.trouble === 'code-mangled' || second.trouble === 'code-mangled'
  return withNumber(mangled ? 'code-mangled' : second.trouble, number)
}
