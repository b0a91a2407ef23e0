/**
 * The card's side of Doc 9303: files, access conditions, BAC (Doc 9303-11 section 4.3) and secure messaging (section 9.8), written
 * apart from the terminal's side so that the two hold each other to the standard. Shared are only the ciphers and the codecs,
 * which the worked examples of appendix D hold.
 *
 * Invariants: nothing is readable before BAC; a wrong MAC or an unprotected command ends the session; DG3 stays locked.
 */
import { createHash, randomBytes } from 'node:crypto'
import { decrypt3des, encrypt3des, retailMac } from '../../protocols/bac/triple-des.ts'
import { concatBytes, equalBytes } from '../../protocols/bytes/bytes.ts'
import { pad, unpad } from '../../protocols/bytes/padding.ts'
import { type CommandApdu, decodeCommand, encodeResponse } from '../../protocols/iso7816/apdu.ts'
import { decodeTlvList, encodeTlv } from '../../protocols/tlv/tlv.ts'
import { mrzAccessOf, type Specimen } from '../specimens.ts'
import { chipFiles } from './chip-files.ts'

/** Scripted misfortune. Counts are of commands since the card was laid on. */
export type ChipFault =
  | { type: 'removed-after'; apdus: number }
  | { type: 'silent-after'; apdus: number }
  | { type: 'garbled-after'; apdus: number }
  | { type: 'wrong-key' }
  | { type: 'no-dg13' }
  | { type: 'garbage-dg13' }
  | { type: 'not-an-identity-card' }

type ChipAnswer = { type: 'answer'; bytes: Uint8Array } | { type: 'removed' } | { type: 'silent' }

export type SimulatedChip = {
  readonly specimen: Specimen
  /** Contactless card without historical bytes (PC/SC part 3 section 3.1.3.2.3). */
  readonly atr: Uint8Array
  /** Power on or reset: the session is gone, the files stay. */
  reset(): void
  transmit(command: Uint8Array): ChipAnswer
}

type Session = { encryption: Uint8Array; mac: Uint8Array; counter: bigint }

const sw = (statusWord: number): Uint8Array => encodeResponse({ data: new Uint8Array(), statusWord })

/** Card's own derivation (Doc 9303-11 section 9.7.1.1). Parity bits are left as they fall: DES does not look at them. */
const keysOf = (seed: Uint8Array): { encryption: Uint8Array; mac: Uint8Array } => {
  const derive = (counter: number): Uint8Array => {
    const input = Buffer.alloc(seed.length + 4)
    input.set(seed)
    input.writeUInt32BE(counter, seed.length)
    return Uint8Array.from(createHash('sha1').update(input).digest()).slice(0, 16)
  }
  return { encryption: derive(1), mac: derive(2) }
}

const weightedSum = (text: string): number =>
  [...text].reduce((sum, character, at) => {
    const value = character === '<' ? 0 : Number.parseInt(character, 36)
    return sum + value * (at % 3 === 0 ? 7 : at % 3 === 1 ? 3 : 1)
  }, 0) % 10

const documentSeed = (specimen: Specimen): Uint8Array => {
  const access = mrzAccessOf(specimen)
  const parts = [access.documentNumber.padEnd(9, '<'), access.birthDate, access.expiryDate]
  const text = parts.map((part) => `${part}${weightedSum(part)}`).join('')
  return Uint8Array.from(createHash('sha1').update(text).digest()).slice(0, 16)
}

const counterBytes = (counter: bigint): Uint8Array => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt.asUintN(64, counter))
  return Uint8Array.from(bytes)
}

