/**
 * The order in which a citizen card's chip is read: opened (`open-chip.ts`), then EF.COM, DG1, DG13, each through secure messaging
 * (Doc 9303-11 section 9.8) by SELECT and READ BINARY (Doc 9303-10 section 3.6).
 *
 * Invariants: no I/O of its own (`transmit` is given), no clock, no randomness. Text comes before anything slow. A failure of the
 * transport is passed on as it came: a card that left is never told as a wrong key. A DG13 that cannot be had is part of a normal
 * reading, named with its reason.
 */
import type {
  CardAccess,
  CardFailure,
  CardPerson,
  CardProgress,
  CardReading,
  CardText,
  DataGroupName,
} from '../../../contracts/card.ts'
import { ok, type Result } from '../../../contracts/result.ts'
import { concatBytes } from '../bytes/bytes.ts'
import { status, statusText } from '../iso7816/apdu.ts'
import { parseDg13 } from '../lds/dg13-vietnam.ts'
import { fileIds, parseDg1, parseEfCom } from '../lds/lds.ts'
import { type MrzFields, vietnamesePersonalNumber } from '../mrz/mrz.ts'
import { decodeTlvHeader } from '../tlv/tlv.ts'
import { type Channel, failure, unexpected } from './exchange.ts'
import { openChip } from './open-chip.ts'
import type { ReadingTools } from './reading-tools.ts'

export type ChipReading = Omit<CardReading, 'readerName' | 'readAt'>

/** A protected answer must fit 256 bytes: 223 of data, padded to 224, and 18 of objects around them. */
const maxRead = 223
/** READ BINARY with an even instruction addresses 15 bits; texts are far shorter. */
const maxFileLength = 0x7fff

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

export type ReadingListener = { progress(progress: CardProgress): void; text(text: CardText): void }

/** A card is the one whose number was given, or it is told: its data are another person's. */
const isOtherCard = (access: CardAccess, personalNumber: string | undefined): boolean =>
  personalNumber !== undefined &&
  ((access.type === 'number' && access.personalNumber !== personalNumber) ||
    (access.type === 'can' && access.mrz === undefined && !personalNumber.endsWith(access.can)))

export const readChip = async (
  tools: ReadingTools,
  access: CardAccess,
  hear: ReadingListener,
): Promise<Result<ChipReading, CardFailure>> => {
  const onProgress = hear.progress
  const opening = (step: 'opening-chip' | 'pausing', pauseMs?: number): void =>
    onProgress({ step, bytesRead: 0, bytesExpected: 0, ...(pauseMs === undefined ? {} : { pauseMs }) })
  opening('opening-chip')
  const pause: ReadingTools['pause'] = async (ms) => {
    opening('pausing', ms)
    const waited = await tools.pause(ms)
    if (waited.ok) opening('opening-chip')
    return waited
  }
  const opened = await openChip({ ...tools, pause }, access)
  if (!opened.ok) return opened
  const { channel, ...openedBy } = opened.value

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
  if (isOtherCard(access, personalNumber)) return failure('other-card', 'DG1: another number than the one given', false)
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
  const text = { person, mrz: mrzOfCard, specimen: isSpecimenNumber(personalNumber) }
  hear.text(text)
  return ok({
    ...text,
    groupsListed: list.value.groups,
    groupsRead,
    groupsMissing,
    ...openedBy,
    proof: { verdict: { type: 'not-checked', reason: 'security-object-not-read' }, checks: [] },
    findings: [],
  })
}
