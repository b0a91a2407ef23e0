/**
 * Small things encrypted on disk: AES-256-GCM (NIST SP 800-38D), nonce (12, random) in front.
 * Invariant: associated data name what a box is for, so a box moved to another row or field does not open.
 */
import { type Bytes, concatBytes, fromUtf8, type SubtleKey, toUtf8 } from '../packet/base64url.ts'

const nonceLength = 12

export const importBoxKey = (raw: Bytes): Promise<SubtleKey> =>
  crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt'])

export const sealBox = async (key: SubtleKey, purpose: string, plain: Bytes): Promise<Bytes> => {
  const nonce = crypto.getRandomValues(new Uint8Array(nonceLength))
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce, additionalData: toUtf8(purpose) }, key, plain)
  return concatBytes(nonce, new Uint8Array(sealed))
}

/** Undefined when the box was not made by this key for this purpose, or was changed. */
export const openBox = async (key: SubtleKey, purpose: string, box: Bytes): Promise<Bytes | undefined> => {
  const parameters = { name: 'AES-GCM', iv: box.slice(0, nonceLength), additionalData: toUtf8(purpose) }
  try {
    return new Uint8Array(await crypto.subtle.decrypt(parameters, key, box.slice(nonceLength)))
  } catch {
    return undefined
  }
}

export const sealJson = (key: SubtleKey, purpose: string, value: unknown): Promise<Bytes> =>
  sealBox(key, purpose, toUtf8(JSON.stringify(value)))

export const openJson = async (key: SubtleKey, purpose: string, box: Bytes): Promise<{ value: unknown } | undefined> => {
  const plain = await openBox(key, purpose, box)
  if (plain === undefined) return undefined
  const value: unknown = JSON.parse(fromUtf8(plain))
  return { value }
}
