import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseUploadId, uploadIdOf } from './sealed-files.ts'

fc.configureGlobal({ seed: 20261122, numRuns: 200 })

describe('the id of an upload', () => {
  it('comes back as it was given', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), (packetId, attachmentId) => {
        expect(parseUploadId(uploadIdOf({ packetId, attachmentId }))).toEqual({ packetId, attachmentId })
      }),
    )
  })

  it('is never a path out of the folder', () => {
    const texts = fc.oneof(
      fc.string({ unit: fc.constantFrom('.', '/', '\\', '\0', '%', '2', 'F', 'a', '-') }),
      fc.tuple(fc.uuid(), fc.string(), fc.uuid()).map(([first, between, second]) => `${first}${between}${second}`),
      fc
        .tuple(fc.uuid(), fc.uuid(), fc.constantFrom('\n', '/', '.', '/..', ' '))
        .map(([first, second, tail]) => `${first}.${second}${tail}`),
      fc.uuid().map((id) => `${id}.${id.toUpperCase()}/`),
    )
    fc.assert(
      fc.property(texts, (text) => {
        const parsed = parseUploadId(text)
        if (parsed !== undefined) expect(uploadIdOf(parsed)).toBe(text)
        if (/[/\\\0%\n]/.test(text)) expect(parsed).toBeUndefined()
      }),
    )
  })
})
