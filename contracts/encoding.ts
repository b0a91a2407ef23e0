import { z } from 'zod'

/** Bytes in JSON: base64url without padding (RFC 4648 section 5). */
export const Base64Url = z.string().regex(/^[A-Za-z0-9_-]*$/)
export const Uuid = z.uuid()
/** An instant, ISO 8601 in UTC with milliseconds. A station's instants are claims; only the gateway's order anything. */
export const Instant = z.iso.datetime()
/** SHA-256 as 64 lower-case hexadecimal digits. */
export const Sha256Hex = z.string().regex(/^[0-9a-f]{64}$/)
/** An EC P-256 public key as JWK (RFC 7517). */
export const PublicKeyJwk = z.object({ kty: z.literal('EC'), crv: z.literal('P-256'), x: Base64Url, y: Base64Url })
export type PublicKeyJwk = z.infer<typeof PublicKeyJwk>

/** A text in the languages of the kiosk; Vietnamese is always there. */
export const LocalizedText = z.object({ vi: z.string().min(1), en: z.string().min(1).optional() })
export type LocalizedText = z.infer<typeof LocalizedText>
