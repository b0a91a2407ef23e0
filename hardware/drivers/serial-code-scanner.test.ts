/** The serial driver on a real pair of pseudo terminals, made by socat: one end is the port, the other the scanner. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream, existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Scan, ScannerStatus, SerialSettings } from '../../contracts/scan.ts'
import { codeScannerContract } from '../../tests/contract/code-scanner.contract.ts'
import { openSerialCodeScanner, usualSerialSettings } from './serial-code-scanner.ts'

const makePair = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tram-serial-'))
  const [port, scannerEnd] = [join(folder, 'port'), join(folder, 'scanner')]
  let socat: ChildProcess | undefined
  const plug = async () => {
    socat = spawn('socat', [`pty,raw,echo=0,link=${port}`, `pty,raw,echo=0,link=${scannerEnd}`], { stdio: 'ignore' })
    await expect.poll(() => existsSync(port) && existsSync(scannerEnd), { timeout: 5_000 }).toBe(true)
  }
  const unplug = async () => {
    const ending = socat
    socat = undefined
    if (ending === undefined) return
    const ended = new Promise((resolve) => ending.once('exit', resolve))
    ending.kill()
    await ended
  }
  const send = (bytes: Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      const stream = createWriteStream(scannerEnd)
      stream.once('error', reject)
      stream.end(bytes, () => resolve())
    })
  await plug()
  return {
    port,
    plug,
    unplug,
    send,
    async close() {
      await unplug()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const settings: SerialSettings = { ...usualSerialSettings, idleMs: 60 }

codeScannerContract('serial, over a pseudo terminal', async () => {
  const pair = await makePair()
  return {
    open: openSerialCodeScanner({ type: 'serial', path: pair.port, settings }, { retryMs: 50 }),
    present: (bytes) => pair.send(Buffer.concat([bytes, Buffer.from('\r\n')])),
    plug: pair.plug,
    unplug: pair.unplug,
    close: pair.close,
  }
})

describe('serial scanner', () => {
  const listen = (path: string, chosen: SerialSettings) => {
    const scans: Scan[] = []
    const statuses: ScannerStatus[] = []
    const scanner = openSerialCodeScanner(
      { type: 'serial', path, settings: chosen },
      { retryMs: 50 },
    )({
      onStatus: (status) => statuses.push(status),
      onScan: (scan) => scans.push(scan),
    })
    return { scanner, scans, statuses, texts: () => scans.map((scan) => (scan.ok ? scan.value.text : scan.error.type)) }
  }

  it('ends a code by the still line when the scanner sends no terminator, however the bytes are cut', async () => {
    const pair = await makePair()
    const { scanner, texts } = listen(pair.port, { ...settings, terminator: 'none', idleMs: 150 })
    await expect.poll(() => scanner.status().state).toBe('ready')
    await pair.send(Buffer.from('0001900'))
    await pair.send(Buffer.from('00017'))
    await expect.poll(texts, { timeout: 5_000 }).toEqual(['000190000017'])
    await scanner.close()
    await pair.close()
  })

  it('says when another program has the port, and takes it once it is free', async () => {
    const pair = await makePair()
    const first = listen(pair.port, settings)
    await expect.poll(() => first.scanner.status().state).toBe('ready')
    const second = listen(pair.port, settings)
    await expect.poll(() => second.scanner.status().failure?.type, { timeout: 5_000 }).toBe('scanner-busy')
    await first.scanner.close()
    await expect.poll(() => second.scanner.status().state, { timeout: 5_000 }).toBe('ready')
    await second.scanner.close()
    await pair.close()
  })

  it('names what is no port', async () => {
    const { scanner } = listen('/dev/null', settings)
    await expect.poll(() => scanner.status().failure?.type, { timeout: 5_000 }).toMatch(/^scanner-(failed|settings-refused)$/)
    await scanner.close()
  })
})
