/** A specimen's photo in JPEG 2000, and what is none, through the decoder that the page has. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { faceImageOf } from '../../hardware/simulators/specimen-pki/specimen-groups.ts'
import { specimens } from '../../hardware/simulators/specimens.ts'
import { decodeJpeg2000 } from '../../renderer/card/photo/decode-jpeg2000.ts'

const file = readFileSync(createRequire(import.meta.url).resolve('@cornerstonejs/codec-openjpeg/decodewasm'))
const wasm = new Uint8Array(file).buffer
const face = specimens.map((specimen) => faceImageOf(specimen)).find(({ type }) => type === 'jpeg2000')
if (face === undefined) throw new Error('no specimen has a photo in JPEG 2000')
const { image } = face
const codeStream = image.findIndex((byte, at) => byte === 0xff && image[at + 1] === 0x4f && image[at + 2] === 0xff)

const meanOf = (data: Uint8ClampedArray, channel: number): number => {
  let sum = 0
  for (let at = channel; at < data.length; at += 4) sum += data[at] ?? 0
  return sum / (data.length / 4)
}

describe('a photo in JPEG 2000', () => {
  it('is decoded, as a file and as a bare code stream, to the same picture', async () => {
    const decoded = await decodeJpeg2000(image, wasm)
    expect(decoded).toMatchObject({ width: 420, height: 560 })
    const data = decoded?.data ?? new Uint8ClampedArray()
    expect(data.length).toBe(420 * 560 * 4)
    // A drawn face before a light wall: skin is redder than blue, nothing is transparent.
    expect(meanOf(data, 0)).toBeGreaterThan(meanOf(data, 2))
    expect(meanOf(data, 3)).toBe(255)
    expect(await decodeJpeg2000(image.slice(codeStream), wasm)).toEqual(decoded)
  })

  it('is refused when it is none, ends too early or claims a size that no photo has', async () => {
    expect(await decodeJpeg2000(new Uint8Array(64), wasm)).toBeUndefined()
    expect(await decodeJpeg2000(image.slice(0, codeStream + 200), wasm)).toBeUndefined()
    const vast = Uint8Array.from(image)
    vast.set([0x7f, 0xff, 0xff, 0xff], codeStream + 8)
    expect(await decodeJpeg2000(vast, wasm)).toBeUndefined()
  })
})
