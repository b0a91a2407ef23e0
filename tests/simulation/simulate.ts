/**
 * `npm run simulate -- --seeds N [--from S] [--bug NAME]`: runs N seeds, prints how many of which faults were injected, and ends with
 * `N passed, M failed`. A failing seed prints how to run it again.
 */
import { parseArgs } from 'node:util'
import { type FaultKind, faultKinds, noFaults } from './faults.ts'
import { type PlantedBug, plantedBugs } from './planted-bugs.ts'
import { runSeed } from './run-seed.ts'

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '1000' }, from: { type: 'string', default: '1' }, bug: { type: 'string' } },
})
const seeds = Number(values.seeds)
const from = Number(values.from)
const bug: PlantedBug | undefined = plantedBugs.find((one) => one === values.bug)
if (!Number.isSafeInteger(seeds) || seeds < 1 || !Number.isSafeInteger(from) || (values.bug !== undefined && bug === undefined)) {
  console.error(`usage: npm run simulate -- --seeds N [--from S] [--bug ${plantedBugs.join('|')}]`)
  process.exit(2)
}

const counts = noFaults()
let [passed, failed, dossiers, received] = [0, 0, 0, 0]
const began = performance.now()
for (let seed = from; seed < from + seeds; seed += 1) {
  const outcome = await runSeed(seed, bug)
  for (const kind of faultKinds) counts[kind] += outcome.faults[kind]
  dossiers += outcome.dossiers
  received += outcome.received
  if (outcome.violation === undefined) {
    passed += 1
    continue
  }
  failed += 1
  console.log(`seed ${seed} FAILED ${outcome.violation}`)
  console.log(`  again: npm run simulate -- --seeds 1 --from ${seed}${bug === undefined ? '' : ` --bug ${bug}`}`)
}
const seconds = (performance.now() - began) / 1000
console.log(
  `seeds ${from} to ${from + seeds - 1}, ${dossiers} dossiers begun, ${received} packets received, ${seconds.toFixed(1)} s`,
)
const line = (kind: FaultKind) => `  ${kind.padEnd(30)} ${counts[kind]}`
console.log(`faults injected:\n${faultKinds.map(line).join('\n')}`)
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)
