/**
 * A code's bytes as text. Cards' codes are UTF-8; what is not is refused rather than guessed, for a name in the wrong letters is worse
 * than none. Invariant: a refusal never carries the bytes.
 */

import { err, ok, type Result } from '../../../contracts/result.ts'
import type { ScanFailure } from '../../../contracts/scan.ts'

/** Bytes of the longest code that is taken. A card's has some 320. */
export const longestCode = 2_000

const utf8 = new TextDecoder('utf-8', { fatal: true })

const unreadable = (detail: string) => err<ScanFailure>({ type: 'code-unreadable', detail, retry: true })

export const decodeCode = (bytes: Uint8Array): Result<string, ScanFailure> => {
  if (bytes.length > longestCode) return unreadable('longer than any code')
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch {
    return unreadable(`${bytes.length} bytes that are not UTF-8`)
  }
  // Padding and framing of scanners: NULs anywhere; line ends, STX and ETX around it.
  const clean = text.replaceAll('\u0000', '').replaceAll('\u0002', '').replaceAll('\u0003', '').trim().normalize('NFC')
  return clean === '' ? unreadable('no characters') : ok(clean)
}
