/** CRC-32C (Castagnoli; RFC 3720, appendix B.4) as LevelDB uses and masks it. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
  return crc >>> 0
})

/** Goes on from the checksum of what stands before. */
export const crc32c = (bytes: Uint8Array, before = 0): number => {
  let crc = ~before
  for (const byte of bytes) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] ?? 0)
  return ~crc >>> 0
}

/** LevelDB never stores a checksum bare: one over bytes which hold checksums would be weak (leveldb/util/crc32c.h). */
export const masked = (crc: number): number => (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
