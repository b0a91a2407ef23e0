/**
 * The key a station is known by to its gateway: EC P-256 (FIPS 186-5), PKCS #8 at rest. It signs four things and nothing else: the
 * digest of a packet under its own label, a key to which one answer is to be sealed, the same with a card that was read, and the client
 * assertion of RFC 7523.
 */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { CardEvidence, StoreAct } from '../../contracts/card-evidence.ts'
import { PublicKeyJwk } from '../../contracts/encoding.ts'
import type { SecretStore } from './secret-store.ts'

export type DeviceKey = {
  readonly publicKey: PublicKeyJwk
  /** ECDSA with SHA-256, raw r || s (IEEE P1363), 64 bytes. */
  sign(message: Uint8Array): Uint8Array
}

const generate = (): Uint8Array =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'der', type: 'pkcs8' })

const fromPrivateKey = (privateKey: KeyObject): DeviceKey => ({
  publicKey: PublicKeyJwk.parse(createPublicKey(privateKey).export({ format: 'jwk' })),
  sign: (message) => sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
})

export const openDeviceKey = async (secrets: SecretStore): Promise<DeviceKey> => {
  const { bytes } = await secrets.keep('device-key', generate)
  return fromPrivateKey(createPrivateKey({ key: Buffer.from(bytes), format: 'der', type: 'pkcs8' }))
}

const packetLabel = Buffer.from('tram-packet-1\0', 'utf8')

/** The bytes a packet's signature covers: "tram-packet-1", 0x00, the 32 bytes of its digest. */
export const packetSigningBytes = (digestHex: string): Uint8Array => Buffer.concat([packetLabel, Buffer.from(digestHex, 'hex')])

/**
 * The words by which the station vouches for a key made in a page (contracts/supplement.ts). Ids in lower case, joined by a character none of
 * the parts can hold.
 */
export const openingSigningBytes = (names: {
  stationId: string
  requestId: string
  operatorId: string
  recipient: string
}): Uint8Array => {
  const ids = [names.stationId, names.requestId, names.operatorId].map((id) => id.toLowerCase())
  return Buffer.from(['tram-supplement-opening-1', ...ids, names.recipient].join('|'), 'utf8')
}

/** The words by which the station vouches for a card it has read (contracts/citizen-store.ts; the gateway has them in store-seal.ts). */
export const storeSigningBytes = (names: {
  stationId: string
  operatorId: string
  act: StoreAct
  challenge: string
  recipient: string
  evidence: CardEvidence
}): Uint8Array => {
  const { dg1, sod, dg14 = '', dg15 = '', signature = '' } = names.evidence
  const digest = createHash('sha256').update([dg1, sod, dg14, dg15, signature].join('.')).digest('hex')
  const ids = [names.stationId, names.operatorId].map((id) => id.toLowerCase())
  return Buffer.from(['tram-store-opening-1', ...ids, names.act, names.challenge, names.recipient, digest].join('|'), 'utf8')
}
