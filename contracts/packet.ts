/**
 * The sealed packet: the only shape in which a dossier leaves a kiosk.
 *
 * - payload: AES-256-GCM under a random data key, associated data = the header's bytes, nonce in front;
 * - data key: sealed to the gateway by HPKE (RFC 9180, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM), same associated data;
 * - signature: ECDSA P-256 with SHA-256 by the station's device key over the digest of all three.
 * Attachments travel after it, each encrypted in chunks under a key derived from the data key.
 */
import { z } from 'zod'
import { Base64Url, Instant, Sha256Hex, Uuid } from './encoding.ts'

/** What the gateway must know of an attachment before it comes: its encrypted size (bytes) and the SHA-256 of those bytes. */
export const SealedAttachment = z.object({ attachmentId: Uuid, sealedSize: z.number().int().positive(), sealedSha256: Sha256Hex })
export type SealedAttachment = z.infer<typeof SealedAttachment>

export const PacketHeader = z.object({
  format: z.literal('tram-packet-1'),
  /** Made by the kiosk, unique: the idempotency key. */
  packetId: Uuid,
  stationId: Uuid,
  /** 1, 2, 3 ... for each station: the order of its packets. Wall time orders nothing. */
  counter: z.number().int().positive(),
  kind: z.enum(['submit', 'supplement', 'withdraw']),
  /** Of a supplement or a withdrawal: the dossier, and the packet of its event before this one on the same kiosk. */
  event: z.object({ dossierId: Uuid, sequence: z.number().int().min(2), previous: Uuid.optional() }).optional(),
  procedureCode: z.string(),
  procedureVersion: z.string(),
  training: z.boolean(),
  gatewayKeyId: z.string(),
  /** Plain size of a chunk of an attachment, bytes. */
  chunkSize: z.number().int().positive(),
  attachments: z.array(SealedAttachment).max(20),
  sealedAt: Instant,
})
export type PacketHeader = z.infer<typeof PacketHeader>

export const Packet = z.object({
  /** The header's JSON bytes, as signed; parse after the signature is checked. */
  header: Base64Url,
  sealedKey: z.object({ enc: Base64Url, ciphertext: Base64Url }),
  payload: Base64Url.max(400_000),
  signature: Base64Url,
})
export type Packet = z.infer<typeof Packet>

/** What the gateway signs (compact JWS, ES256, typ `tram-receipt`) when a dossier is whole and durable there. */
export const ReceiptClaims = z.object({
  packetId: Uuid,
  stationId: Uuid,
  counter: z.number().int().positive(),
  /** SHA-256 of the packet as digested for its signature. */
  packetDigest: Sha256Hex,
  attachments: z.array(SealedAttachment),
  receivedAt: Instant,
})
export type ReceiptClaims = z.infer<typeof ReceiptClaims>
