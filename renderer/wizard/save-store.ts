/** How the draft stands on disk, for whoever shows it: a keystroke changes it, and must not draw a whole page again for that. */
import type { SaveState } from './autosave.ts'

export type SaveStore<F> = {
  get(): SaveState<F>
  subscribe(onChange: () => void): () => void
}

const saysTheSame = <F>(one: SaveState<F>, other: SaveState<F>): boolean =>
  one.type === 'writing' && other.type === 'writing' && one.lastAt === other.lastAt

export const createSaveStore = <F>(first: SaveState<F>): SaveStore<F> & { set(state: SaveState<F>): void } => {
  let state = first
  const listeners = new Set<() => void>()
  return {
    get: () => state,
    subscribe(onChange) {
      listeners.add(onChange)
      return () => {
        listeners.delete(onChange)
      }
    },
    set(next) {
      if (saysTheSame(state, next)) return
      state = next
      for (const listener of listeners) listener()
    },
  }
}
