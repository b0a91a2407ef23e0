/**
 * PACE with generic mapping over elliptic curves, the terminal's side (Doc 9303-11 section 4.4; generic mapping section 4.4.3.3.1;
 * commands section 4.4.4).
 *
 * Invariants: pure: randomness comes in as seeds, each step is a value whose `accept` gives the next. No channel without the chip's
 * token. A chip that gives no point of the curve, or the terminal's own key back, is refused. Any answer gives a Result.
 */
import { err, ok, type Result } from '../../../contracts/result.ts'
import { equalBytes } from '../bytes/bytes.ts'
import type { CommandApdu } from '../iso7816/apdu.ts'
import { createAesChannel } from '../secure-messaging/aes-channel.ts'
import type { SecureChannel } from '../secure-messaging/secure-messaging.ts'
import { createTripleDesChannel } from '../secure-messaging/triple-des-channel.ts'
import { decodeTlv, decodeTlvList, encodeTlv } from '../tlv/tlv.ts'
import type { PaceInfo } from './card-access.ts'
import { type Curve, type CurvePoint, curveOfParameterId, decodePoint, encodePoint, integerOf, privateKeyOf } from './curves.ts'
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
  accept(answer: Uint8Array): Result<{ step: PaceStep } | { channel: SecureChannel }, PaceFailure>
}

/** The first that can be used, in the chip's own order. */
export const choosePaceInfo = (offered: readonly PaceInfo[]): PaceInfo | undefined =>
  offered.find(
    ({ agreement, mapping, version, parameterId }) =>
      agreement === 'ecdh' && mapping === 'generic' && version === 2 && curveOfParameterId(parameterId) !== undefined,
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

/** Ĝ = s·G + H; undefined at infinity, which no honest chip leads to. */
export const mapGenerically = (curve: Curve, nonce: Uint8Array, shared: CurvePoint): CurvePoint | undefined => {
  const s = integerOf(nonce) % curve.order
  const mapped = s === 0n ? shared : curve.generator.multiply(s).add(shared)
  return mapped.is0() ? undefined : mapped
}

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

/** The chip's public key of this step, told apart from one's own. */
const peerPoint = (curve: Curve, answer: Uint8Array, tag: number, own: Uint8Array): Result<CurvePoint, PaceFailure> => {
  const bytes = answered(answer, tag)
  if (bytes === undefined) return refuse('pace-answer-malformed')
  if (equalBytes(bytes, own)) return refuse('pace-key-repeated')
  const point = decodePoint(curve, bytes)
  return point === undefined ? refuse('pace-point-invalid') : ok(point)
}

export const beginPace = (info: PaceInfo, password: PacePassword, random: PaceRandomness): Result<PaceStep, PaceFailure> => {
  const curve = curveOfParameterId(info.parameterId)
  if (curve === undefined || choosePaceInfo([info]) === undefined) return refuse('pace-not-supported')
  const { cipher, protocol } = info

  const tokenStep = (sharedSecret: Uint8Array, ownKey: Uint8Array, chipKey: Uint8Array): PaceStep => {
    const keys = { encryption: derivePaceKey(cipher, sharedSecret, 1), mac: derivePaceKey(cipher, sharedSecret, 2) }
    return {
      name: 'token',
      command: generalAuthenticate(encodeTlv(0x85, authenticationToken(cipher, keys.mac, protocol, chipKey)), true),
      accept(answer) {
        const token = answered(answer, 0x86)
        if (token === undefined) return refuse('pace-answer-malformed')
        if (!equalBytes(token, authenticationToken(cipher, keys.mac, protocol, ownKey))) return refuse('pace-token-wrong')
        return ok({
          channel:
            cipher === '3des' ? createTripleDesChannel({ keys, sendSequenceCounter: new Uint8Array(8) }) : createAesChannel(keys),
        })
      },
    }
  }

  const agreementStep = (generator: CurvePoint): PaceStep => {
    const privateKey = privateKeyOf(curve, random.agreementSeed)
    const ownKey = encodePoint(generator.multiply(privateKey))
    return {
      name: 'key agreement',
      command: generalAuthenticate(encodeTlv(0x83, ownKey), false),
      accept(answer) {
        const chipKey = peerPoint(curve, answer, 0x84, ownKey)
        if (!chipKey.ok) return chipKey
        const shared = encodePoint(chipKey.value.multiply(privateKey))
        const sharedSecret = shared.slice(1, 1 + curve.coordinateLength)
        return ok({ step: tokenStep(sharedSecret, ownKey, encodePoint(chipKey.value)) })
      },
    }
  }

  const mappingStep = (nonce: Uint8Array): PaceStep => {
    const privateKey = privateKeyOf(curve, random.mappingSeed)
    const ownKey = encodePoint(curve.generator.multiply(privateKey))
    return {
      name: 'mapping',
      command: generalAuthenticate(encodeTlv(0x81, ownKey), false),
      accept(answer) {
        const chipKey = peerPoint(curve, answer, 0x82, ownKey)
        if (!chipKey.ok) return chipKey
        const generator = mapGenerically(curve, nonce, chipKey.value.multiply(privateKey))
        return generator === undefined ? refuse('pace-point-invalid') : ok({ step: agreementStep(generator) })
      },
    }
  }

  return ok({
    name: 'nonce',
    command: generalAuthenticate(new Uint8Array(), false),
    accept(answer) {
      const encrypted = answered(answer, 0x80)
      const block = nonceBlockLength(cipher)
      if (encrypted === undefined || encrypted.length === 0 || encrypted.length > 64 || encrypted.length % block !== 0)
        return refuse('pace-answer-malformed')
      const passwordKey = derivePaceKey(cipher, passwordSecret(password), 3)
      return ok({ step: mappingStep(decryptNonce(cipher, passwordKey, encrypted)) })
    },
  })
}
