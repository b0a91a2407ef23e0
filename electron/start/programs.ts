/** The gateway and the loopback station as programs: how `npm start` and the end-to-end tests run them. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { z } from 'zod'
import { enrolmentVariable } from '../station/enrolment-at-start.ts'
import { type Child, startNodeUntil } from './child.ts'

const run = promisify(execFile)

export type GatewayProgram = Child & {
  url: string
  enrolmentCode(station: { pointName: string; stationName: string; pointPlace?: string; demo: boolean }): Promise<string>
}

export type GatewayProgramOptions = {
  dataFolder: string
  port: number
  mode: 'demo' | 'production'
  /** Where kiosks reach it, when that is not its own address. */
  publicUrl?: string
  origins: string[]
  /** Folders of procedures beside the repository's: TRAM_PROCEDURES. */
  procedures?: string
  onLine?: (line: string) => void
}

export async function startGatewayProgram(options: GatewayProgramOptions): Promise<GatewayProgram> {
  const { child, ready: url } = await startNodeUntil(
    {
      name: 'gateway',
      args: [
        'sync/gateway/main.ts',
        ...['--data', options.dataFolder, '--port', String(options.port), '--mode', options.mode],
        ...(options.publicUrl ? ['--public-url', options.publicUrl] : []),
        ...options.origins.flatMap((origin) => ['--origin', origin]),
        ...['--log-level', 'warn'],
      ],
      timeoutMs: 90_000,
      ...(options.procedures && { env: { TRAM_PROCEDURES: options.procedures } }),
      ...(options.onLine && { onLine: options.onLine }),
    },
    (line) => /^gateway ready (\S+)/.exec(line)?.[1],
  )
  return {
    ...child,
    url,
    async enrolmentCode({ pointName, stationName, pointPlace, demo }) {
      const place = pointPlace === undefined ? [] : ['--place', pointPlace]
      const words = [
        '--point',
        pointName,
        '--station',
        stationName,
        ...place,
        '--data',
        options.dataFolder,
        ...(demo ? ['--demo'] : []),
      ]
      const { stdout } = await run(process.execPath, ['sync/gateway/enrol-code.ts', ...words], { timeout: 60_000 })
      return z.string().min(16).parse(stdout.split('\n')[0]?.trim())
    },
  }
}

/** `launchUrl` lets one browser in, once. */
export type LoopbackProgram = Child & { launchUrl: string }

export type LoopbackProgramOptions = {
  dataFolder: string
  gatewayUrl: string
  port: number
  readers: 'pcsc' | 'simulated'
  enrolmentCode?: string
  /** Network scanners (eSCL) by address. */
  documentScanners?: readonly string[]
  /** A folder of other pages than those of dist/renderer. */
  pages?: string
  /** Of the mending of the browser's store. */
  storeMended?: string | undefined
  environment?: Record<string, string>
  onLine?: (line: string) => void
}

const LaunchLine = z.object({ launchUrl: z.url() })

export async function startLoopbackProgram(options: LoopbackProgramOptions): Promise<LoopbackProgram> {
  const { child, ready: launchUrl } = await startNodeUntil(
    {
      name: 'kiosk station',
      args: [
        'electron/loopback/main.ts',
        ...['--data', options.dataFolder, '--gateway', options.gatewayUrl],
        ...['--port', String(options.port), '--readers', options.readers],
        ...(options.pages ? ['--renderer', options.pages] : []),
        ...(options.storeMended ? ['--store-mended', options.storeMended] : []),
        ...(options.documentScanners ?? []).flatMap((address) => ['--scanner', address]),
      ],
      env: { ...options.environment, ...(options.enrolmentCode && { [enrolmentVariable]: options.enrolmentCode }) },
      ...(options.onLine && { onLine: options.onLine }),
    },
    (line) => {
      if (!line.startsWith('{"launchUrl"')) return undefined
      const parsed = LaunchLine.safeParse(JSON.parse(line))
      return parsed.success ? parsed.data.launchUrl : undefined
    },
  )
  return { ...child, launchUrl }
}
