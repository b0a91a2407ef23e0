import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromHex, toHex } from '../bytes/bytes.ts'
import { decodeCommand, decodeResponse, encodeCommand, encodeResponse } from './apdu.ts'

const byte = fc.integer({ min: 0, max: 255 })

describe('APDUs (ISO/IEC 7816-4 section 5.1)', () => {
  it('gives back every command, short or extended', () => {
    fc.assert(
      fc.property(
        byte,
        byte,
        fc.option(fc.uint8Array({ minLength: 1, maxLength: 600, size: 'max' }), { nil: undefined }),
        fc.option(fc.oneof(fc.integer({ min: 1, max: 256 }), fc.integer({ min: 257, max: 65536 })), { nil: undefined }),
        (ins, p1, data, le) => {
          const command = { cla: 0, ins, p1, p2: 4, ...(data === undefined ? {} : { data }), ...(le === undefined ? {} : { le }) }
          const decoded = decodeCommand(encodeCommand(command))
          if (!decoded.ok) throw new Error(decoded.error.detail)
          expect({ ...decoded.value, data: toHex(decoded.value.data ?? new Uint8Array()) }).toEqual({
            ...command,
            data: toHex(data ?? new Uint8Array()),
          })
        },
      ),
      { seed: 7816, numRuns: 500 },
    )
  })

  it('gives back every response', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 0, max: 0xffff }), (data, statusWord) => {
        expect(decodeResponse(encodeResponse({ data, statusWord }))).toEqual({ ok: true, value: { data, statusWord } })
      }),
      { seed: 7816, numRuns: 200 },
    )
  })

  it('any bytes give a Result, and what is taken is written the same way', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        decodeResponse(bytes)
        decodeCommand(bytes)
      }),
      { seed: 7816, numRuns: 1000 },
    )
  })

  it('writes Le 256 as 00 and 65536 as 0000', () => {
    expect(toHex(encodeCommand({ cla: 0, ins: 0xb0, p1: 0, p2: 0, le: 256 }))).toBe('00B0000000')
    expect(toHex(encodeCommand({ cla: 0, ins: 0xb0, p1: 0, p2: 0, le: 65536 }))).toBe('00B00000000000')
    expect(decodeCommand(fromHex('00B0'))).toMatchObject({ ok: false })
  })
})
