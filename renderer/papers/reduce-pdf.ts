/**
 * Makes a scanned PDF smaller: each JPEG picture in it (DCTDecode, ISO 32000-2 7.4.8) is made again smaller; text, fonts, drawings and the
 * order of pages stay as they are. Invariant: a picture which would not shrink, or cannot be read, stays untouched.
 */
import { PDFDict, PDFDocument, PDFName, PDFNumber, PDFRawStream } from '@cantoo/pdf-lib'

/** A picture made smaller as RGB JPEG, with its new size in pixels; undefined when it cannot be read. */
export type ReducedJpeg = { bytes: Uint8Array; width: number; height: number }
export type ReduceJpeg = (bytes: Uint8Array) => Promise<ReducedJpeg | undefined>

const isJpegPicture = (stream: PDFRawStream): boolean =>
  stream.dict.get(PDFName.of('Subtype')) === PDFName.of('Image') &&
  stream.dict.get(PDFName.of('Filter')) === PDFName.of('DCTDecode')

export const reducePdf = async (bytes: Uint8Array, reduce: ReduceJpeg): Promise<Uint8Array<ArrayBuffer> | undefined> => {
  const document = await PDFDocument.load(bytes, { updateMetadata: false }).catch(() => undefined)
  if (document === undefined) return undefined
  let changed = false
  for (const [reference, object] of document.context.enumerateIndirectObjects()) {
    if (!(object instanceof PDFRawStream) || !isJpegPicture(object)) continue
    const smaller = await reduce(object.contents)
    if (smaller === undefined || smaller.bytes.length >= object.contents.length) continue
    const dict = PDFDict.fromMapWithContext(new Map(object.dict.entries()), document.context)
    dict.set(PDFName.of('Width'), PDFNumber.of(smaller.width))
    dict.set(PDFName.of('Height'), PDFNumber.of(smaller.height))
    dict.set(PDFName.of('ColorSpace'), PDFName.of('DeviceRGB'))
    dict.set(PDFName.of('BitsPerComponent'), PDFNumber.of(8))
    dict.set(PDFName.of('Length'), PDFNumber.of(smaller.bytes.length))
    // Both belong to the old colours (CMYK scans come inverted).
    dict.delete(PDFName.of('Decode'))
    dict.delete(PDFName.of('DecodeParms'))
    document.context.assign(reference, PDFRawStream.of(dict, smaller.bytes))
    changed = true
  }
  return changed ? Uint8Array.from(await document.save()) : undefined
}
