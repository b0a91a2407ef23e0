/**
 * Pictures of papers in the page: decode, look at, turn, cut, make smaller. Everything stays in memory; nothing is written here.
 *
 * Invariants: a page comes out as JPEG of at most `pageBytes` where its content allows it without going below `smallestLongSide` pixels; the
 * camera's own turn (EXIF orientation) is applied once and not kept; what is made anew carries no metadata of the camera (place, time, device).
 */
import { err, ok, type Result } from '../../contracts/result.ts'
import { greyOf, type PageDoubt, pageDoubts, sampleSide } from './page-quality.ts'

type Bytes = Uint8Array<ArrayBuffer>
export type PageImage = { bytes: Bytes; width: number; height: number }
/** Parts of the picture's sides to cut away, 0 to 0.9 each. */
export type Crop = { left: number; right: number; top: number; bottom: number }
export type PageChange = { quarterTurns: 0 | 1 | 2 | 3; crop: Crop }

export const noCrop: Crop = { left: 0, right: 0, top: 0, bottom: 0 }

/** A page of print in A4 is easy to read at this size in bytes. */
export const pageBytes = 300_000
/** A4 at 200 dots per inch. */
const longestSide = 2339
/** A4 at about 110 dots per inch: below it small print is lost. */
const smallestLongSide = 1280
const qualities = [0.85, 0.75, 0.65, 0.55]

const decode = async (bytes: Bytes): Promise<ImageBitmap | undefined> => {
  try {
    return await createImageBitmap(new Blob([bytes]), { imageOrientation: 'from-image' })
  } catch {
    return undefined
  }
}

const canvasOf = (width: number, height: number): { canvas: OffscreenCanvas; pen: OffscreenCanvasRenderingContext2D } => {
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(width)), Math.max(1, Math.round(height)))
  const pen = canvas.getContext('2d', { willReadFrequently: true })
  if (pen === null) throw new Error('no 2d context for a page')
  // A picture with clear parts (PNG) lies on paper, not on black.
  pen.fillStyle = 'white'
  pen.fillRect(0, 0, canvas.width, canvas.height)
  pen.imageSmoothingQuality = 'high'
  return { canvas, pen }
}

const scaled = (source: ImageBitmap | OffscreenCanvas, longSide: number): OffscreenCanvas => {
  const scale = Math.min(1, longSide / Math.max(source.width, source.height))
  const { canvas, pen } = canvasOf(source.width * scale, source.height * scale)
  pen.drawImage(source, 0, 0, canvas.width, canvas.height)
  return canvas
}

const jpegOf = async (canvas: OffscreenCanvas, quality: number): Promise<Bytes> => {
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality })
  return new Uint8Array(await blob.arrayBuffer())
}

/** The largest and best JPEG within `limit` bytes; the smallest sensible one where nothing fits. */
const fitted = async (source: ImageBitmap | OffscreenCanvas, limit: number): Promise<PageImage> => {
  let longSide = Math.min(longestSide, Math.max(source.width, source.height))
  for (;;) {
    const canvas = scaled(source, longSide)
    const last = longSide <= smallestLongSide
    for (const quality of qualities) {
      const bytes = await jpegOf(canvas, quality)
      if (bytes.length <= limit || (last && quality === qualities.at(-1)))
        return { bytes, width: canvas.width, height: canvas.height }
    }
    longSide = Math.max(smallestLongSide, Math.round(longSide * 0.8))
  }
}

const doubtsOf = (picture: ImageBitmap): PageDoubt[] => {
  const sample = scaled(picture, sampleSide)
  const pen = sample.getContext('2d', { willReadFrequently: true })
  if (pen === null) return []
  const { data } = pen.getImageData(0, 0, sample.width, sample.height)
  return pageDoubts(Math.max(picture.width, picture.height), greyOf(sample.width, sample.height, data))
}

export type PreparedPage = PageImage & { reduced: boolean; doubts: PageDoubt[] }

/** A picture as it will be handed in. Small JPEGs stay as they are, byte for byte, when `keep` allows it. */
export const preparePage = async (
  bytes: Bytes,
  keep: boolean,
  limit = pageBytes,
): Promise<Result<PreparedPage, { type: 'unreadable' }>> => {
  const picture = await decode(bytes)
  if (picture === undefined) return err({ type: 'unreadable' })
  try {
    const doubts = doubtsOf(picture)
    if (keep && bytes.length <= limit) return ok({ bytes, width: picture.width, height: picture.height, reduced: false, doubts })
    return ok({ ...(await fitted(picture, limit)), reduced: true, doubts })
  } finally {
    picture.close()
  }
}

/** Turns clockwise by quarters and then cuts. */
export const changePage = async (
  bytes: Bytes,
  { quarterTurns, crop }: PageChange,
): Promise<Result<PageImage, { type: 'unreadable' }>> => {
  const picture = await decode(bytes)
  if (picture === undefined) return err({ type: 'unreadable' })
  try {
    const across = quarterTurns % 2 === 1
    const width = across ? picture.height : picture.width
    const height = across ? picture.width : picture.height
    const cut = canvasOf(width * (1 - crop.left - crop.right), height * (1 - crop.top - crop.bottom))
    cut.pen.translate(-width * crop.left, -height * crop.top)
    cut.pen.translate(width / 2, height / 2)
    cut.pen.rotate((quarterTurns * Math.PI) / 2)
    cut.pen.drawImage(picture, -picture.width / 2, -picture.height / 2)
    return ok(await fitted(cut.canvas, pageBytes))
  } finally {
    picture.close()
  }
}

/** One frame of a camera as a page. */
export const pageOfFrame = async (frame: HTMLVideoElement): Promise<PreparedPage> => {
  const picture = await createImageBitmap(frame)
  try {
    return { ...(await fitted(picture, pageBytes)), reduced: true, doubts: doubtsOf(picture) }
  } finally {
    picture.close()
  }
}
