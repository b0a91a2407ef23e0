/** A gateway's enrolment as an HTTP server of its own, to be answered in any way a test wants. Not a gateway: the real one has its own tests. */
import { generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

const jwk = () => {
  const { x, y } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' })
  return { kty: 'EC', crv: 'P-256', x, y }
}

export const enrolmentAnswer = {
  stationId: '6f1f3e0a-4df2-4e0c-9c47-0d6a2f9a1c11',
  pointName: 'Bưu điện Thử Nghiệm',
  stationName: 'Quầy 1',
  demo: true,
  keys: {
    sealing: { keyId: 'seal-1', publicKey: Buffer.alloc(65, 4).toString('base64url') },
    receipts: { keyId: 'receipt-1', publicKey: jwk() },
  },
}

/** A binding of somebody the station does not know yet. */
export const bindingOf = (byte: number) => ({
  operatorId: '6f1f3e0a-4df2-4e0c-9c47-0d6a2f9a1c12',
  way: 'pin' as const,
  input: Buffer.alloc(32, byte).toString('base64url'),
  proof: 'p'.repeat(43),
})

export type EnrolmentEndpoint = { url: string; bodies: unknown[]; stop(): Promise<void> }

export const startEnrolmentEndpoint = async (
  answer: (request: IncomingMessage, response: ServerResponse, body: unknown) => void = (_request, response) => {
    response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(enrolmentAnswer))
  },
): Promise<EnrolmentEndpoint> => {
  const bodies: unknown[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => {
      text += chunk
    })
    request.on('end', () => {
      const body: unknown = text ? JSON.parse(text) : undefined
      bodies.push(body)
      answer(request, response, body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no address')
  return {
    url: `http://127.0.0.1:${address.port}`,
    bodies,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
