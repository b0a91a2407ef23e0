/**
 * The gateway's receipt: compact JWS (RFC 7515), ES256, typ `tram-receipt`, by a key the gateway named (at enrolment, or in a lease after a rotation).
 * Invariant: a VerifiedReceipt comes from nowhere but `verifyReceipt`; only against one may plain text leave the kiosk.
 */
import { compactVerify, decodeProtectedHeader, importJWK } from 'jose'
import type { GatewayKeys } from '../../contracts/gateway-api.ts'
import { ReceiptClaims } from '../../contracts/packet.ts'
import { err, ok, type Result } from '../../contracts/result.ts'
import { fromUtf8 } from './base64url.ts'

declare const verified: unique symbol
export type VerifiedReceipt = { jws: string; claims: ReceiptClaims; readonly [verified]: true }
export type ReceiptFault = { type: 'receipt-invalid'; detail: string }

export const verifyReceipt = async (
  jws: string,
  pinned: Pick<GatewayKeys, 'receipts' | 'formerReceipts'>,
): Promise<Result<VerifiedReceipt, ReceiptFault>> => {
  try {
    const { kid } = decodeProtectedHeader(jws)
    const known = [pinned.receipts, ...(pinned.formerReceipts ?? [])]
    const { kty, crv, x, y } = (known.find(({ keyId }) => keyId === kid) ?? pinned.receipts).publicKey
    const key = await importJWK({ kty, crv, x, y }, 'ES256')
    const { payload, protectedHeader } = await compactVerify(jws, key, { algorithms: ['ES256'] })
    if (protectedHeader.typ !== 'tram-receipt') return err({ type: 'receipt-invalid', detail: 'typ' })
    const claims = ReceiptClaims.parse(JSON.parse(fromUtf8(payload)))
    return ok({ jws, claims } as VerifiedReceipt)
  } catch (cause) {
    return err({ type: 'receipt-invalid', detail: cause instanceof Error ? cause.name : 'unknown' })
  }
}
