/**
 * What can still be read of a damaged LevelDB, in a new one: the newest of each key, from all tables and logs that are whole or whole in
 * part. Chromium itself deletes such a store (it calls it corrupt, and begins an empty one), so this works on what was kept beside it.
 *
 * Invariants: the damaged store is only read; the new one is on disk when the promise resolves; what was deleted stays deleted as far as
 * the record of its deletion can be read.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openPrivateFolder, writeDurably } from '../station/durable-file.ts'
import { readLog, writeLog } from './leveldb-log.ts'
import { readTable } from './leveldb-table.ts'
import { readSlice, readVarint, slice, varint } from './varint.ts'

/** Of Chromium's IndexedDB (content/browser/indexed_db): the order of its keys. */
const comparator = 'idb_cmp1'
const [deletion, put] = [0, 1]
/** An index's own keys carry it: no write has this number. */
const noSequence = (1n << 56n) - 1n
const batchBytes = 1024 * 1024

export type Salvaged = { kept: number; damaged: number }

type Newest = { sequence: bigint; key: Buffer; value: Buffer | undefined }

/** leveldb/db/write_batch.cc: sequence, count, then each deletion or put. */
function* writesOf(batch: Buffer): Generator<Newest> {
  let sequence = batch.readBigUInt64LE(0)
  for (let at = 12; at < batch.length; sequence += 1n) {
    const kind = batch.readUInt8(at)
    const [key, afterKey] = readSlice(batch, at + 1)
    const [value, next] = kind === put ? readSlice(batch, afterKey) : [undefined, afterKey]
    yield { sequence, key, value }
    at = next
  }
}

/** leveldb/db/version_edit.cc: the tables a MANIFEST's edits end with. Throws RangeError at what it does not know. */
function applyEdit(edit: Buffer, tables: { live: Set<number>; deleted: Set<number> }): void {
  for (let at = 0; at < edit.length; ) {
    const [tag, afterTag] = readVarint(edit, at)
    at = afterTag
    const number = () => {
      const [value, next] = readVarint(edit, at)
      at = next
      return value
    }
    const bytes = () => {
      const [, next] = readSlice(edit, at)
      at = next
    }
    if (tag === 1) bytes()
    else if (tag === 2 || tag === 3 || tag === 4 || tag === 9) number()
    else if (tag === 5) {
      number()
      bytes()
    } else if (tag === 6) {
      number()
      const file = number()
      tables.live.delete(file)
      tables.deleted.add(file)
    } else if (tag === 7) {
      number()
      tables.live.add(number())
      number()
      bytes()
      bytes()
    } else throw new RangeError(`edit with tag ${tag}`)
  }
}

/** Which tables count: those the MANIFEST names when it can be read whole, else all but those it is known to have let go of. */
const countsOf = (manifest: Buffer | undefined): ((table: number) => boolean) => {
  const tables = { live: new Set<number>(), deleted: new Set<number>() }
  if (manifest === undefined) return () => true
  const { records, damaged } = readLog(manifest)
  let whole = damaged === 0 && records.length > 0
  for (const edit of records) {
    try {
      applyEdit(edit, tables)
    } catch {
      whole = false
    }
  }
  return whole ? (table) => tables.live.has(table) : (table) => !tables.deleted.has(table)
}

const readIn = async (folder: string, name: string): Promise<Buffer | undefined> => {
  try {
    return await readFile(join(folder, name))
  } catch {
    // Sectors that cannot be read: this file is lost, the others are not.
    return undefined
  }
}

const readAll = async (folder: string): Promise<{ newest: Map<string, Newest>; damaged: number }> => {
  const names = (await readdir(folder)).toSorted()
  const manifest = names.findLast((name) => name.startsWith('MANIFEST-'))
  const counts = countsOf(manifest === undefined ? undefined : await readIn(folder, manifest))
  const newest = new Map<string, Newest>()
  let damaged = 0
  const take = (write: Newest) => {
    const name = write.key.toString('latin1')
    const known = newest.get(name)
    if (known === undefined || known.sequence < write.sequence) newest.set(name, write)
  }
  for (const name of names) {
    const [, number, kind] = /^(\d+)\.(ldb|log)$/.exec(name) ?? []
    if (number === undefined || (kind === 'ldb' && !counts(Number(number)))) continue
    const file = await readIn(folder, name)
    if (file === undefined) {
      damaged += 1
    } else if (kind === 'log') {
      const log = readLog(file)
      damaged += log.damaged
      for (const batch of log.records) {
        try {
          for (const write of writesOf(batch)) take(write)
        } catch {
          damaged += 1
        }
      }
    } else {
      const table = readTable(file)
      damaged += table === undefined ? 1 : Math.abs(table.damaged)
      for (const { key, value } of table?.entries ?? []) {
        if (key.length < 8) continue
        const tag = key.readBigUInt64LE(key.length - 8)
        const [sequence, type] = [tag >> 8n, Number(tag & 0xffn)]
        if (type > put || sequence === noSequence) continue
        take({ sequence, key: key.subarray(0, -8), value: type === deletion ? undefined : value })
      }
    }
  }
  return { newest, damaged }
}

function* batchesOf(entries: Iterable<{ key: Buffer; value: Buffer }>): Generator<Buffer> {
  let sequence = 1n
  let parts: Buffer[] = []
  let [count, bytes] = [0, 0]
  const batch = (): Buffer => {
    const head = Buffer.alloc(12)
    head.writeBigUInt64LE(sequence, 0)
    head.writeUInt32LE(count, 8)
    const whole = Buffer.concat([head, ...parts])
    sequence += BigInt(count)
    parts = []
    count = 0
    bytes = 0
    return whole
  }
  for (const { key, value } of entries) {
    const write = Buffer.concat([Buffer.of(put), slice(key), slice(value)])
    parts.push(write)
    count += 1
    bytes += write.length
    if (bytes >= batchBytes) yield batch()
  }
  if (count > 0) yield batch()
}

/**
 * `into` is made. One log and no table: LevelDB sorts it into tables itself when it opens it, by an order of keys that is Chromium's.
 * Throws what the disk throws.
 */
export const salvage = async (damagedStore: string, into: string): Promise<Salvaged> => {
  const { newest, damaged } = await readAll(damagedStore)
  const entries = [...newest.values()].flatMap(({ key, value }) => (value === undefined ? [] : [{ key, value }]))
  const edit = Buffer.concat([
    ...[varint(1), slice(Buffer.from(comparator))],
    ...[varint(2), varint(2)],
    ...[varint(3), varint(3)],
    ...[varint(4), varint(entries.length)],
  ])
  await openPrivateFolder(into)
  await writeDurably(join(into, '000002.log'), writeLog(batchesOf(entries)))
  await writeDurably(join(into, 'MANIFEST-000001'), writeLog([edit]))
  await writeDurably(join(into, 'CURRENT'), 'MANIFEST-000001\n')
  return { kept: entries.length, damaged }
}
