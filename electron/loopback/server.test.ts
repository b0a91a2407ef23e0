import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { stationApiContract, type TransportUnderTest } from '../../tests/contract/station-api.contract.ts'
import type { Station } from '../station/station.ts'
import { createLaunchTokens } from './launch-tokens.ts'
import { createPageSessions } from './page-session.ts'
import { type GateRequest, passGate } from './request-gate.ts'
import { type LoopbackServer, startLoopbackServer } from './server.ts'

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

let rendererDir: string
beforeAll(async () => {
  rendererDir = await mkdtemp(join(tmpdir(), 'tram-pages-'))
  await mkdir(join(rendererDir, 'assets'))
  await writeFile(join(rendererDir, 'index.html'), '<!doctype html><title>Trạm</title>')
  await writeFile(join(rendererDir, 'service-worker.js'), '//')
  await writeFile(join(rendererDir, 'assets/app-1a2b.js'), '//')
})
afterAll(() => rm(rendererDir, { recursive: true, force: true }))

const startServer = async (station: Station, port: number, sessionKey: Uint8Array) => {
  const faults: { path: string; status: number; reason: string }[] = []
  const server = await startLoopbackServer({ station, port, rendererDir, sessionKey, onFault: (fault) => faults.push(fault) })
  if (!server.ok) throw new Error(server.error.detail)
  return { server: server.value, faults }
}

/** A browser of one page: what it sends, Chromium sends too. `fetch` may not set Host or Origin, so it is plain HTTP. */
type Answer = { status: number; headers: IncomingMessage['headers']; text: string }
const send = (
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string; signal?: AbortSignal } = {},
) =>
  new Promise<Answer>((resolve, reject) => {
    const { body, ...rest } = options
    const request = httpRequest(url, { ...rest, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
      response.on('error', reject)
    })
    request.on('error', reject)
    request.end(body)
  })

const launch = async (server: LoopbackServer): Promise<string> => {
  const answer = await send(server.mintLaunchUrl())
  expect(answer.status).toBe(303)
  return answer.headers['set-cookie']?.[0]?.split(';', 1)[0] ?? ''
}

const ownHeaders = (origin: string, cookie: string) => ({
  cookie,
  origin,
  'sec-fetch-site': 'same-origin',
  'content-type': 'application/json',
})

stationApiContract('HTTP on the loopback', 'loopback', async (station): Promise<TransportUnderTest> => {
  const { server } = await startServer(station, await freePort(), randomBytes(32))
  const leaving: AbortController[] = []
  return {
    async openPage() {
      const controller = new AbortController()
      leaving.push(controller)
      const cookie = await launch(server)
      return {
        bridge: {
          async invoke(method, body) {
            const answer = await send(`${server.origin}/station/${method}`, {
              method: 'POST',
              headers: ownHeaders(server.origin, cookie),
              body: JSON.stringify(body),
              signal: controller.signal,
            })
            if (answer.status !== 200) throw new Error(`HTTP ${answer.status}`)
            return JSON.parse(answer.text)
          },
          subscribe(listener) {
            const mine = new AbortController()
            controller.signal.addEventListener('abort', () => mine.abort())
            const request = httpRequest(`${server.origin}/station/events`, {
              headers: { cookie, 'sec-fetch-site': 'same-origin' },
              signal: mine.signal,
            })
            request.on('response', (response) => {
              response.setEncoding('utf8')
              response.on('error', () => undefined)
              let rest = ''
              response.on('data', (chunk: string) => {
                const blocks = `${rest}${chunk}`.split('\n\n')
                rest = blocks.pop() ?? ''
                for (const block of blocks) if (block.startsWith('data: ')) listener(JSON.parse(block.slice(6)))
              })
            })
            request.on('error', () => undefined)
            request.end()
            return () => mine.abort()
          },
        },
        leave: async () => controller.abort(),
      }
    },
    async stop() {
      for (const controller of leaving) controller.abort()
      await server.stop()
    },
  }
})

const silent: Station = {
  gatewayUrl: 'https://gateway.example',
  handle: async () => ({}),
  onEvent: () => () => undefined,
  stop: async () => undefined,
}

