/// <reference path="./openjpeg.d.ts" />
/**
 * A chip's photo in JPEG 2000 (ISO/IEC 15444-1, as a JP2 file or a bare code stream) to pixels, which no Chromium draws by itself.
 *
 * Invariants: the size is read from the code stream's head and bounded before the decoder sees a byte; grey and colour of eight bits
 * only, as faces in DG2 are (ISO/IEC 19794-5 section 7.3). Whatever the decoder throws is a photo that cannot be shown.
 */
import load from '@cornerstonejs/codec-openjpeg/decodewasmjs'

export type Pixels = { width: number; height: number; data: Uint8ClampedArray<ArrayBuffer> }

/** Four times the resolution of any card's photo. */
const mostPixels = 4_000_000
const mostSide = 4_096

/** Width and height by the SIZ marker (section A.5.1); undefined where there is none. */
const sizeOf = (image: Uint8Array): { width: number; height: number } | undefined => {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength)
  for (let at = 0; at + 40 <= image.length; at += 1)
    if (view.getUint32(at) === 0xff4fff51)
      return {
        width: view.getUint32(at + 8) - view.getUint32(at + 16),
        height: view.getUint32(at + 12) - view.getUint32(at + 20),
      }
  return undefined
}

const isDrawable = (size: { width: number; height: number } | undefined): boolean =>
  size !== undefined &&
  size.width > 0 &&
  size.height > 0 &&
  size.width <= mostSide &&
  size.height <= mostSide &&
  size.width * size.height <= mostPixels

/** Red, green, blue and full opacity for each pixel of grey or colour. */
const withOpacity = (samples: Uint8Array, count: number, components: number): Uint8ClampedArray<ArrayBuffer> => {
  const data = new Uint8ClampedArray(count * 4)
  for (let pixel = 0; pixel < count; pixel += 1) {
    const from = pixel * components
    for (let channel = 0; channel < 3; channel += 1)
      data[pixel * 4 + channel] = samples[from + (components < 3 ? 0 : channel)] ?? 0
    data[pixel * 4 + 3] = 255
  }
  return data
}

export const decodeJpeg2000 = async (image: Uint8Array, wasmBinary: ArrayBuffer): Promise<Pixels | undefined> => {
  const size = sizeOf(image)
  if (!isDrawable(size)) return undefined
  const { J2KDecoder } = await load({ wasmBinary, print: () => {}, printErr: () => {} })
  const decoder = new J2KDecoder()
  try {
    decoder.getEncodedBuffer(image.length).set(image)
    decoder.decode()
    const { width, height, bitsPerSample, componentCount, isSigned } = decoder.getFrameInfo()
    const samples = decoder.getDecodedBuffer()
    const whole = width === size?.width && height === size.height && samples.length === width * height * componentCount
    if (!whole || bitsPerSample !== 8 || isSigned || componentCount < 1 || componentCount > 4) return undefined
    return { width, height, data: withOpacity(samples, width * height, componentCount) }
  } catch {
    // Emscripten throws numbers and objects of its own for anything the code stream is not.
    return undefined
  } finally {
    decoder.delete()
  }
}
