/**
 * The order in which a chip is read: opened (`open-chip.ts`), its text, what proves it, its photo last, each file as it stands in the
 * chip (Doc 9303-10 section 4.6) for those who parse and prove it.
 *
 * Invariants: no I/O, clock or randomness of its own. Text comes before anything slow; nothing is read twice: what was read before a
 * refused length is kept in `soFar` and goes on from there. A failure of the transport is passed on as it came: a card that left is never
 * told as a wrong key. A file that is not there is part of a normal reading.
 */
import type { CardAccess, CardFailure, CardProgress, CardReading, CardText, DataGroupName } from '../../../contracts/card.ts'
import { err, ok, type Result } from '../../../contracts/result.ts'
import { fileIds } from '../lds/lds.ts'
import type { ChipMapping } from '../passive-authentication/card-security.ts'
import { type ActiveSignature, authenticateChip, type ChipAuthenticated, challengeChip } from './authenticate-chip.ts'
import { isDg13Readable, textOfChip } from './card-text.ts'
import { type Channel, failure } from './exchange.ts'
import { openChip } from './open-chip.ts'
import { type ChipHabits, type ReadManner, type ReadRefused, readFile } from './read-file.ts'
import type { ReadingTools } from './reading-tools.ts'

export type RawGroups = ReadonlyMap<DataGroupName, Uint8Array>
export type ChipReading = {
  /** Every file read, byte for byte as the chip gave it. */
  readonly raw: RawGroups
  /** Files asked for that are not on the chip or stay locked: step and status word. */
  readonly absent: ReadonlyMap<DataGroupName, string>
  readonly text: CardText
  readonly dg13Unread?: string
  /** Whether the chip holds the key of its DG14. That this DG14 is the issuer's, Passive Authentication says. */
  readonly chipAuthentication: ChipAuthenticated
  /** Asked for where the chip has a DG15 and Chip Authentication did not prove it, which proves as much in less time; or for a nonce. */
  readonly activeSignature?: ActiveSignature
  /** Where the chip was opened by PACE with chip authentication mapping. */
  readonly mapping?: ChipMapping
} & Pick<CardReading, 'accessProtocol' | 'accessFallback'>

export type ReadingListener = { progress(progress: CardProgress): void; text(text: CardText): void }

/** What a reading keeps over several openings of the same chip. */
export type ReadSoFar = {
  readonly raw: Map<DataGroupName, Uint8Array>
  readonly absent: Map<DataGroupName, string>
  readonly habits: ChipHabits
  text: Pick<ChipReading, 'text' | 'dg13Unread'> | undefined
  chipAuthentication: ChipAuthenticated | undefined
  activeSignature: ActiveSignature | undefined
  /** Times that the channel broke at Chip Authentication: once may be the line, twice is the chip. */
  chipAuthenticationBreaks: number
}
export const beginReading = (): ReadSoFar => ({
  raw: new Map(),
  absent: new Map(),
  habits: { shortIdentifiers: 'unknown' },
  text: undefined,
  chipAuthentication: undefined,
  activeSignature: undefined,
  chipAuthenticationBreaks: 0,
})

/** Without a wish: the text, what proves it, the photo. */
const usualGroups: readonly DataGroupName[] = ['dg1', 'dg13', 'dg14', 'dg15', 'sod', 'dg2']
const textGroups: readonly DataGroupName[] = ['dg1', 'dg13']
const detailGroups: readonly DataGroupName[] = ['dg11', 'dg12']
const proofGroups: readonly DataGroupName[] = ['dg14', 'dg15', 'sod', 'com']
const photoGroups: readonly DataGroupName[] = ['dg2', 'dg7']

