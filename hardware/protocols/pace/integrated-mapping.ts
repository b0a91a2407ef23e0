/**
 * The pseudo-random number R(s, t) of integrated mapping (Doc 9303-11 section 4.4.3.3.3): the cipher run over two constants.
 *
 * Invariants: pure. The nonces' lengths follow the cipher: s of 128 bits, of 256 with AES-192 and AES-256; t as long as a key.
 */
import { encryptAes } from '../aes/aes.ts'
import { encrypt3des } from '../bac/triple-des.ts'
import { concatBytes, fromHex } from '../bytes/bytes.ts'
import type { PaceCipher } from './card-access.ts'

const constants = {
  short: [fromHex('A668892A7C41E3CA739F40B057D85904'), fromHex('A4E136AC725F738B01C1F60217C188AD')],
  long: [
    fromHex('D463D65234124EF7897054986DCA0A174E28DF758CBAA03F240616414D5A1676'),
    fromHex('54BD7255F0AAF831BEC3423FCF39D69B6CBF066677D0FAAE5AADD99DF8E53517'),
  ],
} as const

const keyLengths = { '3des': 16, 'aes-128': 16, 'aes-192': 24, 'aes-256': 32 } as const

/** Bytes of the terminal's nonce t. */
export const mappingNonceLength = (cipher: PaceCipher): number => keyLengths[cipher]

export const pseudoRandomNumber = (cipher: PaceCipher, s: Uint8Array, t: Uint8Array, fieldBits: number): Uint8Array => {
  const encrypt = (key: Uint8Array, message: Uint8Array): Uint8Array =>
    cipher === '3des' ? encrypt3des(key, message) : encryptAes(key, message)
  const [c0, c1] = keyLengths[cipher] > 16 ? constants.long : constants.short
  const keyOf = (block: Uint8Array): Uint8Array => block.slice(0, keyLengths[cipher])
  const blocks: Uint8Array[] = []
  let key = keyOf(encrypt(t, s))
  while (blocks.length * c0.length * 8 < fieldBits + 64) {
    blocks.push(encrypt(key, c1))
    key = keyOf(encrypt(key, c0))
  }
  return concatBytes(...blocks)
}
