/**
 * The loopback shell's server: the kiosk's files and the station's methods on 127.0.0.1, for one Chromium of this machine.
 *
 *   GET  /launch?token=…     a one-time token becomes the page's cookie, then on to /
 *   POST /station/METHOD     JSON in, JSON out; needs the cookie
 *   GET  /station/events     server-sent events; needs the cookie
 *   GET  /…                  the built renderer; needs nothing, for the locked screen must open
 *
 * Invariant: nothing of the station answers without the gate (request-gate.ts) and the cookie (page-session.ts).
 */
import { join } from 'node:path'
import fastifyCookie from '@fastify/cookie'
import fastifyStatic from '@fastify/static'
import { type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import { z } from 'zod'
import { err, ok, type Result } from '../../contracts/result.ts'
import { securityHeaders } from '../station/security-headers.ts'
import { type Station, StationRefusal } from '../station/station.ts'
import { createEventStreams } from './event-stream.ts'
import { createLaunchTokens } from './launch-tokens.ts'
import { createPageSessions } from './page-session.ts'
import { isStationPath, passGate } from './request-gate.ts'

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
const WithReadId = z.object({ readId: z.string() })

const statusByRefusal = {
  'unknown-method': 404,
  'invalid-request': 400,
  'not-enrolled': 409,
  stopping: 503,
} as const

const header = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value.join(',') : value)
const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? '/'

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
  const tokens = createLaunchTokens(Date.now)
  const sessions = createPageSessions({ key: options.sessionKey, port, now: Date.now })
  const streams = createEventStreams()

  const server = fastify({
    bodyLimit: 64 * 1024,
    // A reading waits for a card as long as the device host lets it; the wait for a request's own bytes is short.
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

  server.addHook('onRequest', async (request, reply) => {
    const path = pathOf(request)
    const gate = passGate(port, {
      method: request.method,
      path,
      host: request.headers.host,
      origin: request.headers.origin,
      fetchSite: header(request.headers['sec-fetch-site']),
      fetchMode: header(request.headers['sec-fetch-mode']),
      contentType: request.headers['content-type'],
    })
    if (!gate.ok) return refuse(request, reply, gate.error.status, gate.error.detail)
    if (isStationPath(path) && !sessions.isValid(request.cookies[sessions.cookieName])) {
      return refuse(request, reply, 401, 'unauthenticated')
    }
    reply.headers(headers)
  })

  server.setErrorHandler((error, request, reply) => {
    if (error instanceof StationRefusal) return refuse(request, reply, statusByRefusal[error.reason], error.reason)
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

  server.post<{ Params: { method: string } }>('/station/:method', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    const { method } = request.params
    // A page that went away takes its reading with it: the reader is free for the next.
    const read = method === 'readCard' ? WithReadId.safeParse(request.body) : undefined
    if (read?.success) {
      const { readId } = read.data
      reply.raw.once('close', () => {
        if (!reply.raw.writableFinished) void station.handle('cancelRead', { readId }).catch(() => undefined)
      })
    }
    return reply.send(await station.handle(method, request.body))
  })

  server.get('/station/events', (request, reply) => {
    reply.hijack()
    if (!streams.open(reply.raw, headers)) {
      options.onFault({ path: '/station/events', status: 503, reason: 'too many streams' })
      reply.raw.writeHead(503, headers).end()
    }
    request.raw.resume()
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

  const unsubscribe = station.onEvent((event) => streams.send(event))
  try {
    await server.listen({ host: '127.0.0.1', port, exclusive: true })
  } catch (error) {
    unsubscribe()
    streams.closeAll()
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
      unsubscribe()
      streams.closeAll()
      await server.close()
    },
  })
}

export const defaultRendererDir = join(import.meta.dirname, '../../dist/renderer')
