/** One reading of a chip at a time, as the dialog shows it: how far, what is known already, what came of it. Leaving the dialog ends it. */
import { useCallback, useEffect, useRef, useState } from 'react'
import type { CardAccess, CardFailure, CardProgress, CardReading, CardText, ScannedCode } from '../../contracts/card.ts'
import type { StoreChallenge } from '../../contracts/citizen-store.ts'
import type { StationApi } from '../../contracts/station-api.ts'
import type { CardShown } from '../../sync/client/sync-client-api.ts'

export type ReadingState =
  | { name: 'idle' }
  | {
      name: 'reading'
      progress: CardProgress | null
      /** Number and name, long before the rest and before anything is proven. */
      text: CardText | null
      /** When the present step began, and the first byte came: for what is said of the time left. */
      stepSince: number
      bytesSince: number | null
    }
  | { name: 'read'; reading: CardReading; shown?: CardShown }
  | { name: 'failed'; failure: CardFailure }
  | { name: 'station-gone' }

export type CardReadingControl = {
  state: ReadingState
  /** `scanned`: the card's code, to be compared with its chip. */
  /** `challenge`: the chip is to sign for the citizens' store that it is here; what has not come soon is not waited for. */
  start(access: CardAccess, scanned?: ScannedCode, challenge?: Promise<StoreChallenge | undefined>): void
  /** Ends the reading, if any, and forgets what it gave. */
  clear(): void
}

const soonMs = 600

const soon = (challenge: Promise<StoreChallenge | undefined> | undefined): Promise<StoreChallenge | undefined> =>
  challenge === undefined
    ? Promise.resolve(undefined)
    : Promise.race([challenge, new Promise<undefined>((resolve) => setTimeout(resolve, soonMs))])

export const useCardReading = (station: StationApi): CardReadingControl => {
  const [state, setState] = useState<ReadingState>({ name: 'idle' })
  const active = useRef<string | null>(null)

  useEffect(
    () =>
      station.onEvent((event) => {
        if (event.type === 'card-text' && event.readId === active.current)
          setState((now) => (now.name === 'reading' ? { ...now, text: event.text } : now))
        if (event.type !== 'card-progress' || event.readId !== active.current) return
        const { progress } = event
        setState((now) =>
          now.name !== 'reading'
            ? now
            : {
                ...now,
                progress,
                stepSince: now.progress?.step === progress.step ? now.stepSince : Date.now(),
                bytesSince: now.bytesSince ?? (progress.bytesRead > 0 ? Date.now() : null),
              },
        )
      }),
    [station],
  )

  const cancel = useCallback(() => {
    const readId = active.current
    active.current = null
    if (readId !== null) void station.call('cancelRead', { readId })
  }, [station])
  useEffect(() => cancel, [cancel])

  const start: CardReadingControl['start'] = (access, scanned, challenge) => {
    cancel()
    const readId = crypto.randomUUID()
    active.current = readId
    setState({ name: 'reading', progress: null, text: null, stepSince: Date.now(), bytesSince: null })
    const read = async (): Promise<void> => {
      const fetched = await soon(challenge)
      if (active.current !== readId) return
      const nonce = fetched === undefined ? {} : { nonce: fetched.nonce }
      const shown = fetched === undefined ? {} : { shown: { readId, challenge: fetched.challenge } }
      const answer = await station.call('readCard', { readId, access, ...nonce, ...(scanned === undefined ? {} : { scanned }) })
      if (active.current !== readId) return
      active.current = null
      if (!answer.ok) setState({ name: 'station-gone' })
      else if (answer.value.ok) setState({ name: 'read', reading: answer.value.value, ...shown })
      else setState({ name: 'failed', failure: answer.value.error })
    }
    void read()
  }

  return {
    state,
    start,
    clear() {
      cancel()
      setState({ name: 'idle' })
    },
  }
}
