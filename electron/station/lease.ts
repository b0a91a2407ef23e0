/** A lease as the gateway signs it: compact JWS (RFC 7515), ES256, typ `tram-lease`, by a receipt key this station trusts already. */
import { createPublicKey, verify } from 'node:crypto'
import { z } from 'zod'
import type { GatewayKeys } from '../../contracts/gateway-api.ts'
import { LeaseClaims } from '../../contracts/lease.ts'
import { err, ok, type Result } from '../../contracts/result.ts'

const Header = z.object({ alg: z.literal('ES256'), typ: z.literal('tram-lease'), kid: z.string() })

const parseJson = (part: string): unknown => {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}

export const verifyLease = (
  jws: string,
  self: { stationId: string; keys: GatewayKeys },
): Result<LeaseClaims, { type: 'lease-invalid'; detail: string }> => {
  const invalid = (detail: string) => err({ type: 'lease-invalid' as const, detail })
  const [head, body, signature, ...rest] = jws.split('.')
  if (head === undefined || body === undefined || signature === undefined || rest.length > 0) return invalid('not a compact JWS')
  const header = Header.safeParse(parseJson(head))
  if (!header.success) return invalid('header')
  const { receipts, formerReceipts = [] } = self.keys
  const key = [receipts, ...formerReceipts].find(({ keyId }) => keyId === header.data.kid)
  if (key === undefined) return invalid('signed by a key this station does not know')
  const { kty, crv, x, y } = key.publicKey
  const publicKey = createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' })
  const signed = Buffer.from(`${head}.${body}`, 'ascii')
  const genuine = verify('sha256', signed, { key: publicKey, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))
  if (!genuine) return invalid('signature')
  const claims = LeaseClaims.safeParse(parseJson(body))
  if (!claims.success) return invalid(`claims: ${claims.error.issues[0]?.path.join('.') ?? ''}`)
  return claims.data.stationId === self.stationId ? ok(claims.data) : invalid('for another station')
}
