/** A courier's file on its way through the browser: made of blobs, which the browser keeps outside the page's memory, and read slice by slice. */
import { ok, type Result } from '../../contracts/result.ts'
import type { SyncClient } from '../../sync/client/sync-client-api.ts'
import type { CourierExport, OutboxEntry, StoreFault, Vault } from '../../sync/vault/vault-api.ts'
import { wordsOf } from './outbox-words.ts'

/** Handed over to the browser in pieces of this size. */
const pieceBytes = 8 * 1024 * 1024
const receiptsSniff = 64
/** Long enough for the browser to have read it. */
const addressLivesMs = 10 * 60_000

export const courierFileName = (at: Date, what: 'hang-cho' | 'bien-nhan' | `ho-so-${string}`, kind: 'tram' | 'json'): string => {
  const stamp = new Date(at.getTime() + 7 * 3_600_000).toISOString().slice(0, 16).replaceAll(/[-:]/g, '').replace('T', '-')
  return `tram-${what}-${stamp}.${kind}`
}

export const saveFile = (file: Blob, name: string): void => {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), addressLivesMs)
}

/** All that waits, or one dossier alone. */
export const saveQueue = async (
  vault: Pick<Vault, 'exportCourier'>,
  one?: Pick<OutboxEntry, 'packetId' | 'slipCode'>,
): Promise<Result<CourierExport, StoreFault>> => {
  const pieces: Blob[] = []
  let parts: Uint8Array<ArrayBuffer>[] = []
  let size = 0
  const words = (entry: OutboxEntry) => wordsOf(entry).sentence
  const request = one === undefined ? { words } : { words, packetId: one.packetId }
  const made = await vault.exportCourier((part) => {
    parts.push(part)
    size += part.length
    if (size < pieceBytes) return
    pieces.push(new Blob(parts))
    parts = []
    size = 0
  }, request)
  if (!made.ok || made.value.dossiers === 0) return made
  const what = one === undefined ? 'hang-cho' : (`ho-so-${one.slipCode}` as const)
  saveFile(new Blob([...pieces, ...parts]), courierFileName(new Date(), what, 'tram'))
  return ok(made.value)
}

export type Reported =
  | { type: 'receipts'; taken: number }
  | { type: 'forwarded'; report: Extract<Awaited<ReturnType<SyncClient['forwardCourier']>>, { ok: true }>['value'] }
  | { type: 'cut-off' | 'gateway-away' | 'unknown-file' }

/** Either kind of file, told by its first bytes. */
export const takeFile = async (
  file: Blob,
  sync: Pick<SyncClient, 'forwardCourier' | 'takeReceipts'>,
  onProgress: (done: number) => void,
): Promise<Reported> => {
  if ((await file.slice(0, receiptsSniff).text()).startsWith('{')) {
    const taken = await sync.takeReceipts(await file.text())
    return taken.ok ? { type: 'receipts', taken: taken.value.taken } : { type: 'unknown-file' }
  }
  const read = async (from: number, to: number) => new Uint8Array(await file.slice(from, to).arrayBuffer())
  const forwarded = await sync.forwardCourier({ size: file.size, read }, onProgress)
  if (forwarded.ok) return { type: 'forwarded', report: forwarded.value }
  return { type: forwarded.error.type === 'not-a-courier' ? 'unknown-file' : forwarded.error.type }
}
