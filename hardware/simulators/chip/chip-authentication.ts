/**
 * The card's side of Chip Authentication (BSI TR-03110-3 section B.2), written apart from the terminal's side, and what DG14 tells
 * of it. Specimen keys follow from the personal number: a specimen's chip is the same chip every time.
 */
import { createHash } from 'node:crypto'
import { equalBytes, fromHex } from '../../protocols/bytes/bytes.ts'
import type { CommandApdu } from '../../protocols/iso7816/apdu.ts'
import { curveOfParameterId } from '../../protocols/pace/curves.ts'
import { dhGroupOfParameterId, encodeElement } from '../../protocols/pace/dh-groups.ts'
import { dhOver, ecdhOver } from '../../protocols/pace/key-agreement.ts'
import { decodeTlvList, encodeTlv } from '../../protocols/tlv/tlv.ts'
import { type ChipCipher, type ChipSession, chipSessionOf } from './chip-session.ts'

export type ChipAuthenticationOffer = {
  cipher: ChipCipher
  /** Standardized domain parameters: 0 to 2 = DH, 8 to 18 = ECDH. */
  parameterId: number
}
/** What the EF.CardAccess of the cards of 2021 announces. */
export const usualChipAuthentication: ChipAuthenticationOffer = { cipher: 'aes-128', parameterId: 13 }

const cipherNumber = { '3des': 1, 'aes-128': 2, 'aes-192': 3, 'aes-256': 4 } as const
const none = new Uint8Array()
const integer = (...bytes: readonly number[]): Uint8Array => encodeTlv(0x02, Uint8Array.from(bytes))

const seedOf = (label: string, length: number): Uint8Array => {
  const blocks = Array.from({ length: Math.ceil(length / 64) }, (_, at) => createHash('sha512').update(`${label} ${at}`).digest())
  return Uint8Array.from(Buffer.concat(blocks)).slice(0, length)
}

const unsigned = (bytes: Uint8Array): Uint8Array => ((bytes[0] ?? 0) > 0x7f ? Uint8Array.of(0, ...bytes) : bytes)

export const createChipAuthentication = (personalNumber: string, offer: ChipAuthenticationOffer) => {
  const curve = curveOfParameterId(offer.parameterId)
  const group = dhGroupOfParameterId(offer.parameterId)
  const agreement = curve ? ecdhOver(curve) : group ? dhOver(group) : undefined
  if (agreement === undefined) throw new Error('parameters no chip here has')
  const own = agreement.keyPair(seedOf(`specimen chip authentication ${personalNumber}`, agreement.seedLength))
  const kind = curve ? 2 : 1
  const protocol = Uint8Array.of(0x04, 0x00, 0x7f, 0x00, 0x07, 0x02, 0x02, 0x03, kind, cipherNumber[offer.cipher])

  const algorithm = curve
    ? encodeTlv(0x30, encodeTlv(0x06, fromHex('2A8648CE3D0201')), encodeTlv(0x06, fromHex(curve.objectId)))
    : encodeTlv(
        0x30,
        encodeTlv(0x06, fromHex('2A864886F70D010301')),
        encodeTlv(
          0x30,
          ...(group
            ? [group.prime, group.generator].map((number) => encodeTlv(0x02, unsigned(encodeElement(group, number))))
            : []),
        ),
      )
  const key = curve ? own.publicKey : encodeTlv(0x02, unsigned(own.publicKey))
  const publicKeyInfo = encodeTlv(0x30, algorithm, encodeTlv(0x03, Uint8Array.of(0), key))
  const keyOid = Uint8Array.of(0x04, 0x00, 0x7f, 0x00, 0x07, 0x02, 0x02, 0x01, kind)

  const infos = [encodeTlv(0x30, encodeTlv(0x06, protocol), integer(1)), encodeTlv(0x30, encodeTlv(0x06, keyOid), publicKeyInfo)]

  let selected = false
  const agree = (publicKey: Uint8Array): ChipSession | undefined => {
    const secret = agreement.secret(own.privateKey, publicKey)
    return secret && chipSessionOf(offer.cipher, secret, 0n)
  }

  return {
    /** Of DG14: the protocol and the key. */
    infos,
    /** For chip authentication mapping, where it is on PACE's curve. */
    privateKey: own.privateKey,
    dg14: encodeTlv(0x6e, encodeTlv(0x31, ...infos)),
    reset(): void {
      selected = false
    },
    /** MSE:Set KAT, MSE:Set AT or GENERAL AUTHENTICATE; the session begins after this command's answer. */
    serve(command: CommandApdu): { data: Uint8Array; statusWord: number; session?: ChipSession } {
      const refuse = (statusWord: number) => ({ data: none, statusWord })
      const objects = decodeTlvList(command.data ?? none)
      if (!objects.ok) return refuse(0x6a80)
      const value = (tag: number) => objects.value.find((object) => object.tag === tag)?.value
      if (command.ins === 0x22 && command.p1 === 0x41 && command.p2 === 0xa6) {
        const session = offer.cipher === '3des' ? agree(value(0x91) ?? none) : undefined
        return session === undefined ? refuse(0x6a80) : { data: none, statusWord: 0x9000, session }
      }
      if (command.ins === 0x22 && command.p1 === 0x41 && command.p2 === 0xa4) {
        selected = offer.cipher !== '3des' && equalBytes(value(0x80) ?? none, protocol)
        return refuse(selected ? 0x9000 : 0x6a80)
      }
      if (command.ins !== 0x86 || !selected) return refuse(0x6985)
      selected = false
      const inner = decodeTlvList(value(0x7c) ?? none)
      const publicKey = inner.ok ? inner.value.find((object) => object.tag === 0x80)?.value : undefined
      const session = agree(publicKey ?? none)
      return session === undefined ? refuse(0x6300) : { data: encodeTlv(0x7c), statusWord: 0x9000, session }
    },
  }
}
