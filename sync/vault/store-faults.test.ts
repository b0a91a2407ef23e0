import Dexie from 'dexie'
import { describe, expect, it, vi } from 'vitest'
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

  it('asks for the room where a transaction was aborted without a reason', async () => {
    const aborted = () => guarded(() => Promise.reject(thrown('AbortError', 'aborted')))
    const machine = (free: number) =>
      vi.stubGlobal('navigator', { storage: { estimate: async () => ({ quota: 2 ** 30, usage: 2 ** 30 - free }) } })
    machine(1024)
    expect(await aborted()).toEqual({ ok: false, error: { type: 'disk-full' } })
    machine(2 ** 29)
    expect(await aborted()).toEqual({ ok: false, error: { type: 'store-broken', detail: 'AbortError' } })
    vi.unstubAllGlobals()
  })

  it('looks into the failures of several rows, whose error has no name of its own', async () => {
    const several = (name: string) => new Dexie.ModifyError('Error modifying one or more objects', [thrown(name, 'x')], 0, [])
    expect(toStoreFault(several('QuotaExceededError'))).toEqual({ type: 'disk-full' })
    expect(toStoreFault(several('AbortError'))).toEqual({ type: 'store-broken', detail: 'AbortError' })
    await expect(guarded(() => Promise.reject(several('TypeError')))).rejects.toThrow('modifying')
  })

  it('lets a bug through', async () => {
    await expect(guarded(() => Promise.reject(new TypeError('bug')))).rejects.toThrow('bug')
  })
})
