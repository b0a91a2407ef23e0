/** Chip cards over the system's card service: PC/SC readers of any make. */
import type { CardReader, ReadLimits } from '../ports/card-reader.ts'
import type { TrustAnchors } from '../protocols/passive-authentication/trust-anchors.ts'
import type { ReaderMemory } from '../sessions/reader-memory.ts'
import { createCardReader } from '../sessions/reading-session.ts'
import { createPcscSource } from './pcsc-source.ts'

export const createPcscCardReader = (
  options: { limits?: Partial<ReadLimits>; trust?: TrustAnchors; memory?: ReaderMemory } = {},
): CardReader => createCardReader(createPcscSource(), options.limits, options.trust, options.memory)
