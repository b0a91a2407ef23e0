/** A run of seeds in which nothing may go wrong, and everything that is meant to go wrong must. */
import { expect, it } from 'vitest'
import { type FaultKind, faultKinds, noFaults } from './faults.ts'
import { runSeed } from './run-seed.ts'

export const simulationSuite = (from: number, seeds: number): void => {
  it(`holds over seeds ${from} to ${from + seeds - 1}`, { timeout: 600_000 }, async () => {
    const counts = noFaults()
    let received = 0
    for (let seed = from; seed < from + seeds; seed += 1) {
      const outcome = await runSeed(seed)
      if (outcome.violation !== undefined) {
        expect.fail(`${outcome.violation}\nagain: npm run simulate -- --seeds 1 --from ${seed}`)
      }
      for (const kind of faultKinds) counts[kind] += outcome.faults[kind]
      received += outcome.received
    }
    expect(received).toBeGreaterThan(seeds)
    const never: FaultKind[] = faultKinds.filter((kind) => counts[kind] === 0)
    expect(never).toEqual([])
  })
}
