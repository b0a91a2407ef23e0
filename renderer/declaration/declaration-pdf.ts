/**
 * A declaration on A4: margins, boxes and the row of signatures as the printed forms have them (CT01: top 2 cm, right 2, bottom 1, left 3).
 * Noto Sans is embedded, so every Vietnamese mark prints anywhere. Same content, same bytes: no clock and no random identifier goes in.
 */
import { PDFDocument, type PDFFont, PDFName, type PDFPage, rgb } from '@cantoo/pdf-lib'
import fontkit from '@pdf-lib/fontkit'
import type { DeclarationBlock, DeclarationContent, Piece, SignaturePlace } from './declaration.ts'

export type DeclarationFonts = { regular: Uint8Array; bold: Uint8Array }

const centimetre = 72 / 2.54
const a4 = { width: 21 * centimetre, height: 29.7 * centimetre }
const margin = { top: 2 * centimetre, right: 2 * centimetre, bottom: 1.5 * centimetre, left: 3 * centimetre }
const inner = a4.width - margin.left - margin.right
const black = rgb(0, 0, 0)
const size = 11
const leading = 1.48
const step = size * leading
const small = 8.5
const box = 13
const mostColumns = 4

/** By their shares, but none narrower than its longest word, as long as the others can spare the room. */
const columnWidths = (shares: readonly number[], least: readonly number[]): number[] => {
  const all = shares.reduce((sum, share) => sum + share, 0)
  const wished = shares.map((share) => (share / all) * inner)
  const missing = wished.reduce((sum, width, index) => sum + Math.max(0, (least[index] ?? 0) - width), 0)
  const spare = wished.reduce((sum, width, index) => sum + Math.max(0, width - (least[index] ?? 0)), 0)
  if (missing === 0 || spare === 0) return wished
  const given = Math.min(missing, spare)
  return wished.map((width, index) => {
    const lack = (least[index] ?? 0) - width
    return lack > 0 ? width + (lack / missing) * given : width + (lack / spare) * given
  })
}

/** What a line is broken into: a word, a row of boxes, a tick box; `space` counts the spaces before it. */
type Token = { width: number; space: number; draw: (page: PDFPage, x: number, y: number) => void }

type Pens = { regular: PDFFont; bold: PDFFont }

/** A word wider than the room (a number of 12 digits in a cell) in parts that are not. */
const partsOf = (word: string, font: PDFFont, atSize: number, room: number): string[] => {
  if (font.widthOfTextAtSize(word, atSize) <= room) return [word]
  const parts = ['']
  for (const letter of word) {
    const last = parts.at(-1) ?? ''
    if (last !== '' && font.widthOfTextAtSize(last + letter, atSize) > room) parts.push(letter)
    else parts[parts.length - 1] = last + letter
  }
  return parts
}

const wordTokens = (text: string, font: PDFFont, atSize: number, room: number = inner): Token[] =>
  [...text.matchAll(/(\s*)(\S+)/g)].flatMap(([, space = '', word = '']) =>
    partsOf(word, font, atSize, room).map((part, index) => ({
      width: font.widthOfTextAtSize(part, atSize),
      space: index === 0 ? space.length : 0,
      draw: (page: PDFPage, x: number, y: number) => page.drawText(part, { x, y, size: atSize, font, color: black }),
    })),
  )

const boxesToken = (digits: string, count: number, font: PDFFont): Token => ({
  width: count * box,
  space: 1,
  draw: (page, x, y) => {
    for (let index = 0; index < count; index += 1) {
      page.drawRectangle({ x: x + index * box, y: y - 3, width: box, height: box, borderWidth: 0.7, borderColor: black })
      const digit = digits[index]
      if (digit === undefined) continue
      const indent = (box - font.widthOfTextAtSize(digit, size)) / 2
      page.drawText(digit, { x: x + index * box + indent, y, size, font, color: black })
    }
  },
})

const tickToken = (ticked: boolean): Token => ({
  width: 11,
  space: 1,
  draw: (page, x, y) => {
    page.drawRectangle({ x, y: y - 1, width: 10, height: 10, borderWidth: 0.8, borderColor: black })
    if (!ticked) return
    page.drawLine({ start: { x: x + 1.5, y: y + 7.5 }, end: { x: x + 8.5, y: y + 0.5 }, thickness: 1, color: black })
    page.drawLine({ start: { x: x + 1.5, y: y + 0.5 }, end: { x: x + 8.5, y: y + 7.5 }, thickness: 1, color: black })
  },
})

const tokensOfPiece = (piece: Piece, { regular, bold }: Pens): Token[] => {
  switch (piece.type) {
    case 'words':
      return wordTokens(piece.text, regular, size)
    case 'value':
      return wordTokens(piece.text, bold, size)
    case 'blank':
      return wordTokens('.'.repeat(piece.letters), regular, size)
    case 'boxes':
      return [boxesToken(piece.digits, piece.count, bold)]
    case 'tick':
      return [tickToken(piece.ticked)]
  }
}

