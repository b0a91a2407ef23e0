/**
 * Whether a person could read a page, told from its grey values alone: blank, too dark, blurred, too small. Doubts, never verdicts: a
 * light pencil drawing or a night scene may be what was meant, so the clerk may keep it.
 *
 * Invariants: pure; a picture of any size and content gives an answer; the thresholds hold for pages of `sampleSide` pixels on the long side.
 */

/** Grey values 0 (black) to 255, row by row. */
export type GreyPicture = { width: number; height: number; grey: Uint8Array }

export type PageDoubt = 'blank' | 'too-dark' | 'blurred' | 'too-small'

/** Pictures are looked at in this size (pixels of the long side): edges of print are one or two pixels wide there. */
export const sampleSide = 1200

/** A4 at about 85 dots per inch: below it, print of 10 points cannot be read. */
const smallestSide = 1000
/** Brightest tenth of a page photographed in room light: well above 120. */
const darkPaper = 80
/** Print stands out from its paper by this much within a square of `square` pixels; shading of an empty sheet changes more slowly. */
const contrast = 25
const square = 24
/** Fewer such squares than this share: nothing is printed. One line of text on A4 gives about 0.01. */
const fewestSquares = 0.002
/** Second difference of grey at an edge of sharp print; out of focus the same edge is spread and weak. */
const sharpEdge = 40
/** Fewer sharp edges than this share of the pixels: what is there is out of focus. */
const fewestEdges = 0.0003

/** ITU-R BT.601 luma of RGBA pixels. */
export const greyOf = (width: number, height: number, rgba: Uint8ClampedArray): GreyPicture => {
  const grey = new Uint8Array(width * height)
  for (let at = 0; at < grey.length; at += 1) {
    const red = rgba[4 * at] ?? 0
    const green = rgba[4 * at + 1] ?? 0
    const blue = rgba[4 * at + 2] ?? 0
    grey[at] = (299 * red + 587 * green + 114 * blue) / 1000
  }
  return { width, height, grey }
}

const quantile = (histogram: Uint32Array, share: number): number => {
  const total = histogram.reduce((sum, count) => sum + count, 0)
  let seen = 0
  for (const [value, count] of histogram.entries()) {
    seen += count
    if (seen >= share * total) return value
  }
  return histogram.length - 1
}

/** Share of the pixels whose second difference in both directions (the discrete Laplacian) is an edge of sharp print. */
const sharpShare = ({ width, height, grey }: GreyPicture): number => {
  let sharp = 0
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const at = y * width + x
      const around = (grey[at - 1] ?? 0) + (grey[at + 1] ?? 0) + (grey[at - width] ?? 0) + (grey[at + width] ?? 0)
      if (Math.abs(4 * (grey[at] ?? 0) - around) >= sharpEdge) sharp += 1
    }
  }
  return grey.length === 0 ? 0 : sharp / grey.length
}

/** Share of the squares in which something stands out from the paper. */
const inkShare = ({ width, height, grey }: GreyPicture): number => {
  let squares = 0
  let inked = 0
  for (let top = 0; top < height; top += square) {
    for (let left = 0; left < width; left += square) {
      let darkest = 255
      let brightest = 0
      for (let y = top; y < Math.min(top + square, height); y += 1) {
        for (let x = left; x < Math.min(left + square, width); x += 1) {
          const value = grey[y * width + x] ?? 0
          if (value < darkest) darkest = value
          if (value > brightest) brightest = value
        }
      }
      squares += 1
      if (brightest - darkest >= contrast) inked += 1
    }
  }
  return squares === 0 ? 0 : inked / squares
}

/** `longSide`: pixels of the original; `picture`: the page in `sampleSide` or smaller. */
export const pageDoubts = (longSide: number, picture: GreyPicture): PageDoubt[] => {
  const doubts: PageDoubt[] = []
  if (longSide < smallestSide) doubts.push('too-small')
  const brightness = new Uint32Array(256)
  for (const value of picture.grey) brightness[value] = (brightness[value] ?? 0) + 1
  if (picture.grey.length > 0 && quantile(brightness, 0.9) < darkPaper) return [...doubts, 'too-dark']
  if (inkShare(picture) < fewestSquares) doubts.push('blank')
  else if (sharpShare(picture) < fewestEdges) doubts.push('blurred')
  return doubts
}
