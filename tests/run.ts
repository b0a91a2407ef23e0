/**
 * `npm test`: the checks, the builds, then every suite. Arguments are passed on to vitest (`npm test -- --project unit`).
 * Ends with one line `N passed, N failed`; a run that executed nothing has failed.
 */
import './fixtures/system-packages.ts'
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'

const reportFile = '.cache/test-report.json'
mkdirSync('.cache', { recursive: true })
// Gateways and stations are started some hundred times from the same files.
process.env.NODE_COMPILE_CACHE ??= resolve('.cache/compile-cache')

function run(label: string, command: string, args: string[]) {
  const started = performance.now()
  const { status } = spawnSync(command, args, { stdio: 'inherit' })
  console.log(`${label}: ${status === 0 ? 'ok' : `failed (${status})`} in ${((performance.now() - started) / 1000).toFixed(1)} s`)
  return status === 0
}

const ready =
  run('check', 'npm', ['run', '--silent', 'check']) &&
  run('build', 'npm', ['run', '--silent', 'build']) &&
  run('electron for tests', process.execPath, ['tests/electron-runtime/fetch-electron.ts'])
if (!ready) process.exit(1)

const passed = run('tests', 'node_modules/.bin/vitest', [
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${reportFile}`,
  ...process.argv.slice(2),
])
const Report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
})
const report = Report.parse(JSON.parse(readFileSync(reportFile, 'utf8')))
const skipped = report.numPendingTests + report.numTodoTests
if (skipped > 0) console.error(`${skipped} tests were skipped: a skipped test counts as a failure here.`)
console.log(`${report.numPassedTests} passed, ${report.numFailedTests + skipped} failed`)
process.exit(passed && skipped === 0 && report.numPassedTests > 0 ? 0 : 1)
