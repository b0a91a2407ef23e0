import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { crc32c, masked } from './crc32c.ts'
import { readLog, writeLog } from './leveldb-log.ts'
import { salvage } from './salvage.ts'
import { readSlice, slice, varint } from './varint.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tram-salvage-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

type Write = { key: string; value: string | undefined }

const batch = (sequence: number, writes: Write[]): Buffer => {
  const head = Buffer.alloc(12)
  head.writeBigUInt64LE(BigInt(sequence), 0)
  head.writeUInt32LE(writes.length, 8)
  const parts = writes.map(({ key, value }) =>
    value === undefined
      ? Buffer.concat([Buffer.of(0), slice(Buffer.from(key))])
      : Buffer.concat([Buffer.of(1), slice(Buffer.from(key)), slice(Buffer.from(value))]),
  )
  return Buffer.concat([head, ...parts])
}

/** A table as leveldb/table/table_builder.cc makes it, each block of `perBlock` entries, uncompressed. */
const table = (writes: (Write & { sequence: number })[], perBlock: number): Buffer => {
  const parts: Buffer[] = []
  let size = 0
  const addBlock = (entries: { key: Buffer; value: Buffer }[]): Buffer => {
    const body = Buffer.concat([
      ...entries.map(({ key, value }) => Buffer.concat([varint(0), varint(key.length), varint(value.length), key, value])),
      Buffer.from([0, 0, 0, 0, 1, 0, 0, 0]),
    ])
    const handle = Buffer.concat([varint(size), varint(body.length)])
    const sum = Buffer.alloc(4)
    sum.writeUInt32LE(masked(crc32c(Buffer.concat([body, Buffer.of(0)]))))
    parts.push(body, Buffer.of(0), sum)
    size += body.length + 5
    return handle
  }
  const entries = writes.map(({ key, value, sequence }) => {
    const tag = Buffer.alloc(8)
    tag.writeBigUInt64LE((BigInt(sequence) << 8n) | (value === undefined ? 0n : 1n))
    return { key: Buffer.concat([Buffer.from(key), tag]), value: Buffer.from(value ?? '') }
  })
  const index: { key: Buffer; value: Buffer }[] = []
  for (let at = 0; at < entries.length; at += perBlock) {
    const block = entries.slice(at, at + perBlock)
    index.push({ key: block.at(-1)?.key ?? Buffer.alloc(8), value: addBlock(block) })
  }
  const meta = addBlock([])
  const footer = Buffer.alloc(48)
  Buffer.concat([meta, addBlock(index)]).copy(footer)
  Buffer.from('57fb808b247547db', 'hex').copy(footer, 40)
  return Buffer.concat([...parts, footer])
}

/** What a LevelDB that opens the salvaged one would hold. */
const heldIn = (made: string): Map<string, string> => {
  const held = new Map<string, string>()
  const { records, damaged } = readLog(readFileSync(join(made, '000002.log')))
  expect(damaged).toBe(0)
  for (const record of records) {
    for (let at = 12; at < record.length; ) {
      expect(record.readUInt8(at)).toBe(1)
      const [key, afterKey] = readSlice(record, at + 1)
      const [value, next] = readSlice(record, afterKey)
      expect(held.has(key.toString())).toBe(false)
      held.set(key.toString(), value.toString())
      at = next
    }
  }
  return held
}

const writesOfKeys = fc.array(
  fc.record({
    key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    value: fc.option(fc.string({ maxLength: 30 }), { nil: undefined }),
  }),
  { minLength: 1, maxLength: 40 },
)

test('the newest of every key, from tables and logs alike, and nothing that was deleted', async () => {
  let run = 0
  await fc.assert(
    fc.asyncProperty(writesOfKeys, fc.nat(40), fc.integer({ min: 1, max: 5 }), async (writes, inTable, perBlock) => {
      run += 1
      const from = mkdtempSync(join(folder, 'store-'))
      const numbered = writes.map((write, at) => ({ ...write, sequence: at + 1 }))
      const [old, young] = [numbered.slice(0, inTable), numbered.slice(inTable)]
      const ordered = old.toSorted((a, b) => (a.key === b.key ? b.sequence - a.sequence : a.key < b.key ? -1 : 1))
      if (ordered.length > 0) writeFileSync(join(from, '000005.ldb'), table(ordered, perBlock))
      writeFileSync(join(from, '000006.log'), writeLog(young.map((write) => batch(write.sequence, [write]))))
      const expected = new Map<string, string>()
      for (const { key, value } of writes) value === undefined ? expected.delete(key) : expected.set(key, value)
      const into = join(folder, `made-${run}`)
      expect(await salvage(from, into)).toEqual({ kept: expected.size, damaged: 0 })
      expect(heldIn(into)).toEqual(expected)
    }),
    { numRuns: 60 },
  )
})

test('any damage is survived: nothing that was never written, and the other file whole', async () => {
  const old = Array.from({ length: 60 }, (_, at) => ({ key: `bảng-${100 + at}`, value: `cũ ${at}`, sequence: at + 1 }))
  const young = Array.from({ length: 60 }, (_, at) => ({ key: `nhật ký-${100 + at}`, value: `mới ${at}` }))
  const whole = table(old, 6)
  const log = writeLog(young.map((write, at) => batch(100 + at, [write])))
  const known = new Map([...old, ...young].map(({ key, value }) => [key, value]))
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.uint8Array({ minLength: 1, maxLength: 40 }), async (where, damage) => {
      run += 1
      const from = mkdtempSync(join(folder, 'store-'))
      const hit = Buffer.from(whole)
      hit.set(damage.subarray(0, hit.length - where), where)
      writeFileSync(join(from, '000005.ldb'), hit)
      writeFileSync(join(from, '000006.log'), log)
      const into = join(folder, `made-${run}`)
      await salvage(from, into)
      const held = heldIn(into)
      for (const [key, value] of held) expect(known.get(key)).toBe(value)
      for (const { key } of young) expect(held.has(key)).toBe(true)
    }),
    { numRuns: 200 },
  )
})

test('a table the MANIFEST let go of does not bring back what was deleted', async () => {
  writeFileSync(join(folder, '000005.ldb'), table([{ key: 'xóa', value: 'đã xóa', sequence: 1 }], 1))
  writeFileSync(join(folder, '000007.ldb'), table([{ key: 'còn', value: 'ở đây', sequence: 3 }], 1))
  const newFile = (number: number) =>
    Buffer.concat([varint(7), varint(0), varint(number), varint(1), slice(Buffer.alloc(8)), slice(Buffer.alloc(8))])
  const edits = [newFile(5), Buffer.concat([varint(6), varint(0), varint(5), newFile(7)])]
  writeFileSync(join(folder, 'MANIFEST-000001'), writeLog(edits))
  await salvage(folder, join(folder, 'made'))
  expect([...heldIn(join(folder, 'made')).keys()]).toEqual(['còn'])
})
