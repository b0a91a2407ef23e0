/**
 * The sealed packet: made on the kiosk, opened at the gateway (contracts/packet.ts). Pure but for WebCrypto.
 *
 * HPKE base mode, RFC 9180 section 5.1.1: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM; info = "tram-packet-1".
 * Invariants:
 * - the header's bytes are associated data of both seals, so nothing sealed moves under another header;
 * - the digest runs over the packet's texts as they travel, joined by a character none of them can hold (as RFC 7515 section 5.1
 *   does): no other text has the same digest, not even one which decodes to the same bytes.
 */
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core'
import type { PublicKeyJwk } from '../../contracts/encoding.ts'
import type { GatewayKeys } from '../../contracts/gateway-api.ts'
import { type Packet, PacketHeader } from '../../contracts/packet.ts'
import { err, ok, type Result } from '../../contracts/result.ts'
import { type Bytes, concatBytes, fromBase64Url, fromUtf8, type SubtleKey, toBase64Url, toHex, toUtf8 } from './base64url.ts'

export type PacketFault = { type: 'seal-invalid' | 'unknown-key' | 'malformed'; detail: string }

/** The packet as the station's device key will sign it. */
export type UnsignedPacket = Omit<Packet, 'signature'>

export const packetFormat = 'tram-packet-1'
export const dataKeyLength = 32
export const payloadNonceLength = 12
export const payloadTagLength = 16

const suite = () => new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })

const importDataKey = (dataKey: Bytes, usage: 'encrypt' | 'decrypt') =>
  crypto.subtle.importKey('raw', dataKey, 'AES-GCM', false, [usage])

const sha256 = async (bytes: Bytes) => toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))

/** What the packet's digest is made of: all of it but its signature. */
export const digestedText = ({ header, sealedKey, payload }: UnsignedPacket): string =>
  `${packetFormat}.${header}.${sealedKey.enc}.${sealedKey.ciphertext}.${payload}`

/** SHA-256 of the packet without its signature, in hexadecimal. */
export const packetDigest = (packet: UnsignedPacket): Promise<string> => sha256(toUtf8(digestedText(packet)))

/** What the device key signs: the name of the format, a zero, the digest's 32 bytes. */
export const signedBytes = (digest: string): Bytes => {
  if (!/^[0-9a-f]{64}$/.test(digest)) throw new Error('A digest is 64 lower-case hexadecimal digits')
  return concatBytes(
    toUtf8(packetFormat),
    new Uint8Array(1),
    Uint8Array.from({ length: 32 }, (_, at) => Number.parseInt(digest.slice(at * 2, at * 2 + 2), 16)),
  )
}

type GatewayKeyFault = { type: 'gateway-key-invalid'; detail: string }

/** A fresh shared secret with the gateway, for one packet. It knows nothing of the dossier, so it can be made while that is still read. */
export type Encapsulation = { keyId: string; enc: ArrayBuffer; seal(dataKey: Bytes, headerBytes: Bytes): Promise<ArrayBuffer> }

export const encapsulate = async (recipient: GatewayKeys['sealing']): Promise<Result<Encapsulation, GatewayKeyFault>> => {
  const point = fromBase64Url(recipient.publicKey)
  if (point === undefined) return err({ type: 'gateway-key-invalid', detail: 'not base64url' })
  try {
    const hpke = suite()
    const recipientPublicKey = await hpke.kem.deserializePublicKey(point.buffer)
    const context = await hpke.createSenderContext({ recipientPublicKey, info: toUtf8(packetFormat) })
    let used = false
    return ok({
      keyId: recipient.keyId,
      enc: context.enc,
      seal: (dataKey, headerBytes) => {
        if (used) throw new Error('An encapsulation seals one packet')
        used = true
        return context.seal(dataKey, headerBytes)
      },
    })
  } catch (cause) {
    return err({ type: 'gateway-key-invalid', detail: cause instanceof Error ? cause.name : 'unknown' })
  }
}

export type SealRequest = {
  header: PacketHeader
  payload: Uint8Array
  /** 32 random bytes of this dossier; the attachments' keys are derived from them. */
  dataKey: Uint8Array
  recipient: GatewayKeys['sealing'] | Encapsulation
}