export const readChip = async (
  tools: ReadingTools,
  request: {
    readonly access: CardAccess
    readonly groups?: readonly DataGroupName[] | undefined
    /** To be signed by the chip, also where it is proven otherwise. */
    readonly nonce?: string | undefined
  },
  hear: ReadingListener,
  manner: ReadManner,
  soFar: ReadSoFar = beginReading(),
): Promise<Result<ChipReading, CardFailure | ReadRefused>> => {
  const doneBytes = (): number => [...soFar.raw.values()].reduce((sum, bytes) => sum + bytes.length, 0)
  const say = (step: CardProgress['step'], read = 0, expected = 0, pauseMs?: number): void => {
    const done = doneBytes()
    const progress = { step, bytesRead: done + read, bytesExpected: done + expected }
    hear.progress(pauseMs === undefined ? progress : { ...progress, pauseMs })
  }

  const open = async (): ReturnType<typeof openChip> => {
    say('opening-chip')
    const pause: ReadingTools['pause'] = async (ms) => {
      say('pausing', 0, 0, ms)
      const waited = await tools.pause(ms)
      if (waited.ok) say('opening-chip')
      return waited
    }
    return openChip({ ...tools, pause }, request.access, manner)
  }

  /** Set between Chip Authentication and the first answer through its channel. */
  let unconfirmed: string | undefined
  const breakOff = (cause: CardFailure, detail: string): Result<never, ReadRefused> => {
    soFar.chipAuthenticationBreaks += 1
    if (soFar.chipAuthenticationBreaks > 1) soFar.chipAuthentication = { outcome: 'failed', detail }
    return err({ type: 'read-refused', next: 'as-before', cause })
  }
  const confirm = (error: CardFailure | ReadRefused | undefined): Result<null, ReadRefused> => {
    const detail = unconfirmed
    unconfirmed = undefined
    if (detail === undefined) return ok(null)
    const cause = error?.type === 'read-refused' ? error.cause : error
    if (cause?.type === 'secure-messaging-failed') return breakOff(cause, `${detail}: ${cause.detail}`)
    if (cause === undefined) soFar.chipAuthentication = { outcome: 'proven', detail }
    return ok(null)
  }
  const proveChip = async (channel: Channel): Promise<Result<null, CardFailure | ReadRefused>> => {
    const dg14 = soFar.raw.get('dg14')
    if (dg14 === undefined || soFar.chipAuthentication !== undefined) return ok(null)
    say('checking-chip')
    const outcome = await authenticateChip(channel, dg14, tools)
    if (!outcome.ok) {
      const { error } = outcome
      return error.type === 'secure-messaging-failed' ? breakOff(error, error.detail) : outcome
    }
    const { outcome: type, detail } = outcome.value
    if (type === 'unconfirmed') unconfirmed = detail
    else soFar.chipAuthentication = { outcome: type, detail }
    return ok(null)
  }

  const wanted = new Set(request.groups ?? usualGroups)
  const read = async (
    channel: Channel,
    step: CardProgress['step'],
    groups: readonly DataGroupName[],
  ): Promise<Result<null, CardFailure | ReadRefused>> => {
    for (const group of groups) {
      if (!wanted.has(group) || soFar.raw.has(group) || soFar.absent.has(group)) continue
      const file = { name: group.toUpperCase(), id: fileIds[group] }
      const outcome = await readFile(channel, file, manner, soFar.habits, (have, length) => say(step, have, length))
      const confirmed = confirm(outcome.ok ? undefined : outcome.error)
      if (!confirmed.ok) return confirmed
      // What a group holds is the issuer's own affair; the transport and the session must hold to the end.
      if (!outcome.ok && outcome.error.type === 'unreadable-data' && group !== 'dg1')
        soFar.absent.set(group, outcome.error.detail)
      else if (!outcome.ok) return outcome
      else if (outcome.value.found) soFar.raw.set(group, outcome.value.bytes)
      else soFar.absent.set(group, outcome.value.reason)
    }
    return ok(null)
  }

  const opened = await open()
  if (!opened.ok) return opened
  const { channel, mapping, ...openedBy } = opened.value

  wanted.add('dg1')
  const text = await read(channel, 'reading-text', textGroups)
  if (!text.ok) return text
  if (request.groups === undefined && !isDg13Readable(soFar.raw.get('dg13'))) wanted.add('dg11')
  const details = await read(channel, 'reading-text', detailGroups)
  if (!details.ok) return details
  if (soFar.text === undefined) {
    const noDg1 = soFar.absent.get('dg1')
    if (noDg1 !== undefined) return failure('unexpected-status', noDg1, true)
    const told = textOfChip(soFar.raw, request.access)
    if (!told.ok) return told
    soFar.text = told.value
    hear.text(told.value.text)
  }
  const keys = await read(channel, 'reading-proof', ['dg14'])
  if (!keys.ok) return keys
  const proven = await proveChip(channel)
  if (!proven.ok) return proven
  const proof = await read(channel, 'reading-proof', proofGroups)
  if (!proof.ok) return proof
  const needsSignature = request.nonce !== undefined || soFar.chipAuthentication?.outcome !== 'proven'
  if (soFar.raw.has('dg15') && needsSignature && soFar.activeSignature === undefined) {
    say('checking-chip')
    const challenge = request.nonce === undefined ? tools.random(8) : Uint8Array.from(Buffer.from(request.nonce, 'base64url'))
    const signed = await challengeChip(channel, challenge, manner.longest > 256)
    if (!signed.ok) return signed
    soFar.activeSignature = signed.value
  }
  // The security object lists the groups, signed; a chip without one has its list in EF.COM alone.
  if (!soFar.raw.has('sod')) {
    wanted.add('com')
    const list = await read(channel, 'reading-proof', ['com'])
    if (!list.ok) return list
  }
  const photo = await read(channel, 'reading-photo', photoGroups)
  if (!photo.ok) return photo
  if (unconfirmed !== undefined) {
    const asked = await channel.send('READ BINARY', { cla: 0x00, ins: 0xb0, p1: 0x81, p2: 0x00, le: 4 })
    const confirmed = confirm(asked.ok ? undefined : asked.error)
    if (!confirmed.ok) return confirmed
    if (!asked.ok) return asked
  }
  const chipAuthentication = soFar.chipAuthentication ?? { outcome: 'not-offered', detail: 'DG14: not read' }
  const { raw, absent, activeSignature } = soFar
  return ok({
    raw,
    absent,
    ...soFar.text,
    chipAuthentication,
    ...(activeSignature === undefined ? {} : { activeSignature }),
    ...(mapping === undefined ? {} : { mapping }),
    ...openedBy,
  })
}
