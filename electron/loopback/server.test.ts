import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { StationBridge } from '../../contracts/station-api.ts'
import { socketTransport } from '../../renderer/app/station-transports.ts'
import { stationApiContract, type TransportUnderTest } from '../../tests/contract/station-api.contract.ts'
import { freePort } from '../../tests/fixtures/free-port.ts'
import { type Station, StationRefusal } from '../station/station.ts'
import { createLaunchTokens } from './launch-tokens.ts'
import { createPageSessions } from './page-session.ts'
import { type GateRequest, passGate } from './request-gate.ts'
import { type LoopbackServer, startLoopbackServer } from './server.ts'

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

/** What Chromium sends with a page's WebSocket. */
const pageHeaders = (origin: string, cookie: string) => ({ cookie, origin })

const openSocket = (address: string | URL, headers: Record<string, string>) => new WebSocket(address, { headers })

/** The status of the answer to a page that asks for its WebSocket; 101 when it is let in. */
const knock = ({ origin }: LoopbackServer, headers: Record<string, string>): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const asked = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' }
    const request = httpRequest(`${origin}/station`, {
      headers: { ...asked, 'sec-websocket-key': randomBytes(16).toString('base64'), ...headers },
      agent: false,
    })
    request.on('upgrade', ({ headers: got }, socket) => {
      socket.destroy()
      resolve({ status: 101, headers: got, text: '' })
    })
    request.on('response', ({ statusCode = 0, headers: got }) => resolve({ status: statusCode, headers: got, text: '' }))
    request.on('error', reject)
    request.end()
  })

