/**
 * Several pages to one PDF: pictures each on an A4 page of their own direction, PDFs with their pages as they are (ISO 32000-2, ISO 216).
 * Invariant: the same pages in the same order give the same bytes.
 */
import { PDFDocument } from '@cantoo/pdf-lib'
import type { AttachmentMediaType } from '../../contracts/dossier.ts'

export type PageFile = { mediaType: AttachmentMediaType; bytes: Uint8Array }

/** A4 in points (1/72 inch). */
const a4 = { short: 595.28, long: 841.89 }
const fixedTime = new Date(0)

export const combinePages = async (files: readonly PageFile[]): Promise<Uint8Array<ArrayBuffer>> => {
  const document = await PDFDocument.create({ updateMetadata: false })
  for (const { mediaType, bytes } of files) {
    if (mediaType === 'application/pdf') {
      const source = await PDFDocument.load(bytes, { updateMetadata: false })
      for (const page of await document.copyPages(source, source.getPageIndices())) document.addPage(page)
      continue
    }
    const picture = mediaType === 'image/jpeg' ? await document.embedJpg(bytes) : await document.embedPng(bytes)
    const [width, height] = picture.width > picture.height ? [a4.long, a4.short] : [a4.short, a4.long]
    const scale = Math.min(width / picture.width, height / picture.height)
    const drawn = { width: picture.width * scale, height: picture.height * scale }
    document
      .addPage([width, height])
      .drawImage(picture, { x: (width - drawn.width) / 2, y: (height - drawn.height) / 2, ...drawn })
  }
  document.setCreationDate(fixedTime)
  document.setModificationDate(fixedTime)
  return Uint8Array.from(await document.save())
}
