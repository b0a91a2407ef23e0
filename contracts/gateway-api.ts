/**
 * HTTP of the gateway. JSON both ways; failures are RFC 9457 problem details whose `type` is one of ProblemType.
 *
 *   GET  /v1/challenge                       -> ChallengeAnswer          (no authentication)
 *   POST /v1/enrolments                      -> EnrolmentAnswer          (one-time code)
 *   POST /v1/token                           -> TokenAnswer              (RFC 7523 client assertion, form-encoded)
 *   POST /v1/packets                         -> PacketAnswer             (Bearer; a parcel: the packet and, when they are small, its sealed
 *                                                                         attachments; the same bytes again give the same answer)
 *   POST /v1/consignments                    -> ConsignmentAnswer        (Bearer; several parcels, each answered for itself)
 *   PUT  /v1/packets/:packetId               -> PacketAnswer             (Bearer; the packet alone, as JSON)
 *   GET  /v1/packets/:packetId               -> PacketAnswer
 *   DELETE /v1/packets/:packetId             -> PacketAnswer             (`taken-back`: never to be received; or what it is by now)
 *   *    /v1/attachments[/:packetId.:attachmentId]  tus 1.0.0            (Bearer; upload ids are given by the names)
 *        POST names the attachment in Upload-Metadata (packetId, attachmentId); 409 = created before: ask by HEAD and go on
 *   GET  /v1/updates?after=CURSOR&wait=SEC   -> UpdatesAnswer            (Bearer; long poll, at least once)
 *   GET  /v1/records?after=COUNTER           -> RecordsAnswer            (Bearer; what the gateway keeps of this station's packets)
 *   POST /v1/lease                           -> LeaseAnswer              (Bearer; contracts/lease.ts)
 *   PUT  /v1/packets/:packetId/kept-double   -> PacketAnswer             (Bearer; somebody looked at both and keeps them)
 *   POST /v1/courier/parcels                 -> CarriedAnswer            (Bearer; contracts/courier.ts)
 *   POST /v1/supplements/:requestId/openings -> SealedSupplement         (Bearer; contracts/supplement.ts)
 *   GET  /v1/citizen-store/challenge         -> StoreChallenge           (Bearer; contracts/citizen-store.ts)
 *   POST /v1/citizen-store/openings          -> SealedStoreAnswer        (Bearer)
 *   GET  /v1/catalogue/:sha256               -> a document of the catalogue (Bearer; contracts/catalogue.ts)
 *   GET  /v1/health                          -> { status: 'ok', time }
 */
import { z } from 'zod'
import { Base64Url, Instant, LocalizedText, PublicKeyJwk, Sha256Hex, Uuid } from './encoding.ts'
import { PacketHeader, SealedAttachment } from './packet.ts'
import { SupplementNotice } from './supplement.ts'

/** sync/packet/parcel.ts: one address and one request for whole dossiers. */
export const parcelMediaType = 'application/vnd.tram.parcel'
/** Of all attachments in one parcel, bytes. */
export const maxParcelAttachments = 4 * 1024 * 1024

/** sync/packet/consignment.ts */
export const consignmentMediaType = 'application/vnd.tram.consignment'
export const mostParcelsTogether = 8
/** In the order of the parcels: what each of them would have been answered alone. */
export const ConsignmentAnswer = z.object({
  answers: z.array(z.object({ status: z.number().int().min(100).max(599), body: z.unknown() })).max(mostParcelsTogether),
})
export type ConsignmentAnswer = z.infer<typeof ConsignmentAnswer>

export const ChallengeAnswer = z.object({
  challenge: z.string().min(16),
  /** The gateway's clock: the assertion's iat and exp are made from it, so a kiosk years off still gets in. */
  time: Instant,
  expiresInSeconds: z.number().int().positive(),
})
export type ChallengeAnswer = z.infer<typeof ChallengeAnswer>

export const EnrolmentRequest = z.object({
  /** One-time code, base32 groups, as handed to the point. */
  code: z.string().min(16).max(64),
  deviceKey: PublicKeyJwk,
  shell: z.enum(['electron', 'loopback']),
})
export type EnrolmentRequest = z.infer<typeof EnrolmentRequest>

/** Keys the station pins at enrolment. */
export const GatewayKeys = z.object({
  /** HPKE recipient key, raw uncompressed point, and its id. */
  sealing: z.object({ keyId: z.string(), publicKey: Base64Url }),
  receipts: z.object({ keyId: z.string(), publicKey: PublicKeyJwk }),
  /** Keys which signed before a rotation: what they signed stays true. */
  formerReceipts: z.array(z.object({ keyId: z.string(), publicKey: PublicKeyJwk })).optional(),
})
export type GatewayKeys = z.infer<typeof GatewayKeys>

export const EnrolmentAnswer = z.object({
  stationId: Uuid,
  pointName: z.string(),
  stationName: z.string(),
  /** The commune and province the point stands in ("Xã Mường Ảng, Tỉnh Điện Biên"), where whoever made the code said so. */
  pointPlace: z.string().min(1).max(200).optional(),
  /** A demo station's packets are all for training. */
  demo: z.boolean(),
  keys: GatewayKeys,
  /** The first lease (contracts/lease.ts), so that recovery works before the station has ever synchronised. */
  lease: z.string().max(60_000).optional(),
})
export type EnrolmentAnswer = z.infer<typeof EnrolmentAnswer>

