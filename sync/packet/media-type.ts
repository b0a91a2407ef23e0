/**
 * What a file really is, told by its bytes and never by its name: JPEG (ITU-T T.81 B.1.1.3), PNG (W3C PNG 5.2), PDF (ISO 32000-2 7.5.2).
 * Invariant: vault and gateway both ask here, so what the one takes the other never refuses for its kind.
 */
import type { AttachmentMediaType } from '../../contracts/dossier.ts'

const jpegHead = [0xff, 0xd8, 0xff]
const pngHead = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const pdfHead = [0x25, 0x50, 0x44, 0x46, 0x2d]
/** Readers accept a PDF's header anywhere in its first bytes; scanners and mail programs do put something in front. */
const pdfHeadWithin = 1024

const hasAt = (bytes: Uint8Array, head: readonly number[], at: number): boolean =>
  head.every((byte, index) => bytes[at + index] === byte)

export const mediaTypeOf = (bytes: Uint8Array): AttachmentMediaType | undefined => {
  if (hasAt(bytes, jpegHead, 0)) return 'image/jpeg'
  if (hasAt(bytes, pngHead, 0)) return 'image/png'
  for (let at = 0; at <= pdfHeadWithin - pdfHead.length; at += 1) if (hasAt(bytes, pdfHead, at)) return 'application/pdf'
  return undefined
}
