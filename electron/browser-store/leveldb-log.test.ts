import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { crc32c, masked } from './crc32c.ts'
import { readLog, writeLog } from './leveldb-log.ts'

const records = fc.array(
  fc
    .oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.nat(90_000).map((length) => new Uint8Array(length).fill(length % 251)),
    )
    .map((bytes) => Buffer.from(bytes)),
  { maxLength: 12 },
)

describe('crc32c', () => {
  test('has the values of RFC 3720, appendix B.4', () => {
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa)
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43)
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, at) => at))).toBe(0x46dd794e)
  })
  test('goes on where it stopped, and is never bare', () => {
    const [a, b] = [Buffer.from('một'), Buffer.from('hai')]
    expect(crc32c(b, crc32c(a))).toBe(crc32c(Buffer.concat([a, b])))
    expect(masked(0)).toBe(0xa282ead8)
  })
})

describe('log', () => {
  test('gives back what was written', () => {
    fc.assert(
      fc.property(records, (written) => {
        expect(readLog(writeLog(written))).toEqual({ records: written, damaged: 0 })
      }),
      { numRuns: 60 },
    )
  })

  test('begins a block anew where no head fits', () => {
    for (let left = 0; left <= 14; left += 1) {
      const written = [Buffer.alloc(32 * 1024 - 7 - left, 1), Buffer.from('sau')]
      expect(readLog(writeLog(written))).toEqual({ records: written, damaged: 0 })
    }
  })

  test('damaged bytes lose records and make none', () => {
    fc.assert(
      fc.property(records, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 64 }), (written, where, damage) => {
        const log = writeLog(written)
        fc.pre(log.length > 0)
        log.set(damage.subarray(0, log.length - (where % log.length)), where % log.length)
        const known = new Set(written.map((record) => record.toString('hex')))
        for (const record of readLog(log).records) expect(known).toContain(record.toString('hex'))
      }),
      { numRuns: 60 },
    )
  })

  test('what stands in other blocks than the damaged one is read', () => {
    const written = Array.from({ length: 40 }, (_, at) => Buffer.alloc(8_000, at))
    const log = writeLog(written)
    log.fill(0x5a, 40_000, 40_016)
    const { records: read, damaged } = readLog(log)
    expect(damaged).toBeGreaterThan(0)
    expect(read.length).toBeGreaterThanOrEqual(34)
  })
})
