/**
 * Basic Access Control, the terminal's side (Doc 9303-11 section 4.3, key derivation section 9.7.1).
 *
 * Invariants: pure; both nonces and the terminal's key share come in as arguments. A response is believed only when its MAC fits
 * and it holds both nonces.
 */
import { createHash } from 'node:crypto'
import { err, ok, type Result } from '../../../contracts/result.ts'
import { concatBytes, equalBytes } from '../bytes/bytes.ts'
import { mrzKeyInformation } from '../mrz/mrz.ts'
import { decrypt3des, encrypt3des, retailMac } from './triple-des.ts'

export type DesKeys = { readonly encryption: Uint8Array; readonly mac: Uint8Array }
export type BacSession = { readonly keys: DesKeys; readonly sendSequenceCounter: Uint8Array }
export type BacFailure = { type: 'bac-response-length' | 'bac-mac-wrong' | 'bac-nonce-wrong' }

/** Each byte of a DES key has odd parity. */
const withOddParity = (key: Uint8Array): Uint8Array =>
  key.map((byte) => {
    let ones = 0
    for (let bit = 1; bit < 8; bit += 1) ones += (byte >> bit) & 1
    return (byte & 0xfe) | (ones % 2 === 0 ? 1 : 0)
  })

const deriveKey = (seed: Uint8Array, counter: 1 | 2): Uint8Array =>
  withOddParity(
    Uint8Array.from(
      createHash('sha1')
        .update(seed)
        .update(Uint8Array.of(0, 0, 0, counter))
        .digest()
        .subarray(0, 16),
    ),
  )

export const deriveKeys = (seed: Uint8Array): DesKeys => ({ encryption: deriveKey(seed, 1), mac: deriveKey(seed, 2) })

export const documentKeySeed = (mrzInformation: string): Uint8Array =>
  Uint8Array.from(createHash('sha1').update(mrzInformation, 'latin1').digest().subarray(0, 16))

export const documentKeys = (key: { documentNumber: string; birthDate: string; expiryDate: string }): DesKeys =>
  deriveKeys(documentKeySeed(mrzKeyInformation(key)))

export type TerminalRandomness = {
  /** RND.IFD, 8 bytes. */
  readonly nonce: Uint8Array
  /** K.IFD, 16 bytes. */
  readonly keyShare: Uint8Array
}

/** Data of EXTERNAL AUTHENTICATE: E(RND.IFD | RND.IC | K.IFD) and its MAC (section 4.3.1 step 2). */
export const authenticationData = (keys: DesKeys, chipNonce: Uint8Array, random: TerminalRandomness): Uint8Array => {
  const cryptogram = encrypt3des(keys.encryption, concatBytes(random.nonce, chipNonce, random.keyShare))
  return concatBytes(cryptogram, retailMac(keys.mac, cryptogram))
}

/** Checks the chip's answer and makes the session (section 4.3.1 steps 4-6, section 9.8.6.3 for the counter). */
export const completeAuthentication = (
  keys: DesKeys,
  chipNonce: Uint8Array,
  random: TerminalRandomness,
  response: Uint8Array,
): Result<BacSession, BacFailure> => {
  if (response.length !== 40) return err({ type: 'bac-response-length' })
  const cryptogram = response.subarray(0, 32)
  if (!equalBytes(retailMac(keys.mac, cryptogram), response.subarray(32))) return err({ type: 'bac-mac-wrong' })
  const plain = decrypt3des(keys.encryption, cryptogram)
  if (!equalBytes(plain.subarray(0, 8), chipNonce) || !equalBytes(plain.subarray(8, 16), random.nonce))
    return err({ type: 'bac-nonce-wrong' })
  const seed = random.keyShare.map((byte, at) => byte ^ (plain[16 + at] ?? 0))
  return ok({
    keys: deriveKeys(seed),
    sendSequenceCounter: concatBytes(chipNonce.subarray(4, 8), random.nonce.subarray(4, 8)),
  })
}