/** Spaces at the end of one piece stand before the next. */
const tokensOf = (pieces: readonly Piece[], pens: Pens): Token[] => {
  const tokens: Token[] = []
  let trailing = 0
  for (const piece of pieces) {
    const [first, ...rest] = tokensOfPiece(piece, pens)
    const ending = piece.type === 'words' ? (/\s*$/.exec(piece.text)?.[0].length ?? 0) : 0
    if (first === undefined) trailing += ending
    else {
      tokens.push({ ...first, space: Math.max(first.space, trailing) }, ...rest)
      trailing = ending
    }
  }
  return tokens
}

const linesOf = (tokens: readonly Token[], room: number, space: number): { token: Token; x: number }[][] => {
  const lines: { token: Token; x: number }[][] = []
  let line: { token: Token; x: number }[] = []
  let x = 0
  for (const token of tokens) {
    const before = line.length > 0 ? token.space * space : 0
    if (line.length > 0 && x + before + token.width > room) {
      lines.push(line)
      line = []
      x = 0
    } else x += before
    line.push({ token, x })
    x += token.width
  }
  if (line.length > 0) lines.push(line)
  return lines
}

/** Draws down the page and begins another when there is no room. */
const createFlow = (document: PDFDocument, pens: Pens) => {
  let page = document.addPage([a4.width, a4.height])
  let y = a4.height - margin.top
  const need = (height: number): void => {
    if (y - height >= margin.bottom) return
    page = document.addPage([a4.width, a4.height])
    y = a4.height - margin.top
  }
  const spaceOf = (font: PDFFont, atSize: number): number => font.widthOfTextAtSize(' ', atSize)

  const tokens = (
    list: readonly Token[],
    options: { left?: number; room?: number; atSize?: number; centred?: boolean } = {},
  ): void => {
    const { left = margin.left, room = inner, atSize = size, centred = false } = options
    for (const line of linesOf(list, room, spaceOf(pens.regular, atSize))) {
      const height = atSize * leading
      need(height)
      const last = line.at(-1)
      const width = last === undefined ? 0 : last.x + last.token.width
      const indent = centred ? (room - width) / 2 : 0
      for (const { token, x } of line) token.draw(page, left + indent + x, y - height * 0.75)
      y -= height
    }
  }
  const text = (words: string, font: PDFFont, atSize: number, centred: boolean): void =>
    tokens(wordTokens(words, font, atSize), { atSize, centred })

  const cellLines = (words: string, width: number, font: PDFFont): Token[][] =>
    linesOf(wordTokens(words, font, small, width - 6), width - 6, spaceOf(font, small)).map((line) =>
      line.map(({ token }) => token),
    )

  const linesOfRow = (cells: readonly string[], widths: readonly number[], font: PDFFont): Token[][][] =>
    cells.map((words, index) => cellLines(words, widths[index] ?? 0, font))
  const countOf = (written: readonly Token[][][]): number => Math.max(1, ...written.map((lines) => lines.length))

  const lineHeight = small * 1.4
  /** How many lines of a row find room above this height. */
  const linesAbove = (height: number): number => Math.floor((height - margin.bottom - 6) / lineHeight)

  /** As much of a row as the page has room for; the rest goes on behind `head` on the next. */
  const row = (cells: readonly string[], widths: readonly number[], font: PDFFont, head?: () => void): void => {
    const written = linesOfRow(cells, widths, font)
    const count = countOf(written)
    const nextPage = (): void => {
      need(a4.height)
      head?.()
    }
    if (count > linesAbove(y) && count <= linesAbove(a4.height - margin.top)) nextPage()
    for (let from = 0; from < count; ) {
      if (linesAbove(y) < 1) nextPage()
      const taken = Math.max(1, Math.min(count - from, linesAbove(y)))
      const height = taken * lineHeight + 6
      let x = margin.left
      written.forEach((lines, index) => {
        const width = widths[index] ?? 0
        page.drawRectangle({ x, y: y - height, width, height, borderWidth: 0.6, borderColor: black })
        lines.slice(from, from + taken).forEach((line, at) => {
          let inside = x + 3
          for (const token of line) {
            if (token.space > 0 && inside > x + 3) inside += spaceOf(font, small)
            token.draw(page, inside, y - 3 - (at + 0.75) * lineHeight)
            inside += token.width
          }
        })
        x += width
      })
      y -= height
      from += taken
    }
  }

  const table = (head: readonly string[] | null, rows: readonly (readonly string[])[], shares: readonly number[]): void => {
    const longest = (words: string, font: PDFFont): number =>
      Math.max(0, ...words.split(/\s+/).map((word) => font.widthOfTextAtSize(word, small)))
    const least = shares.map(
      (_, index) =>
        Math.max(longest(head?.[index] ?? '', pens.bold), ...rows.map((each) => longest(each[index] ?? '', pens.regular))) + 7,
    )
    const widths = columnWidths(shares, least)
    const drawHead = (): void => {
      if (head !== null) row(head, widths, pens.bold)
    }
    // A head does not stand alone at the foot of a page.
    const first =
      countOf(linesOfRow(rows[0] ?? [], widths, pens.regular)) + countOf(linesOfRow(head ?? [], widths, pens.bold)) + 1
    if (first > linesAbove(y) && first <= linesAbove(a4.height - margin.top)) need(a4.height)
    drawHead()
    for (const each of rows) row(each, widths, pens.regular, drawHead)
    y -= size * 0.4
  }

  const signatures = (places: readonly SignaturePlace[]): void => {
    for (let from = 0; from < places.length; from += mostColumns) {
      const some = places.slice(from, from + mostColumns)
      const width = inner / some.length
      const height = 4.2 * centimetre
      need(height)
      const top = y
      let lowest = top
      some.forEach((place, index) => {
        y = top
        const column = { left: margin.left + index * width + 3, room: width - 6, centred: true }
        tokens(wordTokens('…, ngày … tháng … năm …', pens.regular, small), { ...column, atSize: small })
        tokens(wordTokens(place.title, pens.bold, small + 0.5), { ...column, atSize: small + 0.5 })
        if (place.note !== '') tokens(wordTokens(place.note, pens.regular, small), { ...column, atSize: small })
        if (place.path !== '') {
          const scale = Math.min((width - 12) / 1000, 0.12)
          page.drawSvgPath(place.path, {
            x: margin.left + index * width + (width - 1000 * scale) / 2,
            y: y - 4,
            scale,
            borderColor: black,
            borderWidth: 1 / scale / 1.2,
          })
        }
        y = top - height + 1.4 * small * 2
        if (place.name !== '') tokens(wordTokens(place.name, pens.bold, small + 0.5), { ...column, atSize: small + 0.5 })
        lowest = Math.min(lowest, top - height)
      })
      y = lowest
    }
  }

  return {
    text,
    tokens,
    table,
    signatures,
    gap: (height: number): void => {
      y -= height
    },
    /** Words at the right edge, without moving down. */
    aside: (words: string): void => {
      const width = pens.regular.widthOfTextAtSize(words, small)
      page.drawText(words, { x: a4.width - margin.right - width, y: y + 6, size: small, font: pens.regular, color: black })
    },
    underline: (): void => {
      const length = 5 * centimetre
      const x = margin.left + (inner - length) / 2
      page.drawLine({ start: { x, y: y - 1 }, end: { x: x + length, y: y - 1 }, thickness: 0.7, color: black })
      y -= 8
    },
  }
}

