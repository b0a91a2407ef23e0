/** LevelDB's varint: seven bits a byte, the least first (leveldb/util/coding.h). Throws RangeError beyond the bytes' end. */
export function readVarint(bytes: Buffer, from: number): [value: number, next: number] {
  let value = 0
  for (let at = from, shift = 0; shift < 49; at += 1, shift += 7) {
    const byte = bytes.readUInt8(at)
    value += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) return [value, at + 1]
  }
  throw new RangeError('varint too long')
}

export function varint(value: number): Buffer {
  const bytes: number[] = []
  let left = value
  for (; left >= 0x80; left = Math.floor(left / 0x80)) bytes.push((left % 0x80) | 0x80)
  return Buffer.from([...bytes, left])
}

/** Bytes with their length before them. */
export function readSlice(bytes: Buffer, from: number): [slice: Buffer, next: number] {
  const [length, at] = readVarint(bytes, from)
  if (at + length > bytes.length) throw new RangeError('slice beyond the end')
  return [bytes.subarray(at, at + length), at + length]
}

export const slice = (bytes: Buffer): Buffer => Buffer.concat([varint(bytes.length), bytes])
