/**
 * PACE, the terminal's side (Doc 9303-11 section 4.4; commands section 4.4.4): generic and integrated mapping over elliptic curves and
 * prime fields, chip authentication mapping over curves.
 *
 * Invariants: pure: randomness comes in as seeds, each step is a value whose `accept` gives the next. No channel without the chip's
 * token. A chip that gives no element of the group, or the terminal's own key back, is refused. Any answer gives a Result.
 */
import { err, ok, type Result } from '../../../contracts/result.ts'
import { decryptAes, encryptAes } from '../aes/aes.ts'
import { equalBytes } from '../bytes/bytes.ts'
import { unpad } from '../bytes/padding.ts'
import type { CommandApdu } from '../iso7816/apdu.ts'
import { createAesChannel } from '../secure-messaging/aes-channel.ts'
import type { SecureChannel } from '../secure-messaging/secure-messaging.ts'
import { createTripleDesChannel } from '../secure-messaging/triple-des-channel.ts'
import { decodeTlv, decodeTlvList, encodeTlv } from '../tlv/tlv.ts'
import type { PaceInfo } from './card-access.ts'
import { privateKeyOf } from './curves.ts'
import { mappingNonceLength, pseudoRandomNumber } from './integrated-mapping.ts'
import { type PaceGroup, paceGroupOf } from './pace-groups.ts'
import {
  authenticationToken,
  decryptNonce,
  derivePaceKey,
  nonceBlockLength,
  type PacePassword,
  passwordSecret,
} from './pace-keys.ts'

export type PaceFailure = {
  type: 'pace-not-supported' | 'pace-answer-malformed' | 'pace-point-invalid' | 'pace-key-repeated' | 'pace-token-wrong'
}
export type PaceRandomness = {
  /** Each `seedLength` bytes, never used twice. */
  readonly mappingSeed: Uint8Array
  readonly agreementSeed: Uint8Array
}
export type PaceStep = {
  readonly name: 'nonce' | 'mapping' | 'key agreement' | 'token'
  /** GENERAL AUTHENTICATE, chained until the last. */
  readonly command: CommandApdu
  accept(answer: Uint8Array): Result<{ step: PaceStep } | PaceOpened, PaceFailure>
}
/** What chip authentication mapping leaves to be checked against the static key of EF.CardSecurity (section 4.4.3.5.2). */
export type MappingProof = {
  readonly data: Uint8Array
  readonly mappingKey: Uint8Array
  readonly parameterId: number | undefined
}
export type PaceOpened = { readonly channel: SecureChannel; readonly mappingProof?: MappingProof }

/** The first that can be used, in the chip's own order. */
export const choosePaceInfo = (offered: readonly PaceInfo[]): PaceInfo | undefined =>
  offered.find(
    ({ agreement, version, parameterId, mapping }) =>
      // Section B.2 of Doc 9303-11 has no point encoding for NIST P-224, whose prime is 1 modulo 4.
      version === 2 && paceGroupOf(agreement, parameterId) !== undefined && !(mapping === 'integrated' && parameterId === 10),
  )

/** MSE:Set AT. The parameters are named where the chip offers several for one protocol, or asks for it. */
export const selectPace = (info: PaceInfo, password: PacePassword, nameParameters: boolean): CommandApdu => ({
  cla: 0x00,
  ins: 0x22,
  p1: 0xc1,
  p2: 0xa4,
  data: Uint8Array.from([
    ...encodeTlv(0x80, info.protocol),
    ...encodeTlv(0x83, Uint8Array.of(password.type === 'mrz' ? 1 : 2)),
    ...(nameParameters && info.parameterId !== undefined ? encodeTlv(0x84, Uint8Array.of(info.parameterId)) : []),
  ]),
})

const generalAuthenticate = (data: Uint8Array, last: boolean): CommandApdu => ({
  cla: last ? 0x00 : 0x10,
  ins: 0x86,
  p1: 0x00,
  p2: 0x00,
  data: encodeTlv(0x7c, data),
  le: 256,
})

/** The object expected inside the dynamic authentication data. */
const answered = (answer: Uint8Array, tag: number): Uint8Array | undefined => {
  const outer = decodeTlv(answer)
  if (!outer.ok || outer.value.tlv.tag !== 0x7c) return undefined
  const inner = decodeTlvList(outer.value.tlv.value)
  return inner.ok ? inner.value.find((object) => object.tag === tag)?.value : undefined
}

const refuse = (type: PaceFailure['type']): Result<never, PaceFailure> => err({ type })

/** CA.IC, encrypted under the session's key with the vector of −1 (section 4.4.3.5.1). */
const mappingData = (encryptionKey: Uint8Array, encrypted: Uint8Array | undefined): Uint8Array | undefined => {
  if (encrypted === undefined || encrypted.length === 0 || encrypted.length % 16 !== 0) return undefined
  const vector = encryptAes(encryptionKey, new Uint8Array(16).fill(0xff))
  return unpad(decryptAes(encryptionKey, encrypted, vector), 16)
}

