/**
 * A `CardReader` over any source of readers: waits for the card, opens it, runs the protocol with limits, tells a lost card from a
 * wrong key. Clock and randomness enter here and nowhere below.
 *
 * Invariants: one reading at a time; every wait ends; the connection is closed whatever happens.
 */
import { randomBytes } from 'node:crypto'
import {
  type CardFailure,
  type CardProgress,
  type CardReading,
  CardReadRequest,
  type ReaderStatus,
} from '../../contracts/card.ts'
import { err, ok, type Result } from '../../contracts/result.ts'
import { type CardReader, defaultReadLimits, type ReadLimits, type ReadOptions } from '../ports/card-reader.ts'
import { noTrust, type TrustAnchors } from '../protocols/passive-authentication/trust-anchors.ts'
import { evidenceOf } from '../protocols/reading/card-evidence.ts'
import { describeReading } from '../protocols/reading/card-reading.ts'
import { beginReading, type ChipReading, type ReadingListener, type ReadSoFar, readChip } from '../protocols/reading/read-chip.ts'
import { type ReadManner, readManners } from '../protocols/reading/read-file.ts'
import type { ReadingTools } from '../protocols/reading/reading-tools.ts'
import { type CardSource, type ChipConnection, cardFailure } from './card-source.ts'
import { createInterruption, type Interruption } from './interruption.ts'
import { createReaderMemory, type ReaderMemory } from './reader-memory.ts'
import { createTrySpacing } from './try-spacing.ts'

/** Failures a card on its way out of the field can fake. */
const doubtful: readonly CardFailure['type'][] = [
  'wrong-number',
  'access-denied',
  'secure-messaging-failed',
  'unexpected-status',
  'unreadable-data',
]

/** A chip that took its key a moment ago and does not now has not changed its mind: what broke the reading before is told instead. */
const unlikely: readonly CardFailure['type'][] = [
  'wrong-number',
  'access-denied',
  'dates-needed',
  'not-an-identity-card',
  'unexpected-status',
]

/** A connection that will not close is the next connection's matter, not this answer's. */
const closeWithin = 500

const chooseReader = (
  source: CardSource,
  readers: readonly ReaderStatus[],
  request: CardReadRequest,
): Result<ReaderStatus | undefined, CardFailure> => {
  if (request.readerName !== undefined) {
    const named = readers.find((reader) => reader.name === request.readerName)
    if (named === undefined) return cardFailure('no-such-reader', `${readers.length} readers, none of that name`)
    return ok(named.cardPresent ? named : undefined)
  }
  if (readers.length === 0) return cardFailure('no-reader', 'the card service knows no reader')
  const holding = readers.filter((reader) => reader.cardPresent)
  return ok(source.prefer?.(holding, request) ?? holding[0])
}

const waitForCard = async (
  source: CardSource,
  request: CardReadRequest,
  interruption: Interruption,
  waitMs: number,
  onProgress: (progress: CardProgress) => void,
): Promise<Result<string, CardFailure>> => {
  const until = Date.now() + waitMs
  let told = false
  for (;;) {
    let wake: () => void = () => {}
    const changed = new Promise<Result<null, CardFailure>>((resolve) => {
      wake = () => resolve(ok(null))
    })
    // Subscribed before looking, so that no change falls between.
    const unsubscribe = source.onChange(wake)
    try {
      const readers = await interruption.race(source.readers())
      if (!readers.ok) return readers
      const chosen = chooseReader(source, readers.value, request)
      if (!chosen.ok) return told ? cardFailure('reader-removed', chosen.error.detail) : chosen
      if (chosen.value !== undefined) return ok(chosen.value.name)
      if (!told) onProgress({ step: 'waiting-for-card', bytesRead: 0, bytesExpected: 0 })
      told = true
      const noCard: CardFailure = { type: 'no-card', detail: `no card within ${waitMs} ms`, retry: true }
      const left = until - Date.now()
      if (left <= 0) return err(noCard)
      const waited = await interruption.race(changed, { ms: left, failure: noCard })
      if (!waited.ok) return waited
    } finally {
      unsubscribe()
    }
  }
}

/** ms for one exchange: an answer of many kilobytes travels for seconds at 106 kbit/s. */
const exchangeLimit = (limits: ReadLimits, command: Uint8Array): number =>
  command.length > 5 && command[4] === 0 ? limits.exchange * 3 : limits.exchange

const readConnected = async (
  connection: ChipConnection,
  request: CardReadRequest,
  interruption: Interruption,
  limits: ReadLimits,
  hear: ReadingListener,
  manner: ReadManner,
  soFar: ReadSoFar,
): ReturnType<typeof readChip> => {
  const transmit: ReadingTools['transmit'] = async (command) => {
    if (interruption.failure !== undefined) return err(interruption.failure)
    const ms = exchangeLimit(limits, command)
    return interruption.race(connection.transmit(command), {
      ms,
      failure: { type: 'card-unresponsive', detail: `no answer within ${ms} ms`, retry: true },
    })
  }
  const tools: ReadingTools = {
    transmit,
    random: (length) => Uint8Array.from(randomBytes(length)),
    pause: (ms) => interruption.pause(ms),
    today: new Date().toISOString().slice(0, 10),
  }
  const reading = await readChip(tools, request, hear, manner, soFar)
  if (reading.ok || !(reading.error.type === 'read-refused' || doubtful.includes(reading.error.type))) return reading
  const { detail } = reading.error.type === 'read-refused' ? reading.error.cause : reading.error
  return (await connection.confirmPresence()) ? reading : cardFailure('card-removed', `then ${detail}`)
}

const closeSoon = async (connection: ChipConnection): Promise<void> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, closeWithin)
  })
  await Promise.race([connection.close(), limit])
  clearTimeout(timer)
}

