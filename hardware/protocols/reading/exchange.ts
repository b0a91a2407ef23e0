/**
 * One command and its answer, bare or through secure messaging.
 *
 * Invariants: no I/O of its own (`transmit` is given). A failure of the transport is passed on as it came. An answer in pieces ends.
 */
import type { CardFailure, CardFailureType } from '../../../contracts/card.ts'
import { err, ok, type Result } from '../../../contracts/result.ts'
import { concatBytes } from '../bytes/bytes.ts'
import { type CommandApdu, decodeResponse, encodeCommand, type ResponseApdu, status, statusText } from '../iso7816/apdu.ts'
import { type SecureChannel, unwrapResponse, wrapCommand } from '../secure-messaging/secure-messaging.ts'

export type Transmit = (command: Uint8Array) => Promise<Result<Uint8Array, CardFailure>>
export type Channel = {
  send(step: string, command: CommandApdu): Promise<Result<ResponseApdu, CardFailure>>
  /** From here on with other keys: Chip Authentication has agreed on them. */
  beginAgain(opened: SecureChannel): void
  /** The last answer was a bare refusal: some chips end their session with it. */
  refusedBarely(): boolean
}

type Failed = { ok: false; error: CardFailure }

export const failure = (type: CardFailureType, detail: string, retry: boolean): Failed => err({ type, detail, retry })

export const unexpected = (step: string, statusWord: number): Failed =>
  failure('unexpected-status', `${step}: ${statusText(statusWord)}`, true)

/** T=0 hands out an answer in pieces (61xx) or asks for the length again (6Cxx): ISO/IEC 7816-3 section 12.2. */
const maxPieces = 300

export const exchange = async (transmit: Transmit, command: CommandApdu): Promise<Result<ResponseApdu, CardFailure>> => {
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

export const openChannel = (transmit: Transmit, opened: SecureChannel): Channel => {
  let channel = opened
  let refusedBarely = false
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
      refusedBarely = !unwrapped.value.authenticated
      return ok(unwrapped.value.response)
    },
    beginAgain(next) {
      channel = next
    },
    refusedBarely: () => refusedBarely,
  }
}