export const clientAssertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
export const TokenRequest = z.object({
  grant_type: z.literal('client_credentials'),
  client_assertion_type: z.literal(clientAssertionType),
  /** JWT ES256: iss = sub = stationId, aud = the gateway's URL + /v1/token, nonce = challenge, jti, iat, exp by the gateway's time. */
  client_assertion: z.string(),
})
export type TokenRequest = z.infer<typeof TokenRequest>
export const TokenAnswer = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.number().int().positive(),
})
export type TokenAnswer = z.infer<typeof TokenAnswer>

/** Statuses 1-10 of dossiers as one-stop systems exchange them. */
export const AgencyStatus = z.object({
  code: z.number().int().min(1).max(10),
  text: LocalizedText,
  at: Instant,
  /** A simulator is called so on every screen that shows its output. */
  simulated: z.boolean(),
})
export type AgencyStatus = z.infer<typeof AgencyStatus>

export const OfficialCode = z.object({
  code: z.string(),
  agency: z.string(),
  acceptedAt: Instant,
  /** Day of the result, dd/MM/yyyy, where the agency gave one. */
  appointment: z.string().optional(),
  simulated: z.boolean(),
})
export type OfficialCode = z.infer<typeof OfficialCode>

/**
 * Dossiers of the same matter, handed in at whatever station within a month and not withdrawn: a person decides. Received and handed on like
 * any other.
 */
export const DoubleNotice = z.object({
  others: z.array(z.object({ slipCode: z.string(), pointName: z.string(), stationName: z.string(), receivedAt: Instant })).max(5),
  /** Somebody looked at both and keeps them. */
  kept: z.boolean(),
})
export type DoubleNotice = z.infer<typeof DoubleNotice>

export const PacketAnswer = z.object({
  packetId: Uuid,
  state: z.enum(['waiting-for-attachments', 'received', 'accepted', 'refused', 'taken-back']),
  /** Attachments not yet whole, with the bytes that are durable at the gateway. */
  missing: z.array(z.object({ attachmentId: Uuid, offset: z.number().int().nonnegative() })),
  /** Compact JWS over ReceiptClaims; there from `received` on. */
  receipt: z.string().optional(),
  official: OfficialCode.optional(),
  status: AgencyStatus.optional(),
  double: DoubleNotice.optional(),
  /** Of a submit: the agency asked for more. */
  supplement: SupplementNotice.optional(),
})
export type PacketAnswer = z.infer<typeof PacketAnswer>

export const UpdatesAnswer = z.object({
  updates: z.array(z.object({ cursor: z.number().int().positive(), packet: PacketAnswer })),
  /** Ask again after this cursor. */
  cursor: z.number().int().nonnegative(),
  /** The highest counter the gateway has of this station: a kiosk which counts below it was put back to an older disk. */
  highestCounter: z.number().int().nonnegative().optional(),
})
export type UpdatesAnswer = z.infer<typeof UpdatesAnswer>

/**
 * What the gateway keeps of one packet beside what is in it: enough for a store that was lost to show the dossier again and to go on with it.
 * Everything here is on the slip the citizen was given, or says nothing of a person.
 */
export const PacketRecord = z.object({
  packet: PacketAnswer,
  counter: z.number().int().positive(),
  packetDigest: Sha256Hex,
  attachments: z.array(SealedAttachment).max(20),
  dossierId: Uuid,
  kind: PacketHeader.shape.kind,
  sequence: z.number().int().positive(),
  /** The packet that handed the dossier in. */
  submitPacketId: Uuid.optional(),
  /** Of a supplement: what it answers. */
  requestId: Uuid.optional(),
  procedureCode: z.string(),
  procedureVersion: z.string(),
  training: z.boolean(),
  slipCode: z.string().max(20),
  operatorId: Uuid,
  sealedAt: Instant,
})
export type PacketRecord = z.infer<typeof PacketRecord>

export const RecordsAnswer = z.object({
  /** In the order of their counters. */
  records: z.array(PacketRecord),
  /** Ask again after this counter; absent with the last of them. */
  next: z.number().int().positive().optional(),
})
export type RecordsAnswer = z.infer<typeof RecordsAnswer>

export const ProblemType = z.enum([
  'malformed',
  'unauthenticated',
  'enrolment-code-unknown',
  'station-revoked',
  'training-refused',
  'unknown-key',
  'signature-invalid',
  'seal-invalid',
  'key-reused', // the same packetId or counter with another body
  'event-out-of-order', // an earlier event of the same dossier is not here yet: worth another try
  'changed-elsewhere', // a supplement changes what has changed since its clerk saw it
  'presence-not-proven', // what was read of a card does not prove that its holder is here
  'operator-removed', // whoever asks no longer works at this station
  'taken-back', // this packet was recalled; it will never be received
  'procedure-unknown',
  'procedure-not-in-force', // its version has ended, days of grace included, or has not begun
  'dossier-invalid',
  'attachment-invalid',
  'too-large',
  'not-found',
  'busy',
  'internal',
])
export type ProblemType = z.infer<typeof ProblemType>
export const Problem = z.object({
  type: ProblemType,
  title: z.string(),
  status: z.number().int(),
  detail: z.string().optional(),
  /** For dossier-invalid: what is wrong, in words a clerk can act on. No values. */
  findings: z.array(z.object({ fields: z.array(z.string()), message: LocalizedText })).optional(),
})
export type Problem = z.infer<typeof Problem>
