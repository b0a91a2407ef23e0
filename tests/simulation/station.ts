/**
 * The station's process beside the browser: it counts what it signs, as electron/station/station-record.ts does, is killed at its effects and
 * started again. What it reserved and did not use is never used; what it signed is never signed again.
 */
import { err, ok, type Result } from '../../contracts/result.ts'
import type { Faults } from './faults.ts'
import type { PlantedBug } from './planted-bugs.ts'
import { createProcess, type Process } from './processes.ts'
import type { Random } from './random.ts'
import type { Scheduler } from './virtual-time.ts'

const reservedAtOnce = 64

export type SimulatedStation = {
  /** The counter is taken for good, then the packet is signed; `gone` when the process ended before it answered. */
  sign(counter: number): Promise<Result<void, { type: 'counter-used'; lastCounter: number } | { type: 'gone' }>>
  isUp(): boolean
  /** Switched off without a word. */
  kill(): void
  /** Its folder, for an image of the whole disk. */
  folder(): number
  restoreFolder(reserved: number): void
}

export const createSimulatedStation = (options: {
  scheduler: Scheduler
  faults: Faults
  random: Random
  bug?: PlantedBug
}): SimulatedStation => {
  const { scheduler, faults, random, bug } = options
  let reserved = 0
  let taken = 0
  let running: Process | undefined
  const waiting = new Set<() => void>()

  const start = () => {
    taken = reserved
    running = createProcess({
      scheduler,
      random,
      latencyMs: [1, 8],
      death: (from) => {
        if (!faults.strikes('station-killed', from)) return undefined
        return from.chance(0.5) ? 'before' : 'after'
      },
      onKilled: () => {
        running = undefined
        for (const end of [...waiting]) end()
        scheduler.at(random.between(500, faults.healed() ? 1_000 : 30_000), () => {
          if (running === undefined) start()
        })
      },
    })
  }
  start()

  return {
    isUp: () => running !== undefined,
    kill: () => running?.kill(),
    folder: () => reserved,
    restoreFolder: (was) => {
      running?.kill()
      reserved = was
    },
    sign: (counter) =>
      new Promise((resolve) => {
        const process = running
        if (process === undefined) return resolve(err({ type: 'gone' }))
        const gone = () => resolve(err({ type: 'gone' }))
        waiting.add(gone)
        const work = async () => {
          const isFree = await process.effect(() => {
            if (counter <= taken && bug !== 'counter-reuse') return false
            if (counter > reserved && bug !== 'counter-not-durable') reserved = counter + reservedAtOnce - 1
            taken = Math.max(taken, counter)
            return true
          })
          if (!isFree) return err({ type: 'counter-used' as const, lastCounter: taken })
          // Between the ledger and the packet it may end: the number is spent, the draft stays.
          await process.effect(() => undefined)
          return ok(undefined)
        }
        void work().then((answer) => {
          waiting.delete(gone)
          resolve(answer)
        })
      }),
  }
}
