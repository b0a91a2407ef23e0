/**
 * Codes out of the bytes of a serial scanner: a code ends with the configured terminator, or when the line has been still.
 *
 * Invariants: no clock of its own (the caller says when the line was still); what is longer than any code is dropped whole and told
 * once, up to the next end; memory is bounded by that length.
 */
import type { SerialSettings } from '../../../contracts/scan.ts'
import { longestCode } from './decode-code.ts'

export type CodeFrame = { type: 'code'; bytes: Uint8Array } | { type: 'too-long' }

export type CodeFrames = {
  take(chunk: Uint8Array): CodeFrame[]
  /** The line was still for the configured time: what stands there is a whole code. */
  still(): CodeFrame[]
  /** The port went away: half a code is none. */
  reset(): void
}

const terminators: Record<SerialSettings['terminator'], readonly number[]> = {
  'line-end': [0x0d, 0x0a],
  tab: [0x09],
  etx: [0x03],
  none: [],
}

export const createCodeFrames = (terminator: SerialSettings['terminator']): CodeFrames => {
  const ends = terminators[terminator]
  const buffer = new Uint8Array(longestCode)
  let length = 0
  let dropping = false

  const end = (): CodeFrame[] => {
    const frame: CodeFrame[] = dropping
      ? [{ type: 'too-long' }]
      : length === 0
        ? []
        : [{ type: 'code', bytes: buffer.slice(0, length) }]
    length = 0
    dropping = false
    return frame
  }

  return {
    take(chunk) {
      const frames: CodeFrame[] = []
      for (const byte of chunk) {
        if (ends.includes(byte)) frames.push(...end())
        else if (length < longestCode) {
          buffer[length] = byte
          length += 1
        } else dropping = true
      }
      return frames
    },
    still: end,
    reset() {
      length = 0
      dropping = false
    },
  }
}
