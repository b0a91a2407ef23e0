/**
 * What runs on a machine and can be killed: every effect it has outside itself goes through `effect`, which takes its time and may be the
 * moment of its death, just before or just after.
 */
import type { Clock } from '../../contracts/clock.ts'
import type { Random } from './random.ts'
import type { Scheduler } from './virtual-time.ts'

export type Process = {
  alive(): boolean
  kill(): void
  /** Never resolves once the process is dead. */
  effect<T>(work: () => T): Promise<T>
  /** An effect that another program has for it, which may do it after this one's death. */
  entrust<T>(work: () => T): Promise<T>
  clock(wallOffset: () => number): Clock
}

export const createProcess = (options: {
  scheduler: Scheduler
  random: Random
  latencyMs: [number, number]
  /** Asked at each effect. */
  death: (random: Random) => 'before' | 'after' | undefined
  /** Asked once it is killed: after how many milliseconds what it had entrusted is done; undefined for never. */
  outlivedBy?: (random: Random) => number | undefined
  onKilled: () => void
}): Process => {
  const { scheduler, random } = options
  let alive = true
  const kill = () => {
    if (!alive) return
    alive = false
    options.onKilled()
  }
  const perform = <T>(work: () => T, onKilledBefore?: () => void): Promise<T> =>
    new Promise((resolve, reject) => {
      if (!alive) return
      scheduler.at(random.between(...options.latencyMs), () => {
        if (!alive) return
        const death = options.death(random)
        if (death === 'before') {
          kill()
          onKilledBefore?.()
          return
        }
        try {
          const value = work()
          if (death === 'after') kill()
          else if (alive) resolve(value)
        } catch (error) {
          reject(error)
        }
      })
    })
  return {
    alive: () => alive,
    kill,
    effect: (work) => perform(work),
    entrust: (work) =>
      perform(work, () => {
        const late = options.outlivedBy?.(random)
        if (late !== undefined) scheduler.at(late, work)
      }),
    clock: (wallOffset) => ({
      now: () => scheduler.now() + wallOffset(),
      monotonic: () => scheduler.now(),
      after: (ms, run) =>
        scheduler.at(ms, () => {
          if (alive) run()
        }),
    }),
  }
}
