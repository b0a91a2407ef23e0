import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { ScanSettings } from '../../../contracts/document-scan.ts'
import { type EsclFault, startSimulatedEsclScanner } from '../../simulators/escl-scanner.ts'
import { createDocumentScanners } from './document-scanners.ts'
import { describeEsclScanner, startEsclScan } from './escl-scanner.ts'
import { startSaneScan } from './sane-scanner.ts'
import { startFolderScan } from './watched-folder.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const sheets = [1, 2, 3].map((number) => new Uint8Array(50_000).fill(number))
const settings: ScanSettings = { scannerId: 'escl:', source: 'feeder', resolution: 200, colour: false }
const scanner = async (fault?: EsclFault) => {
  const started = await startSimulatedEsclScanner(sheets, fault)
  closing.push(started.close)
  return started
}

describe('a scanner in the network (eSCL)', () => {
  it('says what it is and gives its sheets in order', async () => {
    for (const fault of [undefined, 'busy', 'elsewhere'] as const) {
      const { address } = await scanner(fault)
      expect(await describeEsclScanner(address)).toEqual({
        id: `escl:${address}`,
        name: 'Máy quét mô phỏng',
        kind: 'escl',
        sources: ['flatbed', 'feeder'],
      })
      const job = await startEsclScan(address, settings)
      if (!job.ok) throw new Error(job.error.type)
      for (const sheet of sheets) expect(await job.value.next()).toMatchObject({ ok: true, value: { bytes: sheet } })
      expect(await job.value.next()).toEqual({ ok: true, value: null })
    }
  })

  it('names what is wrong', async () => {
    for (const [fault, type] of [
      ['feeder-empty', 'feeder-empty'],
      ['feeder-jam', 'feeder-jam'],
      ['refuse', 'scan-refused'],
      ['silent', 'timeout'],
    ] as const) {
      const { address } = await scanner(fault)
      expect(await startEsclScan(address, settings, { answer: 300, page: 300 })).toMatchObject({ ok: false, error: { type } })
    }
    const gone = await startSimulatedEsclScanner(sheets)
    await gone.close()
    expect(await startEsclScan(gone.address, settings)).toMatchObject({ error: { type: 'scanner-unreachable' } })
    expect(await describeEsclScanner(gone.address)).toBeUndefined()
  })

  it('stops when asked, and tells the scanner', async () => {
    const started = await scanner()
    const job = await startEsclScan(started.address, settings)
    if (!job.ok) throw new Error(job.error.type)
    await job.value.cancel()
    expect(await job.value.next()).toMatchObject({ error: { type: 'cancelled' } })
    expect(started.cancelled()).toBe(1)
  })
})

describe('a scanner of this machine (SANE)', () => {
  it('ends its wait for a program that hangs over its scanner', async () => {
    const made = await mkdtemp(join(tmpdir(), 'tram-sane-'))
    const path = process.env.PATH
    closing.push(async () => {
      process.env.PATH = path
      await rm(made, { recursive: true })
    })
    await writeFile(
      join(made, 'scanimage'),
      `#!${process.execPath}\nif (!process.argv.includes('-A')) { process.on('SIGTERM', () => {}); setInterval(() => {}, 1000) }\n`,
      { mode: 0o755 },
    )
    process.env.PATH = `${made}:${path}`
    const limits = { list: 5_000, page: 1_000, stop: 50 }
    const late = await startSaneScan('test:0', { ...settings, source: 'flatbed' }, limits)
    if (!late.ok) throw new Error(late.error.type)
    expect(await late.value.next()).toMatchObject({ error: { type: 'timeout' } })
    const stopped = await startSaneScan('test:0', { ...settings, source: 'flatbed' }, { ...limits, page: 60_000 })
    if (!stopped.ok) throw new Error(stopped.error.type)
    const page = stopped.value.next()
    await stopped.value.cancel()
    expect(await page).toMatchObject({ error: { type: 'cancelled' } })
  })
})

