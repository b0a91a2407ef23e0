/**
 * Readers and cards over PC/SC. With its caller `pcsc-card-reader.ts` the only place that knows `pcsc-mini`.
 *
 * Invariants: a failing card service is a named failure, tried again at the next question and, while anybody watches, every two
 * seconds. A failed exchange is told by what the reader says afterwards: card gone, reader gone, service gone, or a card that does
 * not answer. A reader whose last exchange never came back takes no new one.
 */
import type { Card, Client, Err, Reader } from 'pcsc-mini'
import type { CardFailure } from '../../contracts/card.ts'
import { ok, type Result } from '../../contracts/result.ts'
import { type CardSource, cardFailure } from '../sessions/card-source.ts'

type Pcsc = typeof import('pcsc-mini')
type Slot = { reader: Reader; present: boolean }
type Monitor = { client: Client; settled: Promise<void> }

/** The longest answer to an extended-length command; a smaller buffer makes long answers throw. */
const receiveBufferSize = 65_536
/** pcscd looks at a card every 400 ms: what it says of a card's presence can be that old. */
const presenceLag = 600
const removalPatience = 1_200
const unfinishedPatience = 1_000
const settleMs = 400
const retryMs = 2_000
const sharingRetries = 10
const sharingRetryMs = 150

const removedCodes: readonly string[] = ['RemovedCard', 'NoSmartCard', 'ResetCard', 'UnpoweredCard']
const readerGoneCodes: readonly string[] = ['ReaderUnavailable', 'UnknownReader', 'NoReadersAvailable']
const serviceGoneCodes: readonly string[] = ['NoService', 'ServiceStopped', 'InvalidHandle', 'SystemCancelled']

/**
 * Clients that have been started are kept for the life of the process: the library ends the process with an uncaught error when a
 * client is collected whose card service has died. One more for each time the service dies.
 */
const retired: Client[] = []

