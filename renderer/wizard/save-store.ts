/**
 * How the draft stands on disk, for whoever shows it: a keystroke changes it, and must not draw a whole page again for that. Invariant: "saved" is
 * said late and never early: not between two letters of a word, and not at all once something newer is being written.
 */
import type { SaveState } from './autosave.ts'

export type SaveStore<F> = {
  get(): SaveState<F>
  subscribe(onChange: () => void): () => void
}

/** Longer than a quick clerk's pause between two letters. */
const quietMs = 400

export const createSaveStore = <F>(first: SaveState<F>): SaveStore<F> & { set(state: SaveState<F>): void } => {
  let state = first
  let later: ReturnType<typeof setTimeout> | undefined
  const listeners = new Set<() => void>()
  const say = (next: SaveState<F>): void => {
    state = next
    for (const listener of listeners) listener()
  }
  return {
    get: () => state,
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
