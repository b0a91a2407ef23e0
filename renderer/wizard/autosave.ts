/**
 * Keeps a draft on disk while it is typed. Invariants: at most `delayMs` between a change and its write; one write at a time, the newest
 * content last; "saved" is said only after the write that held the newest content was durable; a failed write is tried again until it
 * succeeds or nobody may write any more.
 */
import type { Result } from '../../contracts/result.ts'

export type SaveState<F> =
  | { type: 'saved'; at: string }
  | { type: 'writing'; lastAt: string | null }
  | { type: 'failed'; fault: F; lastAt: string | null }

export type Autosave<C> = {
  changed(content: C): void
  /** Resolves when the newest content is durable, or when writing it failed. */
  flush(): Promise<void>
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
  let running: Promise<void> | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let lastAt = options.savedAt
  let stopped = false

  const write = async (): Promise<void> => {
    while (pending !== null) {
      const taken = pending
      pending = null
      const saved = await save(taken.content)
      if (!saved.ok) {
        pending ??= taken
        if (!stopped) {
          onState({ type: 'failed', fault: saved.error, lastAt })
          schedule(retryMs)
        }
        return
      }
      lastAt = saved.value.savedAt
    }
    if (!stopped && lastAt !== null) onState({ type: 'saved', at: lastAt })
  }

  const flush = async (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    if (running !== null) await running
    if (pending === null) return
    running = write().finally(() => {
      running = null
    })
    await running
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
      onState({ type: 'writing', lastAt })
      schedule(delayMs)
    },
    flush,
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
