/**
 * Readers and cards of the training and demo kiosk, in process, behind the same port and through the same protocols.
 *
 * Invariants: every reader says that it is simulated. A card pulled by a fault is gone until it is laid on again.
 */

import { ok } from '../../contracts/result.ts'
import type { CardReader, ReadLimits } from '../ports/card-reader.ts'
import { type CardSource, cardFailure } from '../sessions/card-source.ts'
import { createCardReader } from '../sessions/reading-session.ts'
import { type ChipFault, createSimulatedChip, type SimulatedChip } from './chip/simulated-chip.ts'
import { trainingTrust } from './specimen-pki/training-trust.ts'
import { canOf, mrzAccessOf, type Specimen, specimens } from './specimens.ts'

export type SimulatedCardReader = CardReader & {
  /** Lays a card on the reader, or another in its place. */
  insert(readerName: string, chip: SimulatedChip): void
  remove(readerName: string): void
  plug(readerName: string): void
  unplug(readerName: string): void
}

export const simulatedReaderName = (index: number): string => `Đầu đọc mô phỏng ${index + 1}`

export const createSimulatedCardReader = (
  options: {
    /** One reader for each, the card lying on it; null = a reader without a card. */
    chips?: readonly (Specimen | null)[]
    /** Scripted for the chip of the same index. */
    faults?: readonly (readonly ChipFault[])[]
    limits?: Partial<ReadLimits>
    /** What one exchange takes on a real reader, ms. */
    exchangeMs?: number
  } = {},
): SimulatedCardReader => {
  const chips = options.chips ?? specimens
  const slots = new Map<string, { chip: SimulatedChip | null }>(
    chips.map((specimen, index) => [
      simulatedReaderName(index),
      { chip: specimen === null ? null : createSimulatedChip(specimen, { faults: options.faults?.[index] ?? [] }) },
    ]),
  )
  const listeners = new Set<() => void>()
  const changed = (): void => {
    for (const listener of listeners) listener()
  }
  const put = (readerName: string, chip: SimulatedChip | null): void => {
    slots.set(readerName, { chip })
    changed()
  }
  const pause = (): Promise<void> => {
    const ms = options.exchangeMs ?? 0
    return ms === 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms))
  }

  const source: CardSource = {
    async readers() {
      return ok(Array.from(slots, ([name, { chip }]) => ({ name, cardPresent: chip !== null, simulated: true })))
    },
    onChange(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    // Who types a specimen's number has laid that specimen's card on.
    prefer: (holding, request) =>
      holding.find(({ name }) => {
        const specimen = slots.get(name)?.chip?.specimen
        if (specimen === undefined) return false
        const { access } = request
        if (access.type === 'number') return specimen.personalNumber === access.personalNumber
        return access.type === 'can'
          ? canOf(specimen) === access.can
          : mrzAccessOf(specimen).documentNumber === access.documentNumber
      }),
    async connect(readerName) {
      const chip = slots.get(readerName)?.chip
      if (chip === undefined) return cardFailure('reader-removed', 'unplugged before connecting')
      if (chip === null) return cardFailure('card-removed', 'removed before connecting')
      chip.reset()
      const presence = () => slots.get(readerName)
      return ok({
        async transmit(command) {
          await pause()
          const slot = presence()
          if (slot === undefined) return cardFailure('reader-removed', 'unplugged')
          if (slot.chip !== chip) return cardFailure('card-removed', 'card lifted')
          const answer = chip.transmit(command)
          if (answer.type === 'silent') return new Promise<never>(() => {})
          if (answer.type === 'removed') {
            put(readerName, null)
            return cardFailure('card-removed', 'card lifted')
          }
          return ok(answer.bytes)
        },
        confirmPresence: async () => presence()?.chip === chip,
        close: async () => chip.reset(),
      })
    },
    async close() {
      listeners.clear()
    },
  }

  return {
    // A simulated reader is training by itself: it trusts the specimens' authorities and nobody else.
    ...createCardReader(source, options.limits, trainingTrust()),
    insert: put,
    remove: (readerName) => put(readerName, null),
    plug: (readerName) => put(readerName, null),
    unplug(readerName) {
      slots.delete(readerName)
      changed()
    },
  }
}
