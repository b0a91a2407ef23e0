/**
 * Programs and fonts which npm cannot bring. As root on Debian they are installed with apt; elsewhere they are named in one line
 * and the command fails: a missing part never turns into something left out without a word.
 */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Result } from '../../contracts/result.ts'

type SystemPackage = { name: string; isThere: () => boolean }

/** The first of the named commands on the PATH, as a path, or undefined. */
export function findCommand(...names: string[]): string | undefined {
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/sbin', '/usr/local/bin']) {
    for (const name of names) {
      const path = join(folder, name)
      try {
        accessSync(path, constants.X_OK)
        return path
      } catch {
        // not in this folder
      }
    }
  }
  return undefined
}

export const findChromium = () =>
  findCommand('chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge')

const command = (name: string, ...commands: string[]): SystemPackage => ({
  name,
  isThere: () => findCommand(...commands) !== undefined,
})
const file = (name: string, ...paths: string[]): SystemPackage => ({ name, isThere: () => paths.some(existsSync) })
const library = (name: string, soname: string) =>
  file(
    name,
    `/usr/lib/x86_64-linux-gnu/${soname}`,
    `/usr/lib/aarch64-linux-gnu/${soname}`,
    `/usr/lib64/${soname}`,
    `/usr/lib/${soname}`,
  )

const vietnameseFonts: SystemPackage = {
  name: 'fonts-noto-core',
  isThere: () => existsSync('/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf') || process.platform !== 'linux',
}

export const kioskPackages: SystemPackage[] = [{ name: 'chromium', isThere: () => findChromium() !== undefined }, vietnameseFonts]

export const testPackages: SystemPackage[] = [
  ...kioskPackages,
  command('pcscd', 'pcscd'),
  command('socat', 'socat'),
  file('vsmartcard-vpcd', '/etc/reader.conf.d/vpcd'),
  library('libpcsclite1', 'libpcsclite.so.1'),
  command('sane-utils', 'scanimage'),
  command('swtpm', 'swtpm'),
  command('tpm2-tools', 'tpm2_create'),
  command('xvfb', 'Xvfb'),
  command('openbox', 'openbox'),
  command('poppler-utils', 'pdftotext'),
  library('libnss3', 'libnss3.so'),
  library('libatk1.0-0', 'libatk-1.0.so.0'),
  library('libatk-bridge2.0-0', 'libatk-bridge-2.0.so.0'),
  library('libcups2', 'libcups.so.2'),
  library('libdrm2', 'libdrm.so.2'),
  library('libgtk-3-0', 'libgtk-3.so.0'),
  library('libgbm1', 'libgbm.so.1'),
  library('libasound2', 'libasound.so.2'),
]

const isRootOnDebian = () => process.getuid?.() === 0 && existsSync('/etc/debian_version') && findCommand('apt-get') !== undefined

/** Makes sure of `packages`. Installing is bounded to ten minutes and prints what it does. */
export function ensureSystemPackages(
  packages: SystemPackage[],
): Result<null, { type: 'system-packages-missing'; message: string }> {
  const missing = packages.filter((each) => !each.isThere()).map((each) => each.name)
  if (missing.length === 0) return { ok: true, value: null }
  const install = `apt-get install -y ${missing.join(' ')}`
  if (!isRootOnDebian()) {
    return {
      ok: false,
      error: { type: 'system-packages-missing', message: `Missing: ${missing.join(', ')}. On Debian: sudo ${install}` },
    }
  }
  console.log(`Installing system packages: ${missing.join(' ')}`)
  const run = (...args: string[]) =>
    spawnSync('apt-get', args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 600_000,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
  run('update', '-qq')
  const installed = run('install', '-y', '-qq', '--no-install-recommends', ...missing)
  const still = packages.filter((each) => !each.isThere()).map((each) => each.name)
  if (still.length === 0) return { ok: true, value: null }
  const reason = installed.stderr?.toString().trim().split('\n').at(-1) ?? ''
  return {
    ok: false,
    error: { type: 'system-packages-missing', message: `Still missing after "${install}": ${still.join(', ')}. ${reason}` },
  }
}

/** A terminal without a display (a server, a test machine) gets headless browsers. */
export const hasDisplay = () => process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