const beginIn = <E>(group: PaceGroup<E>, info: PaceInfo, password: PacePassword, random: PaceRandomness): PaceStep => {
  const { cipher, protocol } = info

  /** The chip's public key of this step, told apart from one's own. */
  const peerKey = (answer: Uint8Array, tag: number, own: Uint8Array): Result<E, PaceFailure> => {
    const bytes = answered(answer, tag)
    if (bytes === undefined) return refuse('pace-answer-malformed')
    if (equalBytes(bytes, own)) return refuse('pace-key-repeated')
    const element = group.decode(bytes)
    return element === undefined ? refuse('pace-point-invalid') : ok(element)
  }

  const tokenStep = (sharedSecret: Uint8Array, ownKey: Uint8Array, chipKey: Uint8Array, mappingKey: Uint8Array): PaceStep => {
    const keys = { encryption: derivePaceKey(cipher, sharedSecret, 1), mac: derivePaceKey(cipher, sharedSecret, 2) }
    const tokenOver = (publicKey: Uint8Array): Uint8Array =>
      authenticationToken(cipher, keys.mac, protocol, group.publicKeyTag, publicKey)
    return {
      name: 'token',
      command: generalAuthenticate(encodeTlv(0x85, tokenOver(chipKey)), true),
      accept(answer) {
        const token = answered(answer, 0x86)
        if (token === undefined) return refuse('pace-answer-malformed')
        if (!equalBytes(token, tokenOver(ownKey))) return refuse('pace-token-wrong')
        const channel =
          cipher === '3des' ? createTripleDesChannel({ keys, sendSequenceCounter: new Uint8Array(8) }) : createAesChannel(keys)
        if (info.mapping !== 'chip-authentication') return ok({ channel })
        const data = mappingData(keys.encryption, answered(answer, 0x8a))
        return data === undefined
          ? refuse('pace-answer-malformed')
          : ok({ channel, mappingProof: { data, mappingKey, parameterId: info.parameterId } })
      },
    }
  }

  const agreementKey = privateKeyOf(group, random.agreementSeed)
  const agreementStep = (own: E, mappingKey: Uint8Array): PaceStep => {
    const ownKey = group.encode(own)
    return {
      name: 'key agreement',
      command: generalAuthenticate(encodeTlv(0x83, ownKey), false),
      accept(answer) {
        const chipKey = peerKey(answer, 0x84, ownKey)
        if (!chipKey.ok) return chipKey
        const sharedSecret = group.secret(group.power(chipKey.value, agreementKey))
        return ok({ step: tokenStep(sharedSecret, ownKey, group.encode(chipKey.value), mappingKey) })
      },
    }
  }

  const genericStep = (nonce: Uint8Array): PaceStep => {
    const privateKey = privateKeyOf(group, random.mappingSeed)
    const ownKey = group.encode(group.powerOfGenerator(privateKey))
    return {
      name: 'mapping',
      command: generalAuthenticate(encodeTlv(0x81, ownKey), false),
      accept(answer) {
        const chipKey = peerKey(answer, 0x82, ownKey)
        if (!chipKey.ok) return chipKey
        const own = group.mappedKey(nonce, chipKey.value, privateKey, agreementKey)
        return own === undefined ? refuse('pace-point-invalid') : ok({ step: agreementStep(own, group.encode(chipKey.value)) })
      },
    }
  }

  const integratedStep = (nonce: Uint8Array): PaceStep => {
    const ownNonce = random.mappingSeed.slice(0, mappingNonceLength(cipher))
    return {
      name: 'mapping',
      command: generalAuthenticate(encodeTlv(0x81, ownNonce), false),
      accept() {
        const generator = group.mappedFrom(pseudoRandomNumber(cipher, nonce, ownNonce, group.fieldBits))
        return generator === undefined
          ? refuse('pace-point-invalid')
          : ok({ step: agreementStep(group.power(generator, agreementKey), new Uint8Array()) })
      },
    }
  }

  return {
    name: 'nonce',
    command: generalAuthenticate(new Uint8Array(), false),
    accept(answer) {
      const encrypted = answered(answer, 0x80)
      const block = nonceBlockLength(cipher)
      if (encrypted === undefined || encrypted.length === 0 || encrypted.length > 64 || encrypted.length % block !== 0)
        return refuse('pace-answer-malformed')
      const nonce = decryptNonce(cipher, derivePaceKey(cipher, passwordSecret(password), 3), encrypted)
      return ok({ step: info.mapping === 'integrated' ? integratedStep(nonce) : genericStep(nonce) })
    },
  }
}

export const beginPace = (info: PaceInfo, password: PacePassword, random: PaceRandomness): Result<PaceStep, PaceFailure> => {
  const any = choosePaceInfo([info]) && paceGroupOf(info.agreement, info.parameterId)
  if (any === undefined) return refuse('pace-not-supported')
  return ok(any.agreement === 'ecdh' ? beginIn(any.group, info, password, random) : beginIn(any.group, info, password, random))
}
