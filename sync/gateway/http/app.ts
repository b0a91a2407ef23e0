/**
 * The gateway's HTTP: limits, time-outs, CORS, problem details for every failure, one log line for each answer.
 *
 * Invariants: bearer tokens only, so no cookie is ever asked for or believed; logs hold methods, routes, states and times,
 * never a body, a header or an error's details (PostgreSQL puts values into them).
 */
import cors from '@fastify/cors'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { Logger } from 'pino'
import type { Catalogue } from '../../../procedures/documents/catalogue-source.ts'
import type { SealedFiles } from '../attachments/sealed-files.ts'
import type { Keys } from '../keys.ts'
import type { Completion } from '../packets/completion.ts'
import type { Feed } from '../packets/feed.ts'
import type { Intake } from '../packets/intake.ts'
import type { PacketStore } from '../packets/packet-store.ts'
import { type Refusal, sendProblem } from '../problem.ts'
import type { Authentication } from '../stations/authentication.ts'
import type { LeasePolicy } from '../stations/leases.ts'
import { type Database, isStorageAway } from '../storage/database.ts'
import { addAttachmentRoutes } from './attachment-routes.ts'
import { requireStation } from './bearer.ts'
import { addCatalogueRoute, type DocumentShelf } from './catalogue-routes.ts'
import { addCourierRoutes } from './courier-routes.ts'
import { addLeaseRoute } from './lease-routes.ts'
import { limitLoad } from './load.ts'
import { addPacketRoutes, type Records } from './packet-routes.ts'
import { addStationRoutes } from './station-routes.ts'
import { addStoreRoutes, type StoreService } from './store-routes.ts'
import { addSupplementRoutes } from './supplement-routes.ts'

const tusHeaders = [
  'Location',
  'Tus-Resumable',
  'Tus-Version',
  'Tus-Extension',
  'Upload-Offset',
  'Upload-Length',
  'Upload-Metadata',
  'Retry-After',
]

/** The database has sixteen connections; what waits longer than a few turns of them is better told to come again. */
const mostAtOnce = 100
/** What a small gateway gets done, for reckoning when those turned away find room (`npm run bench:herd`). */
const perSecond = 60

export type AppServices = {
  database: Database
  keys: Keys
  catalogue: Pick<Catalogue, 'find'>
  shelf: DocumentShelf
  leasePolicy: LeasePolicy
  authentication: Authentication
  intake: Intake
  feed: Feed
  records: Records
  store: PacketStore
  files: SealedFiles
  completion: Completion
  citizenStore?: StoreService
  logger: Logger
  origins: readonly string[]
}

function refusalFor(error: unknown): { refusal: Refusal; status?: number } {
  const status = error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500
  if (status === 413) return { refusal: { type: 'too-large' } }
  if (status >= 400 && status < 500) return { refusal: { type: 'malformed' }, status }
  return { refusal: { type: isStorageAway(error) ? 'busy' : 'internal' } }
}

export async function createApp(services: AppServices): Promise<FastifyInstance> {
  const loggerInstance: FastifyBaseLogger = services.logger
  const app = Fastify({
    loggerInstance,
    // A proxy on this machine says whom it speaks for; else all behind it would share one limit of enrolments. Nobody else is believed.
    trustProxy: '127.0.0.1',
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 64 * 1024,
    // Long enough for a slow line's chunk of an attachment; a half-open one is ended by the next request for it.
    requestTimeout: 300_000,
    connectionTimeout: 0,
    keepAliveTimeout: 30_000,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
  })
  app.addHook('onResponse', async (request, reply) => {
    services.logger.info(
      {
        method: request.method,
        route: request.routeOptions.url ?? 'none',
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'answered',
    )
  })
  app.setErrorHandler((error, _request, reply) => {
    const { refusal, status } = refusalFor(error)
    if (refusal.type === 'internal' || refusal.type === 'busy') {
      const cause =
        error instanceof Error
          ? {
              name: error.name,
              stack: error.stack?.split('\n').slice(1).join('\n'),
              code: 'code' in error ? error.code : undefined,
            }
          : {}
      services.logger.error({ cause }, 'a request failed')
    }
    return sendProblem(reply, refusal, status)
  })
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, { type: 'not-found' }))
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(body.toString())))
  })
  await app.register(cors, {
    origin: [...services.origins],
    credentials: false,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['Authorization', 'Content-Type', 'Tus-Resumable', 'Upload-Length', 'Upload-Metadata', 'Upload-Offset'],
    exposedHeaders: tusHeaders,
    // As long as Chromium keeps it: each new address still costs a question of its own.
    maxAge: 7200,
  })
  limitLoad(app, { mostAtOnce, perSecond, monotonicMs: () => performance.now(), random: Math.random })
  addStationRoutes(app, services)
  await app.register((scope, _options, done) => {
    requireStation(scope, services.authentication)
    addPacketRoutes(scope, services)
    addLeaseRoute(scope, services)
    addCatalogueRoute(scope, services.shelf)
    addSupplementRoutes(scope, services)
    addStoreRoutes(scope, services)
    addCourierRoutes(scope, services)
    addAttachmentRoutes(scope, services)
    done()
  })
  return app
}
