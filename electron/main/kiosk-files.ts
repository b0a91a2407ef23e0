/**
 * `tram://kiosk/…`: the built renderer's files, and nothing else of the disk. Answers carry the same headers as in the loopback shell.
 * A path is taken apart and checked piece by piece, so that no spelling of `..` leads out of the folder.
 */
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { kioskHost, kioskScheme } from '../ipc/page-origin.ts'

const typeByExtension: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.ico': 'image/x-icon',
  '.wasm': 'application/wasm',
  '.pdf': 'application/pdf',
}

/** The file's path below the folder, in pieces; undefined for what is not a plain path of ours. */
export const filePieces = (text: string): string[] | undefined => {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    return undefined
  }
  if (url.protocol !== `${kioskScheme}:` || url.host !== kioskHost) return undefined
  let path: string
  try {
    path = decodeURIComponent(url.pathname)
  } catch {
    return undefined
  }
  const pieces = path.split('/').slice(1)
  if (pieces.at(-1) === '') pieces[pieces.length - 1] = 'index.html'
  const plain = /^[A-Za-z0-9_@~-][A-Za-z0-9_.@~-]*$/
  return pieces.every((piece) => plain.test(piece)) ? pieces : undefined
}

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EISDIR' || error.code === 'ENOTDIR')

export const createKioskFiles = (folder: string, headers: Record<string, string>) => {
  const answer = (status: number, body: Uint8Array<ArrayBuffer> | null, extra: Record<string, string> = {}) =>
    new Response(body, { status, headers: { ...headers, 'cache-control': 'no-cache', ...extra } })
  return async (request: { url: string; method: string }): Promise<Response> => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return answer(405, null)
    const pieces = filePieces(request.url)
    const type = pieces && typeByExtension[extname(pieces.at(-1) ?? '')]
    if (!pieces || !type) return answer(404, null)
    try {
      const content = await readFile(join(folder, ...pieces))
      return answer(200, request.method === 'HEAD' ? null : content, { 'content-type': type })
    } catch (error) {
      if (isAbsent(error)) return answer(404, null)
      throw error
    }
  }
}
