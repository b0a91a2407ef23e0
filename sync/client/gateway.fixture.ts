/** For tests: a small HTTP server that speaks contracts/gateway-api.ts with real keys and real receipts, and fails when told to. */
import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { PacketAnswer, PacketRecord, ProblemType, UpdatesAnswer } from '../../contracts/gateway-api.ts'
import { Packet, type PacketHeader } from '../../contracts/packet.ts'
import { packetDigest, parseHeader } from '../packet/packet-codec.ts'
import { sealedParts, unpackParcel } from '../packet/parcel.ts'
import type { TestGatewayKeys } from '../vault/station.fixture.ts'

/** What befalls one request. `lose-answer` and `reset` act after and before the gateway's own work. */
export type Fault =
  | { act: 'answer'; status: number; body: string; headers?: Record<string, string> }
  | { act: 'lose-answer' }
  | { act: 'reset' }
  | { act: 'cut-body'; afterBytes: number }
type Seen = { method: string; path: string; packetId?: string; offset: string | undefined; bytes: number }

type Held = { header: PacketHeader; digest: string; files: Map<string, Buffer>; state: PacketAnswer['state']; receipt?: string }

export const problem = (type: ProblemType, status: number): Fault => ({
  act: 'answer',
  status,
  body: JSON.stringify({ type, title: type, status }),
})

