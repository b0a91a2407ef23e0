/** A screen for windows where there is none: Xvfb with a window manager, without which kiosk mode stays 800x600. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

export type Display = { name: string; stop(): Promise<void> }

const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}

const started = async (child: ChildProcess, name: string): Promise<void> => {
  await Promise.race([
    once(child, 'spawn'),
    once(child, 'error').then(([error]) => {
      throw new Error(`${name} could not be started: ${error instanceof Error ? error.message : 'unknown'}`)
    }),
  ])
}

export const openDisplay = async (width = 1366, height = 768): Promise<Display> => {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  // A test run that ends in the middle leaves no screen behind.
  process.once('exit', () => server.kill('SIGKILL'))
  await started(server, 'Xvfb')
  const pipe = server.stdio[3]
  if (!pipe || !('on' in pipe)) throw new Error('Xvfb has no pipe for its display')
  const number = await new Promise<string>((resolve, reject) => {
    let text = ''
    pipe.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (text.endsWith('\n')) resolve(text.trim())
    })
    server.once('exit', () => reject(new Error('Xvfb ended before it named its display')))
    setTimeout(() => reject(new Error('Xvfb named no display within 10 s')), 10_000).unref()
  })
  const name = `:${number}`
  const manager = spawn('openbox', [], { stdio: 'ignore', env: { ...process.env, DISPLAY: name } })
  await started(manager, 'openbox')
  return {
    name,
    async stop() {
      await end(manager)
      await end(server)
    },
  }
}
