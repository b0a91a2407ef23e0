import { randomBytes, randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { attachmentKey, openAttachmentChunks, sealAttachment } from '../../packet/attachment-codec.ts'
import { concatBytes } from '../../packet/base64url.ts'
import { openSealed } from './open-sealed.ts'

fc.configureGlobal({ seed: 20261122, numRuns: 60 })

const chunkSize = 64

describe('a sealed attachment at the gateway', () => {
  it('opens to the bytes that were sealed, and to nothing once a bit, a length or a place was changed: as the kiosk\u2019s own codec', async () => {
    const spoilt = fc.oneof(
      fc.constant(undefined),
      fc.record({ at: fc.nat(), bit: fc.integer({ min: 0, max: 7 }) }),
      fc.record({ cut: fc.integer({ min: 1, max: 120 }) }),
      fc.constant('other-attachment' as const),
    )
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), spoilt, async (plain, change) => {
        const [dataKey, attachmentId] = [randomBytes(32), randomUUID()]
        const key = await attachmentKey(dataKey, attachmentId)
        let sealed = await sealAttachment(key, attachmentId, plain, chunkSize)
        if (typeof change === 'object' && 'at' in change) {
          const at = change.at % sealed.length
          sealed[at] = (sealed[at] ?? 0) ^ (1 << change.bit)
        }
        if (typeof change === 'object' && 'cut' in change) sealed = sealed.slice(0, Math.max(0, sealed.length - change.cut))
        const asked = change === 'other-attachment' ? randomUUID() : attachmentId
        const opened = openSealed({ dataKey, attachmentId: asked, sealed, chunkSize })
        const other = await openAttachmentChunks(await attachmentKey(dataKey, asked), asked, sealed, chunkSize)
        expect(opened.ok).toBe(change === undefined)
        expect(opened.ok).toBe(other.ok)
        if (opened.ok) expect(Buffer.compare(concatBytes(...opened.value), plain)).toBe(0)
      }),
    )
  })
})
