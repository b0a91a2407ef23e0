/**
 * The two ways from a page to its station: `window.tram` in Electron, one WebSocket to the loopback shell elsewhere.
 * Invariants: a call over a connection that is lost fails with it and is not asked again here, for only whoever asked knows whether it may
 * be; a lost connection is opened anew, by itself and by the next call.
 */

import type { StationBridge, StationMethodName } from '../../contracts/station-api.ts'
import { type ChannelCall, ChannelMessage, channelPath } from '../../contracts/station-channel.ts'

export type Transport = {
  send(method: StationMethodName, request: unknown, signal: AbortSignal): Promise<unknown>
  /** `onLink` when a connection came or went. Returns its own end. */
  events(onEvent: (event: unknown) => void, onLink: () => void): () => void
}

const connectAgainMs = 1_000

const hasMethods = (bridge: unknown): bridge is StationBridge =>
  typeof bridge === 'object' &&
  bridge !== null &&
  'invoke' in bridge &&
  typeof bridge.invoke === 'function' &&
  'subscribe' in bridge &&
  typeof bridge.subscribe === 'function'

export const findBridge = (host: object): StationBridge | null => {
  const bridge: unknown = Reflect.get(host, 'tram')
  return hasMethods(bridge) ? bridge : null
}

export const bridgeTransport = (bridge: StationBridge): Transport => ({
  send: (method, request) => bridge.invoke(method, request),
  events: (onEvent) => bridge.subscribe(onEvent),
})

const messageOf = (data: unknown): ChannelMessage | undefined => {
  try {
    return ChannelMessage.safeParse(JSON.parse(String(data))).data
  } catch {
    return undefined
  }
}

/** `open`: how a browser opens one. */
export const socketTransport = (page: string, open = (address: URL) => new WebSocket(address)): Transport => {
  const address = new URL(channelPath, page)
  address.protocol = 'ws:'
  const calls = new Map<number, { resolve(answer: unknown): void; reject(cause: Error): void }>()
  let lastId = 0
  let connection: Promise<WebSocket> | undefined
  let listener: { onEvent(event: unknown): void; onLink(): void } | undefined
  let again: ReturnType<typeof setTimeout> | undefined

  const hear = (message: ChannelMessage | undefined): void => {
    if (message === undefined) return
    if ('event' in message) {
      listener?.onEvent(message.event)
      return
    }
    const call = calls.get(message.id)
    calls.delete(message.id)
    if ('answer' in message) call?.resolve(message.answer)
    else call?.reject(new Error(`refused: ${message.refused}`))
  }

  const connect = (): Promise<WebSocket> => {
    clearTimeout(again)
    connection ??= new Promise((resolve, reject) => {
      const socket = open(address)
      let opened = false
      socket.addEventListener('open', () => {
        opened = true
        resolve(socket)
        listener?.onLink()
      })
      socket.addEventListener('message', ({ data }) => hear(messageOf(data)))
      socket.addEventListener('close', () => {
        connection = undefined
        const lost = new Error('no connection')
        reject(lost)
        for (const call of calls.values()) call.reject(lost)
        calls.clear()
        if (listener === undefined) return
        again = setTimeout(() => void connect().catch(() => undefined), connectAgainMs)
        if (opened) listener.onLink()
      })
    })
    return connection
  }

  return {
    async send(method, request, signal) {
      const socket = await connect()
      return await new Promise((resolve, reject) => {
        if (signal.aborted || socket.readyState !== socket.OPEN) return reject(new Error('no connection'))
        lastId += 1
        const call: ChannelCall = { id: lastId, method, request }
        calls.set(call.id, { resolve, reject })
        signal.addEventListener('abort', () => calls.delete(call.id))
        socket.send(JSON.stringify(call))
      })
    },
    events(onEvent, onLink) {
      listener = { onEvent, onLink }
      connect().catch(() => undefined)
      return () => {
        listener = undefined
        clearTimeout(again)
        connection?.then(
          (socket) => socket.close(),
          () => undefined,
        )
      }
    },
  }
}
