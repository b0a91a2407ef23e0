import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createSaveStore } from './save-store.ts'

describe('how the draft stands on disk', () => {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => vi.useRealTimers())

  const setUp = () => {
    const told: string[] = []
    const store = createSaveStore<{ type: 'disk-full' }>({ type: 'saved', at: '08:00' })
    const stop = store.subscribe(() => told.push(store.get().type))
    return { told, store, stop }
  }

  it('is told when it changes, and not at each keystroke of the same writing', () => {
    const { told, store, stop } = setUp()
    store.set({ type: 'writing' })
    store.set({ type: 'writing' })
    store.set({ type: 'saved', at: '08:01' })
    vi.runAllTimers()
    store.set({ type: 'saved', at: '08:02' })
    expect(told).toEqual(['writing', 'saved', 'saved'])
    stop()
    store.set({ type: 'writing' })
    expect(told).toHaveLength(3)
    expect(store.get()).toEqual({ type: 'writing' })
  })

  it('is not told as saved between two letters, and never for something older than what is being written', () => {
    const { told, store } = setUp()
    for (const at of ['08:01', '08:02', '08:03']) {
      store.set({ type: 'writing' })
      store.set({ type: 'saved', at })
      vi.advanceTimersByTime(300)
    }
    store.set({ type: 'writing' })
    vi.advanceTimersByTime(5_000)
    expect(told).toEqual(['writing'])
    store.set({ type: 'saved', at: '08:04' })
    vi.advanceTimersByTime(400)
    expect(store.get()).toEqual({ type: 'saved', at: '08:04' })
  })

  it('says at length what was saved last, the same while something is written, and that writing failed only until it is tried again', () => {
    const { store } = setUp()
    const before = store.settled()
    store.set({ type: 'writing' })
    expect(store.settled()).toBe(before)
    store.set({ type: 'failed', fault: { type: 'disk-full' } })
    expect(store.settled()).toEqual({ type: 'failed', fault: { type: 'disk-full' } })
    store.set({ type: 'writing' })
    expect(store.settled()).toBe(before)
  })

  it('is told at once as failed', () => {
    const { told, store } = setUp()
    store.set({ type: 'writing' })
    store.set({ type: 'saved', at: '08:01' })
    store.set({ type: 'failed', fault: { type: 'disk-full' } })
    vi.runAllTimers()
    expect(told).toEqual(['writing', 'failed'])
  })
})
