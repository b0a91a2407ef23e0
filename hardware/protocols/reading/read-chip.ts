/**
 * The order in which a citizen card's chip is read: SELECT application, BAC (Doc 9303-11 section 4.3), EF.COM, DG1, DG13, each
 * through secure messaging (section 9.8) by SELECT and READ BINARY (Doc 9303-10 section 3.6).
 *
 * Invariants: no I/O of its own (`transmit` is given), no clock, no randomness. Text comes before anything slow. A failure of the
 * transport is passed on as it came: a card that left is never told as a wrong key. A DG13 that cannot be had is part of a normal
 * reading, named with its reason.
 */
import type {
  CardAccess,
  CardFailure,
  CardFailureType,
  CardPerson,
  CardProgress,
  CardReading,
  DataGroupName,
} from '../../../contracts/card.ts'
import { err, ok, type Result } from '../../../contracts/result.ts'
import { authenticationData, completeAuthentication, documentKeys, type TerminalRandomness } from '../bac/bac.ts'
import { concatBytes } from '../bytes/bytes.ts'
import { type CommandApdu, decodeResponse, encodeCommand, type ResponseApdu, status, statusText } from '../iso7816/apdu.ts'
import { parseDg13 } from '../lds/dg13-vietnam.ts'
import { fileIds, ldsApplicationId, parseDg1, parseEfCom } from '../lds/lds.ts'
import { type MrzFields, vietnamesePersonalNumber } from '../mrz/mrz.ts'
import { type SecureChannel, unwrapResponse, wrapCommand } from '../secure-messaging/secure-messaging.ts'
import { createTripleDesChannel } from '../secure-messaging/triple-des-channel.ts'
import { decodeTlvHeader } from '../tlv/tlv.ts'

export type Transmit = (command: Uint8Array) => Promise<Result<Uint8Array, CardFailure>>
export type ChipReading = Omit<CardReading, 'readerName' | 'readAt'>

/** A protected answer must fit 256 bytes: 223 of data, padded to 224, and 18 of objects around them. */
const maxRead = 223
/** READ BINARY with an even instruction addresses 15 bits; texts are far shorter. */
const maxFileLength = 0x7fff

const failure = (type: CardFailureType, detail: string, retry: boolean): Result<never, CardFailure> =>
  err({ type, detail, retry })

const unexpected = (step: string, statusWord: number): Result<never, CardFailure> =>
  failure('unexpected-status', `${step}: ${statusText(statusWord)}`, true)

/** T=0 hands out an answer in pieces (61xx) or asks for the length again (6Cxx): ISO/IEC 7816-3 section 12.2. */
const maxPieces = 300

const exchange = async (transmit: Transmit, command: CommandApdu): Promise<Result<ResponseApdu, CardFailure>> => {
  let sent = command
  let collected: Uint8Array = new Uint8Array()
  for (let piece = 0; piece < maxPieces; piece += 1) {
    const raw = await transmit(encodeCommand(sent))
    if (!raw.ok) return raw
    const response = decodeResponse(raw.value)
    if (!response.ok) return failure('card-unresponsive', 'answer without a status word', true)
    const { data, statusWord } = response.value
    const low = statusWord & 0xff
    collected = concatBytes(collected, data)
    if (statusWord >> 8 === 0x61) sent = { cla: 0x00, ins: 0xc0, p1: 0x00, p2: 0x00, le: low === 0 ? 256 : low }
    else if (statusWord >> 8 === 0x6c && sent.le !== undefined && sent.le !== low) sent = { ...sent, le: low === 0 ? 256 : low }
    else return ok({ data: collected, statusWord })
  }
  return failure('card-unresponsive', 'an answer without end', true)
}

const selectApplication = async (transmit: Transmit): Promise<Result<null, CardFailure>> => {
  const selected = await exchange(transmit, { cla: 0x00, ins: 0xa4, p1: 0x04, p2: 0x0c, data: ldsApplicationId })
  if (!selected.ok) return selected
  const { statusWord } = selected.value
  if (statusWord === status.success) return ok(null)
  const absent: readonly number[] = [status.fileNotFound, status.instructionUnknown, status.classUnknown, 0x6a81, 0x6a86]
  return absent.includes(statusWord)
    ? failure('not-an-identity-card', `SELECT application: ${statusText(statusWord)}`, false)
    : unexpected('SELECT application', statusWord)
}

