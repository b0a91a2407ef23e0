import type { Clock } from '../../contracts/clock.ts'

/** A sleep that `wake` or `signal` ends. */
export const createNap = (clock: Clock) => {
  let end: (() => void) | undefined
  let awake = false
  return {
    sleep: (ms: number, signal: AbortSignal): Promise<void> =>
      new Promise((resolve) => {
        if (signal.aborted || awake) {
          awake = false
          resolve()
          return
        }
        const done = () => {
          cancel()
          signal.removeEventListener('abort', done)
          end = undefined
          awake = false
          resolve()
        }
        const cancel = clock.after(Math.max(0, ms), done)
        signal.addEventListener('abort', done)
        end = done
      }),
    wake: () => {
      if (end === undefined) awake = true
      else end()
    },
  }
}
