/** A chip's photo as it can be drawn. A JPEG needs nothing; JPEG 2000 is decoded in a worker, which ends with the dialog or after a while. */
import wasmAddress from '@cornerstonejs/codec-openjpeg/decodewasm?url'
import { useEffect, useState } from 'react'
import type { CardReading } from '../../../contracts/card.ts'
import type { Pixels } from './decode-jpeg2000.ts'

export type ChipPhotoState =
  | { name: 'none' }
  | { name: 'address'; address: string }
  | { name: 'decoding' }
  | { name: 'pixels'; pixels: Pixels }
  /** The chip has a photo, and it cannot be shown. */
  | { name: 'unreadable' }

const longestDecodingMs = 8_000

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))

const decodeInWorker = (image: Uint8Array<ArrayBuffer>, tell: (pixels: Pixels | null) => void): (() => void) => {
  const worker = new Worker(new URL('./decode-photo.worker.ts', import.meta.url), { type: 'module' })
  const end = (): void => {
    clearTimeout(timer)
    worker.terminate()
  }
  const finish = (pixels: Pixels | null): void => {
    end()
    tell(pixels)
  }
  const timer = setTimeout(() => finish(null), longestDecodingMs)
  worker.addEventListener('message', (event: MessageEvent<Pixels | null>) => finish(event.data))
  worker.addEventListener('error', () => finish(null))
  worker.postMessage({ image, wasmAddress: new URL(wasmAddress, document.baseURI).href })
  return end
}

export const useChipPhoto = (photo: CardReading['photo']): ChipPhotoState => {
  const [decoded, setDecoded] = useState<Pixels | null | 'waiting'>('waiting')
  const wanted = photo?.mediaType === 'image/jp2' ? photo.base64 : undefined
  useEffect(() => (wanted === undefined ? undefined : decodeInWorker(bytesOf(wanted), setDecoded)), [wanted])
  if (photo === undefined) return { name: 'none' }
  if (photo.mediaType !== 'image/jp2') return { name: 'address', address: `data:${photo.mediaType};base64,${photo.base64}` }
  if (decoded === 'waiting') return { name: 'decoding' }
  return decoded === null ? { name: 'unreadable' } : { name: 'pixels', pixels: decoded }
}
