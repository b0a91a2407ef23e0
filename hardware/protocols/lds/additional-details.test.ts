import { describe, expect, it } from 'vitest'
import { fromHex } from '../bytes/bytes.ts'
import { encodeTlv } from '../tlv/tlv.ts'
import { parseDg11, parseDg12 } from './additional-details.ts'

const text = (value: string): Uint8Array => new TextEncoder().encode(value)

describe('DG11 (Doc 9303-10 section 4.7.11)', () => {
  it('gives what is there, names in order, parts as lists, dates in both codings', () => {
    const file = encodeTlv(
      0x6b,
      encodeTlv(0x5c, fromHex('5F0E5F0F5F105F2B5F115F425F12')),
      encodeTlv(0x5f0e, text('NGUYỄN<<THỊ<MẪU')),
      encodeTlv(0xa0, encodeTlv(0x02, Uint8Array.of(2)), encodeTlv(0x5f0f, text('MẪU<<A')), encodeTlv(0x5f0f, text('MẪU<<B'))),
      encodeTlv(0x5f10, text('000190000017')),
      encodeTlv(0x5f2b, fromHex('19900514')),
      encodeTlv(0x5f11, text('Xã Thử Nghiệm<Tỉnh Ví Dụ')),
      encodeTlv(0x5f12, text('')),
    )
    expect(parseDg11(file)).toEqual({
      ok: true,
      value: {
        fullName: 'NGUYỄN THỊ MẪU',
        otherNames: ['MẪU A', 'MẪU B'],
        personalNumber: '000190000017',
        birthDate: '14/05/1990',
        birthPlace: ['Xã Thử Nghiệm', 'Tỉnh Ví Dụ'],
      },
    })
  })

  it('knows a year alone, and no date that is none', () => {
    expect(parseDg11(encodeTlv(0x6b, encodeTlv(0x5f2b, text('19900000'))))).toEqual({ ok: true, value: { birthDate: '1990' } })
    expect(parseDg11(encodeTlv(0x6b, encodeTlv(0x5f2b, text('????????'))))).toEqual({ ok: true, value: {} })
  })
})

it('DG12 gives issuer and date (Doc 9303-10 section 4.7.12)', () => {
  const file = encodeTlv(
    0x6c,
    encodeTlv(0x5f19, text('Cơ quan mẫu')),
    encodeTlv(0x5f26, text('20210720')),
    encodeTlv(0x5f55, fromHex('20210720091500')),
  )
  expect(parseDg12(file)).toEqual({
    ok: true,
    value: { issuingAuthority: 'Cơ quan mẫu', issueDate: '20/07/2021', personalisedAt: '20210720091500' },
  })
  expect(parseDg12(encodeTlv(0x6b)).ok).toBe(false)
})
