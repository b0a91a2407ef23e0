/** `window.tram`: two functions over two channels, nothing of Electron passes through. A listener's own failure is its own. */
import type { StationBridge } from '../../contracts/station-api.ts'
import { stationCallChannel, stationEventChannel } from '../ipc/channel-names.ts'

export type PageIpc = {
  invoke(channel: string, ...parameters: unknown[]): Promise<unknown>
  on(channel: string, listener: (event: unknown, payload: unknown) => void): unknown
  removeListener(channel: string, listener: (event: unknown, payload: unknown) => void): unknown
}

export const createStationBridge = (ipc: PageIpc): StationBridge => ({
  invoke: (method, request) => ipc.invoke(stationCallChannel, method, request),
  subscribe(listener) {
    // The event object holds the sender: only the payload goes on.
    const receive = (_event: unknown, payload: unknown): void => listener(payload)
    ipc.on(stationEventChannel, receive)
    return () => {
      ipc.removeListener(stationEventChannel, receive)
    }
  },
})
