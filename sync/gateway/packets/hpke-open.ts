/**
 * The recipient's half of the packet's HPKE seal (RFC 9180: base mode, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM) by Node's own
 * functions, on the thread at hand: through WebCrypto it is two dozen hops to another thread and back, and the gateway opens every packet
 * there is. The kiosk's half is `@hpke/core` (sync/packet/packet-codec.ts); each is tested against the other.
 *
 * Invariants: a point which is not on the curve opens nothing (`computeSecret` refuses it); one seal opens one ciphertext, the first of its
 * context.
 */
import { createDecipheriv, createECDH, createHmac, createSecretKey, type ECDH, KeyObject, type webcrypto } from 'node:crypto'
import type { NamedKey } from '../keys.ts'

const pointLength = 65
const tagLength = 16
const version = Buffer.from('HPKE-v1', 'ascii')
const kemSuite = Buffer.from('KEM\x00\x10', 'latin1')
const suite = Buffer.from('HPKE\x00\x10\x00\x01\x00\x02', 'latin1')
const nothing = Buffer.alloc(0)

const hmac = (key: Uint8Array, parts: readonly Uint8Array[]): Buffer => {
  // A key object: of a plain key Node first finds out what it is, at three times the cost.
  const mac = createHmac('sha256', createSecretKey(key))
  for (const part of parts) mac.update(part)
  return mac.digest()
}

/** Section 4. */
const labeledExtract = (suiteId: Buffer, salt: Uint8Array, label: string, material: Uint8Array): Buffer =>
  hmac(salt, [version, suiteId, Buffer.from(label, 'ascii'), material])

/** Section 4; no more than one block of the hash. */
const labeledExpand = (suiteId: Buffer, key: Buffer, label: string, info: readonly Uint8Array[], length: number): Buffer => {
  const head = Buffer.from([0, length])
  return hmac(key, [head, version, suiteId, Buffer.from(label, 'ascii'), ...info, Buffer.from([1])]).subarray(0, length)
}

const exchanges = new WeakMap<webcrypto.CryptoKey, ECDH>()

const exchangeOf = (privateKey: webcrypto.CryptoKey): ECDH => {
  const known = exchanges.get(privateKey)
  if (known !== undefined) return known
  const { d } = KeyObject.from(privateKey).export({ format: 'jwk' })
  if (d === undefined) throw new Error('The recipient of packets needs a private key')
  const made = createECDH('prime256v1')
  made.setPrivateKey(Buffer.from(d, 'base64url'))
  exchanges.set(privateKey, made)
  return made
}

/** Undefined when it was not sealed to this key, for this use and with these associated data. */
export const openSeal = (request: {
  recipient: Pick<NamedKey, 'privateKey'>
  enc: Uint8Array
  info: Uint8Array
  associated: Uint8Array
  ciphertext: Uint8Array
}): Uint8Array | undefined => {
  const { enc, ciphertext } = request
  if (enc.length !== pointLength || enc[0] !== 4 || ciphertext.length < tagLength) return undefined
  const exchange = exchangeOf(request.recipient.privateKey)
  try {
    // Decap (section 4.1), then KeySchedule without a pre-shared key (5.1).
    const prk = labeledExtract(kemSuite, nothing, 'eae_prk', exchange.computeSecret(enc))
    const shared = labeledExpand(kemSuite, prk, 'shared_secret', [enc, exchange.getPublicKey()], 32)
    const context = [
      Buffer.from([0]),
      labeledExtract(suite, nothing, 'psk_id_hash', nothing),
      labeledExtract(suite, nothing, 'info_hash', request.info),
    ]
    const secret = labeledExtract(suite, shared, 'secret', nothing)
    const nonce = labeledExpand(suite, secret, 'base_nonce', context, 12)
    const opener = createDecipheriv('aes-256-gcm', createSecretKey(labeledExpand(suite, secret, 'key', context, 32)), nonce)
    opener.setAAD(request.associated)
    opener.setAuthTag(ciphertext.subarray(-tagLength))
    return Buffer.concat([opener.update(ciphertext.subarray(0, -tagLength)), opener.final()])
  } catch {
    return undefined
  }
}
