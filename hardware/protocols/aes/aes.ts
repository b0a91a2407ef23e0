/**
 * AES in CBC mode and the CMAC made of it (Doc 9303-11 section 9.8.7; NIST SP 800-38A, SP 800-38B).
 *
 * Invariants: keys of 16, 24 or 32 bytes; CBC takes whole blocks. Only `aes-*-cbc` is asked of the cipher library, which OpenSSL and
 * Electron's BoringSSL both have.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto'
import { concatBytes } from '../bytes/bytes.ts'
import { pad } from '../bytes/padding.ts'

const zeroBlock = new Uint8Array(16)

const cbcName = (key: Uint8Array): string => `aes-${key.length * 8}-cbc`

export const encryptAes = (key: Uint8Array, blocks: Uint8Array, iv: Uint8Array = zeroBlock): Uint8Array => {
  const cipher = createCipheriv(cbcName(key), key, iv).setAutoPadding(false)
  return concatBytes(cipher.update(blocks), cipher.final())
}

export const decryptAes = (key: Uint8Array, blocks: Uint8Array, iv: Uint8Array = zeroBlock): Uint8Array => {
  const decipher = createDecipheriv(cbcName(key), key, iv).setAutoPadding(false)
  return concatBytes(decipher.update(blocks), decipher.final())
}

/** Multiplication by x in GF(2^128), as SP 800-38B section 6.1 makes its subkeys. */
const doubled = (block: Uint8Array): Uint8Array => {
  const carry = (block[0] ?? 0) >> 7
  return block
    .map((byte, at) => ((byte << 1) & 0xff) | ((block[at + 1] ?? 0) >> 7))
    .map((byte, at) => (at === 15 ? byte ^ (carry * 0x87) : byte))
}

/** SP 800-38B section 6.2, all 16 bytes. */
export const aesCmac = (key: Uint8Array, message: Uint8Array): Uint8Array => {
  const subkey1 = doubled(encryptAes(key, zeroBlock))
  const whole = message.length > 0 && message.length % 16 === 0
  const blocks = whole ? Uint8Array.from(message) : pad(message, 16)
  const mask = whole ? subkey1 : doubled(subkey1)
  const last = blocks.length - 16
  for (let at = 0; at < 16; at += 1) blocks[last + at] = (blocks[last + at] ?? 0) ^ (mask[at] ?? 0)
  return encryptAes(key, blocks).slice(-16)
}
