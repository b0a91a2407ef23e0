/**
 * A code scanner in HID POS mode (usage page 0x8C). The only place that knows `node-hid`, whose part used here is the type `HidBinding`,
 * so that a test can stand in for devices this machine does not have.
 *
 * Invariants: only bar code scanners are ever opened, never a keyboard or another HID device; a device that goes is gone, and the session
 * looks for it again.
 */

import { ok, type Result } from '../../contracts/result.ts'
import type { ScanFailure, ScannerConfiguration, ScannerDevice } from '../../contracts/scan.ts'
import type { OpenCodeScanner } from '../ports/code-scanner.ts'
import { barCodeScannerPage, barCodeScannerUsages, createHidPosFrames } from '../protocols/scanning/hid-pos-reports.ts'
import { type OpenScannerLink, openScannerSession, scanFailure } from '../sessions/scanner-session.ts'

export type HidDevice = {
  vendorId: number
  productId: number
  path?: string | undefined
  manufacturer?: string | undefined
  product?: string | undefined
  usagePage?: number | undefined
  usage?: number | undefined
}

export type OpenHid = {
  on(event: 'data', listener: (report: Uint8Array) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  close(): Promise<void>
}

export type HidBinding = {
  devicesAsync(): Promise<HidDevice[]>
  open(path: string): Promise<OpenHid>
}

type HidConfiguration = Extract<ScannerConfiguration, { type: 'hid-pos' }>

const loadNodeHid = async (): Promise<HidBinding> => {
  const library = await import('node-hid')
  return { devicesAsync: () => library.devicesAsync(), open: (path) => library.HIDAsync.open(path) }
}

const isScanner = ({ usagePage, usage }: HidDevice): boolean =>
  usagePage === barCodeScannerPage && usage !== undefined && barCodeScannerUsages.includes(usage)

const nameOf = ({ manufacturer, product, vendorId, productId }: HidDevice): string =>
  [manufacturer, product].filter((part) => part !== undefined && part !== '').join(' ') ||
  `HID ${vendorId.toString(16).padStart(4, '0')}:${productId.toString(16).padStart(4, '0')}`

const messageOf = (error: unknown): string => (error instanceof Error ? error.message.slice(0, 120) : 'unknown')

const openDevice =
  (configuration: HidConfiguration, load: () => Promise<HidBinding>): OpenScannerLink =>
  async ({ onFrames, onGone }) => {
    let binding: HidBinding
    try {
      binding = await load()
    } catch (error) {
      return scanFailure('scanner-failed', `node-hid does not load: ${messageOf(error)}`)
    }
    let found: HidDevice | undefined
    try {
      const { vendorId, productId } = configuration
      found = (await binding.devicesAsync())
        .filter(isScanner)
        .find(
          (device) =>
            (vendorId === undefined || device.vendorId === vendorId) &&
            (productId === undefined || device.productId === productId),
        )
    } catch (error) {
      return scanFailure('scanner-failed', `devices: ${messageOf(error)}`)
    }
    if (found?.path === undefined) return scanFailure('no-scanner', 'no HID POS scanner is plugged in')
    let device: OpenHid
    try {
      device = await binding.open(found.path)
    } catch (error) {
      // hidapi says only that it could not: on Linux that is the right to /dev/hidraw*, elsewhere another program.
      return process.platform === 'linux'
        ? scanFailure('scanner-not-permitted', messageOf(error))
        : scanFailure('scanner-busy', messageOf(error))
    }
    const frames = createHidPosFrames()
    device.on('data', (report) => {
      const whole = frames.take(report)
      if (whole.length > 0) onFrames(whole)
    })
    device.on('error', (error) => {
      frames.reset()
      onGone(messageOf(error))
    })
    return ok({ name: nameOf(found), close: () => device.close() })
  }

export const openHidPosCodeScanner = (
  configuration: HidConfiguration,
  options: { retryMs?: number; load?: () => Promise<HidBinding> } = {},
): OpenCodeScanner => {
  const { load = loadNodeHid, ...rest } = options
  return openScannerSession({ configuration, openLink: openDevice(configuration, load), ...rest })
}

export const listHidPosDevices = async (
  load: () => Promise<HidBinding> = loadNodeHid,
): Promise<Result<ScannerDevice[], ScanFailure>> => {
  try {
    const devices = await (await load()).devicesAsync()
    return ok(
      devices.filter(isScanner).map((device) => ({
        name: nameOf(device),
        configuration: { type: 'hid-pos', vendorId: device.vendorId, productId: device.productId },
      })),
    )
  } catch (error) {
    return scanFailure('scanner-failed', `HID: ${messageOf(error)}`)
  }
}
