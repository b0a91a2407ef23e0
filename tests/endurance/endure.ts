/**
 * `npm run endure -- [--only power-cut,kill,slow-link,proxy,full-disk] [--times N] [--backend leveldb|sqlite|both] [--seed N]`: the real
 * programs under everything that befalls a kiosk. Without `--times` 20 power cuts each, 50 kills, 5 dossiers over the line, 50 through the
 * proxy, 3 full disks. Prints counts; ends with 1 when anything was lost, doubled or could not be tried.
 */
import '../fixtures/system-packages.ts'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { buildWhenStale } from '../../electron/start/build.ts'
import { whyNoLoopDisk } from '../fixtures/loop-disk.ts'
import type { Backend } from './plant.ts'
import { needsLoopDisk, rounds } from './rounds.ts'
import { seededRandom } from './seeded-random.ts'

const kinds = ['power-cut', 'kill', 'slow-link', 'proxy', 'full-disk'] as const
const usualTimes: Record<(typeof kinds)[number], number> = {
  'power-cut': 20,
  kill: 50,
  'slow-link': 5,
  proxy: 50,
  'full-disk': 3,
}
const options = z
  .object({
    only: z
      .string()
      .transform((text) => text.split(','))
      .pipe(z.array(z.enum(kinds))),
    times: z.coerce.number().int().positive().optional(),
    backend: z.enum(['leveldb', 'sqlite', 'both']),
    seed: z.coerce.number().int(),
  })
  .parse(
    parseArgs({
      options: {
        only: { type: 'string', default: kinds.join(',') },
        times: { type: 'string' },
        backend: { type: 'string', default: 'both' },
        seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      },
    }).values,
  )

if (!buildWhenStale()) process.exit(1)
const backends: Backend[] = options.backend === 'both' ? ['leveldb', 'sqlite'] : [options.backend]
console.log(`seed ${options.seed}`)
const random = seededRandom(options.seed)
let bad = 0
for (const kind of options.only) {
  const why = needsLoopDisk.has(kind) ? whyNoLoopDisk() : undefined
  if (why !== undefined) {
    console.log(`${kind}: ${why}: not tried`)
    bad += 1
    continue
  }
  for (const backend of backends) {
    for (const round of rounds[kind]) {
      const times = options.times ?? usualTimes[kind]
      const began = performance.now()
      const result = await round({ times, backend, random, tell: (line) => console.log(`  ${line}`) })
      const { queued, received, accepted, faults } = result
      const counts = `${queued} in, ${received} received, ${accepted} accepted, ${faults.length} faults`
      const seconds = ((performance.now() - began) / 1000).toFixed(0)
      console.log(`${result.kind} (${backend}), ${times} times: ${counts}; ${seconds} s`)
      for (const fault of faults) console.log(`  ${fault}`)
      if (faults.length > 0 || queued !== received || queued !== accepted || queued === 0) bad += 1
    }
  }
}
process.exit(bad === 0 ? 0 : 1)