const openByBac = async (
  transmit: Transmit,
  access: Extract<CardAccess, { type: 'mrz' }>,
  random: TerminalRandomness,
): Promise<Result<SecureChannel, CardFailure>> => {
  const challenge = await exchange(transmit, { cla: 0x00, ins: 0x84, p1: 0x00, p2: 0x00, le: 8 })
  if (!challenge.ok) return challenge
  if (challenge.value.statusWord !== status.success || challenge.value.data.length !== 8)
    return unexpected('GET CHALLENGE', challenge.value.statusWord)
  const chipNonce = challenge.value.data
  const keys = documentKeys(access)
  const answer = await exchange(transmit, {
    cla: 0x00,
    ins: 0x82,
    p1: 0x00,
    p2: 0x00,
    data: authenticationData(keys, chipNonce, random),
    le: 40,
  })
  if (!answer.ok) return answer
  const { statusWord, data } = answer.value
  const refused: readonly number[] = [
    status.authenticationFailed,
    status.securityNotSatisfied,
    status.conditionsNotSatisfied,
    status.secureMessagingIncorrect,
    0x6983, // blocked for a while after too many wrong keys
    0x6a80,
  ]
  if (refused.includes(statusWord) || (statusWord & 0xfff0) === 0x63c0)
    return failure('access-denied', `EXTERNAL AUTHENTICATE: ${statusText(statusWord)}`, true)
  if (statusWord !== status.success) return unexpected('EXTERNAL AUTHENTICATE', statusWord)
  const session = completeAuthentication(keys, chipNonce, random, data)
  return session.ok
    ? ok(createTripleDesChannel(session.value))
    : failure('secure-messaging-failed', `EXTERNAL AUTHENTICATE: ${session.error.type}`, true)
}

type Channel = { send(step: string, command: CommandApdu): Promise<Result<ResponseApdu, CardFailure>> }

const openChannel = (transmit: Transmit, opened: SecureChannel): Channel => {
  let channel = opened
  return {
    async send(step, command) {
      const wrapped = wrapCommand(channel, command)
      const response = await exchange(transmit, wrapped.command)
      if (!response.ok) return response
      const unwrapped = unwrapResponse(wrapped.channel, response.value)
      if (!unwrapped.ok) return failure('secure-messaging-failed', `${step}: ${unwrapped.error.type}`, true)
      channel = unwrapped.value.channel
      const { statusWord } = unwrapped.value.response
      if (statusWord === status.secureMessagingIncorrect || statusWord === status.secureMessagingMissing)
        return failure('secure-messaging-failed', `${step}: ${statusText(statusWord)}`, true)
      return ok(unwrapped.value.response)
    },
  }
}

type FileOutcome = { found: true; bytes: Uint8Array } | { found: false; reason: string }

const readFile = async (
  channel: Channel,
  name: string,
  fileId: number,
  onBytes: (read: number, expected: number) => void,
): Promise<Result<FileOutcome, CardFailure>> => {
  const selected = await channel.send(`SELECT ${name}`, {
    cla: 0x00,
    ins: 0xa4,
    p1: 0x02,
    p2: 0x0c,
    data: Uint8Array.of(fileId >> 8, fileId & 0xff),
  })
  if (!selected.ok) return selected
  const missing = (step: string, statusWord: number): Result<FileOutcome, CardFailure> =>
    ok({ found: false, reason: `${step} ${name}: ${statusText(statusWord)}` })
  if (selected.value.statusWord !== status.success) return missing('SELECT', selected.value.statusWord)

  const read = (offset: number, length: number) =>
    channel.send(`READ BINARY ${name}`, { cla: 0x00, ins: 0xb0, p1: offset >> 8, p2: offset & 0xff, le: length })
  const head = await read(0, 4)
  if (!head.ok) return head
  if (head.value.statusWord !== status.success && head.value.statusWord !== status.endOfFile)
    return missing('READ BINARY', head.value.statusWord)
  const header = decodeTlvHeader(head.value.data)
  if (!header.ok) return failure('unreadable-data', `${name}: ${header.error.type}`, false)
  const length = header.value.headerLength + header.value.valueLength
  if (length > maxFileLength) return failure('unreadable-data', `${name}: ${length} bytes`, false)
  let bytes = head.value.data.slice(0, length)
  onBytes(bytes.length, length)
  while (bytes.length < length) {
    const part = await read(bytes.length, Math.min(maxRead, length - bytes.length))
    if (!part.ok) return part
    const { statusWord, data } = part.value
    if (statusWord !== status.success && statusWord !== status.endOfFile) return unexpected(`READ BINARY ${name}`, statusWord)
    if (data.length === 0) return failure('unreadable-data', `${name}: ends after ${bytes.length} of ${length} bytes`, false)
    bytes = concatBytes(bytes, data).slice(0, length)
    onBytes(bytes.length, length)
  }
  return ok({ found: true, bytes })
}

