/**
 * Attachments: encrypted in chunks under a key of their own, derived from the dossier's data key (HKDF, RFC 5869), so that what
 * lies on the kiosk's disk is byte for byte what travels.
 *
 * A chunk is nonce (12, random) | AES-256-GCM ciphertext | tag (16). Associated data = format, attachment, index, last or not:
 * a chunk cut off, doubled, moved within the file or to another file does not open (the idea of STREAM, Hoang et al. 2015).
 * Nonces are random, so that sealing the same attachment again can never repeat one under the same key.
 */
import { err, ok, type Result } from '../../contracts/result.ts'
import { type Bytes, concatBytes, type SubtleKey, toUtf8 } from './base64url.ts'
import { dataKeyLength } from './packet-codec.ts'

type ChunkPlace = { attachmentId: string; index: number; last: boolean }
export type AttachmentFault = { type: 'attachment-invalid'; detail: string }

const nonceLength = 12
export const chunkOverhead = nonceLength + 16

/** Plain bytes in one chunk; the header of each packet says which size was used. */
export const defaultChunkSize = 256 * 1024

export const chunkCountOf = (plainSize: number, chunkSize: number): number => {
  if (!Number.isSafeInteger(plainSize) || plainSize < 1) throw new Error('An attachment has at least one byte')
  if (!Number.isSafeInteger(chunkSize) || chunkSize < 1) throw new Error('A chunk has at least one byte')
  return Math.ceil(plainSize / chunkSize)
}

export const sealedSizeOf = (plainSize: number, chunkSize: number): number =>
  plainSize + chunkCountOf(plainSize, chunkSize) * chunkOverhead

export const attachmentKeyInfo = (attachmentId: string): Bytes => toUtf8(`tram attachment ${attachmentId}`)

/** What the keys of a dossier's attachments are derived from; it gives nothing else away. */
export const attachmentKeySource = async (dataKey: Uint8Array): Promise<SubtleKey> => {
  if (dataKey.length !== dataKeyLength) throw new Error('A data key has 32 bytes')
  return crypto.subtle.importKey('raw', Uint8Array.from(dataKey), 'HKDF', false, ['deriveKey'])
}

export const deriveAttachmentKey = (source: SubtleKey, attachmentId: string): Promise<SubtleKey> =>
  crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info: attachmentKeyInfo(attachmentId) },
    source,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  )

export const attachmentKey = async (dataKey: Uint8Array, attachmentId: string): Promise<SubtleKey> =>
  deriveAttachmentKey(await attachmentKeySource(dataKey), attachmentId)

export const chunkAssociatedData = ({ attachmentId, index, last }: ChunkPlace): Bytes =>
  toUtf8(`tram-attachment-1\0${attachmentId}\0${index}\0${last ? 'last' : 'more'}`)

const openChunk = async (key: SubtleKey, place: ChunkPlace, sealed: Uint8Array): Promise<Result<Bytes, AttachmentFault>> => {
  if (sealed.length <= chunkOverhead) return err({ type: 'attachment-invalid', detail: `chunk ${place.index} is too short` })
  const parameters = {
    name: 'AES-GCM',
    iv: Uint8Array.from(sealed.subarray(0, nonceLength)),
    additionalData: chunkAssociatedData(place),
  }
  try {
    return ok(new Uint8Array(await crypto.subtle.decrypt(parameters, key, Uint8Array.from(sealed.subarray(nonceLength)))))
  } catch {
    return err({ type: 'attachment-invalid', detail: `chunk ${place.index} does not open` })
  }
}

/** The bytes that travel: the sealed chunks one behind the other, each put where it belongs as soon as it is sealed. */
export const sealAttachment = async (key: SubtleKey, attachmentId: string, plain: Bytes, chunkSize: number): Promise<Bytes> => {
  const count = chunkCountOf(plain.length, chunkSize)
  const sealed = new Uint8Array(sealedSizeOf(plain.length, chunkSize))
  const sealChunk = async (index: number) => {
    const at = index * (chunkSize + chunkOverhead)
    const nonce = crypto.getRandomValues(sealed.subarray(at, at + nonceLength))
    const additionalData = chunkAssociatedData({ attachmentId, index, last: index === count - 1 })
    const part = plain.subarray(index * chunkSize, (index + 1) * chunkSize)
    const box = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce, additionalData }, key, part)
    sealed.set(new Uint8Array(box), at + nonceLength)
  }
  await Promise.all(Array.from({ length: count }, (_, index) => sealChunk(index)))
  return sealed
}

/** Opens a whole sealed attachment. Nothing comes out unless every chunk is genuine, in place, and the last one is there. */
export const openAttachmentChunks = async (
  key: SubtleKey,
  attachmentId: string,
  sealed: Uint8Array,
  chunkSize: number,
): Promise<Result<Bytes, AttachmentFault>> => {
  if (sealed.length === 0) return err({ type: 'attachment-invalid', detail: 'no bytes' })
  const sealedChunk = chunkSize + chunkOverhead
  const count = Math.ceil(sealed.length / sealedChunk)
  const parts: Bytes[] = []
  for (let index = 0; index < count; index += 1) {
    const part = sealed.subarray(index * sealedChunk, (index + 1) * sealedChunk)
    const plain = await openChunk(key, { attachmentId, index, last: index === count - 1 }, part)
    if (!plain.ok) return plain
    parts.push(plain.value)
  }
  return ok(concatBytes(...parts))
}
