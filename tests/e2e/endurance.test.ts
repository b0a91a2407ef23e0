/**
 * One short round of what befalls machines and lines; `npm run endure` does many, and the slow line, whose rounds are a matter of minutes.
 * Counts in equal counts out.
 */
import { expect, test } from 'vitest'
import { buildWhenStale } from '../../electron/start/build.ts'
import type { Backend } from '../endurance/plant.ts'
import { needsLoopDisk, type Outcome, type RoundOptions, rounds } from '../endurance/rounds.ts'
import { seededRandom } from '../endurance/seeded-random.ts'
import { whyNoLoopDisk } from '../fixtures/loop-disk.ts'

type Round = (options: RoundOptions) => Promise<Outcome>

const tried = (name: string, kind: string, round: Round | undefined, backend: Backend, times: number) => {
  const why = needsLoopDisk.has(kind) ? whyNoLoopDisk() : undefined
  if (why !== undefined) {
    // Not skipped and not passed over: the report names it.
    test(`NOT TRIED (${why}): ${name}`, () => console.warn(`NOT TRIED (${why}): ${name}`))
    return
  }
  test(name, async () => {
    if (!buildWhenStale()) throw new Error('the kiosk cannot be built')
    const random = seededRandom(20_261_122)
    const outcome = await round?.({ times, backend, random })
    expect(outcome?.faults).toEqual([])
    expect(outcome?.queued).toBeGreaterThan(0)
    expect(outcome).toMatchObject({ received: outcome?.queued, accepted: outcome?.queued })
  })
}

const [cutOfKiosk, cutOfGateway] = rounds['power-cut']
tried("the kiosk's disk loses its power (LevelDB)", 'power-cut', cutOfKiosk, 'leveldb', 1)
tried("the kiosk's disk loses its power (SQLite)", 'power-cut', cutOfKiosk, 'sqlite', 1)
tried("the gateway's disk loses its power", 'power-cut', cutOfGateway, 'sqlite', 1)
tried('kiosk and gateway killed -9 in mid-upload', 'kill', rounds.kill[0], 'leveldb', 2)
tried('a proxy that truncates and repeats', 'proxy', rounds.proxy[0], 'sqlite', 2)
tried('disks that run full', 'full-disk', rounds['full-disk'][0], 'leveldb', 1)
