/**
 * What a card reader is to the rest of the kiosk.
 *
 * Invariants: every promise settles (each exchange and the whole have their limit); a failure is one of the named ones; nothing is
 * kept of a person after the answer. Another way to open a chip is another variant of `CardAccess`, not another method.
 */
import {
  type CardFailure,
  type CardProgress,
  type CardReading,
  type CardReadRequest,
  type CardText,
  longestCardWaitMs,
  type ReaderStatus,
} from '../../contracts/card.ts'
import type { CardEvidence } from '../../contracts/card-evidence.ts'
import type { Result } from '../../contracts/result.ts'

export type ReadOptions = {
  signal?: AbortSignal
  onProgress?: (progress: CardProgress) => void
  /** Once, as soon as the text is read; the photo and the proof come with the answer. */
  onText?: (text: CardText) => void
  /** Once, before the answer, where the chip has a security object: what proves this reading to somebody else. */
  onEvidence?: (evidence: CardEvidence) => void
}

export type CardReader = {
  listReaders(): Promise<Result<ReaderStatus[], CardFailure>>
  /** Hears the readers as they are now, then each change; an absent card service is an empty list. Returns its own unsubscribe. */
  watchReaders(listener: (readers: ReaderStatus[]) => void): () => void
  /** One reading at a time; another waits for its turn. */
  read(request: CardReadRequest, options?: ReadOptions): Promise<Result<CardReading, CardFailure>>
  close(): Promise<void>
}

export type ReadLimits = {
  /** How long to wait for a card to be laid on, ms; 0 = it must lie there. */
  waitForCard: number
  /** One command and its answer, ms. */
  exchange: number
  /** From the first command to the last, ms. */
  reading: number
}

export const defaultReadLimits: ReadLimits = { waitForCard: longestCardWaitMs, exchange: 5_000, reading: 30_000 }
