/** `npm run check`: format, lint, types, dependency rules, unused code; side by side, well under 30 s. A checker that saw too few modules has failed. */
import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { z } from 'zod'

const rooms = ['contracts', 'procedures', 'hardware', 'sync', 'renderer', 'electron', 'tests']
const sources = rooms.flatMap((room) =>
  readdirSync(room, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.d.ts')),
).length

type Outcome = { ok: boolean; output: string }
const run = (command: string, ...args: string[]): Promise<Outcome> =>
  new Promise((resolve) => {
    execFile(`node_modules/.bin/${command}`, args, { maxBuffer: 64 << 20 }, (error, stdout, stderr) =>
      resolve({ ok: !error, output: stdout + stderr }),
    )
  })

const CruiseSummary = z.object({
  summary: z.object({
    error: z.number(),
    totalCruised: z.number(),
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
  }),
})

async function dependencyRules(): Promise<Outcome> {
  const { output } = await run('depcruise', '--config', '.dependency-cruiser.mjs', '--output-type', 'json', ...rooms)
  const parsed = CruiseSummary.safeParse(JSON.parse(output.slice(output.indexOf('{'))))
  if (!parsed.success) return { ok: false, output: `dependency-cruiser said something else: ${output.slice(0, 500)}` }
  const { summary } = parsed.data
  if (summary.totalCruised < sources) return { ok: false, output: `saw ${summary.totalCruised} modules of at least ${sources}` }
  const lines = summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)
  return { ok: summary.error === 0, output: lines.join('\n') }
}

const checks: Record<string, Promise<Outcome>> = {
  'format and lint': run('biome', 'ci', '--colors=off', '.'),
  'types (node)': run('tsc', '-p', 'tsconfig.node.json'),
  'types (browser)': run('tsc', '-p', 'tsconfig.browser.json'),
  'types (browser tests)': run('tsc', '-p', 'tsconfig.browser-tests.json'),
  'types (worker)': run('tsc', '-p', 'tsconfig.worker.json'),
  'dependency rules': dependencyRules(),
  'unused code': run('knip', '--no-progress'),
}

let failed = 0
for (const [name, outcome] of Object.entries(checks)) {
  const { ok, output } = await outcome
  if (!ok) failed++
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name}`)
  if (!ok) console.log(output.trimEnd())
}
process.exit(failed === 0 ? 0 : 1)
