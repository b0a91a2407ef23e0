/**
 * LevelDB's table: blocks of sorted entries, each followed by its kind and checksum; an index of them; a footer of 48 bytes with a magic
 * number (leveldb/doc/table_format.md). Blocks may be compressed by Snappy (google/snappy, format_description.txt).
 */
import { crc32c, masked } from './crc32c.ts'
import { readVarint } from './varint.ts'

const magic = Buffer.from('57fb808b247547db', 'hex')
const footerBytes = 48
/** Kind and checksum. */
const trailerBytes = 5

export type Entry = { key: Buffer; value: Buffer }

export type Table = {
  entries: Entry[]
  compressedBlocks: number
  /** Blocks that could not be read; −1 where their index could not, and what stood before the first unreadable one was found without it. */
  damaged: number
}

function unsnappy(bytes: Buffer): Buffer {
  const [length, start] = readVarint(bytes, 0)
  const out = Buffer.alloc(length)
  let at = start
  let end = 0
  while (at < bytes.length) {
    const tag = bytes.readUInt8(at)
    at += 1
    const kind = tag & 3
    let size = tag >>> 2
    if (kind === 0) {
      if (size >= 60) {
        const extra = size - 59
        size = bytes.readUIntLE(at, extra)
        at += extra
      }
      size += 1
      bytes.copy(out, end, at, at + size)
      at += size
      end += size
      continue
    }
    let back: number
    if (kind === 1) {
      back = ((tag >>> 5) << 8) | bytes.readUInt8(at)
      size = ((tag >>> 2) & 7) + 4
      at += 1
    } else {
      const width = kind === 2 ? 2 : 4
      back = bytes.readUIntLE(at, width)
      size += 1
      at += width
    }
    // Byte by byte: a copy may overlap what it writes.
    for (let i = 0; i < size; i += 1, end += 1) out[end] = out.readUInt8(end - back)
  }
  if (end !== length) throw new RangeError(`${end} of ${length} bytes`)
  return out
}

/** Of a key only what differs from the key before is stored. */
function entriesOf(block: Buffer): Entry[] {
  const entries: Entry[] = []
  const end = block.length - 4 - block.readUInt32LE(block.length - 4) * 4
  let key = Buffer.alloc(0)
  for (let at = 0; at < end; ) {
    const [kept, afterKept] = readVarint(block, at)
    const [fresh, afterFresh] = readVarint(block, afterKept)
    const [size, keyAt] = readVarint(block, afterFresh)
    key = Buffer.concat([key.subarray(0, kept), block.subarray(keyAt, keyAt + fresh)])
    at = keyAt + fresh + size
    entries.push({ key, value: block.subarray(keyAt + fresh, at) })
  }
  return entries
}

/** Where the block that begins here ends: where its own checksum follows. Undefined when none does. */
function endWithoutIndex(file: Buffer, from: number): number | undefined {
  let crc = 0
  for (let end = from; end + trailerBytes <= file.length; end += 1) {
    const through = crc32c(file.subarray(end, end + 1), crc)
    if (end > from && file.readUInt8(end) <= 1 && file.readUInt32LE(end + 1) === masked(through)) return end
    crc = through
  }
  return undefined
}

/**
 * What of a table file can be read. Undefined when nothing says that it is one. Found without an index, the index's own entries may stand
 * among them, after the entries they speak of.
 */
export function readTable(file: Buffer): Table | undefined {
  if (file.length < footerBytes) return undefined
  const table: Table = { entries: [], compressedBlocks: 0, damaged: 0 }
  const blockAt = (offset: number, size: number): Buffer => {
    const kind = file.readUInt8(offset + size)
    if (kind > 1) throw new RangeError(`block of kind ${kind}`)
    if (file.readUInt32LE(offset + size + 1) !== masked(crc32c(file.subarray(offset, offset + size + 1))))
      throw new RangeError('checksum of a block')
    const stored = file.subarray(offset, offset + size)
    table.compressedBlocks += kind
    return kind === 1 ? unsnappy(stored) : stored
  }
  const handleAt = (bytes: Buffer, from: number): [offset: number, size: number, next: number] => {
    const [offset, afterOffset] = readVarint(bytes, from)
    const [size, next] = readVarint(bytes, afterOffset)
    return [offset, size, next]
  }
  let index: Entry[]
  try {
    if (!file.subarray(-8).equals(magic)) throw new RangeError('no magic number')
    const [, , afterMeta] = handleAt(file, file.length - footerBytes)
    const [offset, size] = handleAt(file, afterMeta)
    index = entriesOf(blockAt(offset, size))
  } catch {
    for (
      let at = 0, end = endWithoutIndex(file, 0);
      end !== undefined;
      at = end + trailerBytes, end = endWithoutIndex(file, at)
    ) {
      try {
        table.entries.push(...entriesOf(blockAt(at, end - at)))
      } catch {
        // A filter: no entries.
      }
    }
    return table.entries.length === 0 ? undefined : { ...table, damaged: -1 }
  }
  for (const { value: handle } of index) {
    try {
      const [offset, size] = handleAt(handle, 0)
      table.entries.push(...entriesOf(blockAt(offset, size)))
    } catch {
      table.damaged += 1
    }
  }
  return table
}
