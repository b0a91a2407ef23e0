/**
 * Opens a whole sealed attachment as sync/packet/attachment-codec.ts seals it, by Node's own functions: on the thread at hand and without
 * copying, where WebCrypto takes a hop to another thread and back for each step. The gateway opens every attachment there is.
 */
import { createDecipheriv, createSecretKey, hkdfSync } from 'node:crypto'
import { err, ok, type Result } from '../../../contracts/result.ts'
import { type AttachmentFault, attachmentKeyInfo, chunkAssociatedData, chunkOverhead } from '../../packet/attachment-codec.ts'

const nonceLength = 12
const tagLength = 16

/** The plain chunks in order, not joined: nothing here needs megabytes in one piece. */
export const openSealed = (request: {
  dataKey: Uint8Array
  attachmentId: string
  sealed: Uint8Array
  chunkSize: number
}): Result<Uint8Array[], AttachmentFault> => {
  const { attachmentId, sealed, chunkSize } = request
  const wrong = (detail: string) => err({ type: 'attachment-invalid' as const, detail })
  if (sealed.length === 0) return wrong('no bytes')
  const rawKey = new Uint8Array(hkdfSync('sha256', request.dataKey, new Uint8Array(32), attachmentKeyInfo(attachmentId), 32))
  const key = createSecretKey(rawKey)
  rawKey.fill(0)
  const count = Math.ceil(sealed.length / (chunkSize + chunkOverhead))
  const parts: Uint8Array[] = []
  for (let index = 0; index < count; index += 1) {
    const chunk = sealed.subarray(index * (chunkSize + chunkOverhead), (index + 1) * (chunkSize + chunkOverhead))
    if (chunk.length <= chunkOverhead) return wrong(`chunk ${index} is too short`)
    const decipher = createDecipheriv('aes-256-gcm', key, chunk.subarray(0, nonceLength), { authTagLength: tagLength })
    decipher.setAAD(chunkAssociatedData({ attachmentId, index, last: index === count - 1 }))
    decipher.setAuthTag(chunk.subarray(-tagLength))
    try {
      parts.push(decipher.update(chunk.subarray(nonceLength, -tagLength)))
      decipher.final()
    } catch {
      return wrong(`chunk ${index} does not open`)
    }
  }
  return ok(parts)
}
