import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { stationApiContract, type TransportUnderTest } from '../../tests/contract/station-api.contract.ts'
import { createStationBridge, type PageIpc } from '../preload/station-bridge.ts'
import { stationCallChannel } from './channel-names.ts'
import { isKioskUrl } from './page-origin.ts'
import { type CallReceiver, type CallSender, isTrustedSender, registerStationCall } from './station-call.ts'
import { type EventReceiver, forwardStationEvents } from './station-event.ts'

/** Both ends of Electron's IPC in one process: what crosses is cloned as the real one clones, and an error loses all but its message. */
const createIpcPair = () => {
  let handler: Parameters<CallReceiver['handle']>[1] | undefined
  const receiver: CallReceiver = {
    handle: (_channel, listener) => {
      handler = listener
    },
    removeHandler: () => {
      handler = undefined
    },
  }
  const openPage = (url: string) => {
    const contents = new EventEmitter()
    const received = new EventEmitter()
    let destroyed = false
    const sender: CallSender['sender'] = Object.assign(contents, { id: 1 })
    const ipc: PageIpc = {
      async invoke(channel, ...parameters) {
        if (channel !== stationCallChannel || !handler) throw new Error(`No handler registered for '${channel}'`)
        try {
          return structuredClone(await handler({ sender, senderFrame: { url, parent: null } }, ...structuredClone(parameters)))
        } catch (error) {
          throw new Error(`Error invoking remote method: ${error instanceof Error ? error.message : ''}`)
        }
      },
      on: (channel, listener) => received.on(channel, listener),
      removeListener: (channel, listener) => received.removeListener(channel, listener),
    }
    const page: EventReceiver = {
      isDestroyed: () => destroyed,
      getURL: () => url,
      send: (channel, event) => {
        received.emit(channel, { sender: 'hidden' }, structuredClone(event))
      },
    }
    const close = () => {
      destroyed = true
      contents.emit('destroyed')
    }
    return { ipc, page, close, contents }
  }
  return { receiver, openPage }
}

stationApiContract('IPC', 'electron', async (station): Promise<TransportUnderTest> => {
  const pair = createIpcPair()
  const pages: EventReceiver[] = []
  const unregister = registerStationCall(pair.receiver, station, () => undefined)
  const unforward = forwardStationEvents(station, () => pages)
  return {
    async openPage() {
      const { ipc, page, close } = pair.openPage('tram://kiosk/')
      pages.push(page)
      return { bridge: createStationBridge(ipc), leave: async () => close() }
    },
    async stop() {
      unregister()
      unforward()
    },
  }
})

describe('who is heard', () => {
  const quiet = { gatewayUrl: '', handle: async () => ({}), onEvent: () => () => undefined, stop: async () => undefined }

  it.each([
    ['tram://kiosk/', true],
    ['tram://kiosk/index.html#/locked', true],
    ['tram://kiosk.evil.example/', false],
    ['tram://evil/kiosk', false],
    ['tram://user@kiosk/', false],
    ['tram:kiosk', false],
    ['http://kiosk/', false],
    ['https://tram/', false],
    ['file:///kiosk', false],
    ['about:blank', false],
    ['blob:tram://kiosk/7d1c', false],
    ['', false],
  ])('origin %s: %s', (url, trusted) => {
    expect(isKioskUrl(url)).toBe(trusted)
    expect(isTrustedSender({ senderFrame: { url, parent: null } })).toBe(trusted)
  })

  it('hears no frame inside the page and no frame that is gone', () => {
    expect(isTrustedSender({ senderFrame: { url: 'tram://kiosk/', parent: {} } })).toBe(false)
    expect(isTrustedSender({ senderFrame: null })).toBe(false)
  })

  it('refuses a stranger and a call of another shape, and says so without their content', async () => {
    const pair = createIpcPair()
    const faults: unknown[] = []
    registerStationCall(pair.receiver, quiet, (fault) => faults.push(fault))
    await expect(pair.openPage('https://evil.example/').ipc.invoke(stationCallChannel, 'describe', {})).rejects.toThrow(
      'refused: sender',
    )
    const own = pair.openPage('tram://kiosk/').ipc
    await expect(own.invoke(stationCallChannel, { toString: 1 }, {})).rejects.toThrow('refused: malformed')
    await expect(own.invoke(stationCallChannel, 'describe', {}, 'more')).rejects.toThrow('refused: malformed')
    expect(faults).toEqual([
      { method: '', reason: 'sender' },
      { method: '', reason: 'malformed' },
      { method: '', reason: 'malformed' },
    ])
  })

  it('leaves no listener at the page after a call', async () => {
    const pair = createIpcPair()
    registerStationCall(pair.receiver, quiet, () => undefined)
    const page = pair.openPage('tram://kiosk/')
    await page.ipc.invoke(stationCallChannel, 'describe', {})
    expect(page.contents.listenerCount('destroyed')).toBe(0)
  })

  it('gives a page the payload of an event and never the event itself', () => {
    const pair = createIpcPair()
    const { ipc, page } = pair.openPage('tram://kiosk/')
    const seen: unknown[][] = []
    createStationBridge(ipc).subscribe((...parameters) => seen.push(parameters))
    page.send('tram:station-event', { type: 'station-stopping' })
    expect(seen).toEqual([[{ type: 'station-stopping' }]])
  })
})
