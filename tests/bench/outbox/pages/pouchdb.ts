/** PouchDB 9 on IndexedDB, replicated to its own HTTP server. It opens its transactions without a word about durability: relaxed. */
import PouchDB from 'pouchdb-browser'
import type { PageBench, Workload } from '../page-bench.ts'
import { attachmentOf, idOf, indexOf, isWhole } from './content.ts'
import { publish } from './publish.ts'

const database = new PouchDB('pouchdb', { auto_compaction: false })
let workload: Workload
let finished = false

const bench: PageBench = {
  acknowledged: 0,
  open(given) {
    workload = given
    return Promise.resolve()
  },
  async enqueue(first, count) {
    const times: number[] = []
    for (let index = first; index < first + count; index += 1) {
      const data = new Blob([attachmentOf(index, workload.attachmentBytes)], { type: 'image/jpeg' })
      const began = performance.now()
      await database.put({
        _id: idOf(index),
        dossier: workload.dossier,
        _attachments: { paper: { content_type: 'image/jpeg', data } },
      })
      times.push(performance.now() - began)
      bench.acknowledged += 1
    }
    return times
  },
  startDraining(serverUrl) {
    void database.replicate.to(`${serverUrl}/queue`, { batch_size: 50 }).then(() => {
      finished = true
    })
    return Promise.resolve()
  },
  left: () => Promise.resolve(finished ? 0 : 1),
  async intact() {
    let whole = 0
    const { rows } = await database.allDocs()
    for (const { id } of rows) {
      try {
        const paper = await database.getAttachment(id, 'paper')
        const bytes = new Uint8Array(await paper.arrayBuffer())
        if (bytes.length === workload.attachmentBytes && isWhole(bytes, indexOf(id))) whole += 1
      } catch {
        // the record is there, its attachment is not
      }
    }
    return whole
  },
}
publish(bench)
