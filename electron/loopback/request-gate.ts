/**
 * Which requests the loopback server hears at all. Any page of any browser on the machine, and any name that resolves to 127.0.0.1, can
 * send requests here; only the kiosk's own page may ask the station.
 *
 * Host must be the one literal address (no DNS rebinding); an Origin, where there is one, must be our own, and every POST must have one;
 * fetch metadata (W3C Fetch Metadata), where it is sent, must say same-origin for the station's paths; POST carries JSON and nothing else,
 * so no form can make one.
 */
import { err, ok, type Result } from '../../contracts/result.ts'

export type GateRequest = {
  method: string
  path: string
  host: string | undefined
  origin: string | undefined
  fetchSite: string | undefined
  fetchMode: string | undefined
  contentType: string | undefined
}

export type GateRefusal = { type: 'refused'; status: 400 | 403 | 405 | 415 | 421; detail: string }

export const isStationPath = (path: string): boolean => path === '/station' || path.startsWith('/station/')

export const passGate = (port: number, request: GateRequest): Result<null, GateRefusal> => {
  const refuse = (status: GateRefusal['status'], detail: string) => err({ type: 'refused' as const, status, detail })
  const host = `127.0.0.1:${port}`
  if (request.host !== host) return refuse(421, 'host')
  if (request.origin !== undefined && request.origin !== `http://${host}`) return refuse(403, 'origin')
  const ownPage = request.fetchSite === undefined || request.fetchSite === 'same-origin'
  if (isStationPath(request.path)) {
    if (!ownPage) return refuse(403, 'fetch site')
    if (request.path === '/station/events') return request.method === 'GET' ? ok(null) : refuse(405, 'method')
    if (request.method !== 'POST') return refuse(405, 'method')
    if (request.origin === undefined) return refuse(403, 'origin')
    if (!/^application\/json(; *charset=utf-8)?$/i.test(request.contentType ?? '')) return refuse(415, 'content type')
    return ok(null)
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'method')
  // Opening the kiosk from elsewhere (its launcher, a link) is a navigation; anything else from elsewhere is somebody embedding it.
  if (!ownPage && request.fetchSite !== 'none' && request.fetchMode !== 'navigate') return refuse(403, 'fetch site')
  return ok(null)
}
