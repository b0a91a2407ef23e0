/** What the station needs of the devices; the device host's client has this shape, and a test may bring its own. */
import type { CardFailure, CardProgress, CardReading, CardReadRequest, ReaderStatus } from '../../contracts/card.ts'
import type { Result } from '../../contracts/result.ts'

export type CardDevices = {
  listReaders(): Promise<Result<ReaderStatus[], CardFailure>>
  /** Returns its own unsubscribe. */
  watchReaders(listener: (readers: ReaderStatus[]) => void): () => void
  read(
    request: CardReadRequest,
    options: { signal: AbortSignal; onProgress: (progress: CardProgress) => void },
  ): Promise<Result<CardReading, CardFailure>>
  stop(): Promise<void>
}
