import { describe, expect, it } from 'vitest'
import { dg2Of, faceImageOf } from '../../simulators/specimen-pki/specimen-groups.ts'
import { specimens } from '../../simulators/specimens.ts'
import { concatBytes } from '../bytes/bytes.ts'
import { encodeTlv } from '../tlv/tlv.ts'
import { parseDg2, parseDg7 } from './face-image.ts'

const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 0xff, 0xd9)
const codeStream = Uint8Array.of(0xff, 0x4f, 0xff, 0x51, 9, 9)
const template = (data: Uint8Array, tag = 0x5f2e): Uint8Array => encodeTlv(0x7f60, encodeTlv(0xa1), encodeTlv(tag, data))
const dg2 = (...templates: Uint8Array[]): Uint8Array =>
  encodeTlv(0x75, encodeTlv(0x7f61, encodeTlv(0x02, Uint8Array.of(templates.length)), ...templates))
const facesOf = (file: Uint8Array) => {
  const parsed = parseDg2(file)
  if (!parsed.ok) throw new Error(parsed.error.type)
  return parsed.value
}

describe('DG2 (Doc 9303-10 section 4.7.2)', () => {
  it.each(specimens)('gives the face of $fullName whole', (specimen) => {
    const [face, ...others] = facesOf(dg2Of(specimen))
    expect(face).toMatchObject({ type: faceImageOf(specimen).type, encoding: 'iso-19794-5', width: 420, height: 560 })
    expect(face?.image).toEqual(faceImageOf(specimen).image)
    expect(others).toEqual([])
  })

  it('gives the images of several templates, one of them unreadable', () => {
    const faces = facesOf(dg2(template(jpeg), template(Uint8Array.of(1, 2, 3)), template(codeStream)))
    expect(faces.map(({ type, encoding }) => [type, encoding])).toEqual([
      ['jpeg', 'bare'],
      ['jpeg2000', 'bare'],
    ])
  })

  it('passes over feature points', () => {
    const points = new Uint8Array(16)
    const head = Uint8Array.of(0, 0, 0, 20 + 16 + 12 + jpeg.length, 0, 2, ...new Array(14).fill(0))
    const image = Uint8Array.of(1, 0, 1, 0xa4, 2, 0x30, 1, 0, 0, 0, 0, 0)
    const record = concatBytes(
      new TextEncoder().encode('FAC'),
      Uint8Array.of(0, 0x30, 0x31, 0x30, 0, 0, 0, 0, 99, 0, 1),
      head,
      points,
      image,
      jpeg,
    )
    expect(facesOf(dg2(template(record)))).toMatchObject([{ image: jpeg, width: 420, height: 560 }])
  })

  it('finds the image in a face image data block of ISO/IEC 39794-5', () => {
    const block = encodeTlv(
      0x65,
      encodeTlv(0xa0, encodeTlv(0x80, Uint8Array.of(3))),
      encodeTlv(
        0xa1,
        encodeTlv(
          0x30,
          encodeTlv(0x80, Uint8Array.of(1)),
          encodeTlv(0xa1, encodeTlv(0xa0, encodeTlv(0xa0, encodeTlv(0x80, jpeg)))),
        ),
      ),
    )
    expect(facesOf(dg2(template(block, 0x7f2e)))).toMatchObject([{ image: jpeg, encoding: 'iso-39794-5' }])
  })

  it.each([
    ['no template', dg2()],
    ['no image', dg2(template(Uint8Array.of(1)))],
    ['another group', encodeTlv(0x61)],
    ['nothing', new Uint8Array()],
  ])('%s is a named failure', (_, file) => {
    expect(parseDg2(file).ok).toBe(false)
  })
})

it('DG7 gives the displayed signature (Doc 9303-10 section 4.7.7)', () => {
  const file = encodeTlv(0x67, encodeTlv(0x02, Uint8Array.of(1)), encodeTlv(0x5f43, jpeg))
  expect(parseDg7(file)).toEqual({ ok: true, value: [{ image: jpeg, type: 'jpeg' }] })
  expect(parseDg7(encodeTlv(0x67)).ok).toBe(false)
})
