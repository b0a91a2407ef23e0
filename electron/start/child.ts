/** Child processes of `npm start`: started with Node, watched, ended in order, never left behind. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export type Child = { process: ChildProcess; pid: number; ended: Promise<number>; stop(): Promise<void> }

export type ChildOptions = { name: string; args: string[]; env?: Record<string, string>; onLine: (line: string) => void }

const graceMs = 15_000

/** Runs `node ...args`; each line of its output goes to `onLine`. */
export function startNode({ name, args, env, onLine }: ChildOptions): Child {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
  const { pid } = child
  if (pid === undefined) throw new Error(`${name} could not be started`)
  createInterface({ input: child.stdout }).on('line', onLine)
  createInterface({ input: child.stderr }).on('line', onLine)
  const ended = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? -1)))
  return {
    process: child,
    pid,
    ended,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      const patience = setTimeout(() => child.kill('SIGKILL'), graceMs)
      await ended
      clearTimeout(patience)
    },
  }
}

/** Starts it and waits for the line of its output that `pick` recognises; fails when it ends or `timeoutMs` pass first. */
export async function startNodeUntil<T>(
  options: Omit<ChildOptions, 'onLine'> & { onLine?: (line: string) => void; timeoutMs?: number },
  pick: (line: string) => T | undefined,
): Promise<{ child: Child; ready: T }> {
  const lastLines: string[] = []
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      clearTimeout(timer)
      void child.stop()
      reject(new Error(`${options.name}: ${why}\n${lastLines.join('\n')}`))
    }
    const child = startNode({
      ...options,
      onLine(line) {
        options.onLine?.(line)
        if (lastLines.push(line) > 20) lastLines.shift()
        const ready = pick(line)
        if (ready === undefined) return
        clearTimeout(timer)
        resolve({ child, ready })
      },
    })
    const timer = setTimeout(() => fail('did not answer in time'), options.timeoutMs ?? 60_000)
    void child.ended.then((code) => fail(`ended with ${code} before it was ready`))
  })
}