export const sealPacket = async (
  request: SealRequest,
): Promise<Result<{ packet: UnsignedPacket; digest: string }, GatewayKeyFault>> => {
  if (request.dataKey.length !== dataKeyLength) throw new Error('A data key has 32 bytes')
  const headerBytes = toUtf8(JSON.stringify(PacketHeader.parse(request.header)))
  if (request.header.gatewayKeyId !== request.recipient.keyId) throw new Error('The header names another key of the gateway')
  const dataKey = Uint8Array.from(request.dataKey)
  const encapsulated = 'seal' in request.recipient ? ok(request.recipient) : await encapsulate(request.recipient)
  if (!encapsulated.ok) return encapsulated
  const { enc, seal } = encapsulated.value
  const nonce = crypto.getRandomValues(new Uint8Array(payloadNonceLength))
  const parameters = { name: 'AES-GCM', iv: nonce, additionalData: headerBytes }
  const plain = Uint8Array.from(request.payload)
  const [sealedKey, sealed] = await Promise.all([
    seal(dataKey, headerBytes),
    importDataKey(dataKey, 'encrypt').then((key) => crypto.subtle.encrypt(parameters, key, plain)),
  ])
  const packet: UnsignedPacket = {
    header: toBase64Url(headerBytes),
    sealedKey: { enc: toBase64Url(new Uint8Array(enc)), ciphertext: toBase64Url(new Uint8Array(sealedKey)) },
    payload: toBase64Url(concatBytes(nonce, new Uint8Array(sealed))),
  }
  return ok({ packet, digest: await packetDigest(packet) })
}

type ParsedHeader = { header: PacketHeader; headerBytes: Bytes }

/** Says nothing about who wrote it: check the signature before believing a header. */
export const parseHeader = (packet: Pick<Packet, 'header'>): Result<ParsedHeader, PacketFault> => {
  const headerBytes = fromBase64Url(packet.header)
  if (headerBytes === undefined) return err({ type: 'malformed', detail: 'header is not base64url' })
  let json: unknown
  try {
    json = JSON.parse(fromUtf8(headerBytes))
  } catch {
    return err({ type: 'malformed', detail: 'header is not JSON in UTF-8' })
  }
  const header = PacketHeader.safeParse(json)
  if (!header.success) return err({ type: 'malformed', detail: `header: ${header.error.issues[0]?.path.join('.') ?? ''}` })
  return ok({ header: header.data, headerBytes })
}

export type PacketRecipient = { keyId: string; privateKey: SubtleKey }
export type OpenedPacket = ParsedHeader & { payload: Bytes; dataKey: Bytes }

/** The private key must be extractable: RFC 9180 needs its public half for the shared secret's context. */
export const openPacket = async (
  packet: UnsignedPacket,
  recipient: PacketRecipient,
): Promise<Result<OpenedPacket, PacketFault>> => {
  const parsed = parseHeader(packet)
  if (!parsed.ok) return parsed
  const { header, headerBytes } = parsed.value
  if (header.gatewayKeyId !== recipient.keyId) return err({ type: 'unknown-key', detail: header.gatewayKeyId })
  const enc = fromBase64Url(packet.sealedKey.enc)
  const ciphertext = fromBase64Url(packet.sealedKey.ciphertext)
  const payload = fromBase64Url(packet.payload)
  if (enc === undefined || ciphertext === undefined || payload === undefined) {
    return err({ type: 'malformed', detail: 'a sealed part is not base64url' })
  }
  if (payload.length < payloadNonceLength + payloadTagLength) return err({ type: 'malformed', detail: 'payload is too short' })

  let dataKey: Bytes
  try {
    const hpke = suite()
    dataKey = new Uint8Array(
      await hpke.open({ recipientKey: recipient.privateKey, enc, info: toUtf8(packetFormat) }, ciphertext, headerBytes),
    )
  } catch {
    return err({ type: 'seal-invalid', detail: 'data key' })
  }
  if (dataKey.length !== dataKeyLength) return err({ type: 'seal-invalid', detail: 'length of the data key' })
  const plain = await openPayload(packet, dataKey)
  return plain.ok ? ok({ header, headerBytes, payload: plain.value, dataKey }) : plain
}

/** With the data key in hand: the operator takes a queued dossier back. */
export const openPayload = async (packet: UnsignedPacket, dataKey: Uint8Array): Promise<Result<Bytes, PacketFault>> => {
  const headerBytes = fromBase64Url(packet.header)
  const payload = fromBase64Url(packet.payload)
  if (headerBytes === undefined || payload === undefined) return err({ type: 'malformed', detail: 'not base64url' })
  try {
    const plain = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv: payload.slice(0, payloadNonceLength), additionalData: headerBytes },
      await importDataKey(Uint8Array.from(dataKey), 'decrypt'),
      payload.slice(payloadNonceLength),
    )
    return ok(new Uint8Array(plain))
  } catch {
    return err({ type: 'seal-invalid', detail: 'payload' })
  }
}

/** True only for a whole signature by this key over exactly these texts. The signature is r | s, 64 bytes (IEEE P1363). */
export const verifyPacketSignature = async (packet: Packet, deviceKey: PublicKeyJwk): Promise<boolean> => {
  const signature = fromBase64Url(packet.signature)
  if (signature?.length !== 64) return false
  try {
    const { kty, crv, x, y } = deviceKey
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
    const key = await crypto.subtle.importKey('jwk', { kty, crv, x, y }, algorithm, false, ['verify'])
    const bytes = signedBytes(await packetDigest(packet))
    return await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, signature, bytes)
  } catch {
    return false
  }
}
