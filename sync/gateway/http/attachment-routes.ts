/**
 * tus 1.0.0 for sealed attachments (core protocol and creation). @tus/server speaks the protocol; here is who may do what.
 *
 * Invariants: an upload belongs to the station of its packet and to whoever carries that packet, and to anybody else it does not exist. A creation names the
 * attachment in Upload-Metadata (`packetId`, `attachmentId`) or in the path. Creating it again is answered 409 with its
 * address: ask for its offset (HEAD) and go on.
 */
import { Readable } from 'node:stream'
import { Metadata, Server } from '@tus/server'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Problem } from '../../../contracts/gateway-api.ts'
import { parseUploadId, type SealedFiles, type UploadName, uploadIdOf } from '../attachments/sealed-files.ts'
import type { Completion } from '../packets/completion.ts'
import type { PacketStore } from '../packets/packet-store.ts'
import { problemOf, type Refusal, sendProblem } from '../problem.ts'
import { type Database, isStorageAway } from '../storage/database.ts'
import { stationOf } from './bearer.ts'
import { carries } from './courier-routes.ts'

const root = '/v1/attachments'
/** Set by @fastify/cors for the whole gateway; the library's own are for any origin. */
const isCorsHeader = (name: string) => name.startsWith('access-control-')

/** Thrown through @tus/server, which takes status and body from what is thrown. */
const tusError = (refusal: Refusal, status?: number) => {
  const problem = problemOf(refusal, status)
  return { status_code: problem.status, body: JSON.stringify(problem) }
}

function problemFor(status: number, body: string): Problem {
  if (body.startsWith('{')) return JSON.parse(body) as Problem
  if (status === 413) return problemOf({ type: 'too-large' }, status)
  if (status === 404 || status === 410) return problemOf({ type: 'not-found' }, status)
  if (status >= 500) return problemOf({ type: status === 503 ? 'busy' : 'internal' }, status)
  if (status === 423 || status === 409) return problemOf({ type: 'busy' }, status)
  return problemOf({ type: 'malformed', detail: body.trim().slice(0, 200) }, status)
}

export function addAttachmentRoutes(
  app: FastifyInstance,
  services: { store: PacketStore; files: SealedFiles; completion: Completion; logger: Logger; database: Database },
): void {
  const { store, files, completion } = services

  const tus = new Server({
    path: root,
    datastore: files,
    relativeLocation: true,
    lockDrainTimeout: 1_000,
    namingFunction: (request, metadata) => {
      const inPath = new URL(request.url).pathname.slice(root.length + 1)
      const name = parseUploadId(inPath === '' ? `${metadata?.packetId}.${metadata?.attachmentId}` : inPath)
      if (name === undefined) throw tusError({ type: 'malformed', detail: 'Upload-Metadata names no attachment' })
      return uploadIdOf(name)
    },
    onUploadCreate: async (_request, upload) => {
      const expected = await findExpected(upload.id)
      if (expected === undefined) throw tusError({ type: 'not-found' })
      if (upload.size !== expected.sealedSize)
        throw tusError({ type: 'attachment-invalid', detail: 'Upload-Length is not what the packet announced' })
      if ((await files.durableSize(upload.id)) !== undefined)
        throw tusError({ type: 'busy', detail: 'created before, go on from its offset' }, 409)
      return {}
    },
    onResponseError: (_request, error) => {
      if (!(error instanceof Error)) return undefined
      services.logger.error({ error: error.name, code: 'code' in error ? error.code : undefined }, 'an upload failed')
      return tusError({ type: isStorageAway(error) ? 'busy' : 'internal' })
    },
    onUploadFinish: async (_request, upload) => {
      const name = parseUploadId(upload.id)
      if (name === undefined) throw new Error('An upload without a name')
      const settled = await completion.settle(name.packetId)
      if (!settled.ok) throw tusError(settled.error)
      return {}
    },
  })

  const findExpected = (id: string) => {
    const name = parseUploadId(id)
    return name === undefined ? Promise.resolve(undefined) : store.announced(name.packetId, name.attachmentId)
  }

  const nameIn = (request: FastifyRequest): UploadName | undefined => {
    const inPath = request.url.split('?')[0]?.slice(root.length + 1) ?? ''
    if (inPath !== '') return parseUploadId(inPath)
    const header = request.headers['upload-metadata']
    if (typeof header !== 'string') return undefined
    try {
      const metadata = Metadata.parse(header)
      return parseUploadId(`${metadata.packetId}.${metadata.attachmentId}`)
    } catch {
      return undefined
    }
  }

  const isOwn = async (request: FastifyRequest, name: UploadName): Promise<boolean> => {
    const { stationId } = stationOf(request)
    const packet = await store.find(name.packetId)
    return (
      packet !== undefined && (packet.stationId === stationId || (await carries(services.database, name.packetId, stationId)))
    )
  }

  const handle = async (request: FastifyRequest, reply: FastifyReply) => {
    const name = nameIn(request)
    if (name === undefined || !(await isOwn(request, name))) {
      if (!request.raw.complete) reply.header('connection', 'close')
      return sendProblem(reply, { type: name === undefined && request.method === 'POST' ? 'malformed' : 'not-found' })
    }
    const headers = new Headers()
    for (const [key, value] of Object.entries(request.headers)) if (typeof value === 'string') headers.set(key, value)
    const hasBody = request.method === 'PATCH' || request.method === 'POST'
    const response = await tus.handleWeb(
      new Request(new URL(request.url, 'http://gateway'), {
        method: request.method,
        headers,
        ...(hasBody ? { body: Readable.toWeb(request.raw), duplex: 'half' } : {}),
      }),
    )
    for (const [key, value] of response.headers) if (!isCorsHeader(key) && key !== 'content-length') reply.header(key, value)
    // A half-read body would be taken for the connection's next request.
    if (hasBody && !request.raw.complete) reply.header('connection', 'close')
    if (response.status >= 400) {
      const problem = problemFor(response.status, await response.text())
      if (problem.status === 409) reply.header('location', `${root}/${uploadIdOf(name)}`)
      return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem))
    }
    reply.removeHeader('content-type')
    return reply.code(response.status).send()
  }

  app.register((scope, _options, done) => {
    // The body is tus's to read, as a stream, whatever it calls itself.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _payload, next) => next(null))
    scope.route({ method: 'POST', url: root, handler: handle })
    scope.route({ method: ['POST', 'HEAD', 'PATCH'], url: `${root}/:uploadId`, handler: handle })
    done()
  })
}
