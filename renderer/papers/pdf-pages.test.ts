import { PDFDocument } from '@cantoo/pdf-lib'
import { describe, expect, it } from 'vitest'
import { combinePages } from './combine-pages.ts'
import { reducePdf } from './reduce-pdf.ts'

/** White pictures: 2 by 1 and 1 by 2 pixels (PNG). */
const pngOf = (text: string): Uint8Array => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
const lying = pngOf('iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAAAAADRSSBWAAAAC0lEQVR4nGP4/x8AAwAB//wl3FEAAAAASUVORK5CYII=')
const standing = pngOf('iVBORw0KGgoAAAANSUhEUgAAAAEAAAACCAAAAAC86un7AAAADElEQVR4nGP4z/AfAAQAAf8iCjrwAAAAAElFTkSuQmCC')

/** A JPEG's frame header is all that pdf-lib looks at: 8 bits, three colours, the size; the rest is filling. */
const jpeg = (width: number, height: number, filling: number): Uint8Array => {
  const head = [
    0xff,
    0xd8,
    0xff,
    0xc0,
    0,
    17,
    8,
    height >> 8,
    height & 255,
    width >> 8,
    width & 255,
    3,
    1,
    17,
    0,
    2,
    17,
    1,
    3,
    17,
    1,
  ]
  return Uint8Array.from([...head, ...new Array<number>(filling).fill(7), 0xff, 0xd9])
}

describe('several pages to one PDF', () => {
  it('keeps their order, lays each on A4 in its own direction, and gives the same bytes again', async () => {
    const first = await combinePages([
      { mediaType: 'image/png', bytes: lying },
      { mediaType: 'image/jpeg', bytes: jpeg(20, 40, 100) },
    ])
    const second = await combinePages([
      { mediaType: 'application/pdf', bytes: first },
      { mediaType: 'image/png', bytes: standing },
    ])
    const pages = (await PDFDocument.load(second)).getPages().map((page) => page.getSize())
    expect(pages.map(({ width, height }) => [Math.round(width), Math.round(height)])).toEqual([
      [842, 595],
      [595, 842],
      [595, 842],
    ])
    expect(
      await combinePages([
        { mediaType: 'image/png', bytes: lying },
        { mediaType: 'image/jpeg', bytes: jpeg(20, 40, 100) },
      ]),
    ).toEqual(first)
  })
})

describe('a smaller PDF', () => {
  it('has smaller pictures and the same pages', async () => {
    const large = await combinePages([
      { mediaType: 'image/jpeg', bytes: jpeg(2000, 3000, 500_000) },
      { mediaType: 'image/png', bytes: standing },
    ])
    const reduced = await reducePdf(large, async () => ({ bytes: jpeg(1000, 1500, 50_000), width: 1000, height: 1500 }))
    expect(reduced?.length).toBeLessThan(70_000)
    expect((await PDFDocument.load(reduced ?? new Uint8Array())).getPageCount()).toBe(2)
  })

  it('is nothing where no picture shrinks, or where it is no PDF', async () => {
    const small = await combinePages([{ mediaType: 'image/jpeg', bytes: jpeg(20, 30, 10) }])
    expect(await reducePdf(small, async () => ({ bytes: jpeg(20, 30, 50_000), width: 20, height: 30 }))).toBeUndefined()
    expect(await reducePdf(small, async () => undefined)).toBeUndefined()
    expect(await reducePdf(new Uint8Array(100), async () => undefined)).toBeUndefined()
  })
})
