/** Builds what is not built, or older than its sources. */
import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const sources = ['contracts', 'procedures', 'hardware', 'sync', 'renderer', 'electron', 'vite.config.ts', 'package-lock.json']
const results = ['dist/renderer/index.html', 'dist/electron/package.json']

const modified = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0

function newest(path: string): number {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return modified(path)
  const times = readdirSync(path, { recursive: true, encoding: 'utf8' }).map((name) => modified(join(path, name)))
  return Math.max(0, ...times)
}

export function buildWhenStale(): boolean {
  const built = Math.min(...results.map(modified))
  if (built > 0 && built >= Math.max(...sources.map(newest))) return true
  console.log('Building the kiosk ...')
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'build'], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  if (status !== 0) console.error(`${stdout}\n${stderr}`)
  return status === 0
}
