/**
 * The gateway's own keys: sealing (HPKE, P-256), receipts and leases (ES256), access tokens (HS256), challenges (HMAC), recovery codes (HMAC),
 * the citizens' store (HMAC over personal numbers, AES-256 around the records' own keys).
 *
 * Invariants: private keys live in one 0600 file of the data folder and never in the database or a log. A key id is the
 * key's RFC 7638 thumbprint. A rotation keeps the keys before it: queues sealed to them still open, stations which missed rotations still
 * get a lease they can verify, receipts stay true.
 */
import { createHmac, randomBytes, webcrypto } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { type CryptoKey, calculateJwkThumbprint } from 'jose'
import { z } from 'zod'
import { Base64Url, Instant, PublicKeyJwk } from '../../contracts/encoding.ts'
import type { GatewayKeys } from '../../contracts/gateway-api.ts'
import { writeSecretFile } from './storage/durable-file.ts'

const PrivateKeyJwk = PublicKeyJwk.extend({ d: Base64Url })
type PrivateKeyJwk = z.infer<typeof PrivateKeyJwk>
const Retired = z.object({ key: PrivateKeyJwk, retiredAt: Instant })
const StoreKey = z.object({ keyId: z.string().min(1), secret: Base64Url.length(43) })
const StoredKeys = z.object({
  sealing: PrivateKeyJwk,
  receipts: PrivateKeyJwk,
  tokenSecret: Base64Url.min(43),
  challengeSecret: Base64Url.min(43),
  /** Made when a gateway older than they starts. */
  recoverySecret: Base64Url.min(43).optional(),
  matterSecret: Base64Url.min(43).optional(),
  citizenSecret: Base64Url.min(43).optional(),
  /** The first wraps; the others still open. */
  storeKeys: z.array(StoreKey).default([]),
  former: z.object({ sealing: z.array(Retired), receipts: z.array(Retired) }).default({ sealing: [], receipts: [] }),
})
type StoredKeys = z.infer<typeof StoredKeys>

export type NamedKey = { keyId: string; privateKey: CryptoKey }
type KeyRing = {
  gatewayId: string
  published: GatewayKeys
  sealing: NamedKey
  formerSealing: NamedKey[]
  receipts: NamedKey
  formerReceipts: NamedKey[]
  tokenSecret: Uint8Array
  challengeSecret: Uint8Array
  recoverySecret: Uint8Array
  matterSecret: Uint8Array
  citizenSecret: Uint8Array
  storeKeys: WrappingKey[]
}
/** Wraps the keys of the citizens' records. */
export type WrappingKey = { keyId: string; secret: Uint8Array }

export type Keys = {
  /** Of what no rotation changes: the database says by it whose it is (own-keys.ts). */
  readonly gatewayId: string
  readonly published: GatewayKeys
  /** The one packets are sealed to now. */
  readonly sealing: NamedKey
  /** The one a packet was sealed to; the present one when that is unknown, which then opens nothing. */
  recipientOf(keyId: string): NamedKey
  readonly receipts: NamedKey
  /** The receipt key of that id, if it is still kept. */
  receiptsKeyOf(keyId: string): NamedKey | undefined
  readonly tokenSecret: Uint8Array
  readonly challengeSecret: Uint8Array
  /** What the recovery code of a slot is made of. */
  recoveryBytes(stationId: string, slot: number): Uint8Array
  /** Keyed hash of what a dossier is about: the same at all stations, worth nothing without the gateway's secret. */
  hashOfMatter(matter: string): string
  /** Keyed hash by which a citizen's record is found: nobody without this secret can tell whose it is. Specimens' are other ones. */
  hashOfCitizen(personalNumber: string): string
  readonly storeKey: WrappingKey
  storeKeyOf(keyId: string): WrappingKey | undefined
  /** Takes over what a rotation beside this process wrote. */
  refresh(): Promise<void>
}

async function makePair(name: 'ECDH' | 'ECDSA'): Promise<PrivateKeyJwk> {
  const pair = await webcrypto.subtle.generateKey(
    { name, namedCurve: 'P-256' },
    true,
    name === 'ECDH' ? ['deriveBits'] : ['sign', 'verify'],
  )
  return PrivateKeyJwk.parse(await webcrypto.subtle.exportKey('jwk', pair.privateKey))
}

const randomSecret = () => randomBytes(32).toString('base64url')
const makeStoreKey = () => ({ keyId: randomBytes(9).toString('base64url'), secret: randomSecret() })

async function read(file: string): Promise<StoredKeys | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  return text === undefined ? undefined : StoredKeys.parse(JSON.parse(text))
}

/** Never makes any: whoever works with a folder beside its gateway has nothing to seal to other keys. */
async function readMade(file: string): Promise<StoredKeys> {
  const stored = await read(file)
  if (stored === undefined) throw new Error(`There are no keys in ${file}`)
  return stored
}

/** Makes those that are not there yet, all or some. Durable when resolved. */
export async function makeKeys(file: string): Promise<void> {
  const stored = await read(file)
  const made: StoredKeys = {
    ...(stored ?? {
      sealing: await makePair('ECDH'),
      receipts: await makePair('ECDSA'),
      tokenSecret: randomSecret(),
      challengeSecret: randomSecret(),
      former: { sealing: [], receipts: [] },
    }),
    recoverySecret: stored?.recoverySecret ?? randomSecret(),
    matterSecret: stored?.matterSecret ?? randomSecret(),
    citizenSecret: stored?.citizenSecret ?? randomSecret(),
    storeKeys: stored === undefined || stored.storeKeys.length === 0 ? [makeStoreKey()] : stored.storeKeys,
  }
  if (JSON.stringify(made) !== JSON.stringify(stored)) await writeSecretFile(file, JSON.stringify(made))
}

