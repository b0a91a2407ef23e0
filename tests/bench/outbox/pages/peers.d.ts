/** The little of PouchDB 9 that the benchmark calls; it brings no types of its own. */
declare module 'pouchdb-browser' {
  type Attachment = { content_type: string; data: Blob }
  export default class PouchDB {
    constructor(name: string, options?: { auto_compaction?: boolean })
    put(document: { _id: string; dossier: string; _attachments: Record<string, Attachment> }): Promise<unknown>
    allDocs(): Promise<{ rows: { id: string }[] }>
    getAttachment(id: string, name: string): Promise<Blob>
    replicate: { to(url: string, options: { batch_size: number }): Promise<unknown> }
  }
}