describe('the loopback server', () => {
  const servers: LoopbackServer[] = []
  const start = async (sessionKey: Uint8Array = randomBytes(32), at?: number) => {
    const port = at ?? (await freePort())
    const started = await startServer(silent, port, sessionKey)
    servers.push(started.server)
    return { ...started, port, sessionKey }
  }
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop())))

  it('takes a launch token once', async () => {
    const { server, faults } = await start()
    const url = server.mintLaunchUrl()
    const first = await send(url)
    expect(first.headers.location).toBe('/')
    expect(first.headers['set-cookie']?.[0]).toMatch(/; Path=\/station; HttpOnly; SameSite=Strict$/)
    const second = await send(url)
    expect(second.status).toBe(403)
    expect(second.headers['set-cookie']).toBeUndefined()
    expect(second.text).toContain('Mở lại chương trình Trạm')
    expect(JSON.stringify(faults)).not.toContain(new URL(url).searchParams.get('token'))
  })

  it('opens its pages to anyone of this machine, and the station to no one without the cookie', async () => {
    const { server } = await start()
    expect((await send(`${server.origin}/`)).status).toBe(200)
    const call = (cookie: string) =>
      send(`${server.origin}/station/describe`, { method: 'POST', headers: ownHeaders(server.origin, cookie), body: '{}' })
    expect((await call('')).status).toBe(401)
    expect((await call(`tram-${new URL(server.origin).port}=1.${'A'.repeat(22)}.${'A'.repeat(43)}`)).status).toBe(401)
    expect((await call(await launch(server))).status).toBe(200)
    expect((await send(`${server.origin}/station/events`, { headers: { 'sec-fetch-site': 'same-origin' } })).status).toBe(401)
  })

  it('knows a page again after it restarted, and none of another station', async () => {
    const first = await start()
    const cookie = await launch(first.server)
    await first.server.stop()
    servers.splice(0)
    const again = await start(first.sessionKey, first.port)
    const call = (server: LoopbackServer) =>
      send(`${server.origin}/station/describe`, { method: 'POST', headers: ownHeaders(server.origin, cookie), body: '{}' })
    expect((await call(again.server)).status).toBe(200)
    await again.server.stop()
    servers.splice(0)
    expect((await call((await start(randomBytes(32), first.port)).server)).status).toBe(401)
  })

  it('sends strict headers with every answer, refusals too', async () => {
    const { server } = await start()
    for (const path of ['/', '/nothing.js', '/station/describe', '/launch?token=x']) {
      const { headers } = await send(`${server.origin}${path}`)
      expect(headers['content-security-policy'], path).toContain("connect-src 'self' https://gateway.example;")
      expect(headers['content-security-policy'], path).not.toContain('unsafe-inline')
      expect(headers['x-frame-options'], path).toBe('DENY')
      expect(headers['x-content-type-options'], path).toBe('nosniff')
      expect(headers['cross-origin-opener-policy'], path).toBe('same-origin')
      expect(headers['cross-origin-resource-policy'], path).toBe('same-origin')
      expect(headers['permissions-policy'], path).toContain('camera=(self)')
    }
  })

  it('lets the service worker and the page be asked for again each time, hashed files never', async () => {
    const { server } = await start()
    expect((await send(`${server.origin}/service-worker.js`)).headers['cache-control']).toBe('no-cache')
    expect((await send(`${server.origin}/`)).headers['cache-control']).toBe('no-cache')
    expect((await send(`${server.origin}/assets/app-1a2b.js`)).headers['cache-control']).toContain('immutable')
  })

  it.each(['/../package.json', '/..%2fpackage.json', '/%2e%2e/package.json', '/.env', '//etc/passwd'])(
    'serves nothing outside: %s',
    async (path) => {
      const { server, port } = await start()
      const answer = await new Promise<number>((resolve, reject) => {
        const request = httpRequest({ host: '127.0.0.1', port, path, headers: { host: `127.0.0.1:${port}` } }, (response) => {
          response.resume()
          resolve(response.statusCode ?? 0)
        })
        request.on('error', reject)
        request.end()
      })
      expect(answer).toBeGreaterThanOrEqual(400)
      expect(server.origin).toContain(String(port))
    },
  )

  it('refuses a body that is too long or not JSON', async () => {
    const { server } = await start()
    const cookie = await launch(server)
    const post = (body: string) =>
      send(`${server.origin}/station/describe`, { method: 'POST', headers: ownHeaders(server.origin, cookie), body })
    expect((await post('{')).status).toBe(400)
    expect((await post(`"${'x'.repeat(70_000)}"`)).status).toBe(413)
  })

  it('fails rather than moves when its port is taken', async () => {
    const { port } = await start()
    const second = await startLoopbackServer({
      station: silent,
      port,
      rendererDir,
      sessionKey: randomBytes(32),
      onFault: () => undefined,
    })
    expect(second).toMatchObject({ ok: false, error: { type: 'port-taken' } })
  })
})

