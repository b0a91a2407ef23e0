/**
 * EF.CardAccess and PACE as commands (Doc 9303-11 section 4.4.4; Doc 9303-10 section 3.11 for the file).
 *
 * Invariants: a transport failure is a failure; a chip that does not open is a value with the failure to be told, so that another
 * way can be tried. A refused token is the only sign of a wrong password.
 */
import type { CardFailure } from '../../../contracts/card.ts'
import { ok, type Result } from '../../../contracts/result.ts'
import { concatBytes } from '../bytes/bytes.ts'
import { status, statusText } from '../iso7816/apdu.ts'
import { parseCardAccess } from '../pace/card-access.ts'
import { beginPace, choosePaceInfo, type PaceRandomness, selectPace } from '../pace/pace.ts'
import type { PacePassword } from '../pace/pace-keys.ts'
import type { SecureChannel } from '../secure-messaging/secure-messaging.ts'
import { decodeTlvHeader } from '../tlv/tlv.ts'
import { exchange, type Transmit } from './exchange.ts'

export type PaceOutcome = { opened: true; channel: SecureChannel } | { opened: false; failure: CardFailure }

const maxCardAccessLength = 4096
const notOffered = (detail: string) => ({ offered: false as const, detail })

/** Some chips refuse SELECT MF, others need it first: without it, then after it. */
const readCardAccess = async (
  transmit: Transmit,
): Promise<Result<{ offered: true; bytes: Uint8Array } | { offered: false; detail: string }, CardFailure>> => {
  const select = { cla: 0x00, ins: 0xa4, p1: 0x02, p2: 0x0c, data: Uint8Array.of(0x01, 0x1c) }
  let selected = await exchange(transmit, select)
  if (selected.ok && selected.value.statusWord !== status.success) {
    const master = await exchange(transmit, { cla: 0x00, ins: 0xa4, p1: 0x00, p2: 0x0c, data: Uint8Array.of(0x3f, 0x00) })
    if (!master.ok) return master
    selected = await exchange(transmit, select)
  }
  if (!selected.ok) return selected
  if (selected.value.statusWord !== status.success)
    return ok(notOffered(`SELECT EF.CardAccess: ${statusText(selected.value.statusWord)}`))
  let bytes: Uint8Array = new Uint8Array()
  let length = 1
  while (bytes.length < length) {
    const part = await exchange(transmit, { cla: 0x00, ins: 0xb0, p1: bytes.length >> 8, p2: bytes.length & 0xff, le: 256 })
    if (!part.ok) return part
    const { statusWord, data } = part.value
    if ((statusWord !== status.success && statusWord !== status.endOfFile) || data.length === 0)
      return ok(notOffered(`READ BINARY EF.CardAccess: ${statusText(statusWord)}`))
    bytes = concatBytes(bytes, data)
    const header = decodeTlvHeader(bytes)
    if (!header.ok) return ok(notOffered(`EF.CardAccess: ${header.error.type}`))
    length = header.value.headerLength + header.value.valueLength
    if (length > maxCardAccessLength) return ok(notOffered(`EF.CardAccess: ${length} bytes`))
  }
  return ok({ offered: true, bytes })
}

const closed = (type: CardFailure['type'], detail: string, retry: boolean): Result<PaceOutcome, never> =>
  ok({ opened: false, failure: { type, detail, retry } })

export const openByPace = async (
  transmit: Transmit,
  password: PacePassword,
  random: PaceRandomness,
): Promise<Result<PaceOutcome, CardFailure>> => {
  const file = await readCardAccess(transmit)
  if (!file.ok) return file
  if (!file.value.offered) return closed('access-denied', file.value.detail, false)
  const offered = parseCardAccess(file.value.bytes)
  if (!offered.ok) return closed('access-denied', `EF.CardAccess: ${offered.error.type}`, false)
  const info = choosePaceInfo(offered.value)
  const begun = info === undefined ? undefined : beginPace(info, password, random)
  if (info === undefined || !begun?.ok) return closed('access-denied', 'EF.CardAccess: no PACE that can be used', false)

  // 63Cx here only tells how many tries are left.
  const accepted = (statusWord: number): boolean => statusWord === status.success || (statusWord & 0xfff0) === 0x63c0
  const several = offered.value.filter((other) => other.parameterId !== info.parameterId).length > 0
  let template = await exchange(transmit, selectPace(info, password, several))
  if (template.ok && !accepted(template.value.statusWord) && !several)
    template = await exchange(transmit, selectPace(info, password, true))
  if (!template.ok) return template
  if (!accepted(template.value.statusWord))
    return closed('unexpected-status', `MSE:Set AT: ${statusText(template.value.statusWord)}`, true)

  let step = begun.value
  for (;;) {
    const name = `PACE ${step.name}`
    const answer = await exchange(transmit, step.command)
    if (!answer.ok) return answer
    const { statusWord, data } = answer.value
    if (statusWord !== status.success) {
      const refused = step.name === 'token' && (statusWord === status.authenticationFailed || (statusWord & 0xfff0) === 0x63c0)
      return closed(refused ? 'access-denied' : 'unexpected-status', `${name}: ${statusText(statusWord)}`, true)
    }
    const next = step.accept(data)
    if (!next.ok) return closed('secure-messaging-failed', `${name}: ${next.error.type}`, true)
    if ('channel' in next.value) return ok({ opened: true, channel: next.value.channel })
    step = next.value.step
  }
}