export const createCardReader = (
  source: CardSource,
  limitsGiven: Partial<ReadLimits> = {},
  trust: TrustAnchors = noTrust,
  memory: ReaderMemory = createReaderMemory(),
): CardReader => {
  const limits: ReadLimits = { ...defaultReadLimits, ...limitsGiven }
  let turn: Promise<unknown> = Promise.resolve()
  const lastProgress = new WeakMap<Interruption, CardProgress>()

  const spacing = createTrySpacing(() => performance.now())

  const connect = async (readerName: string, interruption: Interruption): Promise<Result<ChipConnection, CardFailure>> => {
    const connecting = source.connect(readerName)
    const connection = await interruption.race(connecting, {
      ms: limits.exchange,
      failure: { type: 'card-unresponsive', detail: `not connected within ${limits.exchange} ms`, retry: true },
    })
    // A connection that comes too late is nobody's: close it.
    if (!connection.ok) void connecting.then((late) => (late.ok ? late.value.close() : undefined)).catch(() => {})
    return connection
  }

  const readAt = async (
    readerName: string,
    request: CardReadRequest,
    interruption: Interruption,
    hear: ReadingListener,
  ): Promise<Result<ChipReading, CardFailure>> => {
    const soFar = beginReading()
    let mannerIndex = memory.beginWith(readerName)
    let brokeBy: CardFailure | undefined
    for (;;) {
      const manner = readManners[mannerIndex]
      if (manner === undefined) throw new Error('no manner of reading left')
      const connection = await connect(readerName, interruption)
      if (!connection.ok) return connection
      const reading = await readConnected(connection.value, request, interruption, limits, hear, manner, soFar).finally(() =>
        closeSoon(connection.value),
      )
      if (reading.ok) {
        memory.told(readerName, mannerIndex)
        return reading
      }
      if (reading.error.type !== 'read-refused')
        return err(brokeBy !== undefined && unlikely.includes(reading.error.type) ? brokeBy : reading.error)
      brokeBy = reading.error.cause
      // The chip is opened again, by the key it has taken, and read on from where it was.
      if (reading.error.next === 'select') soFar.habits.shortIdentifiers = 'refused'
      else if (reading.error.next === 'shorter') mannerIndex += 1
      if (mannerIndex === readManners.length) return err(reading.error.cause)
    }
  }

  const readInTurn = async (
    request: CardReadRequest,
    interruption: Interruption,
    hear: ReadingListener,
    onEvidence: NonNullable<ReadOptions['onEvidence']>,
  ): Promise<Result<CardReading, CardFailure>> => {
    const found = await waitForCard(source, request, interruption, limits.waitForCard, hear.progress)
    if (!found.ok) return found
    const pauseMs = spacing.waitFor(found.value)
    if (pauseMs > 0) {
      hear.progress({ step: 'pausing', bytesRead: 0, bytesExpected: 0, pauseMs })
      const waited = await interruption.pause(pauseMs)
      if (!waited.ok) return waited
    }
    hear.progress({ step: 'connecting', bytesRead: 0, bytesExpected: 0 })
    interruption.limit(limits.reading, { type: 'timeout', detail: `not read within ${limits.reading} ms`, retry: true })
    const reading = await readAt(found.value, request, interruption, hear)
    spacing.told(found.value, reading.ok ? 'read' : reading.error.type)
    if (!reading.ok) return reading
    const evidence = evidenceOf(reading.value)
    if (evidence !== undefined) onEvidence(evidence)
    const { bytesRead, bytesExpected } = lastProgress.get(interruption) ?? { bytesRead: 0, bytesExpected: 0 }
    hear.progress({ step: 'done', bytesRead, bytesExpected })
    const now = new Date()
    return ok({ ...describeReading(reading.value, { trust, now, request }), readerName: found.value, readAt: now.toISOString() })
  }

  return {
    listReaders: () => source.readers(),
    watchReaders(listener) {
      let ended = false
      let last = ''
      let looking = false
      let lookAgain = false
      const look = async (): Promise<void> => {
        if (looking) {
          lookAgain = true
          return
        }
        looking = true
        do {
          lookAgain = false
          const readers = await source.readers()
          const list = readers.ok ? readers.value : []
          const said = JSON.stringify(list)
          if (!ended && said !== last) {
            last = said
            listener(list)
          }
        } while (lookAgain && !ended)
        looking = false
      }
      const unsubscribe = source.onChange(() => void look())
      void look()
      return () => {
        ended = true
        unsubscribe()
      }
    },
    async read(requestGiven: CardReadRequest, options: ReadOptions = {}) {
      const request = CardReadRequest.safeParse(requestGiven)
      if (!request.success)
        return cardFailure('invalid-request', request.error.issues.map((issue) => issue.path.join('.')).join(', '), false)
      const interruption = createInterruption(options.signal)
      const hear: ReadingListener = {
        progress(progress) {
          lastProgress.set(interruption, progress)
          if (interruption.failure === undefined) options.onProgress?.(progress)
        },
        text(text) {
          if (interruption.failure === undefined) options.onText?.(text)
        },
      }
      const before = turn
      let release: () => void = () => {}
      turn = new Promise<void>((resolve) => {
        release = resolve
      })
      try {
        const mine = await interruption.race(before.then(() => ok(null)))
        if (!mine.ok) {
          // The turn is given back only when those before have finished.
          void before.then(release)
          return mine
        }
        const onEvidence = options.onEvidence ?? (() => undefined)
        return await readInTurn(request.data, interruption, hear, onEvidence).finally(release)
      } finally {
        interruption.dispose()
      }
    },
    close: () => source.close(),
  }
}
