import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes, fromHex } from '../bytes/bytes.ts'
import { encodeTlv } from '../tlv/tlv.ts'
import { parseDg13 } from './dg13-vietnam.ts'
import { parseDg1, parseEfCom } from './lds.ts'

const text = (value: string): Uint8Array => encodeTlv(0x0c, new TextEncoder().encode(value))
const field = (n: number, value: Uint8Array): Uint8Array => encodeTlv(0x30, encodeTlv(0x02, Uint8Array.of(n)), value)
const dg13 = (...fields: Uint8Array[]): Uint8Array =>
  encodeTlv(0x6d, encodeTlv(0x30, fromHex('020101'), fromHex('060628D316010008'), encodeTlv(0x31, ...fields)))

describe('EF.COM (Doc 9303-10 section 4.6.1)', () => {
  it('reads the one of Doc 9303-11 appendix D.4', () => {
    expect(parseEfCom(fromHex('60145F0104303130365F36063034303030305C026175'))).toEqual({
      ok: true,
      value: { ldsVersion: '0106', groups: ['dg1', 'dg2'] },
    })
  })

  it('names the groups that Vietnamese cards list, and a tag it does not know', () => {
    const file = encodeTlv(0x60, encodeTlv(0x5c, fromHex('6175636D6F6E01')))
    expect(parseEfCom(file)).toMatchObject({
      ok: true,
      value: { groups: ['dg1', 'dg2', 'dg3', 'dg13', 'dg15', 'dg14', 'tag-1'] },
    })
  })
})

describe('DG13 in the layout of 2021', () => {
  it('goes by the number of a field, whatever the order, and passes over what it does not know', () => {
    const file = dg13(
      field(13, encodeTlv(0x30, text('NGUYỄN VĂN GIẢ'), text('PHẠM THỊ ĐỊNH'))),
      field(99, text('?')),
      field(16, text('0123456789ABCDEF')),
      field(2, text('NGUYỄN THỊ MẪU')),
      field(12, text('Không thời hạn')),
    )
    expect(parseDg13(file)).toEqual({
      ok: true,
      value: {
        person: {
          fatherName: 'NGUYỄN VĂN GIẢ',
          motherName: 'PHẠM THỊ ĐỊNH',
          fullName: 'NGUYỄN THỊ MẪU',
          expiryDate: 'Không thời hạn',
        },
        others: { 16: '0123456789ABCDEF', 99: '?' },
      },
    })
  })

  it('brings decomposed letters into one form', () => {
    const parsed = parseDg13(dg13(field(2, text('NGUYỄN'.normalize('NFD')))))
    expect(parsed.ok && parsed.value.person.fullName).toBe('NGUYỄN')
  })

  it('takes parents in sequences of their own, and leaves out what is empty or no UTF-8', () => {
    const nested = encodeTlv(0x30, encodeTlv(0x30, text('A')), encodeTlv(0x30, text('B')))
    const parsed = parseDg13(dg13(field(13, nested), field(7, text('')), field(6, encodeTlv(0x0c, Uint8Array.of(0xff, 0xfe)))))
    expect(parsed).toEqual({ ok: true, value: { person: { fatherName: 'A', motherName: 'B' }, others: {} } })
  })

  it('goes by the numbers also under another identifier, deeper, in other strings, where field 1 is a personal number', () => {
    const bmp = encodeTlv(0x1e, Uint8Array.from(Buffer.from('NGUYỄN', 'utf16le').swap16()))
    const fields = encodeTlv(0x30, field(1, encodeTlv(0x12, fromHex('303030313930303030303137'))), field(2, bmp))
    const file = encodeTlv(0x6d, encodeTlv(0x30, fromHex('020102'), fromHex('060628D316010009'), encodeTlv(0xa0, fields)))
    expect(parseDg13(file)).toMatchObject({ ok: true, value: { person: { personalNumber: '000190000017', fullName: 'NGUYỄN' } } })
  })

  it.each([
    ['no bytes', new Uint8Array()],
    ['another group', encodeTlv(0x6e, text('x'))],
    [
      'another object identifier',
      encodeTlv(0x6d, encodeTlv(0x30, fromHex('020101'), fromHex('060628D316010009'), encodeTlv(0x31, field(1, text('1'))))),
    ],
    ['no known field', dg13(field(99, text('?')))],
    ['garbage', concatBytes(fromHex('6D10'), new Uint8Array(16).fill(0xa5))],
  ])('names another layout: %s', (_, file) => {
    expect(parseDg13(file)).toMatchObject({ ok: false, error: { type: 'dg13-layout-unknown' } })
  })
})

it('any bytes give a Result', () => {
  const whole = dg13(field(1, text('000190000017')), field(13, encodeTlv(0x30, text('A'), text('B'))))
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.nat({ max: whole.length - 1 }),
      fc.integer({ min: 0, max: 255 }),
      (bytes, at, byte) => {
        for (const parse of [parseEfCom, parseDg1, parseDg13]) {
          expect(typeof parse(bytes).ok).toBe('boolean')
          expect(typeof parse(whole.map((old, index) => (index === at ? byte : old))).ok).toBe('boolean')
        }
      },
    ),
    { seed: 9303, numRuns: 500 },
  )
})
