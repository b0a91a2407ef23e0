/** The little of PouchDB's server that the benchmark calls; neither package brings types of its own. */
declare module 'pouchdb-node' {
  interface PouchConstructor {
    new (name: string): { info(): Promise<{ doc_count: number }> }
    defaults(options: { prefix: string }): PouchConstructor
  }
  const PouchDB: PouchConstructor
  export default PouchDB
}
declare module 'express-pouchdb' {
  import type { RequestListener } from 'node:http'
  export default function expressPouchDb(
    database: unknown,
    options: { inMemoryConfig: boolean; logPath: string; mode: 'minimumForPouchDB' },
  ): RequestListener
}
