/**
 * `npm run bench:card`: a whole reading of the simulated chip, in process: DG1, DG13, DG14, DG15, SOD and DG2 by PACE on brainpoolP256r1,
 * Chip Authentication, and Passive Authentication up to an authority on brainpoolP512r1. How much goes over the line against the least possible, how long it is in the air, and what it costs
 * this machine's processor in Node and in Electron's own Node.
 */
import '../fixtures/system-packages.ts'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { z } from 'zod'
import { readManners } from '../../hardware/protocols/reading/read-file.ts'
import { fetchElectron } from '../electron-runtime/fetch-electron.ts'
import { createBenchedChip } from './card/benched-chip.ts'
import { airMs, costOf, leastCost } from './card/line-costs.ts'
import { recordRead } from './card/recorded-read.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')
let passedAll = true
const verdicts: string[] = []
const target = (name: string, limit: number, measured: number, unit: string): void => {
  const passed = measured <= limit
  passedAll &&= passed
  verdicts.push(`${name} target ${limit}${unit} measured ${measured.toFixed(2)}${unit} ${passed ? 'pass' : 'fail'}`)
}

const groups = ['dg1', 'dg13', 'dg14', 'dg15', 'sod', 'dg2'] as const
for (const manner of readManners.filter(({ headFirst }) => !headFirst)) {
  const { reading, exchanges } = await recordRead(createBenchedChip(), manner)
  const lengths = groups.map((group) => reading.raw.get(group)?.length ?? 0)
  console.log(
    `files: ${groups.map((group, at) => `${group} ${lengths[at]}`).join(', ')} bytes; at most ${manner.longest} bytes a command`,
  )
  const cost = costOf(exchanges)
  const least = leastCost(manner, lengths, exchanges)
  console.log(`on the line: ${cost.bytes} bytes in ${cost.apdus} APDUs, least possible ${least.bytes} in ${least.apdus}`)
  target(`bytes-le-${manner.longest}`, 1.05, cost.bytes / least.bytes, 'x')
  target(`apdus-le-${manner.longest}`, 1.05, cost.apdus / least.apdus, 'x')
  for (const kilobits of [106, 424, 848]) {
    const whole = airMs(exchanges, kilobits)
    const text = airMs(
      exchanges.filter(({ textTold }) => !textTold),
      kilobits,
    )
    console.log(`in the air at ${kilobits} kbit/s: number and name after ${text.toFixed(0)} ms of ${whole.toFixed(0)} ms`)
    target(`text-at-${kilobits}-kbit-le-${manner.longest}`, 25, (100 * text) / whole, '%')
  }
}

const HostTime = z.object({
  runtime: z.string(),
  bytes: z.number(),
  parts: z.record(z.string(), z.number()),
  sameSigner: z.number(),
})
const names: Readonly<Record<string, string>> = {
  'opening-chip': 'PACE',
  'checking-chip': 'Chip Authentication',
  'reading-text': 'secure messaging',
  'reading-proof': 'secure messaging',
  'reading-photo': 'secure messaging',
  'checking-data': 'Passive Authentication',
}
const folder = await mkdtemp(join(tmpdir(), 'tram-bench-card-'))
try {
  const bundle = join(folder, 'host-time.cjs')
  await build({
    absWorkingDir: root,
    entryPoints: ['tests/bench/card/host-time.ts'],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node18',
    logLevel: 'error',
  })
  const { executable } = await fetchElectron()
  for (const [name, program] of [
    ['host-cpu-node', process.execPath],
    ['host-cpu-electron', executable],
  ] as const) {
    const { stdout } = await run(program, [bundle], { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' }, timeout: 240_000 })
    const { runtime, bytes, parts, sameSigner } = HostTime.parse(JSON.parse(stdout))
    const whole = Object.values(parts).reduce((sum, ms) => sum + ms, 0)
    console.log(`${runtime}, ${(bytes / 1024).toFixed(1)} KB through secure messaging: ${whole.toFixed(1)} ms of processor time`)
    const named = new Map<string, number>()
    for (const [part, ms] of Object.entries(parts)) named.set(names[part] ?? part, (named.get(names[part] ?? part) ?? 0) + ms)
    for (const [part, ms] of named) console.log(`  ${part}: ${ms.toFixed(1)} ms`)
    console.log(`  (Passive Authentication of the next card by the same signer: ${sameSigner.toFixed(1)} ms)`)
    target(name, 80, whole, 'ms')
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}
for (const verdict of verdicts) console.log(verdict)
if (!passedAll) process.exitCode = 1
