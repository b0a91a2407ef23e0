/**
 * LevelDB's log, of which both its `.log` files and its MANIFEST are made: records in blocks of 32 KiB, each piece with a checksum
 * (leveldb/doc/log_format.md). Reading takes what is whole and counts what is not.
 */
import { crc32c, masked } from './crc32c.ts'

const blockBytes = 32 * 1024
const headBytes = 7
const [full, first, middle, last] = [1, 2, 3, 4]

const checksum = (kind: number, piece: Buffer): number => masked(crc32c(piece, crc32c(Buffer.of(kind))))

export function readLog(log: Buffer): { records: Buffer[]; damaged: number } {
  const records: Buffer[] = []
  let damaged = 0
  let pieces: Buffer[] | undefined
  for (let block = 0; block < log.length; block += blockBytes) {
    const end = Math.min(block + blockBytes, log.length)
    for (let at = block; at + headBytes <= end; ) {
      const [sum, length, kind] = [log.readUInt32LE(at), log.readUInt16LE(at + 4), log.readUInt8(at + 6)]
      // Room laid out and never written.
      if (kind === 0 && length === 0) break
      const piece = log.subarray(at + headBytes, at + headBytes + length)
      if (at + headBytes + length > end || checksum(kind, piece) !== sum) {
        // Its length cannot be believed either: on with the next block.
        damaged += 1
        pieces = undefined
        break
      }
      at += headBytes + length
      if (kind === full) records.push(piece)
      if (kind === first) pieces = [piece]
      if (kind === middle) pieces?.push(piece)
      if (kind === last && pieces !== undefined) records.push(Buffer.concat([...pieces, piece]))
      if (kind === full || kind === last) pieces = undefined
    }
  }
  return { records, damaged }
}

export function writeLog(records: Iterable<Buffer>): Buffer {
  const parts: Buffer[] = []
  let used = 0
  for (const record of records) {
    let at = 0
    do {
      if (blockBytes - used < headBytes) {
        parts.push(Buffer.alloc(blockBytes - used))
        used = 0
      }
      const piece = record.subarray(at, at + blockBytes - used - headBytes)
      const [begins, ends] = [at === 0, at + piece.length === record.length]
      const kind = begins ? (ends ? full : first) : ends ? last : middle
      const head = Buffer.alloc(headBytes)
      head.writeUInt32LE(checksum(kind ?? 0, piece), 0)
      head.writeUInt16LE(piece.length, 4)
      head.writeUInt8(kind ?? 0, 6)
      parts.push(head, piece)
      used = (used + headBytes + piece.length) % blockBytes
      at += piece.length
    } while (at < record.length)
  }
  return Buffer.concat(parts)
}
