/**
 * Keeps a draft on disk while it is typed. Invariants: at most `delayMs` between a change and its write; one write at a time, the newest
 * content last; "saved" is said only after the write that held the newest content was durable; a failed write is tried again until it
 * succeeds or nobody may write any more.
 */
import type { Result } from '../../contracts/result.ts'

export type SaveState<F> = { type: 'saved'; at: string } | { type: 'writing' } | { type: 'failed'; fault: F }

export type Autosave<C> = {
  changed(content: C): void
  /** True when the newest content is durable, false when writing it failed. */
  flush(): Promise<boolean>
  stop(): void
}

type Options<C, F extends { type: string }> = {
  save(content: C): Promise<Result<{ savedAt: string }, F>>
  onState(state: SaveState<F>): void
  savedAt: string | null
  delayMs?: number
  retryMs?: number
}

export const createAutosave = <C, F extends { type: string }>(options: Options<C, F>): Autosave<C> => {
  const { save, onState, delayMs = 250, retryMs = 2_000 } = options
  let pending: { content: C } | null = null
  let running: Promise<boolean> | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let lastAt = options.savedAt
  let stopped = false

  const write = async (): Promise<boolean> => {
    while (pending !== null) {
      const taken = pending
      pending = null
      const saved = await save(taken.content)
      if (!saved.ok) {
        if (!stopped) {
          pending ??= taken
          onState({ type: 'failed', fault: saved.error })
          schedule(retryMs)
        }
        return false
      }
      lastAt = saved.value.savedAt
    }
    if (!stopped && lastAt !== null) onState({ type: 'saved', at: lastAt })
    return true
  }

  const flush = async (): Promise<boolean> => {
    clearTimeout(timer)
    timer = undefined
    // Another flush may have begun to write while this one waited.
    while (running !== null) await running
    if (pending === null) return true
    running = write().finally(() => {
      running = null
    })
    return await running
  }

  const schedule = (wait: number): void => {
    if (timer !== undefined || stopped) return
    timer = setTimeout(() => {
      timer = undefined
      void flush()
    }, wait)
  }

  return {
    changed(content) {
      if (stopped) return
      pending = { content }
      onState({ type: 'writing' })
      schedule(delayMs)
    },
    flush,
    stop() {
      stopped = true
      pending = null
      clearTimeout(timer)
    },
  }
}
