/**
 * Secure messaging with AES-128, -192 or -256: the vector is the encrypted counter, the MAC the first 8 bytes of the CMAC over the
 * padded message, the counter has 16 bytes and begins at zero (Doc 9303-11 section 9.8.7).
 */
import { aesCmac, decryptAes, encryptAes } from '../aes/aes.ts'
import { pad } from '../bytes/padding.ts'
import type { SecureChannel } from './secure-messaging.ts'

export const createAesChannel = (
  keys: { readonly encryption: Uint8Array; readonly mac: Uint8Array },
  sendSequenceCounter: Uint8Array = new Uint8Array(16),
): SecureChannel => ({
  cipher: {
    blockLength: 16,
    encrypt: (counter, blocks) => encryptAes(keys.encryption, blocks, encryptAes(keys.encryption, counter)),
    decrypt: (counter, blocks) => decryptAes(keys.encryption, blocks, encryptAes(keys.encryption, counter)),
    mac: (message) => aesCmac(keys.mac, pad(message, 16)).slice(0, 8),
  },
  sendSequenceCounter,
})
