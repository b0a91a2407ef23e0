/**
 * The card's side of secure messaging (Doc 9303-11 section 9.8) with 3DES and AES, written apart from the terminal's side.
 *
 * Invariants: the counter goes up before every command and every answer; a command whose MAC does not fit is refused whole.
 */
import { createHash } from 'node:crypto'
import { aesCmac, decryptAes, encryptAes } from '../../protocols/aes/aes.ts'
import { decrypt3des, encrypt3des, retailMac } from '../../protocols/bac/triple-des.ts'
import { concatBytes, equalBytes } from '../../protocols/bytes/bytes.ts'
import { pad, unpad } from '../../protocols/bytes/padding.ts'
import { type CommandApdu, encodeResponse } from '../../protocols/iso7816/apdu.ts'
import { decodeTlvList, encodeTlv } from '../../protocols/tlv/tlv.ts'

export type ChipCipher = '3des' | 'aes-128' | 'aes-192' | 'aes-256'
export type ChipSession = { cipher: ChipCipher; encryption: Uint8Array; mac: Uint8Array; counter: bigint }
export type ChipServe = (command: CommandApdu) => { data: Uint8Array; statusWord: number }

/** Card's own derivation (Doc 9303-11 section 9.7.1). Parity bits are left as they fall: DES does not look at them. */
export const deriveChipKey = (cipher: ChipCipher, secret: Uint8Array, counter: number): Uint8Array => {
  const input = Buffer.alloc(secret.length + 4)
  input.set(secret)
  input.writeUInt32BE(counter, secret.length)
  if (cipher === 'aes-192') return Uint8Array.from(createHash('sha256').update(input).digest()).slice(0, 24)
  if (cipher === 'aes-256') return Uint8Array.from(createHash('sha256').update(input).digest())
  return Uint8Array.from(createHash('sha1').update(input).digest()).slice(0, 16)
}

export const chipSessionOf = (cipher: ChipCipher, secret: Uint8Array, counter: bigint): ChipSession => ({
  cipher,
  encryption: deriveChipKey(cipher, secret, 1),
  mac: deriveChipKey(cipher, secret, 2),
  counter,
})

const blockOf = (session: ChipSession): 8 | 16 => (session.cipher === '3des' ? 8 : 16)

const counterBytes = (session: ChipSession): Uint8Array => {
  const length = blockOf(session)
  const digits = BigInt.asUintN(length * 8, session.counter)
    .toString(16)
    .padStart(length * 2, '0')
  return Uint8Array.from(Buffer.from(digits, 'hex'))
}

const macOf = (session: ChipSession, ...parts: readonly Uint8Array[]): Uint8Array => {
  const message = concatBytes(counterBytes(session), ...parts)
  return session.cipher === '3des' ? retailMac(session.mac, message) : aesCmac(session.mac, pad(message, 16)).slice(0, 8)
}

const ivOf = (session: ChipSession): Uint8Array => encryptAes(session.encryption, counterBytes(session))

const encryptData = (session: ChipSession, data: Uint8Array): Uint8Array =>
  session.cipher === '3des'
    ? encrypt3des(session.encryption, pad(data, 8))
    : encryptAes(session.encryption, pad(data, 16), ivOf(session))

const decryptData = (session: ChipSession, blocks: Uint8Array): Uint8Array | undefined =>
  session.cipher === '3des'
    ? unpad(decrypt3des(session.encryption, blocks), 8)
    : unpad(decryptAes(session.encryption, blocks, ivOf(session)), 16)

/** The protected answer, or the status word with which the session ends. */
export const serveProtected = (
  session: ChipSession,
  command: CommandApdu,
  serve: ChipServe,
): { type: 'answer'; bytes: Uint8Array } | { type: 'refused'; statusWord: number } => {
  const refuse = (statusWord: number) => ({ type: 'refused' as const, statusWord })
  session.counter += 1n
  const objects = decodeTlvList(command.data ?? new Uint8Array())
  if (!objects.ok) return refuse(0x6988)
  const object = (tag: number) => objects.value.find((candidate) => candidate.tag === tag)
  const mac = object(0x8e)
  if (mac === undefined) return refuse(0x6987)
  const covered = objects.value.filter(({ tag }) => tag !== 0x8e).map(({ tag, value }) => encodeTlv(tag, value))
  const header = pad(Uint8Array.of(command.cla, command.ins, command.p1, command.p2), blockOf(session))
  if (!equalBytes(macOf(session, header, ...covered), mac.value)) return refuse(0x6988)
  // Odd instructions carry DO 85, without the padding indicator.
  const odd = command.ins % 2 === 1
  const encrypted = object(odd ? 0x85 : 0x87)?.value
  let data: Uint8Array | undefined
  if (encrypted !== undefined) {
    if (!odd && encrypted[0] !== 1) return refuse(0x6988)
    const blocks = odd ? encrypted : encrypted.slice(1)
    if (blocks.length === 0 || blocks.length % blockOf(session) !== 0) return refuse(0x6988)
    data = decryptData(session, blocks)
    if (data === undefined) return refuse(0x6988)
  }
  const expected = object(0x97)?.value
  const le = expected === undefined ? undefined : Number(`0x${Buffer.from(expected).toString('hex') || '0'}`)
  const { cla, ins, p1, p2 } = command
  const answer = serve({
    cla,
    ins,
    p1,
    p2,
    ...(data === undefined ? {} : { data }),
    ...(le === undefined ? {} : { le: le === 0 ? (expected?.length === 2 ? 65_536 : 256) : le }),
  })
  session.counter += 1n
  const dataObject =
    answer.data.length === 0
      ? new Uint8Array()
      : odd
        ? encodeTlv(0x85, encryptData(session, answer.data))
        : encodeTlv(0x87, Uint8Array.of(1), encryptData(session, answer.data))
  const statusObject = encodeTlv(0x99, Uint8Array.of(answer.statusWord >> 8, answer.statusWord & 0xff))
  const tag = macOf(session, dataObject, statusObject)
  return {
    type: 'answer',
    bytes: encodeResponse({
      data: concatBytes(dataObject, statusObject, encodeTlv(0x8e, tag)),
      statusWord: answer.statusWord,
    }),
  }
}
