/**
 * The one way a running read is stopped from outside: by the caller, or by the clock.
 *
 * Invariants: the first reason wins and stays; `dispose` leaves no timer and no listener behind.
 */
import type { CardFailure } from '../../contracts/card.ts'
import { err, ok, type Result } from '../../contracts/result.ts'

export type Interruption = {
  readonly failure: CardFailure | undefined
  /** Ends the read with `failure` when `ms` have passed. */
  limit(ms: number, failure: CardFailure): void
  /** The work's result, or the interruption, whichever is first; with `ms`, the work alone is limited too. */
  race<T>(work: Promise<Result<T, CardFailure>>, own?: { ms: number; failure: CardFailure }): Promise<Result<T, CardFailure>>
  /** Ends early when the read is stopped. */
  pause(ms: number): Promise<Result<null, CardFailure>>
  dispose(): void
}

export const createInterruption = (signal: AbortSignal | undefined): Interruption => {
  let failure: CardFailure | undefined
  const timers = new Set<ReturnType<typeof setTimeout>>()
  const listeners = new Set<(failure: CardFailure) => void>()
  const interrupt = (reason: CardFailure): void => {
    if (failure !== undefined) return
    failure = reason
    for (const listener of listeners) listener(reason)
    listeners.clear()
  }
  const onAbort = (): void => interrupt({ type: 'cancelled', detail: 'the reading was cancelled', retry: true })
  if (signal?.aborted === true) onAbort()
  else signal?.addEventListener('abort', onAbort, { once: true })

  const race: Interruption['race'] = (work, own) =>
    new Promise((resolve, reject) => {
      if (failure !== undefined) {
        work.catch(() => {})
        resolve(err(failure))
        return
      }
      const finish = (settle: () => void): void => {
        listeners.delete(onInterrupt)
        if (timer !== undefined) clearTimeout(timer)
        settle()
      }
      const onInterrupt = (reason: CardFailure): void => finish(() => resolve(err(reason)))
      listeners.add(onInterrupt)
      const timer = own === undefined ? undefined : setTimeout(() => finish(() => resolve(err(own.failure))), own.ms)
      work.then(
        (result) => finish(() => resolve(result)),
        (error: unknown) => finish(() => reject(error)),
      )
    })

  return {
    get failure() {
      return failure
    },
    limit(ms, reason) {
      timers.add(setTimeout(() => interrupt(reason), ms))
    },
    race,
    async pause(ms) {
      let timer: ReturnType<typeof setTimeout> | undefined
      const passed = new Promise<Result<null, never>>((resolve) => {
        timer = setTimeout(() => resolve(ok(null)), ms)
      })
      const waited = await race(passed)
      clearTimeout(timer)
      return waited
    },
    dispose() {
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
      listeners.clear()
      signal?.removeEventListener('abort', onAbort)
    },
  }
}
