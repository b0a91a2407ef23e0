/**
 * Secure messaging, the terminal's side: the objects DO 87/85, 97, 99 and 8E (Doc 9303-11 section 9.8), the same for every cipher.
 * `triple-des-channel.ts` and `aes-channel.ts` make a channel.
 *
 * Invariants: pure: each step gives the channel to use next. The send sequence counter goes up by one before every command and
 * before every response. A response without a fitting MAC gives no data; a bare status word is passed on as what it is,
 * unauthenticated, and nothing can be read after it.
 */
import { err, ok, type Result } from '../../../contracts/result.ts'
import { concatBytes, equalBytes } from '../bytes/bytes.ts'
import { pad, unpad } from '../bytes/padding.ts'
import type { CommandApdu, ResponseApdu } from '../iso7816/apdu.ts'
import { decodeTlvList, encodeTlv } from '../tlv/tlv.ts'

export type ChannelCipher = {
  readonly blockLength: 8 | 16
  /** Whole blocks, under the initialisation vector which the counter gives. */
  encrypt(sendSequenceCounter: Uint8Array, blocks: Uint8Array): Uint8Array
  decrypt(sendSequenceCounter: Uint8Array, blocks: Uint8Array): Uint8Array
  /** Pads the message (method 2) and gives 8 bytes. */
  mac(message: Uint8Array): Uint8Array
}
export type SecureChannel = {
  readonly cipher: ChannelCipher
  /** As many bytes as a block has. */
  readonly sendSequenceCounter: Uint8Array
}
export type SecureMessagingFailure = {
  type: 'secure-messaging-malformed' | 'secure-messaging-mac-wrong' | 'secure-messaging-padding-wrong'
}
export type Unwrapped = {
  response: ResponseApdu
  channel: SecureChannel
  /** False for a bare status word: the chip has dropped the session, or somebody between says so. */
  authenticated: boolean
}

const next = (counter: Uint8Array): Uint8Array => {
  const increased = Uint8Array.from(counter)
  for (let at = increased.length - 1; at >= 0; at -= 1) {
    const byte = ((increased[at] ?? 0) + 1) & 0xff
    increased[at] = byte
    if (byte !== 0) break
  }
  return increased
}

const empty = new Uint8Array()

export const wrapCommand = (channel: SecureChannel, command: CommandApdu): { command: CommandApdu; channel: SecureChannel } => {
  const sendSequenceCounter = next(channel.sendSequenceCounter)
  const { cipher } = channel
  const cla = command.cla | 0x0c
  const header = pad(Uint8Array.of(cla, command.ins, command.p1, command.p2), cipher.blockLength)
  const data = command.data ?? empty
  // Odd instructions carry their data as BER-TLV: DO 85, without the padding indicator (section 9.8.4).
  const odd = command.ins % 2 === 1
  const cryptogram = data.length === 0 ? empty : cipher.encrypt(sendSequenceCounter, pad(data, cipher.blockLength))
  const dataObject =
    data.length === 0 ? empty : odd ? encodeTlv(0x85, cryptogram) : encodeTlv(0x87, Uint8Array.of(0x01), cryptogram)
  const expected =
    command.le === undefined
      ? empty
      : encodeTlv(
          0x97,
          command.le <= 256 ? Uint8Array.of(command.le & 0xff) : Uint8Array.of((command.le >> 8) & 0xff, command.le & 0xff),
        )
  const mac = cipher.mac(concatBytes(sendSequenceCounter, header, dataObject, expected))
  return {
    command: {
      cla,
      ins: command.ins,
      p1: command.p1,
      p2: command.p2,
      data: concatBytes(dataObject, expected, encodeTlv(0x8e, mac)),
      le: command.le !== undefined && command.le > 256 ? 65536 : 256,
    },
    channel: { cipher, sendSequenceCounter },
  }
}

export const unwrapResponse = (before: SecureChannel, response: ResponseApdu): Result<Unwrapped, SecureMessagingFailure> => {
  const { cipher } = before
  const sendSequenceCounter = next(before.sendSequenceCounter)
  const channel = { cipher, sendSequenceCounter }
  if (response.data.length === 0) {
    // "Success" without a MAC would be taken for the chip's word: it is not.
    if (response.statusWord === 0x9000) return err({ type: 'secure-messaging-malformed' })
    return ok({ response, channel, authenticated: false })
  }
  const objects = decodeTlvList(response.data)
  if (!objects.ok) return err({ type: 'secure-messaging-malformed' })
  const mac = objects.value.at(-1)
  if (mac === undefined || mac.tag !== 0x8e || mac.value.length !== 8) return err({ type: 'secure-messaging-malformed' })
  // The raw bytes before the MAC object, never the objects encoded again.
  const covered = response.data.subarray(0, response.data.length - 10)
  if (!equalBytes(cipher.mac(concatBytes(sendSequenceCounter, covered)), mac.value))
    return err({ type: 'secure-messaging-mac-wrong' })
  const statusObject = objects.value.find((object) => object.tag === 0x99)
  const [sw1, sw2] = statusObject?.value ?? empty
  if (sw1 === undefined || sw2 === undefined || statusObject?.value.length !== 2)
    return err({ type: 'secure-messaging-malformed' })
  const statusWord = sw1 * 256 + sw2
  const encrypted = objects.value.find((object) => object.tag === 0x87 || object.tag === 0x85)
  if (encrypted === undefined) return ok({ response: { data: empty, statusWord }, channel, authenticated: true })
  if (encrypted.tag === 0x87 && encrypted.value[0] !== 0x01) return err({ type: 'secure-messaging-malformed' })
  const cryptogram = encrypted.tag === 0x87 ? encrypted.value.subarray(1) : encrypted.value
  if (cryptogram.length === 0 || cryptogram.length % cipher.blockLength !== 0) return err({ type: 'secure-messaging-malformed' })
  const data = unpad(cipher.decrypt(sendSequenceCounter, cryptogram), cipher.blockLength)
  if (data === undefined) return err({ type: 'secure-messaging-padding-wrong' })
  return ok({ response: { data, statusWord }, channel, authenticated: true })
}
