/**
 * The chip opened and the application selected: by PACE where EF.CardAccess offers it (Doc 9303-11 section 4.2), by BAC (section 4.3)
 * where it does not or where PACE breaks.
 *
 * Invariants: one try of PACE; a number which PACE refuses is told as wrong at once, without a try of BAC by the same number. A chip
 * without the application is told as such, whatever was to open it. Why BAC was used and not PACE is stated.
 */
import type { CardAccess, CardFailure, CardReading } from '../../../contracts/card.ts'
import { err, ok, type Result } from '../../../contracts/result.ts'
import { expiryCandidates } from '../bac/card-expiry.ts'
import { type CommandApdu, type ResponseApdu, status, statusText } from '../iso7816/apdu.ts'
import { ldsApplicationId } from '../lds/lds.ts'
import type { MappingProof } from '../pace/pace.ts'
import type { PacePassword } from '../pace/pace-keys.ts'
import type { ChipMapping } from '../passive-authentication/card-security.ts'
import type { SecureChannel } from '../secure-messaging/secure-messaging.ts'
import { type Channel, exchange, failure, openChannel, unexpected } from './exchange.ts'
import { type BacOutcome, type MrzKey, openByBac } from './open-by-bac.ts'
import { openByPace } from './open-by-pace.ts'
import { type ReadManner, type ReadRefused, readFile } from './read-file.ts'
import type { ReadingTools } from './reading-tools.ts'

export type OpenedChip = { channel: Channel; mapping?: ChipMapping } & Pick<CardReading, 'accessProtocol' | 'accessFallback'>
export type OpeningFailure = CardFailure | ReadRefused

const selectApplication = async (
  send: (command: CommandApdu) => Promise<Result<ResponseApdu, CardFailure>>,
): Promise<Result<null, CardFailure>> => {
  const selected = await send({ cla: 0x00, ins: 0xa4, p1: 0x04, p2: 0x0c, data: ldsApplicationId })
  if (!selected.ok) return selected
  const { statusWord } = selected.value
  if (statusWord === status.success) return ok(null)
  const absent: readonly number[] = [status.fileNotFound, status.instructionUnknown, status.classUnknown, 0x6a81, 0x6a86]
  return absent.includes(statusWord)
    ? failure('not-an-identity-card', `SELECT application: ${statusText(statusWord)}`, false)
    : unexpected('SELECT application', statusWord)
}

const selectAndOpenByBac = async (tools: ReadingTools, keys: readonly MrzKey[]): Promise<Result<BacOutcome, CardFailure>> => {
  const selected = await selectApplication((command) => exchange(tools.transmit, command))
  if (selected.ok) return openByBac(tools, keys)
  // A chip with PACE alone keeps even the application closed.
  return selected.error.type === 'unexpected-status' ? ok({ outcome: 'not-offered', failure: selected.error }) : selected
}

/** Outside the application, where PACE has left the chip. */
const readCardSecurity = async (
  channel: Channel,
  proof: MappingProof,
  manner: ReadManner,
): Promise<Result<ChipMapping, OpeningFailure>> => {
  const file = { name: 'EF.CardSecurity', id: 0x011d }
  const read = await readFile(channel, file, manner, { shortIdentifiers: 'unknown' }, () => {})
  if (read.ok) return ok({ proof, cardSecurity: read.value.found ? { bytes: read.value.bytes } : { missing: read.value.reason } })
  return read.error.type === 'unreadable-data' ? ok({ proof, cardSecurity: { missing: read.error.detail } }) : read
}

const selectThrough = async (
  tools: ReadingTools,
  opened: SecureChannel,
  mappingProof: MappingProof | undefined,
  manner: ReadManner,
): Promise<Result<OpenedChip, OpeningFailure>> => {
  const channel = openChannel(tools.transmit, opened)
  const mapping = mappingProof === undefined ? undefined : await readCardSecurity(channel, mappingProof, manner)
  if (mapping !== undefined && !mapping.ok) return mapping
  const selected = await selectApplication((command) => channel.send('SELECT application', command))
  if (!selected.ok) return selected
  return ok({ channel, accessProtocol: 'pace', ...(mapping === undefined ? {} : { mapping: mapping.value }) })
}

/** Both ways failed: the one is told, the other named beside it. */
const both = (told: CardFailure, other: CardFailure): Result<never, CardFailure> =>
  err({ ...told, detail: `${told.detail}; also ${other.detail}` })

const passwordOf = (access: CardAccess): PacePassword =>
  access.type === 'number'
    ? { type: 'can', can: access.personalNumber.slice(-6) }
    : access.type === 'can'
      ? { type: 'can', can: access.can }
      : access

/** Keys of BAC, and whether one of them may fit where PACE refused the password. Undefined = dates are missing. */
const keysOf = (access: CardAccess, today: string): { keys: MrzKey[]; apart: boolean } | undefined => {
  if (access.type === 'mrz') return { keys: [access], apart: false }
  if (access.type === 'can') return access.mrz && { keys: [access.mrz], apart: true }
  const { personalNumber, birthDate } = access
  if (birthDate === undefined) return undefined
  const key = { documentNumber: personalNumber.slice(-9), birthDate: birthDate.slice(2).replaceAll('-', '') }
  const dates = { birthDate, issueDate: access.issueDate, expiryDate: access.expiryDate }
  return { keys: expiryCandidates(dates, today).map((expiryDate) => ({ ...key, expiryDate })), apart: false }
}

export const openChip = async (
  tools: ReadingTools,
  access: CardAccess,
  manner: ReadManner,
): Promise<Result<OpenedChip, OpeningFailure>> => {
  const pace = await openByPace(tools, passwordOf(access))
  if (!pace.ok) return pace
  if (pace.value.outcome === 'opened') return selectThrough(tools, pace.value.channel, pace.value.mappingProof, manner)
  const reason = pace.value.failure
  const refused = pace.value.outcome === 'refused'
  const bacKeys = keysOf(access, tools.today)
  if (refused && !bacKeys?.apart) return err(access.type === 'mrz' ? reason : { ...reason, type: 'wrong-number' })

  if (bacKeys === undefined) {
    // Another card than an identity card has no EF.CardAccess either: say which of the two it is.
    const selected = await selectApplication((command) => exchange(tools.transmit, command))
    if (!selected.ok && selected.error.type !== 'unexpected-status') return selected
    if (pace.value.outcome !== 'not-offered' || !selected.ok) return err(reason)
    // Six digits say nothing to BAC: the whole number is asked for, and with it the dates.
    return failure(access.type === 'number' ? 'dates-needed' : 'invalid-request', reason.detail, false)
  }
  const bac = await selectAndOpenByBac(tools, bacKeys.keys)
  if (!bac.ok) return both(bac.error, reason)
  if (bac.value.outcome === 'opened') {
    const channel = openChannel(tools.transmit, bac.value.channel)
    return ok({ channel, accessProtocol: 'bac', accessFallback: reason.detail })
  }
  // What was said of a key counts more than that a way is missing, and an altered line more than a key it may have spoilt.
  const paceTells =
    reason.type === 'secure-messaging-failed' || (bac.value.outcome === 'not-offered' && pace.value.outcome !== 'not-offered')
  return paceTells
    ? both(refused ? { ...reason, type: 'wrong-number' } : reason, bac.value.failure)
    : both(bac.value.failure, reason)
}
