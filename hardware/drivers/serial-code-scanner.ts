/**
 * A code scanner on a serial port, or on USB playing one (CDC-ACM). The only place that knows `serialport`.
 *
 * Invariants: the port is opened for this program alone; what the operating system says when it refuses becomes a named failure; a port
 * that vanishes is gone, and the session looks for it again under the same path.
 */

import { ok, type Result } from '../../contracts/result.ts'
import type { ScanFailure, ScannerConfiguration, ScannerDevice, SerialSettings } from '../../contracts/scan.ts'
import type { OpenCodeScanner } from '../ports/code-scanner.ts'
import { createCodeFrames } from '../protocols/scanning/code-frames.ts'
import { type OpenScannerLink, openScannerSession, scanFailure } from '../sessions/scanner-session.ts'

type Serial = typeof import('serialport')

/** As desk scanners leave the factory. */
export const usualSerialSettings: SerialSettings = {
  baudRate: 9600,
  dataBits: 8,
  stopBits: 1,
  parity: 'none',
  terminator: 'line-end',
  idleMs: 200,
}

const load = async (): Promise<Result<Serial, ScanFailure>> => {
  try {
    return ok(await import('serialport'))
  } catch (error) {
    return scanFailure('scanner-failed', `serialport does not load: ${error instanceof Error ? error.name : 'unknown'}`)
  }
}

/** The library passes on what the system said; its words are the same on the systems it supports. */
const refusalOf = (error: Error): { ok: false; error: ScanFailure } => {
  const { message } = error
  if (/no such file|file not found|cannot find|ENOENT|ENXIO|ENODEV|no such device/i.test(message)) {
    return scanFailure('no-scanner', 'no such port')
  }
  if (/lock|busy|access denied|EBUSY/i.test(message)) return scanFailure('scanner-busy', 'another program has the port')
  if (/permission|EACCES|EPERM/i.test(message)) return scanFailure('scanner-not-permitted', 'this user may not open the port')
  if (/baud|parity|settings|invalid|EINVAL/i.test(message))
    return scanFailure('scanner-settings-refused', 'the port refuses the settings')
  return scanFailure('scanner-failed', message.slice(0, 120))
}

const openPort =
  ({ path, settings }: Extract<ScannerConfiguration, { type: 'serial' }>): OpenScannerLink =>
  async ({ onFrames, onGone }) => {
    const library = await load()
    if (!library.ok) return library
    const { baudRate, dataBits, stopBits, parity, terminator, idleMs } = settings
    const port = new library.value.SerialPort({ path, baudRate, dataBits, stopBits, parity, lock: true, autoOpen: false })
    const refused = await new Promise<Error | null>((resolve) => port.open((error) => resolve(error)))
    if (refused !== null) return refusalOf(refused)

    const frames = createCodeFrames(terminator)
    let idle: ReturnType<typeof setTimeout> | undefined
    port.on('data', (chunk: Buffer) => {
      clearTimeout(idle)
      const whole = frames.take(chunk)
      if (whole.length > 0) onFrames(whole)
      idle = setTimeout(() => {
        const rest = frames.still()
        if (rest.length > 0) onFrames(rest)
      }, idleMs)
    })
    port.on('error', (error) => onGone(error.message.slice(0, 120)))
    port.on('close', () => {
      clearTimeout(idle)
      frames.reset()
      onGone('the port is gone')
    })
    return ok({
      name: path,
      close: () =>
        new Promise<void>((resolve) => {
          if (port.isOpen) port.close(() => resolve())
          else resolve()
        }),
    })
  }

export const openSerialCodeScanner = (
  configuration: Extract<ScannerConfiguration, { type: 'serial' }>,
  options: { retryMs?: number } = {},
): OpenCodeScanner => openScannerSession({ configuration, openLink: openPort(configuration), ...options })

/** Ports something is plugged into; the empty sockets every machine lists are left out. */
export const listSerialDevices = async (): Promise<Result<ScannerDevice[], ScanFailure>> => {
  const library = await load()
  if (!library.ok) return library
  try {
    const ports = await library.value.SerialPort.list()
    return ok(
      ports
        .filter(({ vendorId, pnpId, path }) => vendorId !== undefined || pnpId !== undefined || /^COM\d+$/i.test(path))
        .map(({ path, manufacturer }) => ({
          name: manufacturer === undefined ? path : `${manufacturer} · ${path}`,
          configuration: { type: 'serial', path, settings: usualSerialSettings },
        })),
    )
  } catch (error) {
    return scanFailure('scanner-failed', `ports: ${error instanceof Error ? error.name : 'unknown'}`)
  }
}
