/**
 * Argon2id takes 0.3 to 1 s and 64 MB: in a worker of its own for each PIN, so that the page keeps drawing, and both are gone with its end.
 * Invariant: a worker that cannot be started keeps nobody out; the page's own thread does the work then.
 */
import type { StretchPin } from '../../sync/vault/pin-stretch.ts'

type Outcome = { type: 'stretched'; bytes: Uint8Array<ArrayBuffer> } | { type: 'given-up' } | { type: 'no-worker' }

export const stretchInWorker: StretchPin = async (pin, salt, cost, signal) => {
  if (signal?.aborted === true) return undefined
  const worker = new Worker(new URL('./stretch-pin.worker.ts', import.meta.url), { type: 'module' })
  const outcome = await new Promise<Outcome>((resolve) => {
    signal?.addEventListener('abort', () => resolve({ type: 'given-up' }))
    worker.addEventListener('error', () => resolve({ type: 'no-worker' }))
    worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      const isKey = data instanceof Uint8Array && data.length === 32
      resolve(isKey ? { type: 'stretched', bytes: Uint8Array.from(data) } : { type: 'no-worker' })
    })
    worker.postMessage({ pin, salt, cost })
  })
  worker.terminate()
  if (outcome.type === 'no-worker') return (await import('../../sync/vault/pin-stretch.ts')).stretchPin(pin, salt, cost, signal)
  return outcome.type === 'stretched' ? outcome.bytes : undefined
}
