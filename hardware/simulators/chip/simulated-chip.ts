/**
 * The card's side of Doc 9303: files, access conditions, BAC (Doc 9303-11 section 4.3), beside it PACE (`chip-pace.ts`) and secure
 * messaging (`chip-session.ts`), written apart from the terminal's side so that the two hold each other to the standard. Shared are
 * only the ciphers, the curves and the codecs, which the worked examples of appendices D and G.1 hold.
 *
 * Invariants: nothing but EF.CardAccess is readable before BAC or PACE; a wrong MAC or an unprotected command ends the session; DG3
 * stays locked.
 */
import { createHash, randomBytes } from 'node:crypto'
import { decrypt3des, encrypt3des, retailMac } from '../../protocols/bac/triple-des.ts'
import { concatBytes, equalBytes } from '../../protocols/bytes/bytes.ts'
import { type CommandApdu, decodeCommand, encodeResponse } from '../../protocols/iso7816/apdu.ts'
import { decodeTlv, decodeTlvList, encodeTlv } from '../../protocols/tlv/tlv.ts'
import { copiedActiveKey, specimenActiveKey } from '../specimen-pki/specimen-groups.ts'
import { signOnCurve, signRecoverably } from '../specimen-pki/specimen-keys.ts'
import { canOf, mrzAccessOf, type Specimen } from '../specimens.ts'
import { activeKeyGroup, type ChipActiveKey, signChallenge } from './chip-active-authentication.ts'
import { type ChipAuthenticationOffer, createChipAuthentication, usualChipAuthentication } from './chip-authentication.ts'
import { chipFiles, efCardSecurity, type FilesWish } from './chip-files.ts'
import { type ChipPaceOffer, createChipPace, efCardAccess } from './chip-pace.ts'
import { type ChipSession, chipSessionOf, deriveChipKey, serveProtected } from './chip-session.ts'

/** Scripted misfortune. Counts are of commands since the card was laid on. */
export type ChipFault =
  | { type: 'removed-after'; apdus: number }
  | { type: 'silent-after'; apdus: number }
  | { type: 'garbled-after'; apdus: number }
  | { type: 'wrong-key' }
  | { type: 'no-dg13' }
  | { type: 'garbage-dg13' }
  /** DG13 is another person's than DG1, and signed all the same. */
  | { type: 'two-persons' }
  /** The card ended in 2024. */
  | { type: 'expired-card' }
  | { type: 'not-an-identity-card' }
  /** A chip from before PACE: no EF.CardAccess. */
  | { type: 'no-pace' }
  /** No BAC: the application stays closed before PACE. */
  | { type: 'no-bac' }
  /** EF.CardAccess is found only after SELECT MF. */
  | { type: 'master-file-first' }
  /** MSE:Set AT is refused without the domain parameters' number. */
  | { type: 'parameters-wanted' }
  /** READ BINARY by short identifier is taken for an offset that is too high. */
  | { type: 'no-short-identifiers' }
  /** A read beyond the end of the file is refused, not cut short. */
  | { type: 'no-reading-over' }
  /** Commands that ask for a longer answer than so many bytes are refused, and end the session. */
  | { type: 'le-limit'; bytes: number }
  /** What is refused is answered without protection, and ends the session. */
  | { type: 'plain-refusals' }
  /** At most so many bytes of a file in one answer, whatever is asked for. */
  | { type: 'buffer'; bytes: number }
  /** A copy: every file of the card, and not the private key of DG14. */
  | { type: 'copied-chip' }
  /** The security object is there by another signer, or not at all. */
  | { type: 'signed-by'; signer: NonNullable<FilesWish['signer']> }
  /** DG13 was changed after it was signed. */
  | { type: 'changed-group' }
  /** DG14 and DG15 are signed, and the chip hides them. */
  | { type: 'keys-hidden' }
  /** PACE with chip authentication mapping, and no private key to the signed EF.CardSecurity. */
  | { type: 'mapping-copied' }
  /** MSE:Set AT says how many tries are left. */
  | { type: 'tries-left'; count: number }

