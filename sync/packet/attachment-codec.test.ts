import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { attachmentKey, chunkCountOf, openAttachmentChunks, sealAttachment, sealedSizeOf } from './attachment-codec.ts'
import { concatBytes } from './base64url.ts'

fc.configureGlobal({ seed: 20261122, numRuns: 60 })

const id = '1d1e7f52-9c63-4b49-8b0a-3f6c8c1b2a03'
const dataKey = Uint8Array.from({ length: 32 }, (_, at) => at)

describe('attachment in sealed chunks', () => {
  it('comes back whole, in the size foretold', async () => {
    const key = await attachmentKey(dataKey, id)
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 400 }),
        fc.integer({ min: 1, max: 97 }),
        async (plain, chunkSize) => {
          const sealed = await sealAttachment(key, id, plain, chunkSize)
          expect(sealed.length).toBe(sealedSizeOf(plain.length, chunkSize))
          expect(await openAttachmentChunks(key, id, sealed, chunkSize)).toEqual({ ok: true, value: plain })
        },
      ),
    )
  })

  it('refuses any flipped bit', async () => {
    const key = await attachmentKey(dataKey, id)
    const sealed = await sealAttachment(key, id, new Uint8Array(150).fill(7), 64)
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.length * 8 - 1), async (bit) => {
        const broken = sealed.slice()
        broken[bit >> 3] = (broken[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        expect((await openAttachmentChunks(key, id, broken, 64)).ok).toBe(false)
      }),
    )
  })

  it('refuses what is cut, doubled, reordered, of another attachment or of another dossier', async () => {
    const key = await attachmentKey(dataKey, id)
    const whole = await sealAttachment(key, id, new Uint8Array(192).fill(7), 64)
    const [first, second, third] = [whole.subarray(0, 92), whole.subarray(92, 184), whole.subarray(184)]
    const refused = async (bytes: Uint8Array) => expect((await openAttachmentChunks(key, id, bytes, 64)).ok).toBe(false)
    await refused(concatBytes(first, second))
    await refused(concatBytes(first, third))
    await refused(concatBytes(second, first, third))
    await refused(concatBytes(first, second, second, third))
    await refused(new Uint8Array())
    for (let size = 0; size < whole.length; size += 7) await refused(whole.subarray(0, size))
    const otherId = '1d1e7f52-9c63-4b49-8b0a-3f6c8c1b2a04'
    expect((await openAttachmentChunks(await attachmentKey(dataKey, otherId), otherId, whole, 64)).ok).toBe(false)
    expect((await openAttachmentChunks(await attachmentKey(dataKey.toReversed(), id), id, whole, 64)).ok).toBe(false)
    expect((await openAttachmentChunks(key, otherId, whole, 64)).ok).toBe(false)
  })

  it('never uses a nonce twice, though the same attachment is sealed again', async () => {
    const key = await attachmentKey(dataKey, id)
    const nonces = new Set<string>()
    for (let round = 0; round < 5; round += 1) {
      const sealed = await sealAttachment(key, id, new Uint8Array(640), 64)
      for (let at = 0; at < sealed.length; at += 92) nonces.add(sealed.subarray(at, at + 12).join())
    }
    expect(nonces.size).toBe(50)
  })

  it('counts chunks and refuses nothing as an attachment', () => {
    expect(chunkCountOf(1, 64)).toBe(1)
    expect(chunkCountOf(64, 64)).toBe(1)
    expect(chunkCountOf(65, 64)).toBe(2)
    expect(() => chunkCountOf(0, 64)).toThrow()
  })
})
