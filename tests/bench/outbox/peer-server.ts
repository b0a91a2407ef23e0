/**
 * The server of a peer, as a process of its own: `node peer-server.ts KIND DATA PAGES PORT`. Serves the pages and takes the dossiers in;
 * what it acknowledges is synced to disk (raw, rxdb) or as its own store does it (pouchdb on LevelDB). Prints its address when ready.
 */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { basename, extname, join } from 'node:path'
import expressPouchDb from 'express-pouchdb'
import PouchDB from 'pouchdb-node'

const [kind = '', data = '', pages = '', port = '0'] = process.argv.slice(2)
mkdirSync(data, { recursive: true })

const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' }

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(Buffer.from(part))
  return Buffer.concat(parts)
}

async function store(id: string, content: Buffer | string): Promise<void> {
  const handle = await open(join(data, basename(id)), 'w')
  try {
    await handle.writeFile(content)
    await handle.datasync()
  } finally {
    await handle.close()
  }
  const folder = await open(data, 'r')
  await folder.sync()
  await folder.close()
}

const intake = async (request: IncomingMessage): Promise<number> => {
  if (request.method === 'PUT') {
    await store(request.url ?? '', await bodyOf(request))
    return 200
  }
  if (request.method !== 'POST') return 405
  const rows: unknown = JSON.parse((await bodyOf(request)).toString())
  if (!Array.isArray(rows)) return 400
  for (const row of rows) await store(String(row.id), JSON.stringify(row))
  return 200
}

const pouchDb = () => {
  const Database = PouchDB.defaults({ prefix: `${data}/` })
  const app = expressPouchDb(Database, { inMemoryConfig: true, logPath: join(data, 'log.txt'), mode: 'minimumForPouchDB' })
  const count = async () => (await new Database('queue').info()).doc_count
  return { app, count }
}
const pouch = kind === 'pouchdb' ? pouchDb() : undefined

const listener: RequestListener = (request, response) => {
  const path = new URL(request.url ?? '/', 'http://server').pathname
  const type = types[extname(path)]
  if (request.method === 'GET' && type !== undefined) {
    response.writeHead(200, { 'content-type': type }).end(readFileSync(join(pages, basename(path))))
    return
  }
  const work =
    path === '/received'
      ? Promise.resolve(pouch ? pouch.count() : readdirSync(data).length).then((count) => response.end(String(count)))
      : pouch
        ? Promise.resolve(pouch.app(request, response))
        : intake(request).then((status) => response.writeHead(status).end())
  work.catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : 'failed')
    response.writeHead(500).end()
  })
}

const server = createServer(listener)
server.listen(Number(port), '127.0.0.1', () => {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no address')
  console.log(`ready http://127.0.0.1:${address.port}`)
})
process.on('SIGTERM', () => process.exit(0))
