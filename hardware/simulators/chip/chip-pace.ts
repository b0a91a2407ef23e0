/**
 * The card's side of PACE (Doc 9303-11 section 4.4) with generic and integrated mapping over both kinds of groups and chip authentication
 * mapping over curves, written apart from the terminal's side. Shared are the ciphers, the groups and the codecs, which the worked examples hold.
 *
 * Invariants: the steps come in their order, each once; anything else begins again. A session is given only for the terminal's token.
 */
import { aesCmac, encryptAes } from '../../protocols/aes/aes.ts'
import { encrypt3des, retailMac } from '../../protocols/bac/triple-des.ts'
import { equalBytes } from '../../protocols/bytes/bytes.ts'
import { pad } from '../../protocols/bytes/padding.ts'
import type { CommandApdu } from '../../protocols/iso7816/apdu.ts'
import { integerOf } from '../../protocols/pace/curves.ts'
import { modularPower } from '../../protocols/pace/dh-groups.ts'
import { mappingNonceLength, pseudoRandomNumber } from '../../protocols/pace/integrated-mapping.ts'
import { type PaceGroup, paceGroupOf } from '../../protocols/pace/pace-groups.ts'
import { decodeTlvList, encodeTlv } from '../../protocols/tlv/tlv.ts'
import { type ChipCipher, type ChipSession, chipSessionOf, deriveChipKey } from './chip-session.ts'

export type ChipPaceOffer = {
  cipher: ChipCipher
  /** 0 to 2 = DH, 8 to 18 = ECDH. */
  parameterId: number
  /** Generic unless told otherwise. */
  mapping?: 'generic' | 'integrated' | 'chip-authentication'
}

type Progress<E> =
  | { at: 'start' }
  | { at: 'selected'; password: Uint8Array }
  | { at: 'nonce-sent'; nonce: Uint8Array }
  | { at: 'mapped'; generator: E; mappingKey?: bigint }
  | { at: 'agreed'; session: ChipSession; token: Uint8Array; answer: Uint8Array; mappingData: Uint8Array | undefined }

type PaceAnswer = { data: Uint8Array; statusWord: number; session?: ChipSession }

const none = new Uint8Array()
const answer = (statusWord: number): PaceAnswer => ({ data: none, statusWord })
const cipherNumber = { '3des': 1, 'aes-128': 2, 'aes-192': 3, 'aes-256': 4 } as const

const protocolOf = (offer: ChipPaceOffer): Uint8Array => {
  const variant =
    (offer.parameterId < 8 ? 1 : 2) + { generic: 0, integrated: 2, 'chip-authentication': 4 }[offer.mapping ?? 'generic']
  return Uint8Array.of(0x04, 0x00, 0x7f, 0x00, 0x07, 0x02, 0x02, 0x04, variant, cipherNumber[offer.cipher])
}
/** l bits of the nonce s: whole blocks, as long as the key at least (section 4.4.3.3.3). */
const nonceLength = { '3des': 16, 'aes-128': 16, 'aes-192': 32, 'aes-256': 32 } as const

/** Terminal and chip authentication as real cards list them, then PACE. */
export const efCardAccess = (offer: ChipPaceOffer): Uint8Array => {
  const info = (oid: Uint8Array, ...numbers: readonly number[]): Uint8Array =>
    encodeTlv(0x30, encodeTlv(0x06, oid), ...numbers.map((number) => encodeTlv(0x02, Uint8Array.of(number))))
  return encodeTlv(
    0x31,
    info(Uint8Array.from(Buffer.from('04007F0007020202', 'hex')), 1),
    info(Uint8Array.from(Buffer.from('04007F00070202030202', 'hex')), 1),
    info(protocolOf(offer), 2, offer.parameterId),
  )
}

type Passwords = { mrz: Uint8Array; can: Uint8Array }
type Options = {
  random: (length: number) => Uint8Array
  parametersWanted: boolean
  /** To the public key of EF.CardSecurity: chip authentication mapping alone needs it. */
  staticKey?: bigint
}

export const createChipPace = (offer: ChipPaceOffer, passwords: Passwords, options: Options) => {
  const any = paceGroupOf(offer.parameterId < 8 ? 'dh' : 'ecdh', offer.parameterId)
  if (any === undefined) throw new Error('parameters no chip here has')
  return any.agreement === 'ecdh'
    ? createIn(any.group, offer, passwords, options)
    : createIn(any.group, offer, passwords, options)
}