const codeOf = (error: unknown): string => {
  const code: unknown = error instanceof Error ? (error as Partial<Err>).code : undefined
  return typeof code === 'string' ? code : 'no code'
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

export const createPcscSource = (): CardSource => {
  const slots = new Map<string, Slot>()
  const listeners = new Set<() => void>()
  /** What a reader must finish before it takes a new card connection: an exchange that nobody waits for, then its disconnect. */
  const unfinished = new Map<string, Promise<void>>()
  let library: Pcsc | undefined
  let monitor: Monitor | undefined
  /** Made, not yet started: the service did not answer so far. */
  let waiting: Client | undefined
  let closed = false
  let retry: ReturnType<typeof setInterval> | undefined

  const changed = (): void => {
    for (const listener of [...listeners]) listener()
  }

  const dropMonitor = (): void => {
    const dropped = monitor
    monitor = undefined
    slots.clear()
    if (dropped === undefined) return
    dropped.client.removeAllListeners()
    dropped.client.on('error', () => {})
    try {
      dropped.client.stop()
    } catch {
      // Its thread has ended already: that is why it is dropped.
    }
  }

  const watchReader = (pcsc: Pcsc, reader: Reader): void => {
    const slot: Slot = { reader, present: false }
    slots.set(reader.name(), slot)
    reader.on('change', (status) => {
      const present = status.has(pcsc.ReaderStatus.PRESENT)
      if (present === slot.present) return
      slot.present = present
      changed()
    })
    reader.on('disconnect', () => {
      if (slots.get(reader.name()) === slot) slots.delete(reader.name())
      changed()
    })
    changed()
  }

  const createClient = (pcsc: Pcsc): Client => {
    const client = new pcsc.Client()
    client.on('reader', (reader) => watchReader(pcsc, reader))
    client.on('error', () => {
      if (monitor?.client !== client) return
      dropMonitor()
      changed()
    })
    return client
  }

  const start = async (): Promise<Result<Pcsc, CardFailure>> => {
    if (closed) return cardFailure('pcsc-service-unavailable', 'the reader is closed', false)
    if (library === undefined) {
      try {
        library = await import('pcsc-mini')
      } catch {
        return cardFailure('pcsc-service-unavailable', 'the PC/SC library cannot be loaded')
      }
    }
    const pcsc = library
    if (monitor === undefined) {
      const client = waiting ?? createClient(pcsc)
      waiting = client
      try {
        client.start()
      } catch (error) {
        return cardFailure('pcsc-service-unavailable', `start: ${codeOf(error)}`)
      }
      waiting = undefined
      retired.push(client)
      // Readers are told one by one after the start; no event says "that was all".
      monitor = { client, settled: pause(settleMs) }
    }
    await monitor.settled
    return monitor === undefined ? cardFailure('pcsc-service-unavailable', 'stopped while starting') : ok(pcsc)
  }

  const waitUntil = (ms: number, condition: () => boolean): Promise<boolean> =>
    new Promise((resolve) => {
      const finish = (met: boolean): void => {
        clearTimeout(timer)
        listeners.delete(look)
        resolve(met)
      }
      const look = (): void => {
        if (condition()) finish(true)
      }
      const timer = setTimeout(() => finish(condition()), ms)
      listeners.add(look)
      look()
    })

  /** The code of a failed call is the driver's guess; what the reader says next is the truth. */
  const explain = async (slot: Slot, error: unknown, step: string): Promise<Result<never, CardFailure>> => {
    const code = codeOf(error)
    const name = slot.reader.name()
    const detail = `${step}: ${code}`
    const gone = (): boolean => slots.get(name) !== slot || !slot.present
    if (readerGoneCodes.includes(code) || serviceGoneCodes.includes(code))
      await waitUntil(presenceLag, () => slots.get(name) !== slot)
    else if (!removedCodes.includes(code)) await waitUntil(removalPatience, gone)
    if (monitor === undefined || code === 'NoService' || code === 'ServiceStopped')
      return cardFailure('pcsc-service-unavailable', detail)
    if (slots.get(name) !== slot || readerGoneCodes.includes(code)) return cardFailure('reader-removed', detail)
    if (removedCodes.includes(code) || !slot.present) return cardFailure('card-removed', detail)
    return cardFailure('card-unresponsive', detail)
  }

  const finishedWithin = async (readerName: string, ms: number): Promise<boolean> => {
    const before = unfinished.get(readerName)
    if (before === undefined) return true
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), ms)
    })
    const finished = await Promise.race([before.then(() => true), late])
    clearTimeout(timer)
    return finished
  }

  const connectPatiently = async (pcsc: Pcsc, slot: Slot): Promise<Card> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await slot.reader.connect(pcsc.CardMode.EXCLUSIVE)
      } catch (error) {
        // The system's own services look at a new card for a moment.
        if (codeOf(error) !== 'SharingViolation' || attempt >= sharingRetries) throw error
        await pause(sharingRetryMs)
      }
    }
  }

  const openCard = async (readerName: string): Promise<Result<{ pcsc: Pcsc; slot: Slot; card: Card }, CardFailure>> => {
    const started = await start()
    if (!started.ok) return started
    const pcsc = started.value
    const slot = slots.get(readerName)
    if (slot === undefined) return cardFailure('reader-removed', 'connect: unplugged')
    if (!(await finishedWithin(readerName, unfinishedPatience)))
      return cardFailure('card-unresponsive', 'connect: an earlier command has not been answered')
    try {
      return ok({ pcsc, slot, card: await connectPatiently(pcsc, slot) })
    } catch (error) {
      if (codeOf(error) === 'SharingViolation') return cardFailure('card-unresponsive', 'connect: another program holds the card')
      return explain(slot, error, 'connect')
    }
  }

  return {
    async readers() {
      const started = await start()
      if (!started.ok) return started
      return ok(Array.from(slots, ([name, { present }]) => ({ name, cardPresent: present, simulated: false })))
    },
    onChange(listener) {
      listeners.add(listener)
      if (retry === undefined) {
        retry = setInterval(() => {
          if (monitor !== undefined) return
          void start().then((started) => {
            if (started.ok) changed()
          })
        }, retryMs)
        retry.unref()
      }
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        clearInterval(retry)
        retry = undefined
      }
    },
    async connect(readerName) {
      const first = await openCard(readerName)
      // A line to the service that died unnoticed, after a hung command or a restart, is worth one new line.
      const opened = first.ok || first.error.type !== 'pcsc-service-unavailable' ? first : await openCard(readerName)
      if (!opened.ok) return opened
      const { pcsc, slot, card } = opened.value
      let exchange: Promise<unknown> = Promise.resolve()
      return ok({
        async transmit(command) {
          const answer = card.transmit(command, new ArrayBuffer(receiveBufferSize))
          exchange = answer.catch(() => {})
          try {
            const bytes = Uint8Array.from(await answer)
            // Some drivers call an exchange with a card that has just left a success, and give no status word.
            return bytes.length >= 2 ? ok(bytes) : await explain(slot, undefined, 'transmit, no status word')
          } catch (error) {
            return await explain(slot, error, 'transmit')
          }
        },
        confirmPresence: async () => !(await waitUntil(presenceLag, () => slots.get(readerName) !== slot || !slot.present)),
        async close() {
          // A disconnect waits behind a command that has not come back: the next connection waits for both.
          const ending = exchange.then(() => card.disconnect(pcsc.CardDisposition.RESET)).catch(() => {})
          const done = ending.then(() => {
            if (unfinished.get(readerName) === done) unfinished.delete(readerName)
          })
          unfinished.set(readerName, done)
          await done
        },
      })
    },
    async close() {
      closed = true
      clearInterval(retry)
      listeners.clear()
      dropMonitor()
    },
  }
}
