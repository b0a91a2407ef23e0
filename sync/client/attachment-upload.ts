/**
 * One sealed attachment over tus 1.0.0 (core protocol and creation), straight from the store's chunks.
 *
 * The upload's address is known from the names, so nothing about it is remembered here: the gateway says how far it is, and it goes on
 * at that byte. Requests grow and shrink with the link, so that a cut costs little on a bad one: at most one is sent twice.
 */

import type { Clock } from '../../contracts/clock.ts'
import { err, ok, type Result } from '../../contracts/result.ts'
import type { OutboxStore } from '../vault/vault-api.ts'
import { type CallFault, type GatewayHttp, slowestLink } from './gateway-http.ts'

/** How much goes in one request; learnt from one upload, used by the next. */
export type Pace = { chunkSize: number; readonly smallest: number; largest: number }
export type Acknowledged = { offset: number; bytes: number; beganAt: number; at: number }

export type UploadRequest = {
  packetId: string
  attachment: { attachmentId: string; sealedSize: number }
  /** As the gateway said a moment ago: where to go on. */
  offset: number
  store: Pick<OutboxStore, 'readSealed'>
  http: Pick<GatewayHttp, 'authorised' | 'toFault'>
  clock: Pick<Clock, 'monotonic'>
  pace: Pace
  /** False once the entry is no longer this sender's: nothing more is sent. */
  goOn: () => boolean
  /** `offset` bytes are durable at the gateway. */
  onAcknowledged: (acknowledged: Acknowledged) => void
}

const tus = { 'tus-resumable': '1.0.0' }
/** A request that takes about this long shows progress often enough and still fills the link. */
const wantedMs = 8_000
const maxRounds = 8

export const slowDown = (pace: Pace): void => {
  pace.chunkSize = Math.max(pace.smallest, Math.floor(pace.chunkSize / 2))
}

/** Somebody on the way takes no body so long: until the page is opened anew none is sent. False when it cannot get shorter. */
const shorten = (pace: Pace, refused: number): boolean => {
  if (refused <= pace.smallest) return false
  pace.largest = Math.max(pace.smallest, Math.floor(refused / 2))
  pace.chunkSize = Math.min(pace.chunkSize, pace.largest)
  return true
}

/** Four times as much the next time at most, and no more than takes about as long as it should. */
export const followLink = (pace: Pace, { bytes, ms }: { bytes: number; ms: number }): void => {
  const perMs = bytes / Math.max(1, ms)
  pace.chunkSize = Math.round(Math.min(pace.largest, pace.chunkSize * 4, Math.max(pace.smallest, perMs * wantedMs)))
}

const offsetOf = (headers: Headers): number | undefined => {
  const text = headers.get('upload-offset')
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

const unreadable = { type: 'call-failed', failure: { kind: 'unreadable-answer' } } as const
const toBase64 = (text: string) => btoa(text)

export const uploadAttachment = async (request: UploadRequest): Promise<Result<void, CallFault>> => {
  const { packetId, attachment, http, store, clock, pace } = request
  const { attachmentId, sealedSize } = attachment
  const path = `/v1/attachments/${packetId}.${attachmentId}`

  const ask = async (): Promise<Result<number | 'absent', CallFault>> => {
    const answer = await http.authorised({ method: 'HEAD', path, headers: tus })
    if (!answer.ok) return answer
    const { status, headers } = answer.value
    if (status === 404 || status === 410) return ok('absent')
    if (status < 200 || status > 299) return err(http.toFault(answer.value))
    const offset = offsetOf(headers)
    return offset === undefined || offset > sealedSize ? err(unreadable) : ok(offset)
  }

  const create = async (): Promise<Result<number | 'exists', CallFault>> => {
    const answer = await http.authorised({
      method: 'POST',
      path: '/v1/attachments',
      headers: {
        ...tus,
        'upload-length': String(sealedSize),
        'upload-metadata': `packetId ${toBase64(packetId)},attachmentId ${toBase64(attachmentId)}`,
      },
    })
    if (!answer.ok) return answer
    if (answer.value.status === 201) return ok(0)
    return answer.value.status === 409 ? ok('exists') : err(http.toFault(answer.value))
  }

  const send = async (offset: number): Promise<Result<number | 'elsewhere', CallFault>> => {
    const end = Math.min(sealedSize, offset + pace.chunkSize)
    const bytes = await store.readSealed(attachmentId, offset, end)
    if (!bytes.ok) {
      // Only what is truly not there needs a person; a store that fails just now is asked again.
      if (bytes.error.type !== 'not-found') return err({ type: 'stopped' })
      return err({
        type: 'call-failed',
        failure: { kind: 'rejected', reason: 'attachment-bytes-missing', detail: bytes.error.type, findings: [] },
      })
    }
    const beganAt = clock.monotonic()
    const answer = await http.authorised({
      method: 'PATCH',
      path,
      headers: { ...tus, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
      body: [bytes.value],
      timeoutMs: 30_000 + (end - offset) / slowestLink,
    })
    if (!answer.ok) {
      slowDown(pace)
      return answer
    }
    const { status, headers } = answer.value
    if (status === 409 || status === 404 || status === 410) return ok('elsewhere')
    if (status === 413 && shorten(pace, end - offset)) return ok(offset)
    if (status < 200 || status > 299) return err(http.toFault(answer.value))
    const next = offsetOf(headers)
    if (next === undefined || next <= offset || next > sealedSize) return err(unreadable)
    const at = clock.monotonic()
    followLink(pace, { bytes: next - offset, ms: at - beganAt })
    request.onAcknowledged({ offset: next, bytes: next - offset, beganAt, at })
    return ok(next)
  }

  const begin = async (round: number): Promise<Result<number | 'elsewhere', CallFault>> => {
    if (round === 0 && request.offset > 0) return ok(Math.min(request.offset, sealedSize))
    const asked: Result<number | 'absent', CallFault> = round === 0 ? ok('absent') : await ask()
    if (!asked.ok) return asked
    if (asked.value !== 'absent') return ok(asked.value)
    const created = await create()
    if (!created.ok) return created
    return ok(created.value === 'exists' ? 'elsewhere' : created.value)
  }

  // Another may create or discard the upload between two questions: a few rounds, then leave it to the next try.
  for (let round = 0; round < maxRounds; round += 1) {
    const begun = await begin(round)
    if (!begun.ok) return begun
    let offset = begun.value
    while (offset !== 'elsewhere' && offset < sealedSize) {
      if (!request.goOn()) return err({ type: 'stopped' })
      const sent = await send(offset)
      if (!sent.ok) return sent
      offset = sent.value
    }
    if (offset === sealedSize) return ok(undefined)
  }
  return err({ type: 'call-failed', failure: { kind: 'busy' } })
}
