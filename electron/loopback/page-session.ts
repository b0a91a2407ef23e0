/**
 * The cookie by which a browser profile that was launched once goes on being known: a random id, its day of issue and an HMAC of both
 * under a key in the station's folder. So a page left open while the station restarts comes back by itself; removing the key's file
 * ends every session.
 *
 * Cookies are not kept apart by port, so the name carries it and the path keeps it to the station's methods.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

const lifeSeconds = 30 * 24 * 3600

export type PageSessions = {
  readonly cookieName: string
  readonly cookiePath: string
  readonly lifeSeconds: number
  issue(): string
  isValid(value: string | undefined): boolean
}

export const createPageSessions = (options: { key: Uint8Array; port: number; now: () => number }): PageSessions => {
  const macOf = (body: string): Buffer =>
    createHmac('sha256', options.key).update(`tram page session ${options.port} ${body}`).digest()
  const seconds = () => Math.floor(options.now() / 1000)
  return {
    cookieName: `tram-${options.port}`,
    cookiePath: '/station',
    lifeSeconds,
    issue() {
      const body = `${seconds()}.${randomBytes(16).toString('base64url')}`
      return `${body}.${macOf(body).toString('base64url')}`
    },
    isValid(value) {
      const match = /^((\d{1,12})\.[\w-]{22})\.([\w-]{43})$/.exec(value ?? '')
      const [, body, issued, mac] = match ?? []
      if (body === undefined || issued === undefined || mac === undefined) return false
      if (!timingSafeEqual(Buffer.from(mac, 'base64url'), macOf(body))) return false
      // A clock set back is no reason to lock a kiosk out; one far ahead only asks for a new launch.
      return seconds() - Number(issued) < lifeSeconds
    },
  }
}