const publicHalf = ({ kty, crv, x, y }: PrivateKeyJwk): PublicKeyJwk => ({ kty, crv, x, y })

const named = async (name: 'ECDH' | 'ECDSA', jwk: PrivateKeyJwk): Promise<NamedKey> => ({
  keyId: await calculateJwkThumbprint(jwk),
  // Extractable, because Node's own functions take it as a key object.
  privateKey: await webcrypto.subtle.importKey(
    'jwk',
    jwk,
    { name, namedCurve: 'P-256' },
    true,
    name === 'ECDH' ? ['deriveBits'] : ['sign'],
  ),
})

const ringOf = async (stored: StoredKeys): Promise<KeyRing> => {
  const rawPoint = Buffer.concat([
    Buffer.from([4]),
    Buffer.from(stored.sealing.x, 'base64url'),
    Buffer.from(stored.sealing.y, 'base64url'),
  ])
  const sealing = await named('ECDH', stored.sealing)
  const receipts = await named('ECDSA', stored.receipts)
  const formerReceipts = await Promise.all(stored.former.receipts.map(({ key }) => named('ECDSA', key)))
  return {
    gatewayId: createHmac('sha256', Buffer.from(stored.tokenSecret, 'base64url')).update('tram gateway').digest('base64url'),
    published: {
      sealing: { keyId: sealing.keyId, publicKey: rawPoint.toString('base64url') },
      receipts: { keyId: receipts.keyId, publicKey: publicHalf(stored.receipts) },
      ...(formerReceipts.length === 0
        ? {}
        : {
            formerReceipts: await Promise.all(
              stored.former.receipts.map(async ({ key }) => ({
                keyId: await calculateJwkThumbprint(key),
                publicKey: publicHalf(key),
              })),
            ),
          }),
    },
    sealing,
    formerSealing: await Promise.all(stored.former.sealing.map(({ key }) => named('ECDH', key))),
    receipts,
    formerReceipts,
    tokenSecret: Buffer.from(stored.tokenSecret, 'base64url'),
    challengeSecret: Buffer.from(stored.challengeSecret, 'base64url'),
    recoverySecret: Buffer.from(stored.recoverySecret ?? '', 'base64url'),
    matterSecret: Buffer.from(stored.matterSecret ?? '', 'base64url'),
    citizenSecret: Buffer.from(stored.citizenSecret ?? '', 'base64url'),
    storeKeys: stored.storeKeys.map(({ keyId, secret }) => ({ keyId, secret: Buffer.from(secret, 'base64url') })),
  }
}

/** Throws where there are none. */
export async function loadKeys(file: string): Promise<Keys> {
  let ring = await ringOf(await readMade(file))
  const changedAt = async () => (await stat(file)).mtimeMs
  let seen = await changedAt()
  return {
    get gatewayId() {
      return ring.gatewayId
    },
    get published() {
      return ring.published
    },
    get sealing() {
      return ring.sealing
    },
    recipientOf: (keyId) => ring.formerSealing.find((key) => key.keyId === keyId) ?? ring.sealing,
    get receipts() {
      return ring.receipts
    },
    receiptsKeyOf: (keyId) => [ring.receipts, ...ring.formerReceipts].find((key) => key.keyId === keyId),
    get tokenSecret() {
      return ring.tokenSecret
    },
    get challengeSecret() {
      return ring.challengeSecret
    },
    recoveryBytes: (stationId, slot) => {
      if (ring.recoverySecret.length < 32) throw new Error('The gateway has no recovery secret')
      return createHmac('sha256', ring.recoverySecret).update(`tram recovery|${stationId}|${slot}`).digest()
    },
    hashOfMatter: (matter) => {
      if (ring.matterSecret.length < 32) throw new Error('The gateway has no secret for matters')
      return createHmac('sha256', ring.matterSecret).update(matter).digest('hex')
    },
    hashOfCitizen: (personalNumber) => {
      if (ring.citizenSecret.length < 32) throw new Error('The gateway has no secret for citizens')
      return createHmac('sha256', ring.citizenSecret).update(`tram citizen|${personalNumber}`).digest('hex')
    },
    get storeKey() {
      const [first] = ring.storeKeys
      if (first === undefined) throw new Error('The gateway has no key for the citizens’ store')
      return first
    },
    storeKeyOf: (keyId) => ring.storeKeys.find((key) => key.keyId === keyId),
    refresh: async () => {
      const now = await changedAt()
      if (now === seen) return
      ring = await ringOf(await readMade(file))
      seen = now
    },
  }
}

/** New keys to seal to and to sign by; those of before go on opening and being trusted. A running gateway takes them over by itself. */
export async function rotateKeys(file: string, now = new Date()): Promise<{ sealing: string; receipts: string }> {
  const stored = await readMade(file)
  const retiredAt = now.toISOString()
  const next: StoredKeys = {
    ...stored,
    sealing: await makePair('ECDH'),
    receipts: await makePair('ECDSA'),
    storeKeys: [makeStoreKey(), ...stored.storeKeys],
    former: {
      sealing: [{ key: stored.sealing, retiredAt }, ...stored.former.sealing],
      receipts: [{ key: stored.receipts, retiredAt }, ...stored.former.receipts],
    },
  }
  await writeSecretFile(file, JSON.stringify(next))
  return { sealing: await calculateJwkThumbprint(next.sealing), receipts: await calculateJwkThumbprint(next.receipts) }
}
