/** The built shell in the tests' Electron, with Playwright's hand on it. */
import { _electron, type ElectronApplication } from '@playwright/test'

/**
 * Playwright attaches two debuggers while Electron starts, and of one as old as the tests' now and then never hears that it has; it ends
 * what it launched. What then does not start a second time has a reason of its own.
 */
const withinMs = 25_000
const tries = 2

export async function launchElectron(
  executablePath: string,
  words: string[],
  variables: Record<string, string>,
): Promise<ElectronApplication> {
  const inherited = Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  const env = { ...Object.fromEntries(inherited), ...variables }
  for (let left = tries; ; left -= 1) {
    try {
      return await _electron.launch({ executablePath, args: ['--no-sandbox', ...words], env, timeout: withinMs })
    } catch (thrown) {
      if (left === 1 || !(thrown instanceof Error) || thrown.name !== 'TimeoutError') throw thrown
      console.warn(`Electron was not heard of within ${withinMs} ms: launched once more`)
    }
  }
}
