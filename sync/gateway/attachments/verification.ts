/**
 * Is a whole upload what the packet announced? Sealed bytes by SHA-256, seal by chunk, plain bytes by size, SHA-256 and kind.
 * A file's kind is told by its first bytes, never by its name, and by the same function the vault asks.
 */
import { createHash, hash } from 'node:crypto'
import type { AttachmentFacts } from '../../../contracts/dossier.ts'
import type { SealedAttachment } from '../../../contracts/packet.ts'
import { err, ok, type Result } from '../../../contracts/result.ts'
import { mediaTypeOf } from '../../packet/media-type.ts'
import { openSealed } from './open-sealed.ts'

const sha256 = (bytes: Uint8Array) => hash('sha256', bytes)

/** At once, not when the collector of garbage comes by: plain bytes have no business in memory any more, and megabytes call it often. */
const letGo = ({ buffer, byteLength }: Uint8Array): void => {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
}

export type AttachmentVerification = (request: {
  sealed: Uint8Array
  announced: SealedAttachment
  facts: AttachmentFacts
  dataKey: Uint8Array
  chunkSize: number
}) => Promise<Result<undefined, { type: 'attachment-invalid'; detail: string }>>

export const verifyAttachment: AttachmentVerification = async (request) => {
  const { sealed, announced, facts } = request
  const wrong = (detail: string) => err({ type: 'attachment-invalid', detail })
  if (sealed.length !== announced.sealedSize || sha256(sealed) !== announced.sealedSha256)
    return wrong('the sealed bytes are not those announced')
  const { dataKey, chunkSize } = request
  const plain = openSealed({ dataKey, attachmentId: facts.attachmentId, sealed, chunkSize })
  if (!plain.ok) return plain
  const size = plain.value.reduce((sum, part) => sum + part.length, 0)
  const digest = createHash('sha256')
  for (const part of plain.value) digest.update(part)
  // A chunk is longer than any kind's first bytes, or it is the whole.
  const mediaType = mediaTypeOf(plain.value[0] ?? new Uint8Array())
  for (const part of plain.value) letGo(part)
  if (size !== facts.size || digest.digest('hex') !== facts.sha256) return wrong('the plain bytes are not those declared')
  return mediaType === facts.mediaType ? ok(undefined) : wrong(`the bytes are not ${facts.mediaType}`)
}
