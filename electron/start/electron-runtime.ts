/** Finds an Electron that can run here, and says which and why, or why not. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Result } from '../../contracts/result.ts'
import { hasDisplay } from './system-packages.ts'

const downloadLimitMs = 120_000

/** The executable of the npm package `electron`; its runtime is fetched on first use where its download can be reached. */
export function findElectron(): Result<{ executable: string; why: string }, { type: 'no-electron'; why: string }> {
  const no = (why: string) => ({ ok: false, error: { type: 'no-electron', why } }) as const
  if (!hasDisplay()) return no('no display')
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH
  if (override) {
    const executable = join(override, process.platform === 'win32' ? 'electron.exe' : 'electron')
    return existsSync(executable)
      ? { ok: true, value: { executable, why: 'ELECTRON_OVERRIDE_DIST_PATH' } }
      : no(`no electron in ${override}`)
  }
  const require = createRequire(import.meta.url)
  let folder: string
  try {
    folder = dirname(require.resolve('electron/package.json'))
  } catch {
    return no('the npm package electron is not installed')
  }
  const name =
    process.platform === 'win32'
      ? 'electron.exe'
      : process.platform === 'darwin'
        ? 'Electron.app/Contents/MacOS/Electron'
        : 'electron'
  const executable = join(folder, 'dist', name)
  if (!existsSync(executable)) {
    spawnSync(process.execPath, [join(folder, 'install.js')], { timeout: downloadLimitMs, stdio: 'ignore' })
  }
  return existsSync(executable)
    ? { ok: true, value: { executable, why: 'npm package electron' } }
    : no('the runtime of the npm package electron could not be downloaded')
}