type ChipAnswer = { type: 'answer'; bytes: Uint8Array } | { type: 'removed' } | { type: 'silent' }

export type SimulatedChip = {
  readonly specimen: Specimen
  /** Contactless card without historical bytes (PC/SC part 3 section 3.1.3.2.3). */
  readonly atr: Uint8Array
  /** Power on or reset: the session is gone, the files stay. */
  reset(): void
  transmit(command: Uint8Array): ChipAnswer
}

const sw = (statusWord: number): Uint8Array => encodeResponse({ data: new Uint8Array(), statusWord })

/** Le of a protected command: DO 97. */
const expectedLength = (command: CommandApdu): number => {
  const objects = decodeTlvList(command.data ?? new Uint8Array())
  const le = objects.ok ? objects.value.find(({ tag }) => tag === 0x97)?.value : undefined
  if (le === undefined) return 0
  return Number(`0x${Buffer.from(le).toString('hex')}`) || (le.length === 1 ? 256 : 65_536)
}

type MrzKey = { documentNumber: string; birthDate: string; expiryDate: string }

const weightedSum = (text: string): number =>
  [...text].reduce((sum, character, at) => {
    const value = character === '<' ? 0 : Number.parseInt(character, 36)
    return sum + value * (at % 3 === 0 ? 7 : at % 3 === 1 ? 3 : 1)
  }, 0) % 10

/** Hash of the MRZ's key information: whole it is PACE's password, its first 16 bytes are BAC's seed. */
const mrzSecret = (access: MrzKey): Uint8Array => {
  const parts = [access.documentNumber.padEnd(9, '<'), access.birthDate, access.expiryDate]
  const text = parts.map((part) => `${part}${weightedSum(part)}`).join('')
  return Uint8Array.from(createHash('sha1').update(text).digest())
}

/** EF.CardSecurity has the file identifier of EF.SOD, outside the application. */
const cardSecurityId = -1

/** What the cards of 2021 offer: AES-128 on brainpoolP256r1. */
const usualPace: ChipPaceOffer = { cipher: 'aes-128', parameterId: 13 }

