/**
 * Which requests the loopback server hears at all. Any page of any browser on the machine, and any name that resolves to 127.0.0.1, can
 * send requests here; only the kiosk's own page may ask the station.
 *
 * Host must be the one literal address (no DNS rebinding); an Origin, where there is one, must be our own; fetch metadata (W3C Fetch
 * Metadata), where it is sent, must say same-origin for the station's paths. The station is spoken to over a WebSocket and in no other
 * way, which always has an Origin and which no form, image or address typed by hand can open.
 */

import { err, ok, type Result } from '../../contracts/result.ts'
import { channelPath } from '../../contracts/station-channel.ts'

export type GateRequest = {
  method: string
  path: string
  host: string | undefined
  origin: string | undefined
  fetchSite: string | undefined
  fetchMode: string | undefined
  upgrade: string | undefined
}

export type GateRefusal = { type: 'refused'; status: 400 | 403 | 404 | 405 | 421 | 426; detail: string }

const isStationPath = (path: string): boolean => path === channelPath || path.startsWith(`${channelPath}/`)

export const passGate = (port: number, request: GateRequest): Result<null, GateRefusal> => {
  const refuse = (status: GateRefusal['status'], detail: string) => err({ type: 'refused' as const, status, detail })
  const host = `127.0.0.1:${port}`
  if (request.host !== host) return refuse(421, 'host')
  if (request.origin !== undefined && request.origin !== `http://${host}`) return refuse(403, 'origin')
  const ownPage = request.fetchSite === undefined || request.fetchSite === 'same-origin'
  if (isStationPath(request.path)) {
    if (!ownPage) return refuse(403, 'fetch site')
    if (request.path !== channelPath) return refuse(404, 'path')
    if (request.method !== 'GET') return refuse(405, 'method')
    if (request.upgrade?.toLowerCase() !== 'websocket') return refuse(426, 'upgrade')
    return request.origin === undefined ? refuse(403, 'origin') : ok(null)
  }
  if (request.upgrade !== undefined) return refuse(400, 'upgrade')
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'method')
  // Opening the kiosk from elsewhere (its launcher, a link) is a navigation; anything else from elsewhere is somebody embedding it.
  if (!ownPage && request.fetchSite !== 'none' && request.fetchMode !== 'navigate') return refuse(403, 'fetch site')
  return ok(null)
}