stationApiContract('the loopback WebSocket', 'loopback', async (station): Promise<TransportUnderTest> => {
  const { server } = await startServer(station, await freePort(), randomBytes(32))
  const leaving: (() => void)[] = []
  return {
    async openPage() {
      const cookie = await launch(server)
      const transport = socketTransport(`${server.origin}/`, (address) => openSocket(address, pageHeaders(server.origin, cookie)))
      const leave = transport.events(
        () => undefined,
        () => undefined,
      )
      leaving.push(leave)
      const { signal } = new AbortController()
      const bridge: StationBridge = {
        invoke: (method, request) => transport.send(method, request, signal),
        subscribe: (listener) => {
          transport.events(listener, () => undefined)
          return leave
        },
      }
      return { bridge, leave: async () => leave() }
    },
    async stop() {
      for (const leave of leaving) leave()
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
  const start = async (sessionKey: Uint8Array = randomBytes(32), at?: number, station = silent) => {
    const port = at ?? (await freePort())
    const started = await startServer(station, port, sessionKey)
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

  it('takes a launch token though the clock was set meanwhile, as it is when the network comes after a start', async () => {
    const clock = vi.spyOn(Date, 'now')
    try {
      const { server } = await start()
      const url = server.mintLaunchUrl()
      clock.mockReturnValue(Date.now() + 365 * 24 * 3_600_000)
      expect((await send(url)).status).toBe(303)
    } finally {
      clock.mockRestore()
    }
  })

  it('opens its pages to anyone of this machine, and the station to no one without the cookie', async () => {
    const { server } = await start()
    expect((await send(`${server.origin}/`)).status).toBe(200)
    const status = async (headers: Record<string, string>) => (await knock(server, headers)).status
    const cookie = await launch(server)
    expect(await status({ origin: server.origin })).toBe(401)
    const forged = `tram-${new URL(server.origin).port}=1.${'A'.repeat(22)}.${'A'.repeat(43)}`
    expect(await status(pageHeaders(server.origin, forged))).toBe(401)
    expect(await status({ cookie })).toBe(403)
    expect(await status(pageHeaders('http://127.0.0.1:1', cookie))).toBe(403)
    expect(await status({ ...pageHeaders(server.origin, cookie), host: 'evil.example' })).toBe(421)
    expect(await status(pageHeaders(server.origin, cookie))).toBe(101)
    expect((await send(`${server.origin}/station`, { headers: pageHeaders(server.origin, cookie) })).status).toBe(426)
  })

  it('knows a page again after it restarted, and none of another station', async () => {
    const first = await start()
    const cookie = await launch(first.server)
    await first.server.stop()
    servers.splice(0)
    const again = await start(first.sessionKey, first.port)
    const status = async (server: LoopbackServer) => (await knock(server, pageHeaders(server.origin, cookie))).status
    expect(await status(again.server)).toBe(101)
    await again.server.stop()
    servers.splice(0)
    expect(await status((await start(randomBytes(32), first.port)).server)).toBe(401)
  })

  it('sends strict headers with every answer, refusals too', async () => {
    const { server } = await start()
    const answers = ['/', '/nothing.js', '/station/describe', '/launch?token=x'].map(
      async (path): Promise<[string, Answer]> => [path, await send(`${server.origin}${path}`)],
    )
    for (const [path, { headers }] of [...(await Promise.all(answers)), ['a refused page', await knock(server, {})] as const]) {
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

  it('lets go of a page that sends what is too long, no call, or too many at once', async () => {
    const { server, faults } = await start(undefined, undefined, { ...silent, handle: () => new Promise(() => undefined) })
    const cookie = await launch(server)
    const closedAfter = async (...messages: (string | Uint8Array<ArrayBuffer>)[]) => {
      const socket = openSocket(`ws://${new URL(server.origin).host}/station`, pageHeaders(server.origin, cookie))
      await once(socket, 'open')
      const closed = new Promise<number>((resolve) => socket.addEventListener('close', ({ code }) => resolve(code)))
      for (const message of messages) socket.send(message)
      return await closed
    }
    const call = (id: number) => JSON.stringify({ id, method: 'describe', request: {} })
    expect(await closedAfter('x'.repeat(70_000))).toBe(1009)
    expect(await closedAfter('{')).toBe(1008)
    expect(await closedAfter('{"method":"describe","request":{}}')).toBe(1008)
    expect(await closedAfter(new Uint8Array(4))).toBe(1008)
    expect(await closedAfter(...Array.from({ length: 65 }, (_, id) => call(id)))).toBe(1008)
    expect(faults.map(({ reason }) => reason)).toEqual([...Array(4).fill('malformed'), 'too many calls'])
  })

  it('answers each of many calls by its id, and a refused one by its reason', async () => {
    const { server, faults } = await start(undefined, undefined, {
      ...silent,
      handle: async (method, request) => {
        if (method === 'enrol') throw new StationRefusal('invalid-request', 'enrol: code')
        await setTimeout(10 - Number(request))
        return request
      },
    })
    const cookie = await launch(server)
    const transport = socketTransport(server.origin, (address) => openSocket(address, pageHeaders(server.origin, cookie)))
    const { signal } = new AbortController()
    const asked = Array.from({ length: 10 }, (_, at) => at)
    expect(await Promise.all(asked.map((at) => transport.send('describe', at, signal)))).toEqual(asked)
    await expect(transport.send('enrol', { code: 'bí mật' }, signal)).rejects.toThrow('refused: invalid-request')
    expect(faults).toEqual([{ path: '/station/enrol', status: 400, reason: 'invalid-request' }])
  })

  it('is found again by a page whose connection was lost, and by its next call', async () => {
    const { server, port, sessionKey } = await start()
    const cookie = await launch(server)
    let links = 0
    const transport = socketTransport(server.origin, (address) => openSocket(address, pageHeaders(server.origin, cookie)))
    const leave = transport.events(
      () => undefined,
      () => {
        links += 1
      },
    )
    const { signal } = new AbortController()
    expect(await transport.send('describe', {}, signal)).toEqual({})
    await server.stop()
    servers.splice(0)
    await expect(transport.send('describe', {}, signal)).rejects.toThrow('no connection')
    await start(sessionKey, port)
    expect(await transport.send('describe', {}, signal)).toEqual({})
    expect(links).toBe(3)
    leave()
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
    method: 'GET',
    path: '/station',
    host: '127.0.0.1:4810',
    origin: 'http://127.0.0.1:4810',
    fetchSite: 'same-origin',
    fetchMode: 'websocket',
    upgrade: 'websocket',
  }
  const page: GateRequest = { ...own, path: '/', origin: undefined, fetchSite: 'none', fetchMode: 'navigate', upgrade: undefined }

  it.each<[string, GateRequest]>([
    ['its own WebSocket', own],
    ['its own WebSocket without fetch metadata', { ...own, fetchSite: undefined, fetchMode: undefined }],
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
    ['a WebSocket without an origin', { ...own, origin: undefined }, 403],
    ['a WebSocket from the same site', { ...own, fetchSite: 'same-site' }, 403],
    ['the station typed as an address', { ...own, fetchSite: 'none' }, 403],
    ['the station asked for as a file', { ...own, upgrade: undefined }, 426],
    ['a form', { ...own, method: 'POST', upgrade: undefined }, 405],
    ['what is no method of it', { ...own, path: '/station/describe' }, 404],
    ['a WebSocket to a page', { ...own, path: '/' }, 400],
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