export const createSimulatedChip = (
  specimen: Specimen,
  options: { faults?: readonly ChipFault[]; random?: (length: number) => Uint8Array } = {},
): SimulatedChip => {
  const faults = options.faults ?? []
  const random = options.random ?? ((length: number) => Uint8Array.from(randomBytes(length)))
  const has = (type: ChipFault['type']): boolean => faults.some((fault) => fault.type === type)
  const files = chipFiles(specimen, has('no-dg13') ? 'absent' : has('garbage-dg13') ? 'garbage' : 'layout-2021')
  const seed = documentSeed(specimen)
  const documentKeys = keysOf(has('wrong-key') ? seed.map((byte) => byte ^ 0xff) : seed)

  let selectedApplication = false
  let challenge: Uint8Array | undefined
  let session: Session | undefined
  let selectedFile: number | undefined
  let commands = 0
  const dropSession = (): void => {
    session = undefined
    selectedFile = undefined
  }

  const selectFile = (fileId: number): { data: Uint8Array; statusWord: number } => {
    if (!files.has(fileId)) return { data: new Uint8Array(), statusWord: 0x6a82 }
    selectedFile = fileId
    return { data: new Uint8Array(), statusWord: files.get(fileId) === 'locked' ? 0x6982 : 0x9000 }
  }

  const readBinary = (offset: number, length: number): { data: Uint8Array; statusWord: number } => {
    const file = selectedFile === undefined ? undefined : files.get(selectedFile)
    if (file === undefined) return { data: new Uint8Array(), statusWord: 0x6986 }
    if (file === 'locked') return { data: new Uint8Array(), statusWord: 0x6982 }
    if (offset >= file.length) return { data: new Uint8Array(), statusWord: 0x6b00 }
    const data = file.slice(offset, offset + length)
    return { data, statusWord: data.length < length ? 0x6282 : 0x9000 }
  }

  /** What an opened chip does with a command once its protection is taken off. */
  const serve = (command: CommandApdu): { data: Uint8Array; statusWord: number } => {
    const [high = 0, low = 0] = command.data ?? []
    if (command.ins === 0xa4 && command.p1 === 0x02 && command.data?.length === 2) return selectFile(high * 256 + low)
    if (command.ins === 0xb0 && command.p1 < 0x80) return readBinary(command.p1 * 256 + command.p2, command.le ?? 0)
    return { data: new Uint8Array(), statusWord: 0x6d00 }
  }

  const externalAuthenticate = (command: CommandApdu): Uint8Array => {
    const nonce = challenge
    challenge = undefined
    dropSession()
    if (nonce === undefined || command.data?.length !== 40) return sw(nonce === undefined ? 0x6985 : 0x6700)
    const cryptogram = command.data.slice(0, 32)
    if (!equalBytes(retailMac(documentKeys.mac, cryptogram), command.data.slice(32))) return sw(0x6300)
    const plain = decrypt3des(documentKeys.encryption, cryptogram)
    const terminalNonce = plain.slice(0, 8)
    if (!equalBytes(plain.slice(8, 16), nonce)) return sw(0x6300)
    const keyShare = random(16)
    const answer = encrypt3des(documentKeys.encryption, concatBytes(nonce, terminalNonce, keyShare))
    const counter = Buffer.concat([nonce.slice(4), terminalNonce.slice(4)]).readBigUInt64BE()
    session = { ...keysOf(keyShare.map((byte, at) => byte ^ (plain[16 + at] ?? 0))), counter }
    return encodeResponse({ data: concatBytes(answer, retailMac(documentKeys.mac, answer)), statusWord: 0x9000 })
  }

  const serveProtected = (opened: Session, command: CommandApdu): Uint8Array => {
    const refuse = (statusWord: number): Uint8Array => {
      dropSession()
      return sw(statusWord)
    }
    opened.counter += 1n
    const objects = decodeTlvList(command.data ?? new Uint8Array())
    if (!objects.ok) return refuse(0x6988)
    const object = (tag: number) => objects.value.find((candidate) => candidate.tag === tag)
    const mac = object(0x8e)
    if (mac === undefined) return refuse(0x6987)
    const covered = objects.value.filter(({ tag }) => tag !== 0x8e).map(({ tag, value }) => encodeTlv(tag, value))
    const header = pad(Uint8Array.of(command.cla, command.ins, command.p1, command.p2), 8)
    if (!equalBytes(retailMac(opened.mac, concatBytes(counterBytes(opened.counter), header, ...covered)), mac.value))
      return refuse(0x6988)
    const encrypted = object(0x87)?.value
    let data: Uint8Array | undefined
    if (encrypted !== undefined) {
      if (encrypted[0] !== 1 || encrypted.length % 8 !== 1 || encrypted.length === 1) return refuse(0x6988)
      data = unpad(decrypt3des(opened.encryption, encrypted.slice(1)), 8)
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
      ...(le === undefined ? {} : { le: le === 0 ? 256 : le }),
    })
    opened.counter += 1n
    const dataObject =
      answer.data.length === 0
        ? new Uint8Array()
        : encodeTlv(0x87, Uint8Array.of(1), encrypt3des(opened.encryption, pad(answer.data, 8)))
    const statusObject = encodeTlv(0x99, Uint8Array.of(answer.statusWord >> 8, answer.statusWord & 0xff))
    const tag = retailMac(opened.mac, concatBytes(counterBytes(opened.counter), dataObject, statusObject))
    return encodeResponse({ data: concatBytes(dataObject, statusObject, encodeTlv(0x8e, tag)), statusWord: answer.statusWord })
  }

  const respond = (bytes: Uint8Array): Uint8Array => {
    const decoded = decodeCommand(bytes)
    if (!decoded.ok) return sw(0x6700)
    const command = decoded.value
    if ((command.cla & 0x0c) === 0x0c) return session === undefined ? sw(0x6988) : serveProtected(session, command)
    if (command.cla !== 0x00) return sw(0x6e00)
    if (command.ins === 0xa4 && command.p1 === 0x04) {
      dropSession()
      selectedApplication =
        !has('not-an-identity-card') &&
        equalBytes(command.data ?? new Uint8Array(), Uint8Array.from(Buffer.from('A0000002471001', 'hex')))
      return sw(selectedApplication ? 0x9000 : 0x6a82)
    }
    if (!selectedApplication) return sw(command.ins === 0xa4 ? 0x6d00 : 0x6985)
    if (command.ins === 0x84 && command.le === 8) {
      challenge = random(8)
      return encodeResponse({ data: challenge, statusWord: 0x9000 })
    }
    if (command.ins === 0x82) return externalAuthenticate(command)
    if (command.ins === 0xa4 || command.ins === 0xb0) {
      dropSession()
      return sw(0x6982)
    }
    return sw(0x6d00)
  }

  return {
    specimen,
    atr: Uint8Array.of(0x3b, 0x80, 0x80, 0x01, 0x01),
    reset() {
      selectedApplication = false
      challenge = undefined
      dropSession()
    },
    transmit(command) {
      commands += 1
      for (const fault of faults) {
        if (fault.type === 'removed-after' && commands > fault.apdus) return { type: 'removed' }
        if (fault.type === 'silent-after' && commands > fault.apdus) return { type: 'silent' }
      }
      const bytes = respond(command)
      const garbled = faults.some((fault) => fault.type === 'garbled-after' && commands > fault.apdus)
      return {
        type: 'answer',
        bytes: garbled ? bytes.map((byte, at) => (at === 0 && bytes.length > 2 ? byte ^ 0x01 : byte)) : bytes,
      }
    },
  }
}
