/** What the gateway does with its keys and a packet: open, tell who signed it, sign its receipt. Everything else here knows no key. */
import { CompactSign } from 'jose'
import { ReceiptClaims } from '../../../contracts/packet.ts'
import { openPacket, packetDigest, parseHeader, verifyPacketSignature } from '../../packet/packet-codec.ts'
import type { Keys } from '../keys.ts'
import type { PacketSeals } from './intake-ports.ts'

export const createPacketSeals = (keys: Pick<Keys, 'recipientOf'>): PacketSeals => ({
  digest: packetDigest,
  isSignedBy: verifyPacketSignature,
  // By the key it was sealed to: a queue from before a rotation still opens.
  open: async (packet) => {
    const parsed = parseHeader(packet)
    return parsed.ok ? openPacket(packet, keys.recipientOf(parsed.value.header.gatewayKeyId)) : parsed
  },
})

export const createReceiptSigner =
  (keys: Pick<Keys, 'receipts'>) =>
  (claims: ReceiptClaims): Promise<string> =>
    new CompactSign(Buffer.from(JSON.stringify(ReceiptClaims.parse(claims))))
      .setProtectedHeader({ alg: 'ES256', typ: 'tram-receipt', kid: keys.receipts.keyId })
      .sign(keys.receipts.privateKey)
