/** Secure messaging with two-key 3DES: zero vector, retail MAC, a counter of 8 bytes (Doc 9303-11 section 9.8.6). */
import type { BacSession } from '../bac/bac.ts'
import { decrypt3des, encrypt3des, retailMac } from '../bac/triple-des.ts'
import type { SecureChannel } from './secure-messaging.ts'

export const createTripleDesChannel = ({ keys, sendSequenceCounter }: BacSession): SecureChannel => ({
  cipher: {
    blockLength: 8,
    encrypt: (_, blocks) => encrypt3des(keys.encryption, blocks),
    decrypt: (_, blocks) => decrypt3des(keys.encryption, blocks),
    mac: (message) => retailMac(keys.mac, message),
  },
  sendSequenceCounter,
})