export const createSimulatedChip = (
  specimen: Specimen,
  options: {
    faults?: readonly ChipFault[]
    random?: (length: number) => Uint8Array
    pace?: ChipPaceOffer
    /** Null = the chip has none. */
    chipAuthentication?: ChipAuthenticationOffer | null
    /** Without it the chip has no DG15. */
    activeKey?: ChipActiveKey
    /** In place of the specimen's own files, or beside them, by file identifier. */
    files?: ReadonlyMap<number, Uint8Array>
    /** Another document altogether: its files and no others, opened by its own MRZ. */
    document?: { files: ReadonlyMap<number, Uint8Array>; mrz: MrzKey }
  } = {},
): SimulatedChip => {
  const faults = options.faults ?? []
  const random = options.random ?? ((length: number) => Uint8Array.from(randomBytes(length)))
  const has = (type: ChipFault['type']): boolean => faults.some((fault) => fault.type === type)
  const signer = faults.find((fault) => fault.type === 'signed-by')?.signer
  const chipOffer = options.chipAuthentication === null ? undefined : (options.chipAuthentication ?? usualChipAuthentication)
  const chipAuthentication =
    chipOffer === undefined
      ? undefined
      : // A copied chip has the group, not the key behind it.
        createChipAuthentication(has('copied-chip') ? `not ${specimen.personalNumber}` : specimen.personalNumber, chipOffer)
  const files = new Map(
    chipFiles(has('expired-card') ? { ...specimen, expiryDate: '2024-05-14' } : specimen, {
      chipAuthentication: chipOffer,
      ...(has('no-dg13')
        ? { dg13: 'absent' }
        : has('garbage-dg13')
          ? { dg13: 'garbage' }
          : has('two-persons')
            ? { dg13: 'of-another' }
            : {}),
      ...(signer === undefined ? {} : { signer }),
      ...(has('changed-group') ? { changedGroup: true } : {}),
      ...(has('keys-hidden') ? { keysHidden: true } : {}),
    }),
  )
  if (options.document !== undefined) {
    files.clear()
    for (const [id, bytes] of options.document.files) files.set(id, bytes)
  }
  const { activeKey } = options
  if (activeKey !== undefined) files.set(0x010f, activeKeyGroup(activeKey))
  for (const [id, bytes] of options.files ?? []) files.set(id, bytes)
  const spoilt = (secret: Uint8Array): Uint8Array => (has('wrong-key') ? secret.map((byte) => byte ^ 0xff) : secret)
  const mrz = spoilt(mrzSecret(options.document?.mrz ?? mrzAccessOf(specimen)))
  const documentKeys = { encryption: deriveChipKey('3des', mrz.slice(0, 16), 1), mac: deriveChipKey('3des', mrz.slice(0, 16), 2) }
  const wished = options.pace ?? (has('mapping-copied') ? { ...usualPace, mapping: 'chip-authentication' as const } : usualPace)
  const offer = has('no-pace') || has('not-an-identity-card') ? undefined : wished
  const mapsByKey = offer?.mapping === 'chip-authentication'
  const mappingOffer = { cipher: wished.cipher, parameterId: wished.parameterId }
  const cardSecurity = mapsByKey ? efCardSecurity(specimen, mappingOffer, signer) : undefined
  const mappingKeyOf = has('mapping-copied') || has('copied-chip') ? `not ${specimen.personalNumber}` : specimen.personalNumber
  const cardAccess = offer === undefined ? undefined : efCardAccess(offer)
  const pace =
    offer === undefined
      ? undefined
      : createChipPace(
          offer,
          { mrz, can: spoilt(Uint8Array.from(Buffer.from(canOf(specimen), 'latin1'))) },
          {
            random,
            parametersWanted: has('parameters-wanted'),
            ...(mapsByKey ? { staticKey: createChipAuthentication(mappingKeyOf, mappingOffer).privateKey } : {}),
          },
        )

  const buffer = faults.find((fault) => fault.type === 'buffer')?.bytes ?? 65_536
  const leLimit = faults.find((fault) => fault.type === 'le-limit')?.bytes ?? 65_536

  let selectedApplication = false
  let selectedMasterFile = false
  let selectedCardAccess = false
  let challenge: Uint8Array | undefined
  let session: ChipSession | undefined
  let selectedFile: number | undefined
  let commands = 0
  /** Agreed by Chip Authentication, in force after the answer. */
  let nextSession: ChipSession | undefined
  const dropSession = (): void => {
    session = undefined
    nextSession = undefined
    chipAuthentication?.reset()
    selectedFile = undefined
  }

  const selectFile = (fileId: number): { data: Uint8Array; statusWord: number } => {
    if (!selectedApplication && fileId === 0x011d && cardSecurity !== undefined) {
      selectedFile = cardSecurityId
      return { data: new Uint8Array(), statusWord: 0x9000 }
    }
    if (!selectedApplication || !files.has(fileId)) return { data: new Uint8Array(), statusWord: 0x6a82 }
    selectedFile = fileId
    return { data: new Uint8Array(), statusWord: files.get(fileId) === 'locked' ? 0x6982 : 0x9000 }
  }

  const readBinary = (offset: number, length: number): { data: Uint8Array; statusWord: number } => {
    const file = selectedFile === cardSecurityId ? cardSecurity : selectedFile === undefined ? undefined : files.get(selectedFile)
    if (file === undefined) return { data: new Uint8Array(), statusWord: 0x6986 }
    if (file === 'locked') return { data: new Uint8Array(), statusWord: 0x6982 }
    if (offset >= file.length) return { data: new Uint8Array(), statusWord: 0x6b00 }
    if (has('no-reading-over') && offset + length > file.length) return { data: new Uint8Array(), statusWord: 0x6700 }
    const data = file.slice(offset, offset + Math.min(length, buffer))
    return { data, statusWord: data.length < length && offset + data.length === file.length ? 0x6282 : 0x9000 }
  }

  /** Odd READ BINARY: the offset in DO 54, the answer in DO 53. */
  const readBeyond = (command: CommandApdu): { data: Uint8Array; statusWord: number } => {
    const object = decodeTlv(command.data ?? new Uint8Array())
    if (!object.ok || object.value.tlv.tag !== 0x54) return { data: new Uint8Array(), statusWord: 0x6a80 }
    const offset = Number(`0x${Buffer.from(object.value.tlv.value).toString('hex')}`)
    const answer = readBinary(offset, Math.max(1, (command.le ?? 0) - 4))
    return { ...answer, data: encodeTlv(0x53, answer.data) }
  }

  const selectApplication = (command: CommandApdu): number => {
    selectedFile = undefined
    selectedApplication =
      !has('not-an-identity-card') &&
      equalBytes(command.data ?? new Uint8Array(), Uint8Array.from(Buffer.from('A0000002471001', 'hex')))
    return selectedApplication ? 0x9000 : 0x6a82
  }

  /** Active Authentication (Doc 9303-11 section 6.1): a copied chip has DG15, not the key behind it. */
  const signAsSpecimen = (challenge: Uint8Array): Uint8Array => {
    const key = has('copied-chip') ? copiedActiveKey(specimen) : specimenActiveKey(specimen)
    return key.type === 'rsa' ? signRecoverably(key, challenge) : signOnCurve(key, 'sha256', challenge, 'plain')
  }

  /** What an opened chip does with a command once its protection is taken off. */
  const serve = (command: CommandApdu): { data: Uint8Array; statusWord: number } => {
    const [high = 0, low = 0] = command.data ?? []
    if (command.ins === 0x88) {
      const challenge = command.data ?? new Uint8Array()
      if (challenge.length !== 8 || !files.has(0x010f) || options.files?.has(0x010f) === true)
        return { data: new Uint8Array(), statusWord: 0x6985 }
      const data = activeKey === undefined ? signAsSpecimen(challenge) : signChallenge(activeKey, challenge, random)
      return { data, statusWord: 0x9000 }
    }
    if ((command.ins === 0x22 || command.ins === 0x86) && chipAuthentication !== undefined) {
      const { session: agreed, ...answer } = chipAuthentication.serve(command)
      nextSession = agreed
      return answer
    }
    if (command.ins === 0xa4 && command.p1 === 0x04) return { data: new Uint8Array(), statusWord: selectApplication(command) }
    if (command.ins === 0xa4 && command.p1 === 0x02 && command.data?.length === 2) return selectFile(high * 256 + low)
    if (command.ins === 0xb0 && command.p1 < 0x80) return readBinary(command.p1 * 256 + command.p2, command.le ?? 0)
    if (command.ins === 0xb0 && (command.p1 & 0xe0) === 0x80) {
      if (has('no-short-identifiers')) return { data: new Uint8Array(), statusWord: 0x6b00 }
      const selected = selectFile(0x0100 | (command.p1 & 0x1f))
      return selected.statusWord === 0x9000 ? readBinary(command.p2, command.le ?? 0) : selected
    }
    if (command.ins === 0xb1 && command.p1 === 0x00 && command.p2 === 0x00) return readBeyond(command)
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
    session = chipSessionOf(
      '3des',
      keyShare.map((byte, at) => byte ^ (plain[16 + at] ?? 0)),
      counter,
    )
    return encodeResponse({ data: concatBytes(answer, retailMac(documentKeys.mac, answer)), statusWord: 0x9000 })
  }

  const respondProtected = (command: CommandApdu): Uint8Array => {
    if (session === undefined) return sw(0x6988)
    if ((command.ins === 0xb0 || command.ins === 0xb1) && expectedLength(command) > leLimit) {
      dropSession()
      return sw(0x6700)
    }
    let refusedWith: number | undefined
    const served = serveProtected(session, command, (plain) => {
      const answer = serve(plain)
      if (has('plain-refusals') && answer.statusWord !== 0x9000 && answer.statusWord !== 0x6282) refusedWith = answer.statusWord
      return answer
    })
    if (refusedWith !== undefined) {
      dropSession()
      return sw(refusedWith)
    }
    if (nextSession !== undefined) {
      session = nextSession
      nextSession = undefined
    }
    if (served.type === 'answer') return served.bytes
    dropSession()
    return sw(served.statusWord)
  }

  /** Before the application: EF.CardAccess and PACE. */
  const respondOutside = (command: CommandApdu): Uint8Array => {
    if (command.ins === 0xa4) {
      const file = Buffer.from(command.data ?? []).toString('hex')
      if (file === '3f00') {
        selectedMasterFile = has('master-file-first')
        return sw(selectedMasterFile ? 0x9000 : 0x6d00)
      }
      selectedCardAccess = file === '011c' && cardAccess !== undefined && (selectedMasterFile || !has('master-file-first'))
      return sw(selectedCardAccess ? 0x9000 : cardAccess === undefined ? 0x6a82 : 0x6a86)
    }
    if (command.ins === 0xb0 && selectedCardAccess && cardAccess !== undefined) {
      const offset = command.p1 * 256 + command.p2
      if (has('no-reading-over') && offset + (command.le ?? 0) > cardAccess.length) return sw(0x6700)
      const data = cardAccess.slice(offset, offset + (command.le ?? 0))
      return encodeResponse({ data, statusWord: data.length < (command.le ?? 0) ? 0x6282 : 0x9000 })
    }
    if (command.ins === 0x22 && pace !== undefined) {
      dropSession()
      const selected = pace.select(command)
      const counting = faults.find((fault) => fault.type === 'tries-left')
      return sw(selected === 0x9000 && counting !== undefined ? 0x63c0 + counting.count : selected)
    }
    if (command.ins === 0x86 && pace !== undefined) {
      dropSession()
      const answered = pace.authenticate(command)
      session = answered.session
      return encodeResponse(answered)
    }
    return sw(0x6985)
  }

  const respond = (bytes: Uint8Array): Uint8Array => {
    const decoded = decodeCommand(bytes)
    if (!decoded.ok) return sw(0x6700)
    const command = decoded.value
    if ((command.cla & 0x0c) === 0x0c) return respondProtected(command)
    if (command.cla !== 0x00 && !(command.cla === 0x10 && command.ins === 0x86)) return sw(0x6e00)
    if (command.ins === 0xa4 && command.p1 === 0x04) {
      dropSession()
      pace?.reset()
      return sw(has('no-bac') ? 0x6982 : selectApplication(command))
    }
    if (session !== undefined) {
      dropSession()
      if (command.ins === 0xa4 || command.ins === 0xb0) return sw(0x6982)
    }
    if (!selectedApplication) return respondOutside(command)
    if (command.ins === 0x84 && command.le === 8) {
      challenge = random(8)
      return encodeResponse({ data: challenge, statusWord: 0x9000 })
    }
    if (command.ins === 0x82) return externalAuthenticate(command)
    return sw(command.ins === 0xa4 || command.ins === 0xb0 ? 0x6982 : 0x6d00)
  }

  return {
    specimen,
    atr: Uint8Array.of(0x3b, 0x80, 0x80, 0x01, 0x01),
    reset() {
      selectedApplication = false
      selectedMasterFile = false
      selectedCardAccess = false
      challenge = undefined
      pace?.reset()
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
