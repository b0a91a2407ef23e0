/**
 * Virtual time: one queue of what is to happen, taken in order of time and then of coming. Nothing real is waited for; between two
 * happenings all promises which can go on do, so a run depends on its seed and on nothing else.
 */
type Happening = { at: number; order: number; run: (() => void) | undefined }

export type Scheduler = {
  now(): number
  /** Happenings so far. */
  steps(): number
  at(delay: number, run: () => void): () => void
  /** Takes happenings in order until `until` or until `done`. */
  run(until: number, done: () => boolean): Promise<void>
}

/** Node looks at its queue of ticks when every promise that could go on has. */
const drained = () => new Promise<void>((resolve) => process.nextTick(resolve))

export const createScheduler = (): Scheduler => {
  let now = 0
  let order = 0
  let steps = 0
  const heap: Happening[] = []
  const before = (a: Happening, b: Happening) => a.at < b.at || (a.at === b.at && a.order < b.order)
  const swap = (i: number, j: number) => {
    const [x, y] = [heap[i], heap[j]]
    if (x === undefined || y === undefined) return
    heap[i] = y
    heap[j] = x
  }
  const isBefore = (i: number, j: number) => {
    const [x, y] = [heap[i], heap[j]]
    return x !== undefined && y !== undefined && before(x, y)
  }
  const push = (happening: Happening) => {
    heap.push(happening)
    for (let at = heap.length - 1; at > 0; ) {
      const parent = (at - 1) >> 1
      if (!isBefore(at, parent)) break
      swap(at, parent)
      at = parent
    }
  }
  const pop = (): Happening | undefined => {
    const [first] = heap
    const last = heap.pop()
    if (first === undefined || last === undefined || heap.length === 0) return first
    heap[0] = last
    for (let at = 0; ; ) {
      let least = at
      for (const child of [2 * at + 1, 2 * at + 2]) if (isBefore(child, least)) least = child
      if (least === at) break
      swap(at, least)
      at = least
    }
    return first
  }
  return {
    now: () => now,
    steps: () => steps,
    at: (delay, run) => {
      order += 1
      const happening: Happening = { at: now + Math.max(0, delay), order, run }
      push(happening)
      return () => {
        happening.run = undefined
      }
    },
    run: async (until, done) => {
      await drained()
      while (!done()) {
        const next = heap[0]
        if (next === undefined || next.at > until) break
        pop()
        if (next.run === undefined) continue
        now = next.at
        steps += 1
        next.run()
        await drained()
      }
      // Whoever runs this one lives in the same process.
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}