const createIn = <E>(group: PaceGroup<E>, offer: ChipPaceOffer, passwords: Passwords, options: Options) => {
  const protocol = protocolOf(offer)
  let progress: Progress<E> = { at: 'start' }
  const privateKey = (): bigint => (integerOf(options.random(74)) % (group.order - 1n)) + 1n

  const tokenOver = (mac: Uint8Array, publicKey: Uint8Array): Uint8Array => {
    const input = encodeTlv(0x7f49, encodeTlv(0x06, protocol), encodeTlv(group.publicKeyTag, publicKey))
    return offer.cipher === '3des' ? retailMac(mac, input) : aesCmac(mac, input).slice(0, 8)
  }

  /** CA.IC: the mapping's key divided by the static one, encrypted under the session's key (section 4.4.3.5.1). */
  const mappingDataOf = (session: ChipSession, mappingKey: bigint): Uint8Array | undefined => {
    const { staticKey } = options
    if (offer.mapping !== 'chip-authentication' || staticKey === undefined) return undefined
    const quotient = (mappingKey * modularPower(staticKey, group.order - 2n, group.order)) % group.order
    const length = Math.ceil(group.order.toString(16).length / 2)
    const plain = Uint8Array.from(Buffer.from(quotient.toString(16).padStart(length * 2, '0'), 'hex'))
    return encryptAes(session.encryption, pad(plain, 16), encryptAes(session.encryption, new Uint8Array(16).fill(0xff)))
  }

  const opened = ({ answer: token, mappingData }: { answer: Uint8Array; mappingData: Uint8Array | undefined }): PaceAnswer => ({
    data: encodeTlv(0x7c, encodeTlv(0x86, token), mappingData === undefined ? none : encodeTlv(0x8a, mappingData)),
    statusWord: 0x9000,
  })

  const step = (before: Progress<E>, given: { tag: number; value: Uint8Array } | undefined, last: boolean): PaceAnswer => {
    const reply = (tag: number, value: Uint8Array): PaceAnswer => ({
      data: encodeTlv(0x7c, encodeTlv(tag, value)),
      statusWord: 0x9000,
    })
    if (before.at === 'selected' && given === undefined && !last) {
      const nonce = options.random(nonceLength[offer.cipher])
      const key = deriveChipKey(offer.cipher, before.password, 3)
      progress = { at: 'nonce-sent', nonce }
      return reply(0x80, offer.cipher === '3des' ? encrypt3des(key, nonce) : encryptAes(key, nonce))
    }
    if (before.at === 'nonce-sent' && given?.tag === 0x81 && !last && offer.mapping === 'integrated') {
      const generator = group.mappedFrom(pseudoRandomNumber(offer.cipher, before.nonce, given.value, group.fieldBits))
      if (given.value.length !== mappingNonceLength(offer.cipher) || generator === undefined) return answer(0x6a80)
      progress = { at: 'mapped', generator }
      return reply(0x82, none)
    }
    if (before.at === 'nonce-sent' && given?.tag === 0x81 && !last) {
      const terminal = group.decode(given.value)
      if (terminal === undefined) return answer(0x6a80)
      const own = privateKey()
      const generator = group.mapped(before.nonce, group.power(terminal, own))
      if (generator === undefined) return answer(0x6300)
      progress = { at: 'mapped', generator, mappingKey: own }
      return reply(0x82, group.encode(group.power(group.generator, own)))
    }
    if (before.at === 'mapped' && given?.tag === 0x83 && !last) {
      const terminal = group.decode(given.value)
      if (terminal === undefined) return answer(0x6a80)
      const own = privateKey()
      const publicKey = group.encode(group.power(before.generator, own))
      const secret = group.secret(group.power(terminal, own))
      const session = chipSessionOf(offer.cipher, secret, 0n)
      progress = {
        at: 'agreed',
        session,
        token: tokenOver(session.mac, publicKey),
        answer: tokenOver(session.mac, given.value),
        mappingData: before.mappingKey === undefined ? undefined : mappingDataOf(session, before.mappingKey),
      }
      return reply(0x84, publicKey)
    }
    if (before.at === 'agreed' && given?.tag === 0x85 && last)
      return equalBytes(given.value, before.token) ? { ...opened(before), session: before.session } : answer(0x6300)
    return answer(before.at === 'start' ? 0x6985 : 0x6a80)
  }

  return {
    reset(): void {
      progress = { at: 'start' }
    },
    /** MSE:Set AT. */
    select(command: CommandApdu): number {
      progress = { at: 'start' }
      const objects = decodeTlvList(command.data ?? none)
      if (!objects.ok || command.p1 !== 0xc1 || command.p2 !== 0xa4) return 0x6a80
      const value = (tag: number) => objects.value.find((object) => object.tag === tag)?.value
      const parameters = value(0x84)
      if (!equalBytes(value(0x80) ?? none, protocol)) return 0x6a80
      if (parameters === undefined ? options.parametersWanted : !equalBytes(parameters, Uint8Array.of(offer.parameterId)))
        return 0x6a80
      const kind = value(0x83) ?? none
      if (kind.length !== 1 || (kind[0] !== 1 && kind[0] !== 2)) return 0x6a88
      progress = { at: 'selected', password: kind[0] === 1 ? passwords.mrz : passwords.can }
      return 0x9000
    },
    /** GENERAL AUTHENTICATE. */
    authenticate(command: CommandApdu): PaceAnswer {
      const before = progress
      progress = { at: 'start' }
      const outer = decodeTlvList(command.data ?? none)
      const [template] = outer.ok ? outer.value : []
      if (!outer.ok || outer.value.length !== 1 || template?.tag !== 0x7c) return answer(0x6a80)
      const inner = decodeTlvList(template.value)
      if (!inner.ok || inner.value.length > 1) return answer(0x6a80)
      return step(before, inner.value[0], (command.cla & 0x10) === 0)
    },
  }
}
