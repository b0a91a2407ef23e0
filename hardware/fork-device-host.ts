/** Starts the device host with child_process.fork: the loopback shell, tests, any Node. */
import { fork } from 'node:child_process'
import type { DeviceHostProcess } from './device-host-client.ts'

export const deviceHostWords = (readers: 'pcsc' | 'simulated', trustFolder: string | undefined): string[] => [
  `--readers=${readers}`,
  ...(trustFolder === undefined ? [] : [`--trust=${trustFolder}`]),
]

export const forkDeviceHost = (options: {
  /** Path of device-host.ts, or of its bundle. */
  modulePath: string
  readers: 'pcsc' | 'simulated'
  /** Certificates of the authorities that are trusted. */
  trustFolder?: string
  env?: NodeJS.ProcessEnv
}): DeviceHostProcess & { readonly pid: number | undefined } => {
  const child = fork(options.modulePath, deviceHostWords(options.readers, options.trustFolder), {
    env: { ...process.env, ...options.env },
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  let ended = false
  const listeners = new Set<() => void>()
  const end = (): void => {
    ended = true
    for (const listener of listeners) listener()
    listeners.clear()
  }
  child.once('exit', end)
  child.once('error', end)
  return {
    pid: child.pid,
    send(message) {
      // Between its death and the news of it there is nobody to hear.
      if (child.connected) child.send(message, () => {})
    },
    onMessage: (listener) => void child.on('message', listener),
    onExit(listener) {
      if (ended) queueMicrotask(listener)
      else listeners.add(listener)
    },
    kill: () => void child.kill('SIGKILL'),
  }
}
