import { describe, expect, it } from 'vitest'
import { createSaveStore } from './save-store.ts'

describe('how the draft stands on disk', () => {
  it('is told when it changes, and not at each keystroke of the same writing', () => {
    const told: string[] = []
    const store = createSaveStore<never>({ type: 'saved', at: '08:00' })
    const stop = store.subscribe(() => told.push(store.get().type))
    store.set({ type: 'writing', lastAt: '08:00' })
    store.set({ type: 'writing', lastAt: '08:00' })
    store.set({ type: 'saved', at: '08:01' })
    store.set({ type: 'saved', at: '08:02' })
    expect(told).toEqual(['writing', 'saved', 'saved'])
    stop()
    store.set({ type: 'writing', lastAt: '08:02' })
    expect(told).toHaveLength(3)
    expect(store.get()).toEqual({ type: 'writing', lastAt: '08:02' })
  })
})
