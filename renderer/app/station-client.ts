/**
 * The station as a page sees it: over `window.tram` in Electron, over a WebSocket to the loopback shell elsewhere. A screen
 * cannot tell which.
 *
 * Invariants: every response and event is parsed by its schema; every call ends (time-outs); a lost station is a value, never a throw;
 * and while it is lost the client keeps asking, so that the page goes on by itself when it is back.
 */
import { err, ok, type Result } from '../../contracts/result.ts'
import {
  type StationApi,
  StationEvent,
  type StationMethodName,
  type StationUnavailable,
  stationMethods,
} from '../../contracts/station-api.ts'
import { bridgeTransport, findBridge, socketTransport, type Transport } from './station-transports.ts'

const quickCall = 15_000
/** A card read waits for a person with a card in hand, a page for a sheet on the scanner. */
const patientCall = 200_000
const patient: ReadonlySet<StationMethodName> = new Set(['readCard', 'nextScannedPage', 'startScan', 'listDocumentScanners'])
const probeEvery = 3_000

export type StationClient = StationApi & { stop(): void }

export const createStationClient = (transport: Transport): StationClient => {
  const eventListeners = new Set<(event: StationEvent) => void>()
  const reachListeners = new Set<(reachable: boolean) => void>()
  let reachable = true
  let probe: ReturnType<typeof setTimeout> | undefined
  let stopped = false

  const setReachable = (next: boolean): void => {
    if (stopped) return
    if (!next && probe === undefined) probe = setTimeout(ask, probeEvery)
    if (next && probe !== undefined) {
      clearTimeout(probe)
      probe = undefined
    }
    if (next === reachable) return
    reachable = next
    for (const listener of reachListeners) listener(next)
  }

  const ask = (): void => {
    probe = undefined
    void client.call('describe', {})
  }

  const client: StationClient = {
    async call(method, request) {
      const controller = new AbortController()
      const patience = patient.has(method) ? patientCall : quickCall
      let timer: ReturnType<typeof setTimeout> | undefined
      try {
        const raw = await Promise.race([
          transport.send(method, request, controller.signal),
          new Promise<never>((_, reject) => {
            timer = setTimeout(() => reject(new Error(`no answer within ${patience} ms`)), patience)
          }),
        ])
        const parsed = stationMethods[method].response.safeParse(raw)
        if (!parsed.success) return lost(`${method}: answer not understood`)
        setReachable(true)
        // The schema was looked up by the method's own name, which the checker cannot follow through the union of methods.
        return ok(parsed.data) as Awaited<ReturnType<typeof client.call<typeof method>>>
      } catch (cause) {
        return lost(`${method}: ${cause instanceof Error ? cause.message : 'failed'}`)
      } finally {
        clearTimeout(timer)
        controller.abort()
      }
    },
    onEvent(listener) {
      eventListeners.add(listener)
      return () => eventListeners.delete(listener)
    },
    onReachable(listener) {
      reachListeners.add(listener)
      listener(reachable)
      return () => reachListeners.delete(listener)
    },
    stop() {
      stopped = true
      clearTimeout(probe)
      unsubscribe()
    },
  }

  const lost = (detail: string): Result<never, StationUnavailable> => {
    setReachable(false)
    return err({ type: 'station-unavailable', detail })
  }

  const unsubscribe = transport.events(
    (raw) => {
      const event = StationEvent.safeParse(raw)
      if (!event.success) return
      if (event.data.type === 'station-stopping') setReachable(false)
      for (const listener of eventListeners) listener(event.data)
    },
    // An open line proves nothing about this session's right to call; a call does.
    () => ask(),
  )
  return client
}

export const connectToStation = (): StationClient => {
  const bridge = findBridge(globalThis)
  return createStationClient(bridge === null ? socketTransport(location.href) : bridgeTransport(bridge))
}
