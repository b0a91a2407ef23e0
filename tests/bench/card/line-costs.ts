/**
 * The least a reading can cost on the line for a given length: what opens the chip and proves it, as the standards write it down, and
 * each file in as few protected READ BINARY as its length leaves. Air time follows from the bytes (ISO/IEC 14443-3 and -4).
 */
import type { ReadManner } from '../../../hardware/protocols/reading/read-file.ts'
import type { Exchange } from './recorded-read.ts'

export type LineCost = { apdus: number; bytes: number }

const tlvLength = (length: number): number => (length < 0x80 ? 1 : length < 0x100 ? 2 : 3)

/** AES: DO 97 and DO 8E out; DO 87 with the padded data, DO 99, DO 8E and the status word back. */
const protectedRead = (wanted: number, got: number): number => {
  const long = wanted > 256
  const objects = (long ? 4 : 3) + 10
  const command = 4 + (long ? 3 : 1) + objects + (long ? 2 : 1)
  const cryptogram = 1 + 16 * Math.ceil((got + 1) / 16)
  return command + 1 + tlvLength(cryptogram) + cryptogram + 4 + 10 + 2
}

/**
 * Doc 9303-11 sections 4.4.4 and 6.2: EF.CardAccess selected and read, MSE, four GENERAL AUTHENTICATE, the application selected; for
 * Chip Authentication MSE and GENERAL AUTHENTICATE.
 */
const mandated = 10

export const leastCost = (manner: ReadManner, fileLengths: readonly number[], exchanges: readonly Exchange[]): LineCost => {
  // What opens and proves has no length to choose: the bytes it took, in the commands it must take.
  const opening = exchanges.filter(({ command }) => command[0] !== 0x0c || command[1] !== 0xb0).slice(0, mandated)
  const openingBytes = opening.reduce((sum, { command, answer }) => sum + command.length + answer.length, 0)
  let apdus = mandated
  let bytes = openingBytes
  for (const length of fileLengths) {
    for (let left = length; left > 0; left -= manner.longest) {
      apdus += 1
      bytes += protectedRead(manner.longest, Math.min(left, manner.longest))
    }
  }
  return { apdus, bytes }
}

export const costOf = (exchanges: readonly Exchange[]): LineCost => ({
  apdus: exchanges.length,
  bytes: exchanges.reduce((sum, { command, answer }) => sum + command.length + answer.length, 0),
})

/** Largest frame both sides are usually set to, and what is not data in it: PCB and CRC. */
const frame = 256
const frameOverhead = 3

/** ms in the air: nine bits a byte (parity), frames of 256 bytes with their overhead; no time of the chip, no pauses. */
export const airMs = (exchanges: readonly Exchange[], kilobits: number): number => {
  const inFrames = (bytes: number): number => bytes + Math.ceil(bytes / (frame - frameOverhead)) * frameOverhead
  const bytes = exchanges.reduce((sum, { command, answer }) => sum + inFrames(command.length) + inFrames(answer.length), 0)
  return (bytes * 9) / kilobits
}
