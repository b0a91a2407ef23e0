/**
 * Bodies of megabytes, read into one buffer of the length they announce: gathered in pieces and joined at the end they would be in memory
 * twice, and leave the collector of garbage as much again.
 * Invariants: no body is longer than its route takes; one whose end does not come is none.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'

/** Of a body that announces no length, as one may that passed a proxy. It doubles as it fills. */
const firstBytes = 256 * 1024

class Unreadable extends Error {
  readonly statusCode: number
  constructor(statusCode: number) {
    super('the body cannot be read')
    this.statusCode = statusCode
  }
}

const readWhole = (request: FastifyRequest, body: NodeJS.ReadableStream): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const { 'content-length': announced } = request.headers
    const { bodyLimit } = request.routeOptions
    if (Number(announced) > bodyLimit) throw new Unreadable(413)
    let whole = Buffer.allocUnsafeSlow(announced === undefined ? firstBytes : Number(announced))
    let at = 0
    body.on('data', (part: Buffer) => {
      const end = at + part.length
      if (end > bodyLimit) return reject(new Unreadable(413))
      if (end > whole.length) {
        const longer = Buffer.allocUnsafeSlow(Math.min(bodyLimit, Math.max(end, 2 * whole.length)))
        whole.copy(longer, 0, 0, at)
        whole = longer
      }
      part.copy(whole, at)
      at = end
    })
    const cutOff = () => reject(new Unreadable(400))
    body.once('error', cutOff)
    body.once('close', cutOff)
    body.once('end', () => (announced === undefined || at === Number(announced) ? resolve(whole.subarray(0, at)) : cutOff()))
  })

export const addParcelBodies = (app: FastifyInstance, mediaTypes: readonly string[]): void => {
  app.addContentTypeParser([...mediaTypes], (request: FastifyRequest, body: NodeJS.ReadableStream) => readWhole(request, body))
}