describe('a watched folder', () => {
  const limits = { look: 10, still: 40, page: 3_000 }
  const folder = async () => {
    const made = await mkdtemp(join(tmpdir(), 'tram-scan-'))
    closing.push(() => rm(made, { recursive: true }))
    return made
  }

  it('takes what is new and whole, in order, and leaves what was there', async () => {
    const watched = await folder()
    await writeFile(join(watched, 'of-somebody-else.jpg'), 'old')
    const job = await startFolderScan(watched, limits)
    if (!job.ok) throw new Error(job.error.type)
    await writeFile(join(watched, 'page 1.jpg'), 'first')
    await writeFile(join(watched, 'notes.txt'), 'no page')
    await symlink('/etc/hostname', join(watched, 'link.jpg'))
    expect(await job.value.next()).toEqual({ ok: true, value: { name: 'page 1', bytes: Uint8Array.from(Buffer.from('first')) } })
    const second = job.value.next()
    await writeFile(join(watched, 'page 2.PDF'), 'sec')
    await writeFile(join(watched, 'page 2.PDF'), 'second')
    expect(await second).toMatchObject({ value: { name: 'page 2', bytes: Uint8Array.from(Buffer.from('second')) } })
    const end = job.value.next()
    await expect.poll(async () => (await readdir(watched)).includes('page 2.PDF')).toBe(false)
    await job.value.cancel()
    expect(await end).toEqual({ ok: true, value: null })
    expect((await readdir(watched)).sort()).toEqual(['link.jpg', 'notes.txt', 'of-somebody-else.jpg'])
  })

  it('keeps a page that nobody asked past: stopped, or not stored', async () => {
    const watched = await folder()
    const job = await startFolderScan(watched, limits)
    if (!job.ok) throw new Error(job.error.type)
    await writeFile(join(watched, 'only.jpg'), 'only copy')
    expect(await job.value.next()).toMatchObject({ value: { name: 'only' } })
    await job.value.cancel()
    expect(await job.value.next()).toEqual({ ok: true, value: null })
    expect(await readdir(watched)).toEqual(['only.jpg'])
  })

  it('ends its wait, and says when the folder is gone', async () => {
    const watched = await folder()
    const job = await startFolderScan(watched, { ...limits, page: 50 })
    if (!job.ok) throw new Error(job.error.type)
    expect(await job.value.next()).toMatchObject({ error: { type: 'timeout' } })
    expect(await startFolderScan(join(watched, 'none'), limits)).toMatchObject({ error: { type: 'scanner-unreachable' } })
    const waiting = await startFolderScan(watched, limits)
    if (!waiting.ok) throw new Error(waiting.error.type)
    const page = waiting.value.next()
    await waiting.value.cancel()
    expect(await page).toEqual({ ok: true, value: null })
  })
})

describe('all scanners as one', () => {
  it('finds the ones it was told of and refuses strangers', async () => {
    const { address } = await scanner()
    const scanners = createDocumentScanners({ escl: [address, 'http://127.0.0.1:9/eSCL'], folder: '/tmp' })
    const found = await scanners.list()
    expect(found).toContainEqual(expect.objectContaining({ id: `escl:${address}` }))
    expect(found).toContainEqual(expect.objectContaining({ kind: 'folder' }))
    expect(found.filter((each) => each.id.includes(':9/'))).toEqual([])
    const stranger = await scanner()
    for (const scannerId of [`escl:${stranger.address}`, 'sane:net:192.0.2.1:any'])
      expect(await scanners.start({ ...settings, scannerId })).toMatchObject({ error: { type: 'no-such-scanner' } })
    expect(await scanners.start({ ...settings, scannerId: `escl:${address}` })).toMatchObject({ ok: true })
    expect(await scanners.start({ ...settings, scannerId: 'usb:1' })).toMatchObject({ error: { type: 'no-such-scanner' } })
  })
})
