/**
 * What the gateway does with its keys and a packet: open, tell who signed it, sign its receipt. Everything else here knows no key.
 * The formats are those of sync/packet/packet-codec.ts, by Node's own functions (hpke-open.ts says why).
 */
import { createDecipheriv, createPublicKey, createSecretKey, hash, KeyObject, sign, verify } from 'node:crypto'
import type { PublicKeyJwk } from '../../../contracts/encoding.ts'
import { type Packet, ReceiptClaims } from '../../../contracts/packet.ts'
import { err, ok, type Result } from '../../../contracts/result.ts'
import type { Bytes } from '../../packet/base64url.ts'
import {
  dataKeyLength,
  digestedText,
  type PacketFault,
  packetFormat,
  parseHeader,
  payloadNonceLength,
  payloadTagLength,
  signedBytes,
  type UnsignedPacket,
} from '../../packet/packet-codec.ts'
import type { Keys } from '../keys.ts'
import { openSeal } from './hpke-open.ts'
import type { PacketSeals } from './intake-ports.ts'

/** Undefined when the text is not the one way to write its bytes (sync/packet/base64url.ts). */
const fromBase64Url = (text: string): Buffer | undefined => {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : undefined
}

const digestOf = (packet: UnsignedPacket): string => hash('sha256', digestedText(packet))

/** A gateway hears the same stations again and again. */
const rememberedKeys = 2_000
const deviceKeys = new Map<string, KeyObject>()
const keyOf = ({ kty, crv, x, y }: PublicKeyJwk): KeyObject => {
  const name = `${x}.${y}`
  const known = deviceKeys.get(name)
  if (known !== undefined) return known
  const key = createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' })
  const [oldest] = deviceKeys.keys()
  if (deviceKeys.size >= rememberedKeys && oldest !== undefined) deviceKeys.delete(oldest)
  deviceKeys.set(name, key)
  return key
}

const isSignedBy = (packet: Packet, deviceKey: PublicKeyJwk): boolean => {
  const signature = fromBase64Url(packet.signature)
  if (signature?.length !== 64) return false
  try {
    return verify('sha256', signedBytes(digestOf(packet)), { key: keyOf(deviceKey), dsaEncoding: 'ieee-p1363' }, signature)
  } catch {
    return false
  }
}

const openPayload = (dataKey: Uint8Array, headerBytes: Uint8Array, payload: Uint8Array): Bytes | undefined => {
  try {
    const opener = createDecipheriv('aes-256-gcm', createSecretKey(dataKey), payload.subarray(0, payloadNonceLength))
    opener.setAAD(headerBytes)
    opener.setAuthTag(payload.subarray(-payloadTagLength))
    const plain = opener.update(payload.subarray(payloadNonceLength, -payloadTagLength))
    opener.final()
    return Uint8Array.from(plain)
  } catch {
    return undefined
  }
}

type Opened = { payload: Bytes; dataKey: Bytes }

const open = (packet: UnsignedPacket, keys: Pick<Keys, 'recipientOf'>): Result<Opened, PacketFault> => {
  const parsed = parseHeader(packet)
  if (!parsed.ok) return parsed
  const { header, headerBytes } = parsed.value
  // By the key it was sealed to: a queue from before a rotation still opens.
  const recipient = keys.recipientOf(header.gatewayKeyId)
  if (header.gatewayKeyId !== recipient.keyId) return err({ type: 'unknown-key', detail: header.gatewayKeyId })
  const enc = fromBase64Url(packet.sealedKey.enc)
  const ciphertext = fromBase64Url(packet.sealedKey.ciphertext)
  const payload = fromBase64Url(packet.payload)
  if (enc === undefined || ciphertext === undefined || payload === undefined)
    return err({ type: 'malformed', detail: 'a sealed part is not base64url' })
  if (payload.length < payloadNonceLength + payloadTagLength) return err({ type: 'malformed', detail: 'payload is too short' })
  const info = Buffer.from(packetFormat, 'utf8')
  const dataKey = openSeal({ recipient, enc, info, associated: headerBytes, ciphertext })
  if (dataKey === undefined) return err({ type: 'seal-invalid', detail: 'data key' })
  if (dataKey.length !== dataKeyLength) return err({ type: 'seal-invalid', detail: 'length of the data key' })
  const plain = openPayload(dataKey, headerBytes, payload)
  return plain === undefined
    ? err({ type: 'seal-invalid', detail: 'payload' })
    : ok({ payload: plain, dataKey: Uint8Array.from(dataKey) })
}

export const createPacketSeals = (keys: Pick<Keys, 'recipientOf'>): PacketSeals => ({
  digest: async (packet) => digestOf(packet),
  isSignedBy: async (packet, deviceKey) => isSignedBy(packet, deviceKey),
  open: async (packet) => open(packet, keys),
})

/** JWS, compact serialisation (RFC 7515 section 3.1), on the thread at hand like all else here. */
export const createReceiptSigner =
  (keys: Pick<Keys, 'receipts'>) =>
  async (claims: ReceiptClaims): Promise<string> => {
    const { keyId, privateKey } = keys.receipts
    const header = { alg: 'ES256', typ: 'tram-receipt', kid: keyId }
    const text = [header, ReceiptClaims.parse(claims)]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.')
    const key = { key: KeyObject.from(privateKey), dsaEncoding: 'ieee-p1363' } as const
    return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`
  }
