/** ISO/IEC 9797-1 padding method 2 (Doc 9303-11 section 9.8): 80, then zeros to a whole block. `unpad(pad(x)) = x`. */
import { concatBytes } from './bytes.ts'

export const pad = (bytes: Uint8Array, blockLength: 8 | 16): Uint8Array =>
  concatBytes(bytes, Uint8Array.of(0x80), new Uint8Array(blockLength - 1 - (bytes.length % blockLength)))

/** Undefined where no padding of method 2 is found. */
export const unpad = (bytes: Uint8Array, blockLength: 8 | 16): Uint8Array | undefined => {
  let end = bytes.length - 1
  while (end >= 0 && bytes[end] === 0) end -= 1
  return bytes[end] === 0x80 && bytes.length - end <= blockLength ? bytes.subarray(0, end) : undefined
}
