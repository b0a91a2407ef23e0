/**
 * Bytes as text, base64url without padding (RFC 4648 section 5).
 * Invariant: one text for one run of bytes. A text which another text would also decode to is refused.
 */
export type Bytes = Uint8Array<ArrayBuffer>

/** WebCrypto's key, by whatever name the browser's or Node's types call it. */
export type SubtleKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>

/** Below the limit of arguments of one call in every engine. */
const step = 0x2000

export const toBase64Url = (bytes: Uint8Array): string => {
  let binary = ''
  for (let at = 0; at < bytes.length; at += step) binary += String.fromCharCode(...bytes.subarray(at, at + step))
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Undefined when the text is not what `toBase64Url` would write. */
export const fromBase64Url = (text: string): Bytes | undefined => {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return undefined
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = new Uint8Array(binary.length)
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at)
  return toBase64Url(bytes.subarray(bytes.length - (bytes.length % 3 || 3))) === text.slice(text.length - (text.length % 4 || 4))
    ? bytes
    : undefined
}

const utf8 = new TextEncoder()
export const toUtf8 = (text: string): Bytes => {
  const bytes = new Uint8Array(text.length * 3)
  return bytes.slice(0, utf8.encodeInto(text, bytes).written)
}

/** Refuses what is not UTF-8: nothing is replaced in silence. */
export const fromUtf8 = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)

export const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

export const concatBytes = (...parts: readonly Uint8Array[]): Bytes => {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
