/** RxDB 17 on its Dexie storage (strict), replicated over HTTP by its own replication with a push handler of one `fetch` a batch. */
import { createRxDatabase, type RxCollection } from 'rxdb/plugins/core'
import { replicateRxCollection } from 'rxdb/plugins/replication'
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie'
import type { PageBench, Workload } from '../page-bench.ts'
import { attachmentOf, fromBase64, idOf, indexOf, isWhole, toBase64 } from './content.ts'
import { publish } from './publish.ts'

/** Documents are JSON: the attachment is a text in it. */
type Row = { id: string; dossier: string; attachment: string }

let queue: RxCollection<Row>
let workload: Workload
let outstanding = () => Promise.resolve(0)

const bench: PageBench = {
  acknowledged: 0,
  async open(given) {
    workload = given
    const database = await createRxDatabase({
      name: 'rxdb',
      storage: getRxStorageDexie({ chromeTransactionDurability: 'strict' }),
      multiInstance: false,
    })
    const collections = await database.addCollections<{ queue: RxCollection<Row> }>({
      queue: {
        schema: {
          version: 0,
          primaryKey: 'id',
          type: 'object',
          properties: { id: { type: 'string', maxLength: 40 }, dossier: { type: 'string' }, attachment: { type: 'string' } },
          required: ['id', 'dossier', 'attachment'],
        },
      },
    })
    queue = collections.queue
    outstanding = async () => (await queue.find().exec()).length
  },
  async enqueue(first, count) {
    const times: number[] = []
    for (let index = first; index < first + count; index += 1) {
      const bytes = attachmentOf(index, workload.attachmentBytes)
      const began = performance.now()
      await queue.insert({ id: idOf(index), dossier: workload.dossier, attachment: await toBase64(bytes) })
      times.push(performance.now() - began)
      bench.acknowledged += 1
    }
    return times
  },
  async startDraining(serverUrl) {
    const replication = replicateRxCollection<Row, { id: string }>({
      collection: queue,
      replicationIdentifier: serverUrl,
      live: true,
      push: {
        batchSize: 8,
        handler: async (rows) => {
          const body = JSON.stringify(rows.map(({ newDocumentState }) => newDocumentState))
          const answer = await fetch(`${serverUrl}/push`, { method: 'POST', body })
          if (!answer.ok) throw new Error(`HTTP ${answer.status}`)
          return []
        },
      },
    })
    let inSync = false
    void replication.awaitInSync().then(() => {
      inSync = true
    })
    outstanding = async () => (inSync ? 0 : 1)
  },
  left: () => outstanding(),
  async intact() {
    let whole = 0
    for (const { id, attachment } of await queue.find().exec()) {
      const bytes = fromBase64(attachment)
      if (bytes.length === workload.attachmentBytes && isWhole(bytes, indexOf(id))) whole += 1
    }
    return whole
  },
}
publish(bench)
