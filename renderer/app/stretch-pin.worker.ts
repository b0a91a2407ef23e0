/** Stretches one PIN apart from the page, which goes on drawing and can give it up. The worker ends with its answer. */
import { type PinCost, stretchPin } from '../../sync/vault/pin-stretch.ts'

type Order = { pin: string; salt: Uint8Array<ArrayBuffer>; cost: PinCost }

self.addEventListener('message', ({ data: { pin, salt, cost } }: MessageEvent<Order>) => {
  // Its failure is told too: the page does not hear of it by itself, and would wait.
  void stretchPin(pin, salt, cost).then(
    (stretched) => self.postMessage(stretched),
    () => self.postMessage(undefined),
  )
})
