/**
 * All document scanners a station knows of, as one: network (eSCL), this machine's (SANE), a watched folder.
 * Invariant: a job starts only at a scanner which `list` found; whoever asks cannot name an address of its own, which the
 * station would then call around the page's own limits.
 */
import { Bonjour } from 'bonjour-service'
import { err } from '../../../contracts/result.ts'
import type { DocumentScanning } from '../../ports/document-scanning.ts'
import { describeEsclScanner, startEsclScan } from './escl-scanner.ts'
import { listSaneScanners, startSaneScan } from './sane-scanner.ts'
import { startFolderScan } from './watched-folder.ts'

export type DocumentScannerOptions = {
  /** Addresses of eSCL scanners, for networks that carry no multicast: http://HOST[:PORT]/eSCL. */
  escl: readonly string[]
  /** Where another scanner program puts its files. */
  folder?: string
}

/** Long enough for the scanners of one room to answer. */
const discoveryTime = 1_500

/** DNS-SD (RFC 6763) `_uscan._tcp`, with the path of the TXT record's `rs`. */
const discoverEscl = async (): Promise<string[]> => {
  const bonjour = new Bonjour({}, () => undefined)
  const found = new Set<string>()
  const browser = bonjour.find({ type: 'uscan' }, (service) => {
    const address = service.addresses?.find((each) => /^\d+\.\d+\.\d+\.\d+$/.test(each))
    const path: unknown = service.txt?.rs
    if (address !== undefined)
      found.add(`http://${address}:${service.port}/${typeof path === 'string' ? path.replace(/^\/+|\/+$/g, '') : 'eSCL'}`)
  })
  await new Promise((resolve) => setTimeout(resolve, discoveryTime))
  browser.stop()
  bonjour.destroy()
  return [...found]
}

export const createDocumentScanners = ({ escl, folder }: DocumentScannerOptions): DocumentScanning => {
  let found = new Set<string>()
  return {
    async list() {
      const [network, sane] = await Promise.all([
        discoverEscl()
          .then((discovered) =>
            Promise.all([...new Set([...escl, ...discovered])].map((address) => describeEsclScanner(address))),
          )
          .then((described) => described.filter((each) => each !== undefined)),
        listSaneScanners(),
      ])
      const watched =
        folder === undefined ? [] : [{ id: 'folder', name: folder, kind: 'folder' as const, sources: ['flatbed' as const] }]
      const scanners = [...network, ...sane, ...watched]
      found = new Set(scanners.map(({ id }) => id))
      return scanners
    },
    async start(settings) {
      const [kind, ...rest] = settings.scannerId.split(':')
      const address = rest.join(':')
      if (kind === 'folder' && folder !== undefined) return startFolderScan(folder)
      if (!found.has(settings.scannerId)) return err({ type: 'no-such-scanner', detail: kind ?? '' })
      if (kind === 'escl') return startEsclScan(address, settings)
      if (kind === 'sane') return startSaneScan(address, settings)
      return err({ type: 'no-such-scanner', detail: kind ?? '' })
    },
  }
}
