/** What a driver or a simulator brings: readers, their cards, one exchange of bytes. The session makes a `CardReader` of it. */
import type { CardFailure, CardFailureType, CardReadRequest, ReaderStatus } from '../../contracts/card.ts'
import { err, type Result } from '../../contracts/result.ts'

export type ChipConnection = {
  /** May stay silent for ever: the session limits it. */
  transmit(command: Uint8Array): Promise<Result<Uint8Array, CardFailure>>
  /** Asked when an answer might come from a card that is leaving: is it certainly still there? */
  confirmPresence(): Promise<boolean>
  close(): Promise<void>
}

export type CardSource = {
  readers(): Promise<Result<ReaderStatus[], CardFailure>>
  /** Called after any reader or card came or went. Returns its own unsubscribe. */
  onChange(listener: () => void): () => void
  connect(readerName: string): Promise<Result<ChipConnection, CardFailure>>
  /** Among readers that hold a card; the first unless the source knows better. */
  prefer?(holding: readonly ReaderStatus[], request: CardReadRequest): ReaderStatus | undefined
  close(): Promise<void>
}

export const cardFailure = (type: CardFailureType, detail: string, retry = true): Result<never, CardFailure> =>
  err({ type, detail, retry })
