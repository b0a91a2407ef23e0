/**
 * Codes out of the input reports of a bar code scanner in HID POS mode (HID Point of Sale Usage Tables 1.02, usage page 0x8C,
 * Scanned Data Report). All makers whose manuals were read send the same 64 bytes:
 *
 *     0  report id 2      1  length of data (0 to 56)      2-4  AIM symbology identifier, "]Q1"
 *     5-60  decoded data  61-62  reserved or the maker's   63  bit 0: decoded data continued
 *
 * Invariants: a report of another id or size is no data; a length beyond the field, or a code that never ends, is refused and told; memory
 * is bounded.
 */
import type { CodeFrame } from './code-frames.ts'
import { longestCode } from './decode-code.ts'

export const barCodeScannerPage = 0x8c
/** Bar code scanner; the other application usages of the page are badge readers, bases and cradles. */
export const barCodeScannerUsages: readonly number[] = [0x02, 0x03]

const scannedDataReport = 2
const dataStart = 5
const dataSize = 56
const continuedAt = 63

export type HidPosFrames = {
  take(report: Uint8Array): CodeFrame[]
  reset(): void
}

export const createHidPosFrames = (): HidPosFrames => {
  let parts: Uint8Array[] = []
  let length = 0
  let dropping = false

  const reset = (): void => {
    parts = []
    length = 0
    dropping = false
  }

  return {
    take(report) {
      const size = report[1] ?? 0
      if (report[0] !== scannedDataReport || report.length <= continuedAt) return []
      if (size > dataSize) dropping = true
      else if (length + size > longestCode) dropping = true
      else {
        parts.push(report.slice(dataStart, dataStart + size))
        length += size
      }
      const continued = ((report[continuedAt] ?? 0) & 1) === 1
      if (continued) {
        // A scanner that says "more" for ever is not kept in memory.
        if (dropping) parts = []
        return []
      }
      const code = new Uint8Array(length)
      let at = 0
      for (const part of parts) {
        code.set(part, at)
        at += part.length
      }
      const frame: CodeFrame[] = dropping ? [{ type: 'too-long' }] : length === 0 ? [] : [{ type: 'code', bytes: code }]
      reset()
      return frame
    },
    reset,
  }
}
