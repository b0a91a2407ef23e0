/**
 * Decodes one photo apart from the page: what a chip holds may be anything, and a decoder that does not come back is ended with its
 * worker. Answers with pixels, or null for a photo that cannot be shown.
 */
import { decodeJpeg2000 } from './decode-jpeg2000.ts'

type Order = { image: Uint8Array; wasmAddress: string }

const decode = async ({ image, wasmAddress }: Order): Promise<void> => {
  const answer = await fetch(wasmAddress)
  const pixels = answer.ok ? await decodeJpeg2000(image, await answer.arrayBuffer()) : undefined
  if (pixels === undefined) self.postMessage(null)
  else self.postMessage(pixels, { transfer: [pixels.data.buffer] })
}

self.addEventListener('message', (event: MessageEvent<Order>) => void decode(event.data))