export const startGatewayFixture = async (keys: TestGatewayKeys) => {
  const packets = new Map<string, Held>()
  const seen: Seen[] = []
  const updates: UpdatesAnswer['updates'] = []
  const records: PacketRecord[] = []
  const waiting = new Set<() => void>()
  let tokens = new Set<string>()
  let intercept: (request: { method: string; path: string; bytes: number }) => Fault | undefined = () => undefined
  let clockAhead = 0
  const receiptChange = { packetDigest: undefined as string | undefined }

  const publish = (packet: PacketAnswer) => {
    updates.push({ cursor: updates.length + 1, packet })
    for (const wake of waiting) wake()
  }

  const answerOf = (packetId: string, held: Held): PacketAnswer => ({
    packetId,
    state: held.state,
    missing: held.header.attachments
      .map(({ attachmentId, sealedSize }) => ({ attachmentId, offset: held.files.get(attachmentId)?.length ?? 0, sealedSize }))
      .filter(({ offset, sealedSize }) => offset < sealedSize)
      .map(({ attachmentId, offset }) => ({ attachmentId, offset })),
    ...(held.receipt === undefined ? {} : { receipt: held.receipt }),
  })

  const settle = async (packetId: string, held: Held): Promise<boolean> => {
    for (const { attachmentId, sealedSize, sealedSha256 } of held.header.attachments) {
      const file = held.files.get(attachmentId)
      if (file?.length !== sealedSize) return true
      if (createHash('sha256').update(file).digest('hex') !== sealedSha256) {
        held.files.delete(attachmentId)
        return false
      }
    }
    if (held.receipt !== undefined) return true
    held.receipt = await keys.signReceipt({
      packetId,
      stationId: held.header.stationId,
      counter: held.header.counter,
      packetDigest: receiptChange.packetDigest ?? held.digest,
      attachments: held.header.attachments,
      receivedAt: new Date().toISOString(),
    })
    held.state = 'received'
    publish(answerOf(packetId, held))
    return true
  }

  const send = (response: ServerResponse, status: number, body?: unknown, headers: Record<string, string> = {}) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body))
  }
  const refuse = (response: ServerResponse, type: ProblemType, status: number) =>
    send(response, status, { type, title: type, status })

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url = '' } = request
    const { pathname: path, searchParams } = new URL(url, 'http://gateway')
    const record: Seen = { method, path, offset: request.headers['upload-offset']?.toString(), bytes: 0 }
    seen.push(record)
    const fault = intercept({ method, path, bytes: Number(request.headers['content-length'] ?? 0) })
    if (fault?.act === 'reset') return void request.socket.destroy()
    const parts: Buffer[] = []
    const patched = path.match(/^\/v1\/attachments\/([^.]+)\.(.+)$/)
    const [packetId = '', attachmentId = ''] = patched?.slice(1) ?? []
    for await (const part of request as AsyncIterable<Buffer>) {
      parts.push(part)
      record.bytes += part.length
      if (fault?.act === 'cut-body' && record.bytes >= fault.afterBytes) {
        // Durable up to here, as a gateway that syncs what it got before the line went dead.
        const held = packets.get(packetId)
        held?.files.set(
          attachmentId,
          Buffer.concat([held.files.get(attachmentId) ?? Buffer.alloc(0), ...parts]).subarray(
            0,
            Number(record.offset) + fault.afterBytes,
          ),
        )
        return void request.socket.destroy()
      }
    }
    const body = Buffer.concat(parts)
    if (fault?.act === 'answer') return send(response, fault.status, fault.body, fault.headers)
    if (fault?.act === 'lose-answer') {
      response.end = () => {
        request.socket.destroy()
        return response
      }
      response.writeHead = () => response
    }

    if (path === '/v1/challenge') {
      const time = new Date(Date.now() + clockAhead).toISOString()
      return send(response, 200, { challenge: randomBytes(16).toString('hex'), time, expiresInSeconds: 60 })
    }
    if (path === '/v1/token') {
      const form = new URLSearchParams(body.toString())
      if (form.get('client_assertion')?.split('.').length !== 3) return refuse(response, 'unauthenticated', 401)
      const token = randomBytes(16).toString('hex')
      tokens.add(token)
      return send(response, 200, { access_token: token, token_type: 'Bearer', expires_in: 600 })
    }
    if (!tokens.has((request.headers.authorization ?? '').slice('Bearer '.length)))
      return refuse(response, 'unauthenticated', 401)

    if (path === '/v1/updates') {
      const after = Number(searchParams.get('after'))
      const wait = Number(searchParams.get('wait')) * 1000
      if (updates.length <= after && wait > 0) {
        await new Promise<void>((resolve) => {
          const done = () => {
            clearTimeout(timer)
            waiting.delete(done)
            resolve()
          }
          const timer = setTimeout(done, wait)
          waiting.add(done)
          response.on('close', done)
        })
      }
      return send(response, 200, { updates: updates.slice(after), cursor: updates.length })
    }
    if (path === '/v1/records') return send(response, 200, { records })
    if (method === 'POST' && path === '/v1/packets') {
      const parcel = unpackParcel(body)
      if (!parcel.ok) return refuse(response, 'busy', 503)
      const packet = Packet.parse(parcel.value.packet)
      const digest = await packetDigest(packet)
      const parsed = parseHeader(packet)
      if (!parsed.ok) return refuse(response, 'malformed', 400)
      const { header } = parsed.value
      record.packetId = header.packetId
      const before = packets.get(header.packetId)
      if (before !== undefined && before.digest !== digest) return refuse(response, 'key-reused', 409)
      const held: Held = before ?? { header, digest, files: new Map(), state: 'waiting-for-attachments' }
      const parts = sealedParts(parcel.value.sealed, header.attachments)
      if (!parts.ok) return refuse(response, 'busy', 503)
      if (before === undefined)
        for (const { attachmentId, bytes } of parts.value ?? []) held.files.set(attachmentId, Buffer.from(bytes))
      if (!(await settle(header.packetId, held))) return refuse(response, 'attachment-invalid', 422)
      packets.set(header.packetId, held)
      return send(response, 200, answerOf(header.packetId, held))
    }
    const packetPath = path.match(/^\/v1\/packets\/(.+)$/)
    if (packetPath?.[1] !== undefined) {
      const id = packetPath[1]
      const held = packets.get(id)
      return held === undefined ? refuse(response, 'not-found', 404) : send(response, 200, answerOf(id, held))
    }
    if (method === 'POST' && path === '/v1/attachments') {
      const pairs = String(request.headers['upload-metadata'])
        .split(',')
        .map((pair) => pair.split(' '))
      const metadata = Object.fromEntries(pairs.map(([key, value = '']) => [key, Buffer.from(value, 'base64').toString()]))
      const held = packets.get(String(metadata.packetId))
      const id = String(metadata.attachmentId)
      if (held === undefined) return refuse(response, 'not-found', 404)
      if (held.files.has(id)) return refuse(response, 'busy', 409)
      held.files.set(id, Buffer.alloc(0))
      return send(response, 201)
    }
    const held = packets.get(packetId)
    const file = held?.files.get(attachmentId)
    if (held === undefined || file === undefined) return refuse(response, 'not-found', 404)
    if (method === 'HEAD') return send(response, 200, undefined, { 'upload-offset': String(file.length) })
    if (Number(record.offset) !== file.length) return refuse(response, 'malformed', 409)
    const whole = Buffer.concat([file, body])
    held.files.set(attachmentId, whole)
    if (!(await settle(packetId, held))) return refuse(response, 'attachment-invalid', 422)
    return send(response, 204, undefined, { 'upload-offset': String(whole.length) })
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => request.socket.destroy())
  })
  const listen = (port: number) =>
    new Promise<number>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', () => {
        const address = server.address()
        resolve(typeof address === 'object' && address !== null ? address.port : 0)
      })
    })
  const port = await listen(0)
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })

  return {
    url: `http://127.0.0.1:${port}`,
    packets,
    /** What the gateway's record of the station says. */
    records,
    seen,
    receiptChange,
    publish,
    answerOf: (packetId: string) => {
      const held = packets.get(packetId)
      if (held === undefined) throw new Error('no such packet')
      return answerOf(packetId, held)
    },
    /** Faults by request; a fault function may count. */
    onRequest: (fault: typeof intercept) => {
      intercept = fault
    },
    forgetTokens: () => {
      tokens = new Set()
    },
    setClockAhead: (ms: number) => {
      clockAhead = ms
    },
    goDown: close,
    comeBack: () => listen(port),
    close,
  }
}
