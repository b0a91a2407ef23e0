/** Argon2id (RFC 9106) of a PIN, in the thread it is asked in: the page has a worker for it (renderer/app/stretch-in-worker.ts). */
import { argon2id } from 'hash-wasm'

export type PinCost = { memoryKib: number; iterations: number }
/** Argon2id of 32 bytes; where it runs is the caller's matter. Undefined when `signal` ended it. */
export type StretchPin = (
  pin: string,
  salt: Uint8Array<ArrayBuffer>,
  cost: PinCost,
  signal?: AbortSignal,
) => Promise<Uint8Array<ArrayBuffer> | undefined>

export const stretchPin: StretchPin = async (pin, salt, cost, signal) => {
  const stretched = await argon2id({
    password: pin,
    salt,
    parallelism: 1,
    iterations: cost.iterations,
    memorySize: cost.memoryKib,
    hashLength: 32,
    outputType: 'binary',
  })
  return signal?.aborted === true ? undefined : Uint8Array.from(stretched)
}
