/**
 * A key wrapped to somebody's public key: HPKE base mode (RFC 9180), the suite of the sealed packet, `enc | ciphertext`.
 * Invariant: the purpose is HPKE's info, so a wrap opens for nothing but what it was made for.
 */
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core'
import { type Bytes, concatBytes, fromBase64Url, type SubtleKey, toBase64Url, toUtf8 } from './base64url.ts'

/** An uncompressed point of P-256. */
const encLength = 65

const suite = () => new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })

export type WrapKeyPair = { publicKey: string; privateKey: SubtleKey }

/** RFC 9180 section 7.1.3: the same 32 bytes or more always give the same pair. */
export const deriveWrapKeyPair = async (seed: Bytes): Promise<WrapKeyPair> => {
  const { kem } = suite()
  const pair = await kem.deriveKeyPair(seed.buffer)
  return { publicKey: toBase64Url(new Uint8Array(await kem.serializePublicKey(pair.publicKey))), privateKey: pair.privateKey }
}

/** Undefined when the public key is none. */
export const wrapKey = async (publicKey: string, purpose: string, key: Bytes): Promise<Bytes | undefined> => {
  const point = fromBase64Url(publicKey)
  if (point?.length !== encLength) return undefined
  try {
    const hpke = suite()
    const recipientPublicKey = await hpke.kem.deserializePublicKey(point.buffer)
    const { enc, ct } = await hpke.seal({ recipientPublicKey, info: toUtf8(purpose) }, key)
    return concatBytes(new Uint8Array(enc), new Uint8Array(ct))
  } catch {
    return undefined
  }
}

export const unwrapKey = async (recipientKey: SubtleKey, purpose: string, wrap: Bytes): Promise<Bytes | undefined> => {
  try {
    const enc = wrap.slice(0, encLength)
    return new Uint8Array(await suite().open({ recipientKey, enc, info: toUtf8(purpose) }, wrap.slice(encLength)))
  } catch {
    return undefined
  }
}
