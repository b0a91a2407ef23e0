/**
 * The training kiosk's scanner: it is shown specimen cards' codes, and may be unplugged. Behind the same port and through the same framing
 * and decoding as a real one. Invariant: its status says that it is simulated.
 */
import { ok } from '../../contracts/result.ts'
import type { OpenCodeScanner } from '../ports/code-scanner.ts'
import type { LinkListener } from '../sessions/scanner-session.ts'
import { openScannerSession, scanFailure } from '../sessions/scanner-session.ts'
import { type Specimen, specimens } from './specimens.ts'

export type SimulatedCodeScanner = {
  open: OpenCodeScanner
  /** Shows the code of a specimen; false when there is none, or nobody listens. */
  presentSpecimen(index: number): boolean
  /** Sends bytes as the scanner's decoder would. */
  present(bytes: Uint8Array): boolean
  plug(): void
  unplug(): void
}

const digitsOf = (isoDate: string): string => isoDate.split('-').reverse().join('')
const titled = (name: string): string =>
  name
    .toLocaleLowerCase('vi')
    .split(' ')
    .map((word) => word.charAt(0).toLocaleUpperCase('vi') + word.slice(1))
    .join(' ')

/** The QR printed on this specimen's card: seven fields until the law of 2024, eleven from then on. */
export const cardQrOf = (specimen: Specimen): string => {
  const fields = [
    specimen.personalNumber,
    specimen.oldIdentityNumber ?? '',
    titled(specimen.fullName),
    digitsOf(specimen.birthDate),
    specimen.sex,
    specimen.residence,
    digitsOf(specimen.issueDate),
  ]
  return [...fields, ...(specimen.issueDate >= '2024-07-01' ? ['', '', '', ''] : [])].join('|')
}

export const createSimulatedCodeScanner = (options: { retryMs?: number; plugged?: boolean } = {}): SimulatedCodeScanner => {
  const { retryMs, plugged: startsPlugged = true } = options
  let plugged = startsPlugged
  let link: LinkListener | undefined
  const present = (bytes: Uint8Array): boolean => {
    if (link === undefined || !plugged) return false
    link.onFrames([{ type: 'code', bytes }])
    return true
  }
  return {
    open: openScannerSession({
      configuration: { type: 'simulated' },
      ...(retryMs === undefined ? {} : { retryMs }),
      specimens: specimens.map(({ fullName }) => fullName),
      async openLink(listener) {
        if (!plugged) return scanFailure('no-scanner', 'unplugged')
        link = listener
        return ok({
          name: 'Máy quét mô phỏng',
          async close() {
            if (link === listener) link = undefined
          },
        })
      },
    }),
    present,
    presentSpecimen(index) {
      const specimen = specimens[index]
      return specimen !== undefined && present(Buffer.from(cardQrOf(specimen), 'utf8'))
    },
    plug() {
      plugged = true
    },
    unplug() {
      plugged = false
      link?.onGone('unplugged')
    },
  }
}
