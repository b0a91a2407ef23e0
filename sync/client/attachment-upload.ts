/**
 * One sealed attachment over tus 1.0.0 (core protocol and creation), straight from the store's chunks.
 *
 * The upload's address is known from the names, so nothing about it is remembered here: ask the gateway for its offset, go on at
 * that byte. Requests grow and shrink with the link, so that a cut costs little on a bad one.
 */
import { err, ok, type Result } from '../../contracts/result.ts'
import type { OutboxStore } from '../vault/vault-api.ts'
import { type CallFault, type GatewayHttp, slowestLink } from './gateway-http.ts'

export type UploadRequest = {
  packetId: string
  attachment: { attachmentId: string; sealedSize: number }
  store: Pick<OutboxStore, 'readSealed'>
  http: Pick<GatewayHttp, 'authorised' | 'toFault'>
  firstChunkSize: number
  /** Bytes durable at the gateway. */
  onOffset: (offset: number) => void
}

const tus = { 'tus-resumable': '1.0.0' }
const [smallestChunk, largestChunk] = [64 * 1024, 4 * 1024 * 1024]
/** A request that takes about this long shows progress often enough and still fills the link. */
const wantedMs = 8_000
const maxRounds = 8

const offsetOf = (headers: Headers): number | undefined => {
  const text = headers.get('upload-offset')
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

const unreadable = { type: 'call-failed', failure: { kind: 'unreadable-answer' } } as const
const toBase64 = (text: string) => btoa(text)

export const uploadAttachment = async (request: UploadRequest): Promise<Result<void, CallFault>> => {
  const { packetId, attachment, http, store } = request
  const { attachmentId, sealedSize } = attachment
  const path = `/v1/attachments/${packetId}.${attachmentId}`
  let chunkSize = request.firstChunkSize

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
    const end = Math.min(sealedSize, offset + chunkSize)
    const bytes = await store.readSealed(attachmentId, offset, end)
    if (!bytes.ok) {
      const detail = bytes.error.type
      return err({ type: 'call-failed', failure: { kind: 'rejected', reason: 'attachment-bytes-missing', detail, findings: [] } })
    }
    const began = performance.now()
    const answer = await http.authorised({
      method: 'PATCH',
      path,
      headers: { ...tus, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
      body: bytes.value,
      timeoutMs: 30_000 + (end - offset) / slowestLink,
    })
    if (!answer.ok) {
      chunkSize = Math.max(smallestChunk, Math.floor(chunkSize / 2))
      return answer
    }
    const { status, headers } = answer.value
    if (status === 409 || status === 404 || status === 410) return ok('elsewhere')
    if (status < 200 || status > 299) return err(http.toFault(answer.value))
    const next = offsetOf(headers)
    if (next === undefined || next <= offset || next > sealedSize) return err(unreadable)
    const perMs = (next - offset) / Math.max(1, performance.now() - began)
    chunkSize = Math.round(Math.min(largestChunk, chunkSize * 2, Math.max(smallestChunk, perMs * wantedMs)))
    return ok(next)
  }

  // Another may create or discard the upload between two questions: a few rounds, then leave it to the next try.
  for (let round = 0; round < maxRounds; round += 1) {
    const asked = await ask()
    if (!asked.ok) return asked
    let offset: number | 'elsewhere' = 0
    if (asked.value === 'absent') {
      const created = await create()
      if (!created.ok) return created
      if (created.value === 'exists') continue
    } else {
      offset = asked.value
    }
    request.onOffset(offset)
    while (offset !== 'elsewhere' && offset < sealedSize) {
      const sent: Result<number | 'elsewhere', CallFault> = await send(offset)
      if (!sent.ok) return sent
      offset = sent.value
      if (offset !== 'elsewhere') request.onOffset(offset)
    }
    if (offset === sealedSize) return ok(undefined)
  }
  return err({ type: 'call-failed', failure: { kind: 'busy' } })
}
