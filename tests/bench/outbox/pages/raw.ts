/**
 * The limit: one strict IndexedDB transaction a dossier, then `fetch`, four at a time. No encryption, no receipt, no retry. Beside it, what
 * two promises cost on the same disk when nothing else is done: a page, then a packet.
 */

import type { PageBench, Workload } from '../page-bench.ts'
import { attachmentOf, idOf, indexOf, isWhole } from './content.ts'
import { publish, quantilesOf } from './publish.ts'

type Row = { id: string; dossier: string; attachment: ArrayBuffer }

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
const committed = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error)
  })

let database: IDBDatabase
let workload: Workload

const mostPromises = 100
/** Milliseconds of one strict transaction, other than a dossier's. */
const promised = async (rows: unknown[]): Promise<number> => {
  const began = performance.now()
  const transaction = database.transaction('promises', 'readwrite', { durability: 'strict' })
  for (const row of rows) transaction.objectStore('promises').add(row)
  await committed(transaction)
  return performance.now() - began
}

const bench: PageBench = {
  acknowledged: 0,
  async open(given) {
    workload = given
    const opening = indexedDB.open('raw', 1)
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore('queue', { keyPath: 'id' })
      opening.result.createObjectStore('promises', { autoIncrement: true })
    }
    database = await done(opening)
  },
  async enqueue(first, count) {
    const times: number[] = []
    for (let index = first; index < first + count; index += 1) {
      const attachment = attachmentOf(index, workload.attachmentBytes).buffer
      const began = performance.now()
      const transaction = database.transaction('queue', 'readwrite', { durability: 'strict' })
      transaction.objectStore('queue').put({ id: idOf(index), dossier: workload.dossier, attachment } satisfies Row)
      await committed(transaction)
      times.push(performance.now() - began)
      bench.acknowledged += 1
    }
    const promises: { [act: string]: number[] } = { page: [], packet: [] }
    for (let index = 0; index < Math.min(count, mostPromises); index += 1) {
      const page = attachmentOf(index, workload.attachmentBytes)
      promises.page?.push(await promised([page]))
      promises.packet?.push(await promised([`${workload.dossier}${workload.dossier}`]))
    }
    bench.notes = quantilesOf(promises)
    return times
  },
  async startDraining(serverUrl) {
    const ids = (await done(database.transaction('queue').objectStore('queue').getAllKeys())).map(String)
    let sent: string[] = []
    const forget = async (atLeast: number) => {
      if (sent.length < atLeast) return
      const mine = sent
      sent = []
      const transaction = database.transaction('queue', 'readwrite', { durability: 'strict' })
      for (const id of mine) transaction.objectStore('queue').delete(id)
      await committed(transaction)
    }
    const worker = async () => {
      for (let id = ids.shift(); id !== undefined; id = ids.shift()) {
        const row: Row = await done(database.transaction('queue').objectStore('queue').get(id))
        const body = new Blob([`${row.dossier}\n`, row.attachment])
        const answer = await fetch(`${serverUrl}/${id}`, { method: 'PUT', body })
        if (!answer.ok) throw new Error(`HTTP ${answer.status}`)
        sent.push(id)
        await forget(50)
      }
    }
    void Promise.all([worker(), worker(), worker(), worker()]).then(() => forget(1))
  },
  left: () => done(database.transaction('queue').objectStore('queue').count()),
  async intact() {
    let whole = 0
    for (const key of await done(database.transaction('queue').objectStore('queue').getAllKeys())) {
      try {
        const row: Row = await done(database.transaction('queue').objectStore('queue').get(key))
        const bytes = new Uint8Array(row.attachment)
        if (bytes.length === workload.attachmentBytes && isWhole(bytes, indexOf(row.id))) whole += 1
      } catch {
        // what cannot be read is not there
      }
    }
    return whole
  },
}
publish(bench)
