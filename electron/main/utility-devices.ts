/** The device host under Electron: a utility process that runs the built bundle. A driver that crashes it takes nothing else along. */
import { utilityProcess } from 'electron'
import { createDeviceHostClient, type DeviceHostClient, type DeviceHostProcess } from '../../hardware/device-host-client.ts'
import { deviceHostWords } from '../../hardware/fork-device-host.ts'

const forkUtility = (bundle: string, readers: 'pcsc' | 'simulated', stationFolder: string): DeviceHostProcess => {
  const child = utilityProcess.fork(bundle, deviceHostWords(readers, stationFolder), {
    serviceName: 'tram-device-host',
    stdio: 'inherit',
  })
  let ended = false
  const listeners = new Set<() => void>()
  child.once('exit', () => {
    ended = true
    for (const listener of listeners) listener()
    listeners.clear()
  })
  return {
    send: (message) => child.postMessage(message),
    onMessage: (listener) => void child.on('message', listener),
    onExit(listener) {
      if (ended) queueMicrotask(listener)
      else listeners.add(listener)
    },
    kill: () => void child.kill(),
  }
}

export const openUtilityDevices = (bundle: string, readers: 'pcsc' | 'simulated', stationFolder: string): DeviceHostClient =>
  createDeviceHostClient({ spawn: () => forkUtility(bundle, readers, stationFolder) })
