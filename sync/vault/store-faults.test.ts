import { describe, expect, it } from 'vitest'
import { guarded, toStoreFault } from './store-faults.ts'

const thrown = (name: string, message: string, inner?: unknown) => Object.assign(new Error(message), { name, inner })

describe('faults of the store', () => {
  it.each([
    ['QuotaExceededError', 'x'],
    ['DataError', 'Failed to write blobs (InvalidBlob)'],
    ['UnknownError', 'Internal error: IO error: NO_SPACE'],
    ['UnknownError', 'No space left on device'],
  ])('knows a full disk as %s %s', (name, message) => {
    expect(toStoreFault(thrown(name, message))).toEqual({ type: 'disk-full' })
    expect(toStoreFault(thrown('AbortError', 'aborted', thrown(name, message)))).toEqual({ type: 'disk-full' })
  })

  it('tells closed and broken apart', () => {
    expect(toStoreFault(thrown('DatabaseClosedError', ''))).toEqual({ type: 'store-closed' })
    expect(toStoreFault(thrown('UnknownError', 'Internal error opening backing store'))).toEqual({
      type: 'store-broken',
      detail: 'UnknownError',
    })
  })

  it('lets a bug through', async () => {
    await expect(guarded(() => Promise.reject(new TypeError('bug')))).rejects.toThrow('bug')
  })
})
