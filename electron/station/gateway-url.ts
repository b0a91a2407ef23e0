/** The gateway's address as the station keeps it: an origin, without a slash at its end; plain HTTP only to this machine itself. */
import { err, ok, type Result } from '../../contracts/result.ts'

const thisMachine = new Set(['127.0.0.1', 'localhost', '[::1]'])

export const parseGatewayUrl = (text: string): Result<string, { type: 'gateway-url-invalid'; detail: string }> => {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    return err({ type: 'gateway-url-invalid', detail: 'not a URL' })
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && thisMachine.has(url.hostname))) {
    return err({ type: 'gateway-url-invalid', detail: 'must be https (http only for 127.0.0.1, localhost and [::1])' })
  }
  if (url.username || url.password || url.search || url.hash || url.pathname !== '/') {
    return err({ type: 'gateway-url-invalid', detail: 'must be an origin alone: no path, user, query or fragment' })
  }
  return ok(url.origin)
}
