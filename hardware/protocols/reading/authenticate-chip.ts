/**
 * Chip Authentication over the open channel, by the first key of DG14 that can be used; and the chip's answer to Active Authentication
 * (Doc 9303-11 section 6.1), which whoever parses DG15 verifies.
 *
 * Invariants: a transport failure is a failure; a chip that refuses is a value. 'unconfirmed' = the channel is the new one, and its
 * first fitting answer is still to come.
 */
import type { CardFailure } from '../../../contracts/card.ts'
import { ok, type Result } from '../../../contracts/result.ts'
import { toHex } from '../bytes/bytes.ts'
import { beginChipAuthentication } from '../chip-authentication/chip-authentication.ts'
import { parseChipAuthentication } from '../chip-authentication/chip-authentication-infos.ts'
import { status, statusText } from '../iso7816/apdu.ts'
import type { Channel } from './exchange.ts'
import type { ReadingTools } from './reading-tools.ts'

/** Whether the chip holds the private key of its DG14; whether that DG14 is the issuer's is another matter. */
export type ChipAuthenticated = {
  readonly outcome: 'proven' | 'failed' | 'not-offered'
  /** Protocol and group, or what the chip answered. */
  readonly detail: string
}

/** What the chip gave to a challenge, or why it gave nothing. */
export type ActiveSignature =
  | { readonly outcome: 'signed'; readonly challenge: Uint8Array; readonly signature: Uint8Array }
  | { readonly outcome: 'refused'; readonly detail: string }

/** INTERNAL AUTHENTICATE (section 6.1.2). A signature longer than a short answer holds needs a longer one. */
export const challengeChip = async (
  channel: Channel,
  /** 8 bytes. */
  challenge: Uint8Array,
  longAnswers: boolean,
): Promise<Result<ActiveSignature, CardFailure>> => {
  const answer = await channel.send('INTERNAL AUTHENTICATE', {
    cla: 0x00,
    ins: 0x88,
    p1: 0x00,
    p2: 0x00,
    data: challenge,
    le: longAnswers ? 65_536 : 256,
  })
  if (!answer.ok) return answer
  const { statusWord, data } = answer.value
  return ok(
    statusWord === status.success && data.length > 0
      ? { outcome: 'signed', challenge, signature: data }
      : { outcome: 'refused', detail: `INTERNAL AUTHENTICATE: ${statusText(statusWord)}` },
  )
}

export const authenticateChip = async (
  channel: Channel,
  dg14: Uint8Array,
  tools: Pick<ReadingTools, 'random'>,
): Promise<Result<ChipAuthenticated | { outcome: 'unconfirmed'; detail: string }, CardFailure>> => {
  const keys = parseChipAuthentication(dg14)
  if (!keys.ok) return ok({ outcome: 'not-offered', detail: `DG14: ${keys.error.type}` })
  const [key] = keys.value
  if (key === undefined) return ok({ outcome: 'not-offered', detail: 'DG14: no key that can be used' })
  const detail = `${toHex(key.protocol)}, ${key.agreement.name}`
  const begun = beginChipAuthentication(key, tools.random(key.agreement.seedLength))
  if (!begun.ok) return ok({ outcome: 'failed', detail: `${detail}: ${begun.error.type}` })
  for (const command of begun.value.commands) {
    const step = command.ins === 0x22 ? 'MSE' : 'GENERAL AUTHENTICATE'
    const answer = await channel.send(`Chip Authentication ${step}`, command)
    if (!answer.ok) return answer
    if (answer.value.statusWord !== status.success)
      return ok({ outcome: 'failed', detail: `${detail}: ${step} ${statusText(answer.value.statusWord)}` })
  }
  channel.beginAgain(begun.value.channel)
  return ok({ outcome: 'unconfirmed', detail })
}
