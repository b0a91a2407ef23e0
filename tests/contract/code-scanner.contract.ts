/** What every `CodeScanner` keeps, whatever is behind it: serial port, HID POS, simulator. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Scan, ScannerStatus } from '../../contracts/scan.ts'
import type { CodeScanner, OpenCodeScanner } from '../../hardware/ports/code-scanner.ts'
import { cardQrOf } from '../../hardware/simulators/simulated-code-scanner.ts'
import { nguyenThiMau, tranVanThu } from '../../hardware/simulators/specimens.ts'
import { parseCardQr } from '../../procedures/identity/card-qr.ts'

export type CodeScannerBench = {
  open: OpenCodeScanner
  /** What the device's decoder read, sent as this kind of device sends it. */
  present(bytes: Uint8Array): Promise<void>
  plug(): Promise<void>
  unplug(): Promise<void>
  close(): Promise<void>
}

const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8')
const soon = { timeout: 5_000 }

export const codeScannerContract = (name: string, createBench: () => Promise<CodeScannerBench>): void => {
  describe(`code scanner contract: ${name}`, () => {
    let bench: CodeScannerBench
    let scanner: CodeScanner
    let statuses: ScannerStatus[]
    let scans: Scan[]
    const listen = () => {
      scanner = bench.open({ onStatus: (status) => statuses.push(status), onScan: (scan) => scans.push(scan) })
    }
    const ready = () => expect.poll(() => scanner.status().state, soon).toBe('ready')
    beforeEach(async () => {
      bench = await createBench()
      statuses = []
      scans = []
      listen()
    })
    afterEach(async () => {
      await scanner.close()
      await bench.close()
    })

    it('is ready, is named, and reads the codes of cards letter by letter', async () => {
      await ready()
      expect(statuses.at(-1)).toEqual(scanner.status())
      expect(scanner.status().name).not.toBe('')
      for (const specimen of [nguyenThiMau, tranVanThu]) {
        await bench.present(utf8(cardQrOf(specimen)))
        await expect.poll(() => scans.length, soon).toBe(1)
        const scan = scans.pop()
        expect(scan).toMatchObject({ ok: true, value: { text: cardQrOf(specimen), scannerName: scanner.status().name } })
        expect(scan?.ok && parseCardQr(scan.value.text)).toMatchObject({
          ok: true,
          value: { personalNumber: specimen.personalNumber, residence: specimen.residence },
        })
      }
    })

    it('composes letters to NFC, and leaves out NULs', async () => {
      await ready()
      await bench.present(utf8(`${cardQrOf(nguyenThiMau).normalize('NFD')}\u0000\u0000`))
      await expect.poll(() => scans, soon).toMatchObject([{ ok: true, value: { text: cardQrOf(nguyenThiMau) } }])
    })

    it('names what is no text, without showing it, and goes on', async () => {
      await ready()
      await bench.present(Uint8Array.of(0x4e, 0xc3, 0x28, 0xa0, 0xff))
      await expect
        .poll(() => scans, soon)
        .toMatchObject([{ ok: false, error: { type: 'code-unreadable', detail: '5 bytes that are not UTF-8' } }])
      await bench.present(utf8('000190000017'))
      await expect.poll(() => scans.at(-1), soon).toMatchObject({ ok: true, value: { text: '000190000017' } })
    })

    it('refuses a code longer than any, once, and goes on', async () => {
      await ready()
      await bench.present(utf8('x'.repeat(5_000)))
      await expect.poll(() => scans, soon).toMatchObject([{ ok: false, error: { type: 'code-unreadable' } }])
      await bench.present(utf8('000190000017'))
      await expect.poll(() => scans.at(-1), soon).toMatchObject({ ok: true })
    })

    it('says that the scanner went, looks for it, and reads again when it is back', async () => {
      await ready()
      await bench.unplug()
      await expect
        .poll(() => scanner.status(), soon)
        .toMatchObject({ state: 'waiting', failure: { type: 'no-scanner', retry: true } })
      await bench.plug()
      await ready()
      await bench.present(utf8('000190000017'))
      await expect.poll(() => scans.at(-1), soon).toMatchObject({ ok: true, value: { text: '000190000017' } })
      expect(statuses.map(({ state }) => state).filter((state, at, all) => state !== all[at - 1])).toEqual([
        'ready',
        'waiting',
        'ready',
      ])
    })

    it('waits for a scanner that is not there from the start', async () => {
      await scanner.close()
      await bench.unplug()
      statuses = []
      listen()
      await expect.poll(() => statuses.at(-1), soon).toMatchObject({ state: 'waiting', failure: { type: 'no-scanner' } })
      await bench.plug()
      await ready()
    })

    it('tells nothing after it was closed', async () => {
      await ready()
      await scanner.close()
      const count = statuses.length
      await bench.present(utf8('000190000017')).catch(() => undefined)
      await bench.unplug()
      expect(scans).toEqual([])
      expect(statuses.length).toBe(count)
    })
  })
}