export const renderDeclarationPdf = async (
  content: DeclarationContent,
  fonts: DeclarationFonts,
): Promise<Uint8Array<ArrayBuffer>> => {
  const document = await PDFDocument.create({ updateMetadata: false })
  document.registerFontkit(fontkit)
  const regular = await document.embedFont(fonts.regular, { subset: false, customName: 'NotoSans-Regular' })
  const bold = await document.embedFont(fonts.bold, { subset: false, customName: 'NotoSans-Bold' })
  const pens = { regular, bold }
  const flow = createFlow(document, pens)
  const official = content.layout !== 'list'
  if (official) {
    flow.aside(content.form)
    flow.gap(4)
    flow.text('CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', bold, 12.5, true)
    flow.text('Độc lập - Tự do - Hạnh phúc', bold, 12, true)
    flow.underline()
  }
  flow.gap(6)
  flow.text(content.title.toLocaleUpperCase('vi'), bold, 14, true)
  if (!official) flow.text(content.form, regular, small + 1, true)
  if (content.remark !== '') flow.text(content.remark, regular, small + 1, true)
  flow.gap(6)
  const draw = (block: DeclarationBlock): void => {
    switch (block.type) {
      case 'line':
        flow.tokens(tokensOf(block.pieces, pens))
        return
      case 'heading':
        flow.gap(step * 0.3)
        flow.text(block.text, bold, size, false)
        return
      case 'table':
        flow.table(
          block.columns.map(({ title }) => title),
          block.rows,
          block.columns.map(({ width }) => width),
        )
        return
      case 'grid': {
        const [head = [], ...rows] = block.rows
        flow.table(
          head,
          rows,
          head.map(() => 1),
        )
      }
    }
  }
  for (const block of content.blocks) draw(block)
  if (content.oath !== '') {
    flow.gap(step * 0.4)
    flow.text(content.oath, regular, size, false)
  }
  flow.gap(step * 0.6)
  flow.signatures(content.signatures)
  document.catalog.set(PDFName.of('Lang'), document.context.obj('vi'))
  return Uint8Array.from(await document.save({ useObjectStreams: false }))
}
