/** The device host under plain Node: a child process that runs the source as it is. */
import { join } from 'node:path'
import { createDeviceHostClient, type DeviceHostClient } from '../../hardware/device-host-client.ts'
import { forkDeviceHost } from '../../hardware/fork-device-host.ts'

export const openForkedDevices = (readers: 'pcsc' | 'simulated', stationFolder: string): DeviceHostClient =>
  createDeviceHostClient({
    spawn: () =>
      forkDeviceHost({ modulePath: join(import.meta.dirname, '../../hardware/device-host.ts'), readers, stationFolder }),
  })
