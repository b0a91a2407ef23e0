/** Argon2id (RFC 9106) of a PIN. */
import { argon2id } from 'hash-wasm'
import type { StretchPin } from './operator-keys.ts'

export const stretchPin: StretchPin = async (pin, salt, cost) =>
  Uint8Array.from(
    await argon2id({
      password: pin,
      salt,
      parallelism: 1,
      iterations: cost.iterations,
      memorySize: cost.memoryKib,
      hashLength: 32,
      outputType: 'binary',
    }),
  )
