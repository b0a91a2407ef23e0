/**
 * A Chromium with nothing between it and its network: of the debugging protocol only `Runtime.evaluate` and navigation are used, the
 * Network domain stays off (with it, uploads take two to three times as long).
 */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { findChromium } from '../../../electron/start/system-packages.ts'

export type BareChromium = {
  goto(url: string): Promise<void>
  /** Value of an expression, awaited when it is a promise. Rejects with what it threw. */
  evaluate(expression: string): Promise<unknown>
  /** Proportional set size of its renderer processes, bytes. */
  rendererMemory(): number
  kill(): Promise<void>
  close(): Promise<void>
}

const Targets = z.array(z.object({ type: z.string(), webSocketDebuggerUrl: z.string() }))
const Answer = z.object({
  id: z.number().optional(),
  method: z.string().optional(),
  error: z.object({ message: z.string() }).optional(),
  result: z
    .object({
      result: z.object({ value: z.unknown().optional() }).optional(),
      exceptionDetails: z
        .object({ text: z.string(), exception: z.object({ description: z.string().optional() }).optional() })
        .optional(),
    })
    .optional(),
})

export async function startBareChromium(options: {
  profile: string
  features?: readonly string[]
  flags?: readonly string[]
}): Promise<BareChromium> {
  const executable = findChromium()
  if (executable === undefined) throw new Error('no Chromium on this machine')
  const portFile = join(options.profile, 'DevToolsActivePort')
  rmSync(portFile, { force: true })
  const child = spawn(
    executable,
    [
      ...['--headless=new', '--no-first-run', '--no-default-browser-check', '--disable-background-networking', '--disable-sync'],
      ...['--disable-component-update', '--disable-gpu', '--disable-quic', '--password-store=basic', '--disable-dev-shm-usage'],
      ...['--disable-background-timer-throttling', '--disable-renderer-backgrounding', '--js-flags=--expose-gc'],
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...(options.features === undefined ? [] : [`--enable-features=${options.features.join(',')}`]),
      ...(options.flags ?? []),
      ...[`--user-data-dir=${options.profile}`, '--remote-debugging-port=0', 'about:blank'],
    ],
    { stdio: 'ignore', detached: true },
  )
  const { pid } = child
  if (pid === undefined) throw new Error('Chromium did not start')
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const end = async (signal: NodeJS.Signals) => {
    try {
      process.kill(-pid, signal)
    } catch {
      // already gone
    }
    await gone
    // The group's other processes: nothing of them may hold the profile's disk.
    for (let tries = 0; tries < 100 && groupOf(pid).length > 0; tries += 1) await pause(20)
  }
  try {
    let port: string | undefined
    for (let tries = 0; tries < 400 && !port; tries += 1) {
      await pause(50)
      if (child.exitCode !== null) throw new Error(`Chromium ended with ${child.exitCode}`)
      if (existsSync(portFile)) port = readFileSync(portFile, 'utf8').split('\n')[0]
    }
    if (!port) throw new Error('Chromium did not answer within 20 s')
    const targets = Targets.parse(await (await fetch(`http://127.0.0.1:${port}/json/list`)).json())
    const target = targets.find(({ type }) => type === 'page')
    if (target === undefined) throw new Error('Chromium has no page')
    const session = await connect(target.webSocketDebuggerUrl)
    return {
      ...session,
      rendererMemory: () =>
        groupOf(pid)
          .filter((each) => read(`/proc/${each}/cmdline`).includes('--type=renderer'))
          .reduce((sum, each) => sum + Number(/^Pss:\s+(\d+) kB/m.exec(read(`/proc/${each}/smaps_rollup`))?.[1] ?? 0) * 1024, 0),
      kill: () => end('SIGKILL'),
      close: () => end('SIGTERM'),
    }
  } catch (error) {
    await end('SIGKILL')
    throw error
  }
}

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

const groupOf = (leader: number): string[] =>
  readdirSync('/proc').filter(
    (pid) => /^\d+$/.test(pid) && Number(read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ')[2]) === leader,
  )

async function connect(url: string): Promise<Pick<BareChromium, 'goto' | 'evaluate'>> {
  const socket = new WebSocket(url)
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve())
    socket.addEventListener('error', () => reject(new Error('the debugging port refused')))
  })
  let last = 0
  const waiting = new Map<number, { resolve(answer: z.output<typeof Answer>): void; reject(error: Error): void }>()
  const loads = new Set<() => void>()
  socket.addEventListener('message', ({ data }) => {
    const answer = Answer.parse(JSON.parse(String(data)))
    if (answer.method === 'Page.loadEventFired') for (const loaded of loads) loaded()
    if (answer.id === undefined) return
    waiting.get(answer.id)?.resolve(answer)
    waiting.delete(answer.id)
  })
  socket.addEventListener('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('Chromium went away'))
    waiting.clear()
  })
  const call = (method: string, params: object = {}) =>
    new Promise<z.output<typeof Answer>>((resolve, reject) => {
      last += 1
      waiting.set(last, { resolve, reject })
      socket.send(JSON.stringify({ id: last, method, params }))
    })
  await call('Page.enable')
  return {
    async goto(address) {
      const loaded = new Promise<void>((resolve) => {
        const done = () => {
          loads.delete(done)
          resolve()
        }
        loads.add(done)
      })
      await call('Page.navigate', { url: address })
      await loaded
    },
    async evaluate(expression) {
      const { error, result } = await call('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })
      const thrown = error?.message ?? result?.exceptionDetails?.exception?.description ?? result?.exceptionDetails?.text
      if (thrown !== undefined) throw new Error(thrown)
      return result?.result?.value
    },
  }
}