describe('the gate', () => {
  const own: GateRequest = {
    method: 'POST',
    path: '/station/describe',
    host: '127.0.0.1:4810',
    origin: 'http://127.0.0.1:4810',
    fetchSite: 'same-origin',
    fetchMode: 'cors',
    contentType: 'application/json',
  }
  const page: GateRequest = {
    ...own,
    method: 'GET',
    path: '/',
    origin: undefined,
    fetchSite: 'none',
    fetchMode: 'navigate',
    contentType: undefined,
  }

  it.each<[string, GateRequest]>([
    ['its own call', own],
    ['its own call with a charset', { ...own, contentType: 'application/json; charset=utf-8' }],
    ['its own events', { ...own, method: 'GET', path: '/station/events', origin: undefined, contentType: undefined }],
    ['the page opened by hand', page],
    ['the page opened from elsewhere', { ...page, fetchSite: 'cross-site' }],
    ['its own script', { ...page, path: '/assets/a.js', fetchSite: 'same-origin', fetchMode: 'no-cors' }],
  ])('lets %s pass', (_name, request) => expect(passGate(4810, request)).toEqual({ ok: true, value: null }))

  it.each<[string, GateRequest, number]>([
    ['a name that resolves here', { ...own, host: 'evil.example:4810' }, 421],
    ['localhost, another origin', { ...page, host: 'localhost:4810' }, 421],
    ['another port', { ...own, host: '127.0.0.1:4811' }, 421],
    ['no host', { ...page, host: undefined }, 421],
    ['a page of another origin', { ...own, origin: 'http://127.0.0.1:9999', fetchSite: 'same-site' }, 403],
    ['an opaque origin', { ...own, origin: 'null' }, 403],
    ['a POST without an origin', { ...own, origin: undefined }, 403],
    ['a fetch from the same site', { ...own, fetchSite: 'same-site' }, 403],
    ['a station call typed as an address', { ...own, fetchSite: 'none' }, 403],
    ['a form', { ...own, contentType: 'application/x-www-form-urlencoded' }, 415],
    ['a form that pretends', { ...own, contentType: 'text/plain' }, 415],
    ['no content type', { ...own, contentType: undefined }, 415],
    ['a station call by GET', { ...own, method: 'GET' }, 405],
    ['PUT', { ...page, method: 'PUT' }, 405],
    ['its script embedded elsewhere', { ...page, path: '/assets/a.js', fetchSite: 'cross-site', fetchMode: 'no-cors' }, 403],
  ])('stops %s', (_name, request, status) => expect(passGate(4810, request)).toMatchObject({ ok: false, error: { status } }))
})

describe('tokens and sessions', () => {
  it('lets a token die after two minutes', () => {
    let now = 0
    const tokens = createLaunchTokens(() => now)
    const [early, late] = [tokens.mint(), tokens.mint()]
    now = 119_999
    expect(tokens.spend(early)).toBe(true)
    now = 120_000
    expect(tokens.spend(late)).toBe(false)
    expect(tokens.spend('')).toBe(false)
  })

  it('ends a session after thirty days, and holds it to its port', () => {
    let now = 1_800_000_000_000
    const key = randomBytes(32)
    const sessions = createPageSessions({ key, port: 4810, now: () => now })
    const value = sessions.issue()
    expect(sessions.isValid(value)).toBe(true)
    expect(createPageSessions({ key, port: 4811, now: () => now }).isValid(value)).toBe(false)
    expect(sessions.isValid(value.replace(/^\d+/, '1'))).toBe(false)
    expect(sessions.isValid(undefined)).toBe(false)
    now += 30 * 24 * 3600 * 1000
    expect(sessions.isValid(value)).toBe(false)
  })
})
