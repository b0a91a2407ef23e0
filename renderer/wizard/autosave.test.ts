import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { err, ok, type Result } from '../../contracts/result.ts'
import { createAutosave, type SaveState } from './autosave.ts'

type Fault = { type: 'disk-full' }

describe('autosave', () => {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => vi.useRealTimers())

  const setUp = (save: (content: string) => Promise<Result<{ savedAt: string }, Fault>>) => {
    const states: SaveState<Fault>[] = []
    const autosave = createAutosave<string, Fault>({ save, onState: (state) => states.push(state), savedAt: null })
    return { autosave, states }
  }

  it('writes within 300 ms even while typing goes on, and the newest content last', async () => {
    const written: string[] = []
    const { autosave, states } = setUp(async (content) => {
      written.push(content)
      return ok({ savedAt: `at ${content}` })
    })
    for (let count = 1; count <= 20; count += 1) {
      autosave.changed(`${count}`)
      await vi.advanceTimersByTimeAsync(50)
    }
    expect(written.length).toBeGreaterThanOrEqual(3)
    await vi.advanceTimersByTimeAsync(300)
    expect(written.at(-1)).toBe('20')
    expect(states.at(-1)).toEqual({ type: 'saved', at: 'at 20' })
  })

  it('says saved only when the newest content is durable', async () => {
    const done: (() => void)[] = []
    const { autosave, states } = setUp((content) => new Promise((resolve) => done.push(() => resolve(ok({ savedAt: content })))))
    autosave.changed('one')
    await vi.advanceTimersByTimeAsync(300)
    autosave.changed('two')
    done[0]?.()
    await vi.advanceTimersByTimeAsync(0)
    expect(states.some((state) => state.type === 'saved')).toBe(false)
    done[1]?.()
    await vi.advanceTimersByTimeAsync(300)
    expect(states.at(-1)).toEqual({ type: 'saved', at: 'two' })
    expect(done).toHaveLength(2)
  })

  it('says a failed write and goes on trying until it is durable', async () => {
    let full = true
    const { autosave, states } = setUp(async () => (full ? err({ type: 'disk-full' }) : ok({ savedAt: 'later' })))
    autosave.changed('one')
    await vi.advanceTimersByTimeAsync(5_000)
    expect(states.at(-1)).toMatchObject({ type: 'failed', fault: { type: 'disk-full' } })
    full = false
    await vi.advanceTimersByTimeAsync(2_100)
    expect(states.at(-1)).toEqual({ type: 'saved', at: 'later' })
  })

  it('says of a flush whether the newest content is durable, to everybody who asked', async () => {
    let full = true
    const { autosave } = setUp(async () => {
      await new Promise((resolve) => setTimeout(resolve, 100))
      return full ? err({ type: 'disk-full' }) : ok({ savedAt: 'later' })
    })
    autosave.changed('one')
    const whileFull = [autosave.flush(), autosave.flush()]
    await vi.advanceTimersByTimeAsync(300)
    expect(await Promise.all(whileFull)).toEqual([false, false])
    full = false
    const later = [autosave.flush(), autosave.flush()]
    await vi.advanceTimersByTimeAsync(300)
    expect(await Promise.all(later)).toEqual([true, true])
  })

  it('flushes at once and waits for the write under way', async () => {
    const written: string[] = []
    const { autosave } = setUp(async (content) => {
      await new Promise((resolve) => setTimeout(resolve, 100))
      written.push(content)
      return ok({ savedAt: content })
    })
    autosave.changed('one')
    const first = autosave.flush()
    autosave.changed('two')
    const second = autosave.flush()
    await vi.advanceTimersByTimeAsync(400)
    await Promise.all([first, second])
    expect(written).toEqual(['one', 'two'])
  })
})
