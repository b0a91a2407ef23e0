/**
 * How the draft stands on disk, for whoever shows it: a keystroke changes it, and must not draw a whole page again for that. Invariant: "saved" is
 * said late and never early: not between two letters of a word, and not at all once something newer is being written.
 */
import type { SaveState } from './autosave.ts'

/** What can be said at length: while something is written, what was on the disk before. */
export type Settled<F> = Exclude<SaveState<F>, { type: 'writing' }>

export type SaveStore<F> = {
  get(): SaveState<F>
  /** The same object for as long as it says the same, so that "writing" draws nothing. */
  settled(): Settled<F>
  subscribe(onChange: () => void): () => void
}

/** Longer than a quick clerk's pause between two letters. */
const quietMs = 400

export const createSaveStore = <F>(first: Settled<F> & { type: 'saved' }): SaveStore<F> & { set(state: SaveState<F>): void } => {
  let state: SaveState<F> = first
  let saved = first
  let later: ReturnType<typeof setTimeout> | undefined
  const listeners = new Set<() => void>()
  const say = (next: SaveState<F>): void => {
    state = next
    if (next.type === 'saved') saved = next
    for (const listener of listeners) listener()
  }
  return {
    get: () => state,
    settled: () => (state.type === 'failed' ? state : saved),
    subscribe(onChange) {
      listeners.add(onChange)
      return () => {
        listeners.delete(onChange)
      }
    },
    set(next) {
      clearTimeout(later)
      if (state.type === 'writing' && next.type === 'writing') return
      if (state.type === 'writing' && next.type === 'saved') later = setTimeout(() => say(next), quietMs)
      else say(next)
    },
  }
}
