/**
 * The gateway's own keys: sealing (HPKE, P-256), receipts (ES256), access tokens (HS256), challenges (HMAC).
 *
 * Invariants: private keys live in one 0600 file of the data folder and never in the database or a log. A key id is the
 * key's RFC 7638 thumbprint.
 */
import { randomBytes, webcrypto } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type CryptoKey, calculateJwkThumbprint } from 'jose'
import { z } from 'zod'
import { Base64Url, PublicKeyJwk } from '../../contracts/encoding.ts'
import type { GatewayKeys } from '../../contracts/gateway-api.ts'
import { writeSecretFile } from './storage/durable-file.ts'

const PrivateKeyJwk = PublicKeyJwk.extend({ d: Base64Url })
const StoredKeys = z.object({
  sealing: PrivateKeyJwk,
  receipts: PrivateKeyJwk,
  tokenSecret: Base64Url.min(43),
  challengeSecret: Base64Url.min(43),
})
type StoredKeys = z.infer<typeof StoredKeys>

export type Keys = {
  published: GatewayKeys
  sealing: { keyId: string; privateKey: CryptoKey }
  receipts: { keyId: string; privateKey: CryptoKey }
  tokenSecret: Uint8Array
  challengeSecret: Uint8Array
}

async function makePair(name: 'ECDH' | 'ECDSA'): Promise<z.infer<typeof PrivateKeyJwk>> {
  const pair = await webcrypto.subtle.generateKey(
    { name, namedCurve: 'P-256' },
    true,
    name === 'ECDH' ? ['deriveBits'] : ['sign', 'verify'],
  )
  return PrivateKeyJwk.parse(await webcrypto.subtle.exportKey('jwk', pair.privateKey))
}

async function readOrMake(file: string): Promise<StoredKeys> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text !== undefined) return StoredKeys.parse(JSON.parse(text))
  const made: StoredKeys = {
    sealing: await makePair('ECDH'),
    receipts: await makePair('ECDSA'),
    tokenSecret: randomBytes(32).toString('base64url'),
    challengeSecret: randomBytes(32).toString('base64url'),
  }
  await writeSecretFile(file, JSON.stringify(made))
  return made
}

export async function loadKeys(file: string): Promise<Keys> {
  const stored = await readOrMake(file)
  const { kty, crv, x, y } = stored.receipts
  const [sealingId, receiptsId] = await Promise.all([
    calculateJwkThumbprint(stored.sealing),
    calculateJwkThumbprint(stored.receipts),
  ])
  // HPKE needs the public half of the recipient's key too, so this key is extractable.
  const sealingKey = await webcrypto.subtle.importKey('jwk', stored.sealing, { name: 'ECDH', namedCurve: 'P-256' }, true, [
    'deriveBits',
  ])
  const receiptsKey = await webcrypto.subtle.importKey('jwk', stored.receipts, { name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'sign',
  ])
  const rawPoint = Buffer.concat([
    Buffer.from([4]),
    Buffer.from(stored.sealing.x, 'base64url'),
    Buffer.from(stored.sealing.y, 'base64url'),
  ])
  return {
    published: {
      sealing: { keyId: sealingId, publicKey: rawPoint.toString('base64url') },
      receipts: { keyId: receiptsId, publicKey: { kty, crv, x, y } },
    },
    sealing: { keyId: sealingId, privateKey: sealingKey },
    receipts: { keyId: receiptsId, privateKey: receiptsKey },
    tokenSecret: Buffer.from(stored.tokenSecret, 'base64url'),
    challengeSecret: Buffer.from(stored.challengeSecret, 'base64url'),
  }
}