const mrzDateText = (date: string, century: (year: number) => number): string => {
  const year = Number(date.slice(0, 2))
  return `${date.slice(4, 6)}/${date.slice(2, 4)}/${century(year) + year}`
}

/** What DG1 alone says of the person. The personal number's fourth digit tells the century (Decree 137/2015/ND-CP article 7). */
const personOfMrz = (mrz: MrzFields, personalNumber: string | undefined): CardPerson => {
  const person: CardPerson = {}
  if (personalNumber !== undefined) {
    person.personalNumber = personalNumber
    const century = 1900 + Math.floor(Number(personalNumber.charAt(3)) / 2) * 100
    if (/^\d{6}$/.test(mrz.birthDate)) person.birthDate = mrzDateText(mrz.birthDate, () => century)
  }
  if (mrz.sex === 'M') person.sex = 'Nam'
  if (mrz.sex === 'F') person.sex = 'Nữ'
  // A card that never expires carries 991231.
  if (mrz.expiryDate !== '991231') person.expiryDate = mrzDateText(mrz.expiryDate, () => 2000)
  return person
}

/** Specimens bear a place code which no province has. */
const isSpecimenNumber = (personalNumber: string | undefined): boolean => personalNumber?.startsWith('000') === true

export const readChip = async (
  transmit: Transmit,
  request: { access: CardAccess; random: TerminalRandomness },
  onProgress: (progress: CardProgress) => void,
): Promise<Result<ChipReading, CardFailure>> => {
  onProgress({ step: 'opening-chip', bytesRead: 0, bytesExpected: 0 })
  const selected = await selectApplication(transmit)
  if (!selected.ok) return selected
  const opened = await openByBac(transmit, request.access, request.random)
  if (!opened.ok) return opened
  const channel = openChannel(transmit, opened.value)

  let doneBytes = 0
  const progressOfFile = (read: number, expected: number): void =>
    onProgress({ step: 'reading-text', bytesRead: doneBytes + read, bytesExpected: doneBytes + expected })

  const com = await readFile(channel, 'EF.COM', fileIds.com, () => {})
  if (!com.ok) return com
  if (!com.value.found) return failure('unexpected-status', com.value.reason, true)
  const list = parseEfCom(com.value.bytes)
  if (!list.ok) return failure('unreadable-data', `EF.COM: ${list.error.type}`, false)

  const dg1 = await readFile(channel, 'DG1', fileIds.dg1, progressOfFile)
  if (!dg1.ok) return dg1
  if (!dg1.value.found) return failure('unexpected-status', dg1.value.reason, true)
  doneBytes += dg1.value.bytes.length
  const mrz = parseDg1(dg1.value.bytes)
  if (!mrz.ok) return failure('unreadable-data', `DG1: ${mrz.error.type}`, false)
  const { format: _format, ...mrzOfCard } = mrz.value
  if (!/^\d{6}$/.test(mrzOfCard.birthDate)) return failure('unreadable-data', 'DG1: birth date not whole', false)

  const groupsRead: DataGroupName[] = ['dg1']
  const groupsMissing: CardReading['groupsMissing'] = []
  const personalNumber = vietnamesePersonalNumber(mrz.value)
  const person = personOfMrz(mrz.value, personalNumber)
  if (!list.value.groups.includes('dg13')) groupsMissing.push({ group: 'dg13', reason: 'EF.COM: not listed' })
  else {
    const dg13 = await readFile(channel, 'DG13', fileIds.dg13, progressOfFile)
    // The transport and the session must hold to the end; what the group holds is the issuer's own affair.
    if (!dg13.ok && dg13.error.type !== 'unreadable-data') return dg13
    const parsed = !dg13.ok ? dg13.error.detail : dg13.value.found ? parseDg13(dg13.value.bytes) : dg13.value.reason
    if (typeof parsed === 'string') groupsMissing.push({ group: 'dg13', reason: parsed })
    else if (!parsed.ok) groupsMissing.push({ group: 'dg13', reason: `DG13: ${parsed.error.detail}` })
    else if (
      parsed.value.personalNumber !== undefined &&
      personalNumber !== undefined &&
      parsed.value.personalNumber !== personalNumber
    )
      return failure('unreadable-data', 'DG1 and DG13 name different persons', false)
    else {
      groupsRead.push('dg13')
      Object.assign(person, parsed.value)
    }
  }
  return ok({
    person,
    mrz: mrzOfCard,
    groupsListed: list.value.groups,
    groupsRead,
    groupsMissing,
    accessProtocol: 'bac',
    verdict: 'not-checked',
    specimen: isSpecimenNumber(personalNumber),
  })
}
