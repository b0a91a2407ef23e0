/**
 * Finds a Chromium of this machine and opens the kiosk in it, in a profile of its own: nothing of the user's everyday browser, no
 * extensions, no sync, no first-run pages.
 */
import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { openPrivateFolder } from '../station/durable-file.ts'

const namesOnPath = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
]

const fixedPlaces = (environment: NodeJS.ProcessEnv): string[] => {
  const windows = [environment.PROGRAMFILES, environment['PROGRAMFILES(X86)'], environment.LOCALAPPDATA].flatMap((base) =>
    base ? [join(base, 'Google/Chrome/Application/chrome.exe'), join(base, 'Microsoft/Edge/Application/msedge.exe')] : [],
  )
  return [
    ...windows,
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ]
}

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

export const findChromium = (environment: NodeJS.ProcessEnv): string | undefined => {
  const named = environment.TRAM_CHROMIUM
  if (named) return isExecutable(named) ? named : undefined
  const folders = (environment.PATH ?? '').split(delimiter).filter(Boolean)
  return [...namesOnPath.flatMap((name) => folders.map((folder) => join(folder, name))), ...fixedPlaces(environment)].find(
    isExecutable,
  )
}

export type OpenChromiumOptions = {
  executable: string
  url: string
  profileDir: string
  kiosk: boolean
  /** As root on Linux Chromium starts only without its sandbox; a kiosk should not run as root. */
  root: boolean
}

export const chromiumArguments = (options: Omit<OpenChromiumOptions, 'executable'>): string[] => [
  `--app=${options.url}`,
  `--user-data-dir=${options.profileDir}`,
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-extensions',
  '--disable-sync',
  '--disable-translate',
  '--disable-features=Translate,PasswordManagerOnboarding,AutofillServerCommunication',
  '--password-store=basic',
  ...(options.kiosk ? ['--kiosk'] : []),
  ...(options.root ? ['--no-sandbox'] : []),
]

export type OpenedChromium = { pid: number; closed: Promise<number | null> }

export const openChromium = async (options: OpenChromiumOptions): Promise<OpenedChromium> => {
  await openPrivateFolder(options.profileDir)
  const child = spawn(options.executable, chromiumArguments(options), { stdio: 'ignore' })
  const closed = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', reject)
  })
  if (child.pid === undefined) throw new Error(`${options.executable} has no process`)
  return { pid: child.pid, closed }
}
