/**
 * Card readings as the pages ask for them: each under its own id, one at a time at the devices, every other waiting its turn.
 * A reading that is cancelled while it waits never reaches a reader.
 */
import type { CardFailure, CardProgress, CardReading, CardReadRequest, CardText } from '../../contracts/card.ts'
import type { CardEvidence } from '../../contracts/card-evidence.ts'
import { err, type Result } from '../../contracts/result.ts'
import type { CardReader } from '../../hardware/ports/card-reader.ts'

export type CardReads = {
  read(readId: string, request: CardReadRequest): Promise<Result<CardReading, CardFailure>>
  /** An id that is unknown or done is none's business any more: nothing happens. */
  cancel(readId: string): void
  cancelAll(): void
}

/** A page asks for one reading at a time; more waiting than this is a page gone wrong. */
const longestQueue = 8

export const createCardReads = (
  devices: CardReader,
  hear: {
    progress: (readId: string, progress: CardProgress) => void
    text: (readId: string, text: CardText) => void
    evidence: (readId: string, evidence: CardEvidence) => void
  },
): CardReads => {
  const running = new Map<string, AbortController>()
  let last: Promise<unknown> = Promise.resolve()

  return {
    async read(readId, request) {
      if (running.has(readId)) return err({ type: 'invalid-request', detail: 'a reading with this id is running', retry: false })
      if (running.size >= longestQueue)
        return err({ type: 'invalid-request', detail: 'too many readings are waiting', retry: true })
      const controller = new AbortController()
      running.set(readId, controller)
      const turn = last
      const reading = (async (): Promise<Result<CardReading, CardFailure>> => {
        await turn
        if (controller.signal.aborted) return err({ type: 'cancelled', detail: 'cancelled before its turn', retry: true })
        return devices.read(request, {
          signal: controller.signal,
          onProgress: (progress) => hear.progress(readId, progress),
          onText: (text) => hear.text(readId, text),
          onEvidence: (evidence) => hear.evidence(readId, evidence),
        })
      })()
      last = reading.catch(() => undefined)
      try {
        return await reading
      } finally {
        running.delete(readId)
      }
    },
    cancel(readId) {
      running.get(readId)?.abort()
    },
    cancelAll() {
      for (const controller of running.values()) controller.abort()
    },
  }
}
