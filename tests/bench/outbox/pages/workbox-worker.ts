/** workbox-background-sync 7 in its service worker. Its store opens transactions without a word about durability: relaxed. */
import { Queue } from 'workbox-background-sync'
import type { Workload } from '../page-bench.ts'
import { attachmentOf, idOf, indexOf, isWhole } from './content.ts'

let workload: Workload
let target = ''
let queue: Queue | undefined
const theQueue = () => {
  queue ??= new Queue('bench', { forceSyncFallback: true, maxRetentionTime: 60 * 24, onSync: () => undefined })
  return queue
}
const requestOf = (index: number) =>
  new Request(new URL(`./${idOf(index)}`, 'http://queue.invalid'), {
    method: 'PUT',
    body: new Blob([`${workload.dossier}\n`, attachmentOf(index, workload.attachmentBytes)]),
  })

type Stored = { requestData: { url: string; body: ArrayBuffer } }
const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

const calls: Record<string, (argument: never, tell: (acknowledged: number) => void) => Promise<unknown>> = {
  open: async (given: Workload) => {
    workload = given
  },
  enqueue: async ([first, count]: [number, number], tell) => {
    const times: number[] = []
    for (let index = first; index < first + count; index += 1) {
      const request = requestOf(index)
      const began = performance.now()
      await theQueue().pushRequest({ request })
      times.push(performance.now() - began)
      tell(times.length)
    }
    return times
  },
  drain: async (serverUrl: string) => {
    target = serverUrl
    // As `replayRequests` does it, one after the other, but to the address which is only known now.
    void (async () => {
      for (let entry = await theQueue().shiftRequest(); entry !== undefined; entry = await theQueue().shiftRequest()) {
        const { pathname } = new URL(entry.request.url)
        await fetch(target + pathname, { method: 'PUT', body: await entry.request.blob() })
      }
    })()
  },
  left: () => theQueue().size(),
  /**
   * Entry by entry: the library reads its queue as a whole, or from the front, and fails as a whole on the first entry whose body is not
   * there, so that by itself it would get at none of them.
   */
  intact: async () => {
    const database = await done(indexedDB.open('workbox-background-sync'))
    let whole = 0
    for (const key of await done(database.transaction('requests').objectStore('requests').getAllKeys())) {
      try {
        const { requestData }: Stored = await done(database.transaction('requests').objectStore('requests').get(key))
        const bytes = new Uint8Array(requestData.body)
        const attachment = bytes.subarray(bytes.length - workload.attachmentBytes)
        if (isWhole(attachment, indexOf(new URL(requestData.url).pathname))) whole += 1
      } catch {
        // the entry is there, its body is not
      }
    }
    return whole
  },
}

type Message = MessageEvent<{ call: string; argument: never }> & { waitUntil(work: Promise<unknown>): void }
self.addEventListener('message', (event) => {
  const { data, ports, waitUntil } = event as Message
  const [port] = ports
  const work = (
    calls[data.call]?.(data.argument, (acknowledged) => port?.postMessage({ acknowledged })) ??
    Promise.reject(new Error(data.call))
  )
    .then((result) => port?.postMessage({ result }))
    .catch((error: unknown) => port?.postMessage({ error: String(error) }))
  waitUntil.call(event, work)
})
self.addEventListener('install', () => void (self as unknown as { skipWaiting(): Promise<void> }).skipWaiting())
self.addEventListener('activate', (event) => {
  const clients = (self as unknown as { clients: { claim(): Promise<void> } }).clients
  ;(event as Message).waitUntil(clients.claim())
})
