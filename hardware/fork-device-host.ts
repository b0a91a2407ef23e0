/** Starts the device host with child_process.fork: the loopback shell, tests, any Node. */
import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { DeviceHostProcess } from './device-host-client.ts'

/** In the station's folder lie the trust store and what its readers bore. */
export const deviceHostWords = (readers: 'pcsc' | 'simulated', stationFolder: string | undefined): string[] => [
  `--readers=${readers}`,
  ...(stationFolder === undefined
    ? []
    : [`--trust=${join(stationFolder, 'trust')}`, `--memory=${join(stationFolder, 'readers.json')}`]),
]

export const forkDeviceHost = (options: {
  /** Path of device-host.ts, or of its bundle. */
  modulePath: string
  readers: 'pcsc' | 'simulated'
  stationFolder?: string
  env?: NodeJS.ProcessEnv
}): DeviceHostProcess & { readonly pid: number | undefined } => {
  const child = fork(options.modulePath, deviceHostWords(options.readers, options.stationFolder), {
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
