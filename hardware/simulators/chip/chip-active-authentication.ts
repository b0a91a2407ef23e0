/**
 * The card's side of Active Authentication (Doc 9303-11 section 6.1): RSA by ISO/IEC 9796-2 scheme 1 with partial recovery and SHA-1 or
 * SHA-256, ECDSA plain (r and s side by side).
 */
import { constants, createHash, createPublicKey, type KeyObject, privateEncrypt, sign } from 'node:crypto'
import { concatBytes } from '../../protocols/bytes/bytes.ts'
import { encodeTlv } from '../../protocols/tlv/tlv.ts'

export type ChipActiveKey = { readonly privateKey: KeyObject; readonly hash: 'sha1' | 'sha256' }

/** DG15: the public key. */
export const activeKeyGroup = ({ privateKey }: ChipActiveKey): Uint8Array =>
  encodeTlv(0x6f, Uint8Array.from(createPublicKey(privateKey).export({ type: 'spki', format: 'der' })))

/** 6A, the chip's own random M1, hash of M1 and the challenge, trailer: under the private key. */
const signRecoverably = (key: ChipActiveKey, challenge: Uint8Array, random: (length: number) => Uint8Array): Uint8Array => {
  const length = (key.privateKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8
  const trailer = key.hash === 'sha1' ? Uint8Array.of(0xbc) : Uint8Array.of(0x34, 0xcc)
  const digestLength = key.hash === 'sha1' ? 20 : 32
  const own = random(length - 1 - digestLength - trailer.length)
  const digest = createHash(key.hash).update(own).update(challenge).digest()
  const block = concatBytes(Uint8Array.of(0x6a), own, digest, trailer)
  return Uint8Array.from(privateEncrypt({ key: key.privateKey, padding: constants.RSA_NO_PADDING }, block))
}

/** What the chip answers to INTERNAL AUTHENTICATE. */
export const signChallenge = (key: ChipActiveKey, challenge: Uint8Array, random: (length: number) => Uint8Array): Uint8Array =>
  key.privateKey.asymmetricKeyType === 'rsa'
    ? signRecoverably(key, challenge, random)
    : Uint8Array.from(sign(key.hash, challenge, { key: key.privateKey, dsaEncoding: 'ieee-p1363' }))
