import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromHex, toHex } from '../bytes/bytes.ts'
import { decodeTlv, decodeTlvHeader, decodeTlvList, encodeTlv } from './tlv.ts'

const tags = fc.constantFrom(0x02, 0x30, 0x5c, 0x61, 0x87, 0x5f01, 0x5f1f, 0x7f61, 0x7f4e)

describe('BER-TLV (ISO/IEC 7816-4 section 5.2.2)', () => {
  it('gives back every list it wrote, whatever the lengths', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(tags, fc.uint8Array({ maxLength: 70000, size: '+1' })), { maxLength: 5 }), (objects) => {
        const bytes = Buffer.concat(objects.map(([tag, value]) => encodeTlv(tag, value)))
        const list = decodeTlvList(bytes)
        if (!list.ok) throw new Error(list.error.type)
        expect(list.value.map(({ tag, value }) => [tag, toHex(value)])).toEqual(
          objects.map(([tag, value]) => [tag, toHex(value)]),
        )
      }),
      { seed: 7816, numRuns: 100 },
    )
  })

  it.each([0, 1, 127, 128, 255, 256, 65535, 65536])('a value of %i bytes', (length) => {
    const decoded = decodeTlv(encodeTlv(0x7f61, new Uint8Array(length)))
    expect(decoded.ok && decoded.value.tlv.value.length).toBe(length)
  })

  it('any bytes give a Result and stay inside their bounds', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat({ max: 70 }), (bytes, offset) => {
        const one = decodeTlv(bytes, offset)
        if (one.ok) expect(one.value.end).toBeLessThanOrEqual(bytes.length)
        decodeTlvList(bytes)
        decodeTlvHeader(bytes, offset)
      }),
      { seed: 7816, numRuns: 1000 },
    )
  })

  it('names what it does not take', () => {
    expect(decodeTlv(fromHex('3080'))).toMatchObject({ ok: false, error: { type: 'tlv-length-unsupported' } })
    expect(decodeTlv(fromHex('3084FFFFFFFF'))).toMatchObject({ ok: false, error: { type: 'tlv-length-unsupported' } })
    expect(decodeTlv(fromHex('1FFFFFFF7F00'))).toMatchObject({ ok: false, error: { type: 'tlv-tag-too-long' } })
    expect(decodeTlv(fromHex('300500'))).toMatchObject({ ok: false, error: { type: 'tlv-truncated' } })
  })
})
