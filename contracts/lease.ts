/**
 * The lease: what the gateway says to one station about everything but dossiers, signed (compact JWS, ES256, typ `tram-lease`) by a receipt
 * key the station already trusts. Who no longer works there, how long the station may go without hearing from the gateway, how long drafts
 * live, the keys to seal to and to verify by, and public keys under which a forgotten PIN can be recovered.
 *
 *   POST /v1/lease   LeaseRequest -> LeaseAnswer   (Bearer; also part of the answer to an enrolment)
 */
import { z } from 'zod'
import { Base64Url, Instant, Sha256Hex, Uuid } from './encoding.ts'
import { GatewayKeys } from './gateway-api.ts'

export const OperatorRole = z.enum(['supervisor', 'operator'])
export type OperatorRole = z.infer<typeof OperatorRole>

/**
 * HPKE public keys (raw points), one for each recovery slot from `first` on. The private key of slot n is derived from a code which only
 * the gateway's desk can work out (sync/packet/recovery-code.ts): a station can wrap to it any time, and open nothing.
 */
export const RecoveryKeys = z.object({ first: z.number().int().positive(), publicKeys: z.array(Base64Url).max(64) })
export type RecoveryKeys = z.infer<typeof RecoveryKeys>

/** What the station asked with, at most once answered: no clock and no number of the gateway's decides which lease is the newer one. */
const LeaseNonce = Base64Url.min(22).max(64)

export const LeaseClaims = z.object({
  stationId: Uuid,
  /** As the request had it; in the answer to an enrolment the x of the device's key. */
  nonce: LeaseNonce,
  issuedAt: Instant,
  /** Days without a newer lease after which no PIN opens anything on the station. */
  offlineDays: z.number().int().min(1).max(365),
  /** Hours after its last change at which a draft is destroyed. */
  draftHours: z
    .number()
    .int()
    .min(24)
    .max(24 * 60),
  removedOperators: z.array(Uuid),
  /** The commune and province the point stands in, as the desk has it now; absent = as it was enrolled. */
  pointPlace: z.string().min(1).max(200).optional(),
  /** The gateway keeps what citizens let be kept, for so many months; absent = it keeps nothing, and nobody is to be asked. */
  keepMonths: z.number().int().positive().max(60).optional(),
  /** The list of the gateway's procedures (contracts/catalogue.ts); absent = it publishes none. */
  catalogue: Sha256Hex.optional(),
  keys: GatewayKeys,
  /** Only when the station asked for more: it keeps what it has. */
  recovery: RecoveryKeys.optional(),
})
export type LeaseClaims = z.infer<typeof LeaseClaims>

/** Operators as the gateway's desk sees them: whom a code is for, and whom one can remove. */
export const OperatorReport = z.object({
  operatorId: Uuid,
  name: z.string().min(1).max(100),
  role: OperatorRole,
  recoverySlot: z.number().int().positive().optional(),
})
export type OperatorReport = z.infer<typeof OperatorReport>

export const LeaseRequest = z.object({
  nonce: LeaseNonce,
  /** Receipt key by which the station will verify the answer: it may have missed rotations. */
  trusts: z.string().min(1).max(200),
  operators: z.array(OperatorReport).max(100),
  /** The first recovery slot to send public keys for; absent when the station has enough of them. */
  recoveryFrom: z.number().int().positive().optional(),
})
export type LeaseRequest = z.infer<typeof LeaseRequest>

export const LeaseAnswer = z.object({ lease: z.string().max(60_000) })
