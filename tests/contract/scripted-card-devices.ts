/** Card devices whose readings a test ends by hand: for what the station does around a reading. Readings themselves are tested with chips. */

import type { CardFailure, CardReading, CardText, ReaderStatus } from '../../contracts/card.ts'
import { err, ok, type Result } from '../../contracts/result.ts'
import type { CardReader } from '../../hardware/ports/card-reader.ts'

export const idleReader: ReaderStatus = { name: 'Đầu đọc thử', cardPresent: false, simulated: true }

export const scriptedText: CardText = {
  person: { personalNumber: '000190000017', fullName: 'NGUYỄN THỊ MẪU' },
  mrz: {
    lines: [],
    documentCode: 'ID',
    issuingState: 'VNM',
    documentNumber: '190000017',
    birthDate: '900514',
    sex: 'F',
    expiryDate: '300514',
    nationality: 'VNM',
    optionalData: '000190000017<<5',
    name: 'NGUYEN<<THI<MAU',
  },
  specimen: true,
}

export type ScriptedCardDevices = CardReader & {
  /** Readings that have begun and not ended. */
  readonly running: ReadonlyArray<{ end(result: Result<CardReading, CardFailure>): void }>
  tellReaders(readers: ReaderStatus[]): void
  readonly closed: boolean
}

export const createScriptedCardDevices = (): ScriptedCardDevices => {
  const running: { end(result: Result<CardReading, CardFailure>): void }[] = []
  const watchers = new Set<(readers: ReaderStatus[]) => void>()
  let readers = [idleReader]
  let closed = false
  return {
    running,
    get closed() {
      return closed
    },
    tellReaders(next) {
      readers = next
      for (const watcher of watchers) watcher(next)
    },
    listReaders: async () => ok(readers),
    watchReaders(listener) {
      watchers.add(listener)
      return () => {
        watchers.delete(listener)
      }
    },
    read: (_request, { signal, onProgress, onText } = {}) =>
      new Promise((resolve) => {
        onProgress?.({ step: 'waiting-for-card', bytesRead: 0, bytesExpected: 0 })
        onText?.(scriptedText)
        const entry = {
          end(result: Result<CardReading, CardFailure>) {
            running.splice(running.indexOf(entry), 1)
            resolve(result)
          },
        }
        running.push(entry)
        signal?.addEventListener('abort', () => entry.end(err({ type: 'cancelled', detail: 'by the page', retry: true })))
      }),
    async close() {
      closed = true
    },
  }
}
