/**
 * EF.CardAccess and PACE as commands (Doc 9303-11 section 4.4.4; Doc 9303-10 section 3.11 for the file).
 *
 * Invariants: a transport failure is a failure; a chip that does not open is a value with the failure to be told, so that another
 * way can be tried. A refused token is the only sign of a wrong password.
 */
import type { CardFailure } from '../../../contracts/card.ts'
import { ok, type Result } from '../../../contracts/result.ts'
import { concatBytes } from '../bytes/bytes.ts'
import { status, statusText, triesLeft } from '../iso7816/apdu.ts'
import { parseCardAccess } from '../pace/card-access.ts'
import { seedLength } from '../pace/curves.ts'
import { beginPace, choosePaceInfo, type MappingProof, selectPace } from '../pace/pace.ts'
import type { PacePassword } from '../pace/pace-keys.ts'
import type { SecureChannel } from '../secure-messaging/secure-messaging.ts'
import { decodeTlvHeader } from '../tlv/tlv.ts'
import { exchange, failure, type Transmit } from './exchange.ts'
import { triesToSpare } from './open-by-bac.ts'
import type { ReadingTools } from './reading-tools.ts'

/** Not offered: the chip has no PACE that can be used. Refused: it did not take the password. Broken: it failed otherwise, in the middle. */
export type PaceOutcome =
  | { outcome: 'opened'; channel: SecureChannel; mappingProof?: MappingProof }
  | { outcome: 'not-offered' | 'refused' | 'broken'; failure: CardFailure }

const maxCardAccessLength = 4096
const headLength = 8
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
  /** Some chips refuse to be asked for more than there is: then the length is asked of the file's own head. */
  let headFirst = false
  while (bytes.length < length) {
    const le = !headFirst ? 256 : bytes.length === 0 ? headLength : Math.min(256, length - bytes.length)
    const part = await exchange(transmit, { cla: 0x00, ins: 0xb0, p1: bytes.length >> 8, p2: bytes.length & 0xff, le })
    if (!part.ok) return part
    const { statusWord, data } = part.value
    if (data.length === 0 && !headFirst) {
      headFirst = true
      continue
    }
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

/** What chips answer to a token that does not fit. */
const refusing: readonly number[] = [status.authenticationFailed, status.securityNotSatisfied, status.conditionsNotSatisfied]

const closed = (
  outcome: 'not-offered' | 'refused' | 'broken',
  type: CardFailure['type'],
  detail: string,
): Result<PaceOutcome, never> => ok({ outcome, failure: { type, detail, retry: outcome !== 'not-offered' } })

export const openByPace = async (tools: ReadingTools, password: PacePassword): Promise<Result<PaceOutcome, CardFailure>> => {
  const { transmit } = tools
  const file = await readCardAccess(transmit)
  if (!file.ok) return file
  if (!file.value.offered) return closed('not-offered', 'access-denied', file.value.detail)
  const offered = parseCardAccess(file.value.bytes)
  if (!offered.ok) return closed('not-offered', 'access-denied', `EF.CardAccess: ${offered.error.type}`)
  const info = choosePaceInfo(offered.value)
  const random = { mappingSeed: tools.random(seedLength), agreementSeed: tools.random(seedLength) }
  const begun = info === undefined ? undefined : beginPace(info, password, random)
  if (info === undefined || !begun?.ok) return closed('not-offered', 'access-denied', 'EF.CardAccess: no PACE that can be used')

  // 63Cx here only tells how many tries are left, and that the chip counts them.
  const accepted = (statusWord: number): boolean => statusWord === status.success || triesLeft(statusWord) !== undefined
  const several = offered.value.filter((other) => other.parameterId !== info.parameterId).length > 0
  let template = await exchange(transmit, selectPace(info, password, several))
  if (template.ok && !accepted(template.value.statusWord) && !several)
    template = await exchange(transmit, selectPace(info, password, true))
  if (!template.ok) return template
  const said = `MSE:Set AT: ${statusText(template.value.statusWord)}`
  if (!accepted(template.value.statusWord)) return closed('broken', 'unexpected-status', said)
  const left = triesLeft(template.value.statusWord)
  if (left !== undefined && left < triesToSpare) return failure('access-suspended', said, false)

  let step = begun.value
  for (;;) {
    const name = `PACE ${step.name}`
    const answer = await exchange(transmit, step.command)
    if (!answer.ok) return answer
    const { statusWord, data } = answer.value
    if (statusWord !== status.success) {
      const detail = `${name}: ${statusText(statusWord)}`
      const refused = step.name === 'token' && (refusing.includes(statusWord) || triesLeft(statusWord) !== undefined)
      return refused ? closed('refused', 'access-denied', detail) : closed('broken', 'unexpected-status', detail)
    }
    const next = step.accept(data)
    if (!next.ok) return closed('broken', 'secure-messaging-failed', `${name}: ${next.error.type}`)
    if ('channel' in next.value) return ok({ outcome: 'opened', ...next.value })
    step = next.value.step
  }
}
