import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import type { ScannerStatus } from '../../contracts/scan.ts'
import { codeScannerContract } from '../../tests/contract/code-scanner.contract.ts'
import { type HidBinding, type HidDevice, listHidPosDevices, openHidPosCodeScanner } from './hid-pos-code-scanner.ts'

const scannerOf = (more: Partial<HidDevice> = {}): HidDevice => ({
  vendorId: 0x0c2e,
  productId: 0x0b81,
  path: '/dev/hidraw9',
  manufacturer: 'Maker',
  product: 'Scanner',
  usagePage: 0x8c,
  usage: 0x02,
  ...more,
})
const keyboard: HidDevice = { ...scannerOf({ usagePage: 0x01, usage: 0x06, path: '/dev/hidraw0' }) }

/** A code as the reports of a HID POS scanner: 64 bytes each, as the makers' manuals print them. */
const reportsOf = (bytes: Uint8Array): Uint8Array[] => {
  const reports: Uint8Array[] = []
  for (let at = 0; at < Math.max(1, bytes.length); at += 56) {
    const part = bytes.subarray(at, at + 56)
    const report = new Uint8Array(64)
    report.set([2, part.length, 0x5d, 0x51, 0x31])
    report.set(part, 5)
    report[63] = at + 56 < bytes.length ? 1 : 0
    reports.push(report)
  }
  return reports
}

/** Stands in for the devices of a machine: what node-hid would list and open. */
const createBinding = () => {
  let devices: HidDevice[] = [keyboard, scannerOf()]
  let open: EventEmitter | undefined
  const opened: string[] = []
  const binding: HidBinding = {
    devicesAsync: async () => devices,
    async open(path) {
      opened.push(path)
      if (!devices.some((device) => device.path === path)) throw new Error('cannot open device with path')
      const device = new EventEmitter()
      open = device
      return Object.assign(device, {
        async close() {
          device.removeAllListeners()
          if (open === device) open = undefined
        },
      })
    },
  }
  return {
    load: async () => binding,
    opened,
    send: (report: Uint8Array) => void open?.emit('data', report),
    set(next: HidDevice[]) {
      devices = next
      if (next.length < 2) open?.emit('error', new Error('could not read from HID device'))
    },
  }
}

codeScannerContract('HID POS, devices injected', async () => {
  const machine = createBinding()
  return {
    open: openHidPosCodeScanner({ type: 'hid-pos' }, { retryMs: 10, load: machine.load }),
    async present(bytes) {
      for (const report of reportsOf(bytes)) machine.send(report)
    },
    plug: async () => machine.set([keyboard, scannerOf()]),
    unplug: async () => machine.set([keyboard]),
    close: async () => {},
  }
})

describe('HID POS scanner', () => {
  it('opens a bar code scanner and nothing else, the configured one when ids are given', async () => {
    const machine = createBinding()
    machine.set([keyboard, scannerOf(), scannerOf({ productId: 7, path: '/dev/hidraw7' })])
    const scanner = openHidPosCodeScanner(
      { type: 'hid-pos', vendorId: 0x0c2e, productId: 7 },
      { load: machine.load },
    )({
      onStatus() {},
      onScan() {},
    })
    await expect.poll(() => scanner.status().state).toBe('ready')
    expect(machine.opened).toEqual(['/dev/hidraw7'])
    await scanner.close()
    expect(await listHidPosDevices(machine.load)).toMatchObject({
      ok: true,
      value: [{ name: 'Maker Scanner' }, { configuration: { productId: 7 } }],
    })
  })

  it('says that node-hid does not load, or that a device may not be opened', async () => {
    const statusWith = async (load: () => Promise<HidBinding>) => {
      const heard: ScannerStatus[] = []
      const scanner = openHidPosCodeScanner(
        { type: 'hid-pos' },
        { load, retryMs: 10 },
      )({
        onStatus: (status) => heard.push(status),
        onScan() {},
      })
      await expect.poll(() => heard.length).toBeGreaterThan(0)
      await scanner.close()
      return heard.at(-1)?.failure?.type
    }
    expect(await statusWith(() => Promise.reject(new Error('no binding')))).toBe('scanner-failed')
    const refusing: HidBinding = {
      devicesAsync: async () => [scannerOf()],
      open: () => Promise.reject(new Error('cannot open device with path /dev/hidraw9')),
    }
    expect(await statusWith(async () => refusing)).toBe(process.platform === 'linux' ? 'scanner-not-permitted' : 'scanner-busy')
  })

  it('loads the library of this machine, whatever is plugged in', async () => {
    expect(await listHidPosDevices()).toMatchObject({ ok: true })
  })
})
