/**
 * One file through the open channel: READ BINARY by short identifier, which needs no SELECT, in the longest pieces that chip and reader
 * bear (Doc 9303-10 section 3.6; odd READ BINARY beyond 32 KB: ISO/IEC 7816-4 section 11.3.3).
 *
 * Invariants: not one byte is asked for twice. An absent or locked file is a value. A length the chip or its reader does not bear is a
 * failure of its own, after which the channel is dead: the caller opens the chip again and reads on in the next manner.
 */
import type { CardFailure } from '../../../contracts/card.ts'
import { err, ok, type Result } from '../../../contracts/result.ts'
import { concatBytes } from '../bytes/bytes.ts'
import { type CommandApdu, type ResponseApdu, status, statusText } from '../iso7816/apdu.ts'
import { decodeTlv, decodeTlvHeader, encodeTlv } from '../tlv/tlv.ts'
import { type Channel, failure, unexpected } from './exchange.ts'

export type ReadManner = {
  /** Longest data of one command, without its protection: 65536 = whatever the chip gives in one answer of extended length. */
  readonly longest: number
  /** The length is asked of the file's own head first; some chips refuse to be asked for more than there is. */
  readonly headFirst: boolean
}

/** From the quickest to what every reader bears. A protected answer of 223 bytes fits the 256 of short length with any cipher. */
export const readManners: readonly ReadManner[] = [
  { longest: 65_536, headFirst: false },
  { longest: 223, headFirst: false },
  { longest: 192, headFirst: true },
  { longest: 128, headFirst: true },
]

/** What a reading has learnt of the chip. */
export type ChipHabits = { shortIdentifiers: 'unknown' | 'taken' | 'refused' }

/** The channel is dead after this; opened again, the chip is read on in a shorter manner, by SELECT, or as before. */
export type ReadRefused = { type: 'read-refused'; next: 'shorter' | 'select' | 'as-before'; cause: CardFailure }
export type FileRead = { found: true; bytes: Uint8Array } | { found: false; reason: string }

const maxFileLength = 1 << 20
const headLength = 8
const refusing: readonly number[] = [status.wrongLength, status.secureMessagingIncorrect, status.wrongParameters]

export const readFile = async (
  channel: Channel,
  file: { readonly name: string; readonly id: number },
  manner: ReadManner,
  habits: ChipHabits,
  onBytes: (read: number, expected: number) => void,
): Promise<Result<FileRead, CardFailure | ReadRefused>> => {
  const step = `READ BINARY ${file.name}`

  const send = async (command: CommandApdu): Promise<Result<ResponseApdu, CardFailure | ReadRefused>> => {
    const answer = await channel.send(step, command)
    if (answer.ok) {
      const { statusWord } = answer.value
      if (!refusing.includes(statusWord)) return answer
      const cause = unexpected(step, statusWord).error
      // The upper half of the offsets is where a chip without short identifiers looks for them.
      const byIdentifier = command.ins === 0xb0 && command.p1 >= 0x80
      if (!byIdentifier || habits.shortIdentifiers === 'taken' || statusWord !== status.wrongParameters)
        return err({ type: 'read-refused', next: 'shorter', cause })
      return err({ type: 'read-refused', next: 'select', cause })
    }
    // A reader that cannot carry a long answer keeps silent, or calls it a fault; a chip that dislikes the length drops the session.
    const { type } = answer.error
    const long = (command.le ?? 0) > 256
    // The chip ended its session when it refused the file before, whatever length is asked for now.
    if (type === 'secure-messaging-failed' && channel.refusedBarely())
      return err({ type: 'read-refused', next: 'as-before', cause: answer.error })
    return type === 'secure-messaging-failed' || (type === 'card-unresponsive' && long)
      ? err({ type: 'read-refused', next: 'shorter', cause: answer.error })
      : answer
  }

  const readAt = async (offset: number, length: number): Promise<Result<ResponseApdu, CardFailure | ReadRefused>> => {
    if (offset < 0x8000) return send({ cla: 0x00, ins: 0xb0, p1: offset >> 8, p2: offset & 0xff, le: length })
    const data = encodeTlv(0x54, Uint8Array.of(offset >> 16, (offset >> 8) & 0xff, offset & 0xff))
    const answer = await send({ cla: 0x00, ins: 0xb1, p1: 0x00, p2: 0x00, data, le: Math.min(65_536, length + 4) })
    if (!answer.ok || answer.value.data.length === 0) return answer
    const object = decodeTlv(answer.value.data)
    if (!object.ok || object.value.tlv.tag !== 0x53) return failure('unreadable-data', `${step}: no object 53`, false)
    return ok({ ...answer.value, data: object.value.tlv.value })
  }

  const begin = async (length: number): Promise<Result<ResponseApdu, CardFailure | ReadRefused>> => {
    if (habits.shortIdentifiers !== 'refused') {
      const answer = await send({ cla: 0x00, ins: 0xb0, p1: 0x80 | (file.id & 0x1f), p2: 0x00, le: length })
      if (!answer.ok || habits.shortIdentifiers === 'taken') return answer
      const taken = answer.value.data.length > 0
      if (taken) habits.shortIdentifiers = 'taken'
      if (taken) return answer
    }
    const data = Uint8Array.of(file.id >> 8, file.id & 0xff)
    const selected = await channel.send(`SELECT ${file.name}`, { cla: 0x00, ins: 0xa4, p1: 0x02, p2: 0x0c, data })
    if (!selected.ok || selected.value.statusWord !== status.success) return selected
    habits.shortIdentifiers = 'refused'
    return readAt(0, length)
  }

  const first = await begin(manner.headFirst ? headLength : manner.longest)
  if (!first.ok) return first
  const { statusWord } = first.value
  if (statusWord !== status.success && statusWord !== status.endOfFile)
    return ok({ found: false, reason: `${step}: ${statusText(statusWord)}` })
  const header = decodeTlvHeader(first.value.data)
  if (!header.ok) return failure('unreadable-data', `${file.name}: ${header.error.type}`, false)
  const length = header.value.headerLength + header.value.valueLength
  if (length > maxFileLength) return failure('unreadable-data', `${file.name}: ${length} bytes`, false)
  const parts = [first.value.data.subarray(0, length)]
  let have = parts[0]?.length ?? 0
  onBytes(have, length)
  while (have < length) {
    const part = await readAt(have, Math.min(manner.longest, length - have))
    if (!part.ok) return part
    if (part.value.statusWord !== status.success && part.value.statusWord !== status.endOfFile)
      return unexpected(step, part.value.statusWord)
    const bytes = part.value.data.subarray(0, length - have)
    if (bytes.length === 0) return failure('unreadable-data', `${file.name}: ends after ${have} of ${length} bytes`, false)
    parts.push(bytes)
    have += bytes.length
    onBytes(have, length)
  }
  return ok({ found: true, bytes: concatBytes(...parts) })
}
