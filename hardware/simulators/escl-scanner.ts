/**
 * A network scanner that speaks eSCL on 127.0.0.1, with sheets laid into its feeder: for training, and to hold the driver to the protocol.
 * It can be wrong on purpose.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export type EsclFault = 'feeder-empty' | 'feeder-jam' | 'busy' | 'refuse' | 'silent' | 'elsewhere'

export type SimulatedEsclScanner = {
  /** For the driver: http://127.0.0.1:PORT/eSCL. */
  readonly address: string
  /** Jobs which were cancelled by DELETE. */
  cancelled(): number
  close(): Promise<void>
}

const xml = (body: string): string => `<?xml version="1.0" encoding="UTF-8"?>\n${body}`
const adfState = (fault: EsclFault | undefined): string =>
  fault === 'feeder-empty' ? 'ScannerAdfEmpty' : fault === 'feeder-jam' ? 'ScannerAdfJam' : 'ScannerAdfLoaded'

export const startSimulatedEsclScanner = async (
  sheets: readonly Uint8Array[],
  fault?: EsclFault,
): Promise<SimulatedEsclScanner> => {
  let left: Uint8Array[] = []
  let deleted = 0
  let busy = fault === 'busy' ? 1 : 0
  const server = createServer((request, response) => {
    request.resume()
    const path = request.url ?? ''
    const send = (status: number, type: string, body: string | Uint8Array): void => {
      response.writeHead(status, { 'content-type': type })
      response.end(body)
    }
    if (fault === 'silent') return
    if (path === '/eSCL/ScannerCapabilities')
      return send(
        200,
        'text/xml',
        xml(`<scan:ScannerCapabilities xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm">
<pwg:Version>2.63</pwg:Version><pwg:MakeAndModel>Máy quét mô phỏng</pwg:MakeAndModel><scan:Platen/><scan:Adf/></scan:ScannerCapabilities>`),
      )
    if (path === '/eSCL/ScannerStatus')
      return send(
        200,
        'text/xml',
        xml(
          `<scan:ScannerStatus xmlns:scan="s" xmlns:pwg="p"><pwg:State>Idle</pwg:State><scan:AdfState>${adfState(fault)}</scan:AdfState></scan:ScannerStatus>`,
        ),
      )
    if (path === '/eSCL/ScanJobs' && request.method === 'POST') {
      if (fault === 'refuse') return send(409, 'text/plain', '')
      left = [...sheets]
      // Real ones name themselves by a host that only they know.
      response.writeHead(201, { location: fault === 'elsewhere' ? 'http://printer.invalid/eSCL/ScanJobs/1' : '/eSCL/ScanJobs/1' })
      response.end()
      return
    }
    if (path === '/eSCL/ScanJobs/1' && request.method === 'DELETE') {
      deleted += 1
      left = []
      return send(200, 'text/plain', '')
    }
    if (path === '/eSCL/ScanJobs/1/NextDocument') {
      if (busy > 0) {
        busy -= 1
        return send(503, 'text/plain', '')
      }
      const sheet = left.shift()
      return sheet === undefined ? send(404, 'text/plain', '') : send(200, 'image/jpeg', sheet)
    }
    return send(404, 'text/plain', '')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    address: `http://127.0.0.1:${port}/eSCL`,
    cancelled: () => deleted,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
