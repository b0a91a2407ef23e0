/**
 * DG2 (Doc 9303-10 section 4.7.2): the face, in one or several biometric templates, encoded by ISO/IEC 19794-5 or ISO/IEC 39794-5, as JPEG
 * or JPEG 2000; and DG7, the displayed signature (section 4.7.7).
 *
 * Invariants: any bytes give a Result; an image's type is told by its own first bytes, because headers are known to lie; a template that
 * cannot be read does not take the others along.
 */
import { err, ok, type Result } from '../../../contracts/result.ts'
import { childrenOf, type Element, parsing, readElement } from '../asn1/asn1.ts'
import { decodeTlvList, type Tlv } from '../tlv/tlv.ts'
import { type GroupFailure, groupObjects, listedObjects } from './group-objects.ts'

export type ImageType = 'jpeg' | 'jpeg2000'
export type FaceImage = {
  image: Uint8Array
  type: ImageType
  encoding: 'iso-19794-5' | 'iso-39794-5' | 'bare'
  /** As the header has them; 0 = not said. */
  width: number
  height: number
}
export type FaceFailure = GroupFailure | { type: 'face-image-missing'; detail: string }

const startsWith = (bytes: Uint8Array, ...head: number[]): boolean => head.every((byte, at) => bytes[at] === byte)

export const imageTypeOf = (bytes: Uint8Array): ImageType | undefined => {
  if (startsWith(bytes, 0xff, 0xd8, 0xff)) return 'jpeg'
  // The JP2 file's signature box, or a bare code stream.
  if (startsWith(bytes, 0x00, 0x00, 0x00, 0x0c, 0x6a, 0x50) || startsWith(bytes, 0xff, 0x4f, 0xff, 0x51)) return 'jpeg2000'
  return undefined
}

const tags = {
  dg2: 0x75,
  dg7: 0x67,
  group: 0x7f61,
  template: 0x7f60,
  data: 0x5f2e,
  constructedData: 0x7f2e,
  signature: 0x5f43,
} as const

/** Facial record header 14, facial information 20, feature points of 8, image information 12. */
const facesOf19794 = (record: Uint8Array): FaceImage[] => {
  const view = Buffer.from(record.buffer, record.byteOffset, record.byteLength)
  const faces: FaceImage[] = []
  const count = record.length >= 14 ? view.readUInt16BE(12) : 0
  let at = 14
  for (let face = 0; face < count && at + 32 <= record.length; face += 1) {
    const blockLength = view.readUInt32BE(at)
    const imageInformation = at + 20 + view.readUInt16BE(at + 4) * 8
    const end = Math.min(at + blockLength, record.length)
    if (blockLength < 32 || imageInformation + 12 > end) break
    const image = record.subarray(imageInformation + 12, end)
    const type = imageTypeOf(image)
    if (type !== undefined)
      faces.push({
        image,
        type,
        encoding: 'iso-19794-5',
        width: view.readUInt16BE(imageInformation + 2),
        height: view.readUInt16BE(imageInformation + 4),
      })
    at = end
  }
  return faces
}

const maxDepth = 16
const maxElements = 2_000

/** The face image data block is ASN.1: the image is its octet string that begins as an image does. */
const facesOf39794 = (block: Uint8Array): FaceImage[] => {
  const faces: FaceImage[] = []
  let seen = 0
  const look = (element: Element, depth: number): void => {
    seen += 1
    if (depth > maxDepth || seen > maxElements) return
    if ((element.tag & 0x20) !== 0) {
      for (const child of childrenOf(element)) look(child, depth + 1)
      return
    }
    const type = imageTypeOf(element.contents)
    if (type !== undefined) faces.push({ image: element.contents, type, encoding: 'iso-39794-5', width: 0, height: 0 })
  }
  parsing(() => look(readElement(block), 0))
  return faces
}

const facesOfData = (data: Tlv): FaceImage[] => {
  const bytes = data.value
  if (Buffer.from(bytes.subarray(0, 4)).toString('latin1') === 'FAC\0') {
    const faces = facesOf19794(bytes)
    if (faces.length > 0) return faces
  }
  const type = imageTypeOf(bytes)
  if (type !== undefined) return [{ image: bytes, type, encoding: 'bare', width: 0, height: 0 }]
  return facesOf39794(bytes)
}

export const parseDg2 = (file: Uint8Array): Result<FaceImage[], FaceFailure> => {
  const outer = groupObjects(file, tags.dg2)
  if (!outer.ok) return outer
  const group = outer.value.find(({ tag }) => tag === tags.group)
  if (group === undefined) return err({ type: 'lds-object-missing', tag: tags.group })
  const inner = decodeTlvList(group.value)
  if (!inner.ok) return inner
  const templates = inner.value.filter(({ tag }) => tag === tags.template)
  const faces = templates.flatMap((template) => {
    const objects = decodeTlvList(template.value)
    if (!objects.ok) return []
    return objects.value.filter(({ tag }) => tag === tags.data || tag === tags.constructedData).flatMap(facesOfData)
  })
  return faces.length > 0 ? ok(faces) : err({ type: 'face-image-missing', detail: `${templates.length} templates, no image` })
}

export const parseDg7 = (file: Uint8Array): Result<{ image: Uint8Array; type: ImageType }[], FaceFailure> => {
  const objects = groupObjects(file, tags.dg7)
  if (!objects.ok) return objects
  const images = listedObjects(objects.value, tags.signature).flatMap(({ value }) => {
    const type = imageTypeOf(value)
    return type === undefined ? [] : [{ image: value, type }]
  })
  return images.length > 0 ? ok(images) : err({ type: 'face-image-missing', detail: 'no signature in JPEG or JPEG 2000' })
}
