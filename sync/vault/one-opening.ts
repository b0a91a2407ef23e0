/**
 * One page at a time opens the store. Chromium freezes a page that is left (its back/forward cache), transactions and all: left in the midst
 * of opening, it lets no later page open the store until it is thrown away, minutes later. It is thrown away at once when a page asks for a
 * lock that it holds.
 */

/** Rejects as `open` does; after `patienceMs`, or where there are no locks, it opens beside whoever else does. */
export async function oneOpening<T>(name: string, patienceMs: number, open: () => Promise<T>): Promise<T> {
  if (typeof navigator === 'undefined' || navigator.locks === undefined) return open()
  let begun = false
  try {
    return await navigator.locks.request(`tram-opening.${name}`, { signal: AbortSignal.timeout(patienceMs) }, () => {
      begun = true
      return open()
    })
  } catch (thrown) {
    if (begun) throw thrown
    return open()
  }
}
