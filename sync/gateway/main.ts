/**
 * The gateway as a program: `node sync/gateway/main.ts [--port N] [--data DIR] [--mode demo|production] [--public-url URL]
 * [--origin ORIGIN]... [--log-level LEVEL] [--offline-days N] [--draft-hours N] [--keep-months N (0: no store)] [--trust FOLDER]`;
 * DATABASE_URL for a PostgreSQL other than its own, TRAM_PROCEDURES=FOLDER[:FOLDER…] for procedures beside the repository's (docs/procedures.md).
 *
 * Invariants: prints its address when it is ready and nothing secret ever; SIGTERM and SIGINT end it in order, with its
 * PostgreSQL; a second signal ends it at once.
 */
import './disk-threads.ts'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { z } from 'zod'
import { catalogueWith } from '../../procedures/authoring/read-folders.ts'
import { startGateway } from './gateway.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: process.env.TRAM_GATEWAY_PORT ?? '4800' },
    data: { type: 'string', default: process.env.TRAM_GATEWAY_DATA ?? 'data/gateway' },
    mode: { type: 'string', default: process.env.TRAM_GATEWAY_MODE ?? 'production' },
    'public-url': { type: 'string' },
    origin: { type: 'string', multiple: true, default: [] },
    'log-level': { type: 'string', default: 'info' },
    'offline-days': { type: 'string', default: '14' },
    'draft-hours': { type: 'string', default: '72' },
    'keep-months': { type: 'string', default: '12' },
    trust: { type: 'string' },
  },
})
const settings = z
  .object({
    port: z.coerce.number().int().min(0).max(65_535),
    data: z.string().min(1),
    mode: z.enum(['demo', 'production']),
    'public-url': z.url({ protocol: /^https?$/ }).optional(),
    origin: z.array(z.url()),
    'log-level': z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']),
    'offline-days': z.coerce.number().int().min(1).max(365),
    'draft-hours': z.coerce.number().int().min(24).max(1440),
    trust: z.string().min(1).optional(),
    'keep-months': z.coerce.number().int().min(0).max(60),
  })
  .safeParse(values)
if (!settings.success) {
  console.error(
    `Tùy chọn sai / bad option: ${settings.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('; ')}`,
  )
  process.exit(2)
}
const { port, data, mode, origin } = settings.data
const publicUrl = settings.data['public-url']
const databaseUrl = process.env.DATABASE_URL
const trustFolder = settings.data.trust

const readCatalogue = () => {
  try {
    return catalogueWith(process.env.TRAM_PROCEDURES)
  } catch (error) {
    console.error(`TRAM_PROCEDURES: ${error instanceof Error ? error.message : 'unknown'}`)
    process.exit(2)
  }
}
const catalogue = readCatalogue()

const logger = pino({ level: settings.data['log-level'] }, pino.destination(2))
const gateway = await startGateway({
  catalogue,
  dataFolder: data,
  mode,
  port,
  origins: origin,
  keepMonths: settings.data['keep-months'],
  leasePolicy: { offlineDays: settings.data['offline-days'], draftHours: settings.data['draft-hours'] },
  logger,
  ...(publicUrl === undefined ? {} : { publicUrl }),
  ...(databaseUrl === undefined ? {} : { databaseUrl }),
  ...(trustFolder === undefined ? {} : { trustFolder }),
  onFatal: (reason) => {
    logger.fatal({ reason }, 'the gateway cannot go on')
    process.exit(1)
  },
}).catch((error: unknown) => {
  console.error(`Không khởi động được máy chủ / the gateway did not start: ${error instanceof Error ? error.message : 'unknown'}`)
  process.exit(1)
})
console.log(`gateway ready ${gateway.url} mode=${mode} pid=${process.pid}`)

let stopping = false
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (stopping) process.exit(1)
    stopping = true
    gateway.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  })
}
