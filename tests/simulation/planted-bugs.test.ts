import { expect, it } from 'vitest'
import { plantedBugs } from './planted-bugs.ts'
import { runSeed } from './run-seed.ts'

it.each(plantedBugs)('the checker sees "%s" within 1,000 seeds', { timeout: 400_000 }, async (bug) => {
  for (let seed = 1; seed <= 1_000; seed += 1) {
    if ((await runSeed(seed, bug)).violation !== undefined) return
  }
  expect.fail('it was not seen')
})

it('runs the same way twice', async () => {
  expect(await runSeed(7)).toEqual(await runSeed(7))
})
