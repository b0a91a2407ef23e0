/**
 * Looks at the bytes of a paper before it is taken: what it really is (never what its name says), whether it is whole. Pictures are made
 * smaller afterwards, a PDF only when the clerk asks. JPEG: ITU-T T.81 B.1.1.3 markers; PNG: W3C PNG 5.2, 5.3; PDF: ISO 32000-2 7.5.2, 7.5.5 and 7.6 (Encrypt in the trailer).
 */
import type { AttachmentMediaType } from '../../contracts/dossier.ts'
import { err, ok, type Result } from '../../contracts/result.ts'
import { mediaTypeOf } from '../../sync/vault/vault-api.ts'

export type FileProblem =
  | { type: 'empty' }
  | { type: 'too-large'; size: number; limit: number }
  /** A PDF which stays too large: its pages are no pictures, or too many. */
  | { type: 'not-reducible'; size: number; limit: number }
  | { type: 'wrong-type' }
  | { type: 'unreadable'; mediaType: AttachmentMediaType }
  | { type: 'password-protected' }

/** Nobody makes such a picture of a sheet of paper; decoding it would stop the kiosk. */
export const largestFile = 64 * 1024 * 1024

const latin1 = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes)

const isWhole = (bytes: Uint8Array, mediaType: AttachmentMediaType): boolean => {
  const tail = latin1(bytes.subarray(-2048))
  if (mediaType === 'image/jpeg') return tail.includes('\u00ff\u00d9')
  if (mediaType === 'image/png') return tail.includes('IEND')
  return tail.includes('%%EOF') && tail.includes('startxref')
}

/** An encrypted PDF names its Encrypt dictionary in the trailer, or in the dictionary of a cross-reference stream. */
const isEncryptedPdf = (bytes: Uint8Array): boolean => /\/Encrypt\s*(\d+\s+\d+\s+R|<<)/.test(latin1(bytes))

export const inspectFile = (bytes: Uint8Array): Result<AttachmentMediaType, FileProblem> => {
  if (bytes.length === 0) return err({ type: 'empty' })
  if (bytes.length > largestFile) return err({ type: 'too-large', size: bytes.length, limit: largestFile })
  const mediaType = mediaTypeOf(bytes)
  if (mediaType === undefined) return err({ type: 'wrong-type' })
  if (!isWhole(bytes, mediaType)) return err({ type: 'unreadable', mediaType })
  if (mediaType === 'application/pdf' && isEncryptedPdf(bytes)) return err({ type: 'password-protected' })
  return ok(mediaType)
}
