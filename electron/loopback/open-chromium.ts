/**
 * Opens the kiosk in a Chromium of this machine, in a profile of its own: nothing of the user's everyday browser, no
 * extensions, no sync, no first-run pages.
 */
import { spawn } from 'node:child_process'
import { openPrivateFolder } from '../station/durable-file.ts'

export type OpenChromiumOptions = {
  executable: string
  url: string
  profileDir: string
  kiosk: boolean
  /** As root on Linux Chromium starts only without its sandbox; a kiosk should not run as root. */
  root: boolean
}

const chromiumArguments = (options: Omit<OpenChromiumOptions, 'executable'>): string[] => [
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
