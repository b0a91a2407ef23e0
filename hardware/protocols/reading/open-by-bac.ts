/**
 * Basic Access Control as commands (Doc 9303-11 section 4.3.4), with the candidates for a key that is not wholly known.
 *
 * Invariants: tries are few, with a growing pause before each but the first. Nothing here can lock a card: BAC and the passwords CAN and
 * MRZ have no final retry counter (BSI TR-03110-2 section 2.3: non-blocking passwords), and a chip that says it counts (63Cx) is
 * left with tries to spare.
 */
import type { CardFailure } from '../../../contracts/card.ts'
import { ok, type Result } from '../../../contracts/result.ts'
import { authenticationData, completeAuthentication, documentKeys } from '../bac/bac.ts'
import { status, statusText, triesLeft } from '../iso7816/apdu.ts'
import type { SecureChannel } from '../secure-messaging/secure-messaging.ts'
import { createTripleDesChannel } from '../secure-messaging/triple-des-channel.ts'
import { exchange, failure, unexpected } from './exchange.ts'
import type { ReadingTools } from './reading-tools.ts'

export type MrzKey = { documentNumber: string; birthDate: string; expiryDate: string }
/** Not offered: the chip said so before any key was tried. Refused: by each key that was tried. */
export type BacOutcome =
  | { outcome: 'opened'; channel: SecureChannel }
  | { outcome: 'not-offered' | 'refused'; failure: CardFailure }

/** A chip that counts wrong tries keeps at least so many for others. */
export const triesToSpare = 3

const refusing: readonly number[] = [
  status.authenticationFailed,
  status.securityNotSatisfied,
  status.conditionsNotSatisfied,
  status.secureMessagingIncorrect,
  0x6a80,
]

const tryKey = async (tools: ReadingTools, key: MrzKey): Promise<Result<BacOutcome, CardFailure>> => {
  const challenge = await exchange(tools.transmit, { cla: 0x00, ins: 0x84, p1: 0x00, p2: 0x00, le: 8 })
  if (!challenge.ok) return challenge
  if (challenge.value.statusWord !== status.success || challenge.value.data.length !== 8)
    return ok({ outcome: 'not-offered', failure: unexpected('GET CHALLENGE', challenge.value.statusWord).error })
  const chipNonce = challenge.value.data
  const random = { nonce: tools.random(8), keyShare: tools.random(16) }
  const keys = documentKeys(key)
  const data = authenticationData(keys, chipNonce, random)
  const answer = await exchange(tools.transmit, { cla: 0x00, ins: 0x82, p1: 0x00, p2: 0x00, data, le: 40 })
  if (!answer.ok) return answer
  const { statusWord } = answer.value
  const said = `EXTERNAL AUTHENTICATE: ${statusText(statusWord)}`
  const left = triesLeft(statusWord)
  if (statusWord === status.methodBlocked || (left !== undefined && left < triesToSpare))
    return failure('access-suspended', said, false)
  if (left !== undefined || refusing.includes(statusWord))
    return ok({ outcome: 'refused', failure: failure('access-denied', said, true).error })
  if (statusWord !== status.success) return unexpected('EXTERNAL AUTHENTICATE', statusWord)
  const session = completeAuthentication(keys, chipNonce, random, answer.value.data)
  return session.ok
    ? ok({ outcome: 'opened', channel: createTripleDesChannel(session.value) })
    : failure('secure-messaging-failed', `EXTERNAL AUTHENTICATE: ${session.error.type}`, true)
}

/** ms before the second try, the third and the fourth. */
const pauses = [1_000, 2_000, 4_000]

/** The application is selected. The keys are tried in their order. */
export const openByBac = async (tools: ReadingTools, keys: readonly MrzKey[]): Promise<Result<BacOutcome, CardFailure>> => {
  let last: Result<BacOutcome, CardFailure> = failure('access-denied', 'BAC: no key to try', false)
  for (const [at, key] of keys.entries()) {
    if (at > 0) {
      const waited = await tools.pause(pauses[at - 1] ?? 4_000)
      if (!waited.ok) return waited
    }
    last = await tryKey(tools, key)
    if (!last.ok || last.value.outcome !== 'refused') return last
  }
  return last
}
