/**
 * Is a whole upload what the packet announced? Sealed bytes by SHA-256, seal by chunk, plain bytes by size, SHA-256 and kind.
 * A file's kind is told by its first bytes, never by its name.
 */
import { createHash } from 'node:crypto'
import type { AttachmentFacts, AttachmentMediaType } from '../../../contracts/dossier.ts'
import type { SealedAttachment } from '../../../contracts/packet.ts'
import { err, ok, type Result } from '../../../contracts/result.ts'
import { attachmentKey, openAttachmentChunks } from '../../packet/attachment-codec.ts'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

const signatures: Record<AttachmentMediaType, readonly number[]> = {
  'image/jpeg': [0xff, 0xd8, 0xff],
  'image/png': [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  'application/pdf': [0x25, 0x50, 0x44, 0x46, 0x2d],
}

const isOfType = (bytes: Uint8Array, type: AttachmentMediaType): boolean =>
  signatures[type].every((byte, at) => bytes[at] === byte)

export async function verifyAttachment(request: {
  sealed: Uint8Array
  announced: SealedAttachment
  facts: AttachmentFacts
  dataKey: Uint8Array
  chunkSize: number
}): Promise<Result<Uint8Array, { type: 'attachment-invalid'; detail: string }>> {
  const { sealed, announced, facts } = request
  const wrong = (detail: string) => err({ type: 'attachment-invalid', detail })
  if (sealed.length !== announced.sealedSize || sha256(sealed) !== announced.sealedSha256)
    return wrong('the sealed bytes are not those announced')
  const key = await attachmentKey(request.dataKey, facts.attachmentId)
  const plain = await openAttachmentChunks(key, facts.attachmentId, sealed, request.chunkSize)
  if (!plain.ok) return plain
  if (plain.value.length !== facts.size || sha256(plain.value) !== facts.sha256)
    return wrong('the plain bytes are not those declared')
  if (!isOfType(plain.value, facts.mediaType)) return wrong(`the bytes are not ${facts.mediaType}`)
  return ok(plain.value)
}
