/**
 * The gateway's receipt: compact JWS (RFC 7515), ES256, typ `tram-receipt`, by the key pinned at enrolment.
 * Invariant: a VerifiedReceipt comes from nowhere but `verifyReceipt`; only against one may plain text leave the kiosk.
 */
import { compactVerify, importJWK } from 'jose'
import type { GatewayKeys } from '../../contracts/gateway-api.ts'
import { ReceiptClaims } from '../../contracts/packet.ts'
import { err, ok, type Result } from '../../contracts/result.ts'
import { fromUtf8 } from './base64url.ts'

declare const verified: unique symbol
export type VerifiedReceipt = { jws: string; claims: ReceiptClaims; readonly [verified]: true }
export type ReceiptFault = { type: 'receipt-invalid'; detail: string }

export const verifyReceipt = async (
  jws: string,
  pinned: GatewayKeys['receipts'],
): Promise<Result<VerifiedReceipt, ReceiptFault>> => {
  try {
    const { kty, crv, x, y } = pinned.publicKey
    const key = await importJWK({ kty, crv, x, y }, 'ES256')
    const { payload, protectedHeader } = await compactVerify(jws, key, { algorithms: ['ES256'] })
    if (protectedHeader.typ !== 'tram-receipt') return err({ type: 'receipt-invalid', detail: 'typ' })
    const claims = ReceiptClaims.parse(JSON.parse(fromUtf8(payload)))
    return ok({ jws, claims } as VerifiedReceipt)
  } catch (cause) {
    return err({ type: 'receipt-invalid', detail: cause instanceof Error ? cause.name : 'unknown' })
  }
}
