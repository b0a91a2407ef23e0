/**
 * Keys of PACE: from the password (Doc 9303-11 section 9.7.3), of the session (section 9.7.1), and the tokens which prove them
 * (section 4.4.3).
 *
 * Invariants: pure. SHA-1 serves 3DES and AES-128, SHA-256 the longer keys. Parity bits of DES keys are left as they fall: DES does
 * not look at them.
 */
import { createHash } from 'node:crypto'
import { aesCmac, decryptAes } from '../aes/aes.ts'
import { decrypt3des, retailMac } from '../bac/triple-des.ts'
import { concatBytes } from '../bytes/bytes.ts'
import { mrzKeyInformation } from '../mrz/mrz.ts'
import { encodeTlv } from '../tlv/tlv.ts'
import type { PaceCipher } from './card-access.ts'

export type PacePassword =
  | { readonly type: 'can'; readonly can: string }
  | { readonly type: 'mrz'; readonly documentNumber: string; readonly birthDate: string; readonly expiryDate: string }

/** f(π): the CAN as it is printed, or the hash of the MRZ's key information. */
export const passwordSecret = (password: PacePassword): Uint8Array =>
  password.type === 'can'
    ? new TextEncoder().encode(password.can)
    : Uint8Array.from(createHash('sha1').update(mrzKeyInformation(password), 'latin1').digest())

const keyLengths = { '3des': 16, 'aes-128': 16, 'aes-192': 24, 'aes-256': 32 } as const

/** KDF with its counter: 1 encryption, 2 MAC, 3 password. */
export const derivePaceKey = (cipher: PaceCipher, secret: Uint8Array, counter: 1 | 2 | 3): Uint8Array => {
  const hash = createHash(cipher === '3des' || cipher === 'aes-128' ? 'sha1' : 'sha256')
  const digest = hash
    .update(secret)
    .update(Uint8Array.of(0, 0, 0, counter))
    .digest()
  return Uint8Array.from(digest.subarray(0, keyLengths[cipher]))
}

export const nonceBlockLength = (cipher: PaceCipher): 8 | 16 => (cipher === '3des' ? 8 : 16)

/** s = D(Kπ, z), z of whole blocks. */
export const decryptNonce = (cipher: PaceCipher, passwordKey: Uint8Array, encrypted: Uint8Array): Uint8Array =>
  cipher === '3des' ? decrypt3des(passwordKey, encrypted) : decryptAes(passwordKey, encrypted)

/** The token over the other side's public key: DO 86 holds a point, DO 84 a number (section 9.4). */
export const authenticationToken = (
  cipher: PaceCipher,
  macKey: Uint8Array,
  protocol: Uint8Array,
  publicKeyTag: 0x84 | 0x86,
  publicKey: Uint8Array,
): Uint8Array => {
  const input = encodeTlv(0x7f49, concatBytes(encodeTlv(0x06, protocol), encodeTlv(publicKeyTag, publicKey)))
  return cipher === '3des' ? retailMac(macKey, input) : aesCmac(macKey, input).slice(0, 8)
}
