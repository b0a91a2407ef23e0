/**
 * The loopback shell's server: the kiosk's files and the station's methods on 127.0.0.1, for one Chromium of this machine.
 *
 *   GET  /launch?token=…     a one-time token becomes the page's cookie, then on to /
 *   GET  /station            becomes the page's WebSocket (station-channel.ts); needs the cookie
 *   GET  /…                  the built renderer; needs nothing, for the locked screen must open
 *
 * Invariant: nothing of the station answers without the gate (request-gate.ts) and the cookie (page-session.ts).
 */
import { type IncomingMessage, STATUS_CODES } from 'node:http'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import fastifyCookie from '@fastify/cookie'
import fastifyStatic from '@fastify/static'
import { type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import { z } from 'zod'
import { err, ok, type Result } from '../../contracts/result.ts'
import { channelPath } from '../../contracts/station-channel.ts'
import { securityHeaders } from '../station/security-headers.ts'
import type { Station } from '../station/station.ts'
import { createLaunchTokens } from './launch-tokens.ts'
import { createPageSessions } from './page-session.ts'
import { passGate } from './request-gate.ts'
import { createStationChannel } from './station-channel.ts'

export const defaultPort = 4810

export type LoopbackServer = {
  readonly origin: string
  /** A fresh address for one opening of the kiosk. */
  mintLaunchUrl(): string
  stop(): Promise<void>
}

export type LoopbackServerOptions = {
  station: Station
  port: number
  rendererDir: string
  /** 32 bytes from the station's folder. */
  sessionKey: Uint8Array
  /** Requests gone wrong, for the log: never a body, a header or a query. */
  onFault: (fault: { path: string; status: number; reason: string }) => void
}

export type LoopbackStartFailure = { type: 'port-taken'; detail: string }

const LaunchQuery = z.object({ token: z.string().max(100) })
const header = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value.join(',') : value)
const pathOf = ({ url }: { url?: string | undefined }): string => url?.split('?', 1)[0] ?? '/'

const spentToken = `<!doctype html><html lang="vi"><meta charset="utf-8"><title>Trạm</title>
<h1>Mở lại chương trình Trạm trên máy này</h1><p>Đường mở này đã dùng rồi hoặc đã hết hạn. Hồ sơ trên máy này vẫn còn nguyên.</p>`

/** Files whose name does not carry their content's hash are asked for again each time; the service worker above all. */
const cachingOf = (path: string): string => (/[/\\]assets[/\\]/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache')

export const startLoopbackServer = async (
  options: LoopbackServerOptions,
): Promise<Result<LoopbackServer, LoopbackStartFailure>> => {
  const { station, port } = options
  const origin = `http://127.0.0.1:${port}`
  const headers = securityHeaders(station.gatewayUrl)
  const tokens = createLaunchTokens(() => performance.now())
  const sessions = createPageSessions({ key: options.sessionKey, port, now: Date.now })

  const server = fastify({
    requestTimeout: 15_000,
    forceCloseConnections: true,
    exposeHeadRoutes: true,
    return503OnClosing: true,
  })
  await server.register(fastifyCookie)

  const refuse = (request: FastifyRequest, reply: FastifyReply, status: number, reason: string) => {
    options.onFault({ path: pathOf(request), status, reason })
    return reply.code(status).headers(headers).header('cache-control', 'no-store').send({ type: reason })
  }

  const gateOf = ({ method = '', url, headers: sent }: IncomingMessage) =>
    passGate(port, {
      method,
      path: pathOf({ url }),
      host: sent.host,
      origin: sent.origin,
      fetchSite: header(sent['sec-fetch-site']),
      fetchMode: header(sent['sec-fetch-mode']),
      upgrade: sent.upgrade,
    })

  server.addHook('onRequest', async (request, reply) => {
    const gate = gateOf(request.raw)
    if (!gate.ok) return refuse(request, reply, gate.error.status, gate.error.detail)
    reply.headers(headers)
  })

  const channel = createStationChannel(station, ({ method, reason }) =>
    options.onFault({ path: `${channelPath}/${method}`, status: 400, reason }),
  )
  server.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const turnAway = (status: number, reason: string) => {
      options.onFault({ path: pathOf(request), status, reason })
      const lines = Object.entries({ ...headers, 'cache-control': 'no-store', connection: 'close', 'content-length': '0' })
      const text = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines.map(([name, value]) => `${name}: ${value}`)]
      socket.end(`${text.join('\r\n')}\r\n\r\n`)
    }
    socket.on('error', () => socket.destroy())
    const gate = gateOf(request)
    const cookie = server.parseCookie(request.headers.cookie ?? '')[sessions.cookieName]
    if (!gate.ok) turnAway(gate.error.status, gate.error.detail)
    else if (!sessions.isValid(cookie)) turnAway(401, 'unauthenticated')
    else if (!channel.accept(request, socket, head)) turnAway(503, 'too many pages')
  })

  server.setErrorHandler((error, request, reply) => {
    const status =
      error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500
    return refuse(request, reply, status, error instanceof Error ? error.name : 'failed')
  })

  server.get('/launch', async (request, reply) => {
    const query = LaunchQuery.safeParse(request.query)
    reply.header('cache-control', 'no-store')
    if (!query.success || !tokens.spend(query.data.token)) {
      options.onFault({ path: '/launch', status: 403, reason: 'token' })
      return reply.code(403).type('text/html; charset=utf-8').send(spentToken)
    }
    return reply
      .setCookie(sessions.cookieName, sessions.issue(), {
        path: sessions.cookiePath,
        httpOnly: true,
        sameSite: 'strict',
        maxAge: sessions.lifeSeconds,
      })
      .redirect('/', 303)
  })

  await server.register(fastifyStatic, {
    root: options.rendererDir,
    prefix: '/',
    index: 'index.html',
    dotfiles: 'deny',
    cacheControl: false,
    setHeaders: (reply, path) => {
      reply.header('cache-control', cachingOf(path))
    },
  })

  try {
    await server.listen({ host: '127.0.0.1', port, exclusive: true })
  } catch (error) {
    await channel.close()
    await server.close()
    if (error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')) {
      return err({
        type: 'port-taken',
        detail: `port ${port} of 127.0.0.1 is taken (${error.code}). Trạm does not move to another port, where its drafts would not be seen: end the program that holds it, or the other Trạm, and start again`,
      })
    }
    throw error
  }

  return ok({
    origin,
    mintLaunchUrl: () => `${origin}/launch?token=${tokens.mint()}`,
    async stop() {
      await channel.close()
      await server.close()
    },
  })
}

export const defaultRendererDir = join(import.meta.dirname, '../../dist/renderer')
