/**
 * What a dossier still has under way: files being stored, the packet being sealed. Leaving, locking and going on wait for it.
 * Invariant: `settled` resolves only when nothing runs, also when new work came while it waited.
 */
export type RunningWork = {
  /** Hands the same promise back. */
  add<T>(work: Promise<T>): Promise<T>
  busy(): boolean
  settled(): Promise<void>
}

export const createRunningWork = (): RunningWork => {
  const running = new Set<Promise<unknown>>()
  return {
    add(work) {
      running.add(work)
      const end = (): void => {
        running.delete(work)
      }
      work.then(end, end)
      return work
    },
    busy: () => running.size > 0,
    async settled() {
      while (running.size > 0) await Promise.allSettled([...running])
    },
  }
}
