/** The serial driver on a real pair of pseudo terminals, made by socat: one end is the port, the other the scanner. */
import { describe, expect, it } from 'vitest'
import type { Scan, ScannerStatus, SerialSettings } from '../../contracts/scan.ts'
import { codeScannerContract } from '../../tests/contract/code-scanner.contract.ts'
import { makeSerialPair } from '../../tests/fixtures/serial-pair.ts'
import { openSerialCodeScanner, usualSerialSettings } from './serial-code-scanner.ts'

const settings: SerialSettings = { ...usualSerialSettings, idleMs: 60 }

codeScannerContract('serial, over a pseudo terminal', async () => {
  const pair = await makeSerialPair()
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
    const pair = await makeSerialPair()
    const { scanner, texts } = listen(pair.port, { ...settings, terminator: 'none', idleMs: 150 })
    await expect.poll(() => scanner.status().state).toBe('ready')
    await pair.send(Buffer.from('0001900'))
    await pair.send(Buffer.from('00017'))
    await expect.poll(texts, { timeout: 5_000 }).toEqual(['000190000017'])
    await scanner.close()
    await pair.close()
  })

  it('says when another program has the port, and takes it once it is free', async () => {
    const pair = await makeSerialPair()
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
