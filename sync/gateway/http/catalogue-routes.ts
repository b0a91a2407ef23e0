/**
 * GET /v1/catalogue/:sha256: the gateway's procedures, document by document (contracts/catalogue.ts). All of them are compressed once, when
 * the gateway starts: a village's line carries a form in seconds, and a crowd of kiosks that ask for a new one costs nothing but the line.
 */
import { gzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import type { Catalogue } from '../../../procedures/documents/catalogue-source.ts'
import { listOf, publish, sha256OfText } from '../../../procedures/documents/published.ts'
import { sendProblem } from '../problem.ts'

/** What is published, under its SHA-256, compressed. */
export type DocumentShelf = { list: string; find(sha256: string): Buffer | undefined }

export async function createDocumentShelf(catalogue: Pick<Catalogue, 'written'>): Promise<DocumentShelf> {
  const published = await publish(catalogue.written)
  const text = JSON.stringify(listOf(published))
  const list = await sha256OfText(text)
  const bytes = new Map([{ sha256: list, text }, ...published].map((each) => [each.sha256, gzipSync(each.text)]))
  return { list, find: (sha256) => bytes.get(sha256) }
}

export function addCatalogueRoute(app: FastifyInstance, shelf: DocumentShelf): void {
  app.get<{ Params: { sha256: string } }>('/v1/catalogue/:sha256', async (request, reply) => {
    const found = shelf.find(request.params.sha256)
    if (found === undefined) return sendProblem(reply, { type: 'not-found' })
    return reply.header('content-encoding', 'gzip').type('application/json; charset=utf-8').send(found)
  })
}
