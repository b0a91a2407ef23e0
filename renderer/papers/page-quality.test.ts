import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type GreyPicture, greyOf, pageDoubts } from './page-quality.ts'

/** White paper with rows of black bars in the shape of print; `soften` averages it that many times, as a lens out of focus does. */
const page = ({ ink = 0, paper = 235, soften = 0 }: { ink?: number; paper?: number; soften?: number } = {}): GreyPicture => {
  const width = 300
  const height = 424
  let grey = new Uint8Array(width * height).fill(paper)
  for (let y = 40; y < 380; y += 14)
    for (let line = 0; line < 6; line += 1)
      for (let x = 30; x < 270; x += 1) if ((x * 7 + y) % 5 < 2) grey[(y + line) * width + x] = ink
  for (let round = 0; round < soften; round += 1) {
    const next = new Uint8Array(grey)
    for (let y = 2; y < height - 2; y += 1)
      for (let x = 2; x < width - 2; x += 1) {
        let sum = 0
        for (let dy = -2; dy <= 2; dy += 1) for (let dx = -2; dx <= 2; dx += 1) sum += grey[(y + dy) * width + x + dx] ?? 0
        next[y * width + x] = sum / 25
      }
    grey = next
  }
  return { width, height, grey }
}

describe('whether a page can be read', () => {
  it('has no doubt about sharp print', () => {
    expect(pageDoubts(2339, page())).toEqual([])
    expect(pageDoubts(2339, page({ ink: 90, paper: 180 }))).toEqual([])
  })

  it('names blank, dark, blurred and small pages', () => {
    expect(pageDoubts(2339, page({ ink: 235 }))).toEqual(['blank'])
    expect(pageDoubts(2339, page({ ink: 0, paper: 40 }))).toEqual(['too-dark'])
    expect(pageDoubts(2339, page({ soften: 4 }))).toEqual(['blurred'])
    expect(pageDoubts(640, page())).toEqual(['too-small'])
  })

  it('takes shading of an empty sheet for an empty sheet', () => {
    const empty = page({ ink: 235 })
    for (let at = 0; at < empty.grey.length; at += 1) empty.grey[at] = 150 + ((at % empty.width) * 90) / empty.width
    expect(pageDoubts(2339, empty)).toEqual(['blank'])
  })

  it('answers for any picture', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 40 }),
        fc.integer({ min: 0, max: 40 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 255 })),
        (width, height, values) => {
          const rgba = new Uint8ClampedArray(4 * width * height)
          for (let at = 0; at < rgba.length; at += 1) rgba[at] = values.next().value
          expect(pageDoubts(Math.max(width, height), greyOf(width, height, rgba))).toContain('too-small')
        },
      ),
      { seed: 20261123, numRuns: 50 },
    )
  })
})
