/**
 * Seals and signatures as the simulation has them: the same shapes, told apart by the same things, without the cost of real ones. What
 * the real ones are worth is tested beside them (sync/packet).
 */
import { createHash } from 'node:crypto'
import { type Packet, type PacketHeader, ReceiptClaims } from '../../contracts/packet.ts'
import { err, ok, type Result } from '../../contracts/result.ts'
import type { AttachmentVerification } from '../../sync/gateway/attachments/verification.ts'
import type { PacketSeals } from '../../sync/gateway/packets/intake-ports.ts'
import type { ReceiptFault, VerifiedReceipt } from '../../sync/packet/receipt-codec.ts'

const encode = (text: string) => Buffer.from(text, 'utf8').toString('base64url')
const decode = (text: string) => Buffer.from(text, 'base64url').toString('utf8')
export const sha256 = (value: string | Uint8Array) => createHash('sha256').update(value).digest('hex')

export const modelDigest = (packet: Pick<Packet, 'header' | 'payload' | 'sealedKey'>) =>
  sha256(`${packet.header}.${packet.sealedKey.ciphertext}.${packet.payload}`)

const signatureOf = (stationId: string, digest: string) => encode(sha256(`device key of ${stationId} ${digest}`))

export const sealModelPacket = (header: PacketHeader, payload: unknown): { packet: Packet; digest: string } => {
  const unsigned = {
    header: encode(JSON.stringify(header)),
    sealedKey: { enc: '', ciphertext: encode(header.gatewayKeyId) },
    payload: encode(JSON.stringify(payload)),
  }
  const digest = modelDigest(unsigned)
  return { packet: { ...unsigned, signature: signatureOf(header.stationId, digest) }, digest }
}

export const openModelPayload = (packet: Packet): unknown => JSON.parse(decode(packet.payload))

export const createModelSeals = (knowsKey: (keyId: string) => boolean): PacketSeals => ({
  digest: async (packet) => modelDigest(packet),
  isSignedBy: async (packet, deviceKey) => packet.signature === signatureOf(deviceKey.x, modelDigest(packet)),
  open: async (packet) => {
    const keyId = decode(packet.sealedKey.ciphertext)
    if (!knowsKey(keyId)) return err({ type: 'unknown-key', detail: keyId })
    return ok({ payload: Uint8Array.from(Buffer.from(packet.payload, 'base64url')), dataKey: new Uint8Array(32) })
  },
})

const receiptKey = 'receipt key of the gateway'
const mark = (claims: string) => sha256(`${receiptKey} ${claims}`)

export const signModelReceipt = async (claims: ReceiptClaims): Promise<string> => {
  const text = encode(JSON.stringify(ReceiptClaims.parse(claims)))
  return `model.${text}.${mark(text)}`
}

export const verifyModelReceipt = async (jws: string): Promise<Result<VerifiedReceipt, ReceiptFault>> => {
  const [, text = '', signature] = jws.split('.')
  if (signature !== mark(text)) return err({ type: 'receipt-invalid', detail: 'signature' })
  return ok({ jws, claims: ReceiptClaims.parse(JSON.parse(decode(text))) } as VerifiedReceipt)
}

/** A kiosk which believes what it is told. */
export const believeReceipt = async (jws: string): Promise<Result<VerifiedReceipt, ReceiptFault>> => {
  const claims = ReceiptClaims.safeParse(JSON.parse(decode(jws.split('.')[1] ?? '')))
  return claims.success ? ok({ jws, claims: claims.data } as VerifiedReceipt) : err({ type: 'receipt-invalid', detail: 'claims' })
}

export const forgeReceipt = (claims: ReceiptClaims): string => `model.${encode(JSON.stringify(claims))}.forged`

export const verifyModelAttachment: AttachmentVerification = async ({ sealed, announced }) =>
  sealed.length === announced.sealedSize && sha256(sealed) === announced.sealedSha256
    ? ok(undefined)
    : err({ type: 'attachment-invalid', detail: 'the sealed bytes are not those announced' })
