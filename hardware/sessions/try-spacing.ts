/**
 * Tries to open a chip are spaced, not hammered: after a refused key the next try at the same reader waits, longer with each refusal,
 * until one is taken.
 */
import type { CardFailure } from '../../contracts/card.ts'

export type TrySpacing = {
  /** ms to wait before the next try at this reader. */
  waitFor(readerName: string): number
  told(readerName: string, outcome: CardFailure['type'] | 'read'): void
}

const firstWait = 1_000
const longestWait = 8_000
const refusals: readonly CardFailure['type'][] = ['wrong-number', 'access-denied']

export const createTrySpacing = (now: () => number): TrySpacing => {
  const refused = new Map<string, { count: number; at: number }>()
  return {
    waitFor(readerName) {
      const last = refused.get(readerName)
      if (last === undefined) return 0
      const wait = Math.min(longestWait, firstWait * 2 ** (last.count - 1))
      return Math.max(0, Math.ceil(last.at + wait - now()))
    },
    told(readerName, outcome) {
      if (outcome === 'read') refused.delete(readerName)
      else if (refusals.includes(outcome)) {
        const last = refused.get(readerName)
        refused.set(readerName, { count: (last?.count ?? 0) + 1, at: now() })
      }
    },
  }
}
