/**
 * Two-key 3DES in CBC mode and the retail MAC (Doc 9303-11 section 9.8.6.1: ISO/IEC 9797-1 MAC algorithm 3 with DES, padding
 * method 2).
 *
 * Invariants: keys of 16 bytes; block operations take whole blocks. Only `des-ede3-cbc` is asked of the cipher library: single
 * DES is the key tripled, because OpenSSL 3 and Electron's BoringSSL do not offer it under its own name.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto'
import { concatBytes } from '../bytes/bytes.ts'
import { pad } from '../bytes/padding.ts'

const zeroBlock = new Uint8Array(8)

const encryptBlocks = (key24: Uint8Array, iv: Uint8Array, blocks: Uint8Array): Uint8Array => {
  const cipher = createCipheriv('des-ede3-cbc', key24, iv).setAutoPadding(false)
  return concatBytes(cipher.update(blocks), cipher.final())
}

const twoKey = (key: Uint8Array): Uint8Array => concatBytes(key, key.subarray(0, 8))

export const encrypt3des = (key: Uint8Array, blocks: Uint8Array): Uint8Array => encryptBlocks(twoKey(key), zeroBlock, blocks)

export const decrypt3des = (key: Uint8Array, blocks: Uint8Array): Uint8Array => {
  const decipher = createDecipheriv('des-ede3-cbc', twoKey(key), zeroBlock).setAutoPadding(false)
  return concatBytes(decipher.update(blocks), decipher.final())
}

/** Single DES chains all blocks but the last, two-key 3DES makes the last: the same as decrypting and encrypting the end again. */
export const retailMac = (key: Uint8Array, message: Uint8Array): Uint8Array => {
  const padded = pad(message, 8)
  const single = key.subarray(0, 8)
  const head = padded.subarray(0, -8)
  const chained = head.length === 0 ? zeroBlock : encryptBlocks(concatBytes(single, single, single), zeroBlock, head).subarray(-8)
  return encryptBlocks(twoKey(key), chained, padded.subarray(-8))
}
