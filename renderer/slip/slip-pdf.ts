/**
 * The slip as a PDF page 80 mm wide, as long as it needs to be. Noto Sans is embedded, so marks on stacked vowels print whole anywhere.
 * Same slip, same bytes: no clock, no random identifier goes in.
 */
import { PDFDocument, type PDFFont, PDFName, type PDFPage, rgb } from '@cantoo/pdf-lib'
import fontkit from '@pdf-lib/fontkit'
import { encode } from 'uqr'
import type { Slip } from './slip.ts'

export type SlipFonts = { regular: Uint8Array; bold: Uint8Array }

const millimetre = 72 / 25.4
const width = 80 * millimetre
const margin = 4 * millimetre
const inner = width - 2 * margin
const black = rgb(0, 0, 0)
/** 26 dots of 203 dpi: smaller type runs together on a receipt printer. */
const textSize = 9.5
const leading = 1.4

const wrap = (text: string, font: PDFFont, size: number, room: number): string[] => {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && font.widthOfTextAtSize(longer, size) > room) {
      lines.push(line)
      line = word
    } else line = longer
  }
  return [...lines, line]
}

type Draw = (page: PDFPage, top: number) => void
type Block = { height: number; draw: Draw }

const textBlock = (
  text: string,
  font: PDFFont,
  size: number,
  options: { centred?: boolean; room?: number; left?: number } = {},
): Block => {
  const { centred = false, room = inner, left = margin } = options
  const lines = wrap(text, font, size, room)
  const step = size * leading
  return {
    height: lines.length * step,
    draw: (page, top) => {
      lines.forEach((line, index) => {
        const x = centred ? left + (room - font.widthOfTextAtSize(line, size)) / 2 : left
        page.drawText(line, { x, y: top - index * step - size * 1.05, size, font, color: black })
      })
    },
  }
}

const gap = (height: number): Block => ({ height, draw: () => undefined })

const rule: Block = {
  height: 8,
  draw: (page, top) =>
    page.drawLine({ start: { x: margin, y: top - 4 }, end: { x: width - margin, y: top - 4 }, thickness: 0.8, color: black }),
}

const framed = (blocks: Block[], style: 'dashed' | 'double'): Block => {
  const content = blocks.reduce((sum, block) => sum + block.height, 0)
  const padding = 8
  return {
    height: content + 2 * padding,
    draw: (page, top) => {
      const box = (inset: number, thickness: number, dash?: number[]): void =>
        page.drawRectangle({
          x: margin + inset,
          y: top - content - 2 * padding + inset,
          width: inner - 2 * inset,
          height: content + 2 * padding - 2 * inset,
          borderWidth: thickness,
          borderColor: black,
          ...(dash === undefined ? {} : { borderDashArray: dash }),
        })
      if (style === 'dashed') box(1, 1.8, [6, 4])
      else {
        box(0.6, 1.2)
        box(3.2, 0.8)
      }
      let y = top - padding
      for (const block of blocks) {
        block.draw(page, y)
        y -= block.height
      }
    },
  }
}

const qrBlock = (text: string, beside: Block[]): Block => {
  const { data, size } = encode(text, { ecc: 'M', border: 4 })
  const side = 27 * millimetre
  const cell = side / size
  const besideHeight = beside.reduce((sum, block) => sum + block.height, 0)
  return {
    height: Math.max(side, besideHeight),
    draw: (page, top) => {
      data.forEach((row, rowIndex) => {
        row.forEach((dark, column) => {
          if (!dark) return
          page.drawRectangle({
            x: margin + column * cell,
            y: top - (rowIndex + 1) * cell,
            width: cell,
            height: cell,
            color: black,
          })
        })
      })
      let y = top - 3 * millimetre
      for (const block of beside) {
        block.draw(page, y)
        y -= block.height
      }
    },
  }
}

export const renderSlipPdf = async (slip: Slip, fonts: SlipFonts): Promise<Uint8Array> => {
  const document = await PDFDocument.create({ updateMetadata: false })
  document.registerFontkit(fontkit)
  const regular = await document.embedFont(fonts.regular, { subset: false, customName: 'NotoSans-Regular' })
  const bold = await document.embedFont(fonts.bold, { subset: false, customName: 'NotoSans-Bold' })
  const besideLeft = margin + 29 * millimetre
  const besideRoom = width - margin - besideLeft
  const blocks: Block[] = [
    gap(margin),
    textBlock(slip.title, bold, 14, { centred: true }),
    textBlock(slip.place, regular, textSize, { centred: true }),
    gap(6),
    framed(
      [
        ...slip.frame.lines.map((line) => textBlock(line, bold, 12, { centred: true })),
        ...(slip.frame.code === null ? [] : [textBlock(slip.frame.code, bold, 14, { centred: true })]),
      ],
      slip.frame.style,
    ),
    gap(4),
    ...slip.marks.map((mark) => textBlock(mark, bold, textSize, { centred: true })),
    ...(slip.code === null
      ? []
      : [textBlock(slip.code.label, regular, textSize), textBlock(slip.code.value, bold, 18, { centred: true })]),
    rule,
    ...slip.lines.map((line) => textBlock(line, regular, textSize)),
    gap(6),
    qrBlock(
      slip.qr,
      slip.beside.map((line) => textBlock(line, regular, textSize, { left: besideLeft, room: besideRoom })),
    ),
    gap(margin),
  ]
  const height = blocks.reduce((sum, block) => sum + block.height, 0)
  const page = document.addPage([width, height])
  let top = height
  for (const block of blocks) {
    block.draw(page, top)
    top -= block.height
  }
  document.catalog.set(PDFName.of('Lang'), document.context.obj('vi'))
  return await document.save({ useObjectStreams: false })
}
