/**
 * From a file, a scan or a photo to what will be handed in: looked at, made smaller, named. Pictures always become pages of a few hundred
 * kilobytes; a PDF above the limit is made smaller only when asked, because the clerk must look at what comes out.
 */
import { type AttachmentMediaType, maxAttachmentBytes } from '../../contracts/dossier.ts'
import { err, ok, type Result } from '../../contracts/result.ts'
import { type FileProblem, inspectFile } from './inspect-file.ts'
import { preparePage } from './page-image.ts'
import type { PageDoubt } from './page-quality.ts'

type Bytes = Uint8Array<ArrayBuffer>
export type TakenFile = {
  fileName: string
  mediaType: AttachmentMediaType
  bytes: Bytes
  /** Bytes of what was chosen, where it was made smaller. */
  reducedFrom?: number
  doubts: PageDoubt[]
}

/** PNG below this stays a PNG: a screenshot or a drawing, sharper so than as JPEG. */
const smallPicture = 300_000

const named = (name: string, ending: string): string =>
  `${name
    .normalize('NFC')
    .replace(/\.[A-Za-z0-9]{1,5}$/, '')
    .slice(-190)}.${ending}`

export const takeFile = async (name: string, bytes: Bytes): Promise<Result<TakenFile, FileProblem>> => {
  const seen = inspectFile(bytes)
  if (!seen.ok) return seen
  const mediaType = seen.value
  if (mediaType === 'application/pdf') {
    if (bytes.length > maxAttachmentBytes) return err({ type: 'too-large', size: bytes.length, limit: maxAttachmentBytes })
    return ok({ fileName: named(name, 'pdf'), mediaType, bytes, doubts: [] })
  }
  const page = await preparePage(bytes, bytes.length <= smallPicture)
  if (!page.ok) return err({ type: 'unreadable', mediaType })
  const { reduced, doubts } = page.value
  if (!reduced) return ok({ fileName: named(name, mediaType === 'image/png' ? 'png' : 'jpg'), mediaType, bytes, doubts })
  return ok({ fileName: named(name, 'jpg'), mediaType: 'image/jpeg', bytes: page.value.bytes, reducedFrom: bytes.length, doubts })
}

/** A PDF with its scanned pages made smaller; the picture of each page then has at most this many bytes. */
const pictureSizes = [300_000, 200_000, 120_000]

export const takeReducedPdf = async (name: string, bytes: Bytes): Promise<Result<TakenFile, FileProblem>> => {
  // The PDF library is large and seldom needed.
  const { reducePdf } = await import('./reduce-pdf.ts')
  for (const size of pictureSizes) {
    const reduced = await reducePdf(bytes, async (jpeg) => {
      const page = await preparePage(Uint8Array.from(jpeg), false, size)
      return page.ok ? page.value : undefined
    })
    if (reduced !== undefined && reduced.length <= maxAttachmentBytes)
      return ok({
        fileName: named(name, 'pdf'),
        mediaType: 'application/pdf',
        bytes: reduced,
        reducedFrom: bytes.length,
        doubts: [],
      })
    if (reduced === undefined) break
  }
  return err({ type: 'not-reducible', size: bytes.length, limit: maxAttachmentBytes })
}
