/**
 * A card service of the tests' own: the real pcscd with two virtual readers on free ports, its socket in a folder of its own.
 *
 * pcscd's socket path is compiled in, so it runs in a mount namespace where that folder is another one; clients find the socket by
 * PCSCLITE_CSOCK_NAME. That takes root. Invariant: ended by its process id, and with the tests if these are killed.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../fixtures/free-port.ts'

const driver = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so'

/** vpcd listens on the port given and on the next one. */
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

export type PcscdFixture = {
  /** Port of the first virtual reader. */
  readonly port: number
  readonly readerName: string
  /** Environment by which a child process finds this service. */
  readonly env: Readonly<Record<string, string>>
  start(): Promise<void>
  stop(): Promise<void>
  /** Ends the service and removes its folder. */
  dispose(): Promise<void>
}

export const createPcscdFixture = async (): Promise<PcscdFixture> => {
  if (!existsSync(driver) || !existsSync('/usr/sbin/pcscd'))
    throw new Error('the virtual reader needs the Debian packages pcscd and vsmartcard-vpcd')
  const folder = mkdtempSync(join(tmpdir(), 'tram-pcscd-'))
  const run = join(folder, 'run')
  const config = join(folder, 'conf')
  mkdirSync(run, { mode: 0o755 })
  mkdirSync(config)
  const port = await freePort()
  const socket = join(run, 'pcscd.comm')
  writeFileSync(
    join(config, 'vpcd'),
    `FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:${port}\nLIBPATH ${driver}\nCHANNELID ${port}\n`,
  )
  let daemon: ChildProcess | undefined
  let said = ''

  const stop = async (): Promise<void> => {
    const ending = daemon
    daemon = undefined
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return
    const ended = new Promise<void>((resolve) => ending.once('exit', () => resolve()))
    ending.kill('SIGTERM')
    await Promise.race([ended, pause(3_000)])
    if (ending.exitCode === null && ending.signalCode === null) {
      ending.kill('SIGKILL')
      await ended
    }
    rmSync(socket, { force: true })
  }

  return {
    port,
    readerName: 'Virtual PCD 00 00',
    env: { PCSCLITE_CSOCK_NAME: socket },
    async start() {
      said = ''
      const started = spawn(
        '/usr/bin/unshare',
        [
          '-m',
          'sh',
          '-c',
          'mkdir -p /run/pcscd && mount --bind "$1" /run/pcscd && exec setpriv --pdeathsig TERM pcscd --foreground --config "$2"',
          'sh',
          run,
          config,
        ],
        { stdio: ['ignore', 'pipe', 'pipe'] },
      )
      const hear = (chunk: Buffer): void => {
        said = (said + chunk.toString()).slice(-4_000)
      }
      started.stdout.on('data', hear)
      started.stderr.on('data', hear)
      daemon = started
      for (let waited = 0; !existsSync(socket); waited += 50) {
        if (started.exitCode !== null || waited > 10_000) throw new Error(`pcscd did not start: ${said}`)
        await pause(50)
      }
      // The socket is there before the readers are.
      await pause(300)
    },
    stop,
    async dispose() {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
