/**
 * What a page may rely on in either shell. The IPC of Electron and the WebSocket of the loopback shell both pass it: the same station behind,
 * the same answers in front.
 */
import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Scan } from '../../contracts/scan.ts'
import { type StationBridge, StationEvent, stationMethods } from '../../contracts/station-api.ts'
import { createStation, type Station } from '../../electron/station/station.ts'
import { createDocumentScanners } from '../../hardware/drivers/document-scanners/document-scanners.ts'
import { type SimulatedEsclScanner, startSimulatedEsclScanner } from '../../hardware/simulators/escl-scanner.ts'
import { bindingOf, type EnrolmentEndpoint, enrolmentAnswer, startEnrolmentEndpoint } from './fake-gateway.ts'
import { createScriptedCardDevices, idleReader, type ScriptedCardDevices, scriptedText } from './scripted-card-devices.ts'

export type TransportUnderTest = {
  /** A page of its own: each has its subscription and its calls. */
  openPage(): Promise<{ bridge: StationBridge; leave(): Promise<void> }>
  stop(): Promise<void>
}

const access = { type: 'mrz', documentNumber: '190000017', birthDate: '900101', expiryDate: '300101' }

export const stationApiContract = (
  name: string,
  shell: 'electron' | 'loopback',
  serve: (station: Station, dataDir: string) => Promise<TransportUnderTest>,
): void => {
  describe(`StationApi over ${name}`, () => {
    let folder: string
    let endpoint: EnrolmentEndpoint
    let devices: ScriptedCardDevices
    let scanner: SimulatedEsclScanner
    let station: Station
    let transport: TransportUnderTest

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'tram-transport-'))
      endpoint = await startEnrolmentEndpoint()
      devices = createScriptedCardDevices()
      scanner = await startSimulatedEsclScanner([Uint8Array.of(0xff, 0xd8, 0xff), new Uint8Array(700_000)])
      const made = await createStation({
        dataDir: folder,
        gatewayUrl: endpoint.url,
        origin: 'test',
        shell,
        version: '0.1.0',
        simulatedReader: true,
        devices,
        documentScanners: createDocumentScanners({ escl: [scanner.address] }),
        secretBoxes: [],
        fetch,
      })
      if (!made.ok) throw new Error(made.error.detail)
      station = made.value
      transport = await serve(station, folder)
    })
    afterEach(async () => {
      await station.stop()
      await transport.stop()
      await endpoint.stop()
      await scanner.close()
      await rm(folder, { recursive: true, force: true })
    })

    const openPage = async () => {
      const page = await transport.openPage()
      const events: StationEvent[] = []
      const unsubscribe = page.bridge.subscribe((event) => events.push(StationEvent.parse(event)))
      return { ...page, events, unsubscribe }
    }

    it('describes itself, enrols once and then signs', async () => {
      const { bridge } = await openPage()
      expect(stationMethods.describe.response.parse(await bridge.invoke('describe', {}))).toMatchObject({
        shell,
        gatewayUrl: endpoint.url,
        enrolment: null,
        simulatedReader: true,
      })
      const code = 'ABCD-EFGH-IJKL-MNOP'
      expect(stationMethods.enrol.response.parse(await bridge.invoke('enrol', { code }))).toMatchObject({
        ok: true,
        value: { enrolment: { stationId: enrolmentAnswer.stationId } },
      })
      expect(await bridge.invoke('enrol', { code })).toMatchObject({ ok: false, error: { type: 'already-enrolled' } })
      const signed = stationMethods.signPacket.response.parse(
        await bridge.invoke('signPacket', { digest: 'ab'.repeat(32), counter: 1 }),
      )
      expect(signed.ok && Buffer.from(signed.value.signature, 'base64url')).toHaveLength(64)
    })

    it('gives the same binding each time', async () => {
      const { bridge } = await openPage()
      const request = bindingOf(9)
      const output = stationMethods.bindToDevice.response.parse(await bridge.invoke('bindToDevice', request))
      expect(output.ok).toBe(true)
      expect(await bridge.invoke('bindToDevice', request)).toEqual(output)
    })

    it('rejects what is not a call of the contract', async () => {
      const { bridge } = await openPage()
      await expect(bridge.invoke('signPacket', { digest: 'short', counter: 1 })).rejects.toThrow()
      await expect(bridge.invoke('describe', null)).rejects.toThrow()
      const unknown: string = 'signAnything'
      await expect(Reflect.apply(bridge.invoke, bridge, [unknown, {}])).rejects.toThrow()
      await expect(bridge.invoke('signPacket', { digest: 'ab'.repeat(32), counter: 1 })).rejects.toThrow()
    })

    it('tells every page of readers of progress and of the text of a card; none after it unsubscribed', async () => {
      const one = await openPage()
      const two = await openPage()
      const gone = await openPage()
      gone.unsubscribe()
      const readId = randomUUID()
      await expect
        .poll(() => {
          devices.tellReaders([{ ...idleReader, cardPresent: true }])
          return [one, two].every((page) =>
            page.events.some((event) => event.type === 'readers' && event.readers[0]?.cardPresent),
          )
        })
        .toBe(true)
      expect(await one.bridge.invoke('listReaders', {})).toMatchObject({ ok: true, value: [{ cardPresent: true }] })
      const reading = one.bridge.invoke('readCard', { readId, access })
      await expect.poll(() => two.events.some((event) => event.type === 'card-progress' && event.readId === readId)).toBe(true)
      await expect
        .poll(() => two.events.find((event) => event.type === 'card-text'))
        .toEqual({ type: 'card-text', readId, text: scriptedText })
      expect(await two.bridge.invoke('cancelRead', { readId })).toEqual({})
      expect(await reading).toMatchObject({ ok: false, error: { type: 'cancelled' } })
      expect(gone.events).toEqual([])
    })

    it('tells every page of the scanner and of codes, and keeps which scanner it is', async () => {
      const one = await openPage()
      const two = await openPage()
      expect(await one.bridge.invoke('describeScanner', {})).toMatchObject({
        configuration: { type: 'simulated' },
        state: 'ready',
      })
      expect(await one.bridge.invoke('listScannerDevices', {})).toMatchObject({
        ok: true,
        value: [{ configuration: { type: 'hid-pos' } }],
      })
      expect(await one.bridge.invoke('presentSpecimenCode', { specimen: 0 })).toMatchObject({
        ok: false,
        error: { type: 'no-scanner' },
      })
      const scan: Scan = {
        ok: true,
        value: { text: '000190000017', scannerName: 'Máy quét thử', at: '2026-11-23T02:00:00.000Z' },
      }
      await expect
        .poll(() => {
          devices.tellScan(scan)
          return [one, two].every((page) => page.events.some((event) => event.type === 'scan'))
        })
        .toBe(true)
      expect(two.events.find((event) => event.type === 'scan')).toEqual({ type: 'scan', scan })
      const configuration = { type: 'keyboard' }
      expect(await two.bridge.invoke('configureScanner', { configuration })).toMatchObject({ ok: true, value: { configuration } })
      await expect
        .poll(() => one.events.some((event) => event.type === 'scanner' && event.status.configuration.type === 'keyboard'))
        .toBe(true)
      expect(JSON.parse(await readFile(join(folder, 'scanner.json'), 'utf8'))).toMatchObject({ configuration })
      expect(devices.scannerConfigurations.map(({ type }) => type)).toEqual(['simulated', 'keyboard'])
    })

    it('opens no file that a page names as a port', async () => {
      const { bridge } = await openPage()
      const settings = { baudRate: 9600, dataBits: 8, stopBits: 1, parity: 'none', terminator: 'line-end', idleMs: 200 }
      for (const path of ['/dev/watchdog', '/dev/../etc/passwd', '/dev/tty/../mem', '/tmp/port', 'COM1/../x', '']) {
        const answer = bridge.invoke('configureScanner', { configuration: { type: 'serial', path, settings } })
        if (path === '') await expect(answer).rejects.toThrow()
        else expect(await answer).toMatchObject({ ok: false, error: { type: 'scanner-settings-refused' } })
      }
      for (const path of ['/dev/ttyACM0', '/dev/serial/by-id/usb-Maker_Scanner_1-if00', '/dev/cu.usbmodem1', 'COM12'])
        expect(await bridge.invoke('configureScanner', { configuration: { type: 'serial', path, settings } })).toMatchObject({
          ok: true,
        })
    })

    it('frees the reader when the page that asked goes away', async () => {
      const page = await openPage()
      const reading = page.bridge.invoke('readCard', { readId: randomUUID(), access }).catch(() => undefined)
      await expect.poll(() => devices.running.length).toBe(1)
      await page.leave()
      await expect.poll(() => devices.running.length).toBe(0)
      await reading
    })

    it('brings scanned pages one by one, and ends a job when another begins', async () => {
      const { bridge } = await openPage()
      const { scanners } = stationMethods.listDocumentScanners.response.parse(await bridge.invoke('listDocumentScanners', {}))
      const scannerId = `escl:${scanner.address}`
      expect(scanners).toContainEqual(expect.objectContaining({ id: scannerId }))
      const settings = { scannerId, source: 'feeder', resolution: 200, colour: true }
      const start = async () => {
        const started = stationMethods.startScan.response.parse(await bridge.invoke('startScan', settings))
        if (!started.ok) throw new Error(started.error.detail)
        return started.value
      }
      const first = await start()
      const second = await start()
      expect(await bridge.invoke('nextScannedPage', first)).toMatchObject({ ok: false, error: { type: 'cancelled' } })
      expect(await bridge.invoke('nextScannedPage', second)).toEqual({
        ok: true,
        value: { page: { name: 'trang 1', bytes: Buffer.of(0xff, 0xd8, 0xff).toString('base64url') } },
      })
      const large = stationMethods.nextScannedPage.response.parse(await bridge.invoke('nextScannedPage', second))
      expect(large.ok && Buffer.from(large.value.page?.bytes ?? '', 'base64url')).toHaveLength(700_000)
      expect(await bridge.invoke('nextScannedPage', second)).toEqual({ ok: true, value: { page: null } })
      expect(await bridge.invoke('cancelScan', second)).toEqual({})
    })

    it('tells its pages that it stops, and answers no more', async () => {
      const page = await openPage()
      await expect
        .poll(() => {
          devices.tellReaders([idleReader])
          return page.events.length
        })
        .toBeGreaterThan(0)
      await station.stop()
      await expect.poll(() => page.events.at(-1)?.type).toBe('station-stopping')
      await expect(page.bridge.invoke('describe', {})).rejects.toThrow()
    })
  })
}
