/**
 * The application selected and the chip opened: with the MRZ's key by BAC (Doc 9303-11 section 4.3), or by PACE (section 4.4) where
 * the chip has no BAC; with the card access number by PACE, and by BAC where PACE does not open and the MRZ's key is known too.
 *
 * Invariants: at most one try of each. A chip without the application is told as such, whatever was to open it. Why PACE was left
 * for BAC is stated.
 */
import type { CardAccess, CardFailure, CardReading } from '../../../contracts/card.ts'
import { err, ok, type Result } from '../../../contracts/result.ts'
import { authenticationData, completeAuthentication, documentKeys, type TerminalRandomness } from '../bac/bac.ts'
import { type CommandApdu, type ResponseApdu, status, statusText } from '../iso7816/apdu.ts'
import { ldsApplicationId } from '../lds/lds.ts'
import type { PaceRandomness } from '../pace/pace.ts'
import type { SecureChannel } from '../secure-messaging/secure-messaging.ts'
import { createTripleDesChannel } from '../secure-messaging/triple-des-channel.ts'
import { type Channel, exchange, failure, openChannel, type Transmit, unexpected } from './exchange.ts'
import { openByPace } from './open-by-pace.ts'

export type ReadingRandomness = TerminalRandomness & PaceRandomness
export type OpenedChip = { channel: Channel } & Pick<CardReading, 'accessProtocol' | 'accessFallback'>
/** Not offered: the chip said so before any key was tried. */
type BacOutcome = { offered: true; channel: SecureChannel } | { offered: false; failure: CardFailure }
type MrzKey = { documentNumber: string; birthDate: string; expiryDate: string }

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

const openByBac = async (
  transmit: Transmit,
  key: MrzKey,
  random: TerminalRandomness,
): Promise<Result<BacOutcome, CardFailure>> => {
  const challenge = await exchange(transmit, { cla: 0x00, ins: 0x84, p1: 0x00, p2: 0x00, le: 8 })
  if (!challenge.ok) return challenge
  if (challenge.value.statusWord !== status.success || challenge.value.data.length !== 8)
    return ok({ offered: false, failure: unexpected('GET CHALLENGE', challenge.value.statusWord).error })
  const chipNonce = challenge.value.data
  const keys = documentKeys(key)
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
    ? ok({ offered: true, channel: createTripleDesChannel(session.value) })
    : failure('secure-messaging-failed', `EXTERNAL AUTHENTICATE: ${session.error.type}`, true)
}

const selectAndOpenByBac = async (
  transmit: Transmit,
  key: MrzKey,
  random: ReadingRandomness,
): Promise<Result<BacOutcome, CardFailure>> => {
  const selected = await selectApplication((command) => exchange(transmit, command))
  if (selected.ok) return openByBac(transmit, key, random)
  // A chip with PACE alone keeps even the application closed.
  return selected.error.type === 'unexpected-status' ? ok({ offered: false, failure: selected.error }) : selected
}

/** The application is selected through the channel. */
const selectThrough = async (transmit: Transmit, opened: SecureChannel): Promise<Result<OpenedChip, CardFailure>> => {
  const channel = openChannel(transmit, opened)
  const selected = await selectApplication((command) => channel.send('SELECT application', command))
  return selected.ok ? ok({ channel, accessProtocol: 'pace' }) : selected
}

/** Both ways failed: the one is told, the other named beside it. */
const both = (told: CardFailure, other: CardFailure): Result<never, CardFailure> =>
  err({ ...told, detail: `${told.detail}; also ${other.detail}` })

const openByMrz = async (
  transmit: Transmit,
  key: MrzKey,
  random: ReadingRandomness,
): Promise<Result<OpenedChip, CardFailure>> => {
  const bac = await selectAndOpenByBac(transmit, key, random)
  if (!bac.ok) return bac
  if (bac.value.offered) return ok({ channel: openChannel(transmit, bac.value.channel), accessProtocol: 'bac' })
  const pace = await openByPace(transmit, { ...key, type: 'mrz' }, random)
  if (!pace.ok) return pace
  if (pace.value.opened) return selectThrough(transmit, pace.value.channel)
  // What PACE says of the key counts, not that it is missing as BAC is.
  const { failure: paceFailure } = pace.value
  return paceFailure.retry ? both(paceFailure, bac.value.failure) : both(bac.value.failure, paceFailure)
}

export const openChip = async (
  transmit: Transmit,
  access: CardAccess,
  random: ReadingRandomness,
): Promise<Result<OpenedChip, CardFailure>> => {
  if (access.type === 'mrz') return openByMrz(transmit, access, random)
  const pace = await openByPace(transmit, { type: 'can', can: access.can }, random)
  if (!pace.ok) return pace
  if (pace.value.opened) return selectThrough(transmit, pace.value.channel)
  const reason = pace.value.failure
  if (access.mrz === undefined) {
    // Another card than an identity card has no EF.CardAccess either: say which of the two it is.
    const selected = await selectApplication((command) => exchange(transmit, command))
    return selected.ok || selected.error.type !== 'not-an-identity-card' ? err(reason) : selected
  }
  const bac = await selectAndOpenByBac(transmit, access.mrz, random)
  if (!bac.ok) return both(bac.error, reason)
  if (!bac.value.offered) return both(reason, bac.value.failure)
  return ok({ channel: openChannel(transmit, bac.value.channel), accessProtocol: 'bac', accessFallback: reason.detail })
}
