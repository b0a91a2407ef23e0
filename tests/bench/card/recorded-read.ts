/** One whole reading of a specimen's chip in process, with every exchange written down: what went over the line, and whose time it took. */
import type { CardProgress } from '../../../contracts/card.ts'
import { type ChipReading, readChip } from '../../../hardware/protocols/reading/read-chip.ts'
import type { ReadManner } from '../../../hardware/protocols/reading/read-file.ts'
import type { SimulatedChip } from '../../../hardware/simulators/chip/simulated-chip.ts'
import { createReadingTools } from '../../fixtures/chip-reading.ts'

export type Exchange = { command: Uint8Array; answer: Uint8Array; step: CardProgress['step']; textTold: boolean }
export type RecordedRead = {
  reading: ChipReading
  exchanges: Exchange[]
  /** ms of this side, the chip's own left out, by the step in which they were spent. */
  hostMs: ReadonlyMap<CardProgress['step'], number>
}

/**
 * Processor time in ms: of this thread where the runtime tells it, so that another program's turn is not counted. The clock ticks every
 * few milliseconds; over many readings its mean is true.
 */
export const processorMs = (): number => {
  const { user, system } = (process.threadCpuUsage ?? process.cpuUsage)()
  return (user + system) / 1000
}

export const recordRead = async (chip: SimulatedChip, manner: ReadManner): Promise<RecordedRead> => {
  const exchanges: Exchange[] = []
  const hostMs = new Map<CardProgress['step'], number>()
  let step: CardProgress['step'] = 'opening-chip'
  let textTold = false
  let since = processorMs()
  const spend = (): void => {
    const now = processorMs()
    hostMs.set(step, (hostMs.get(step) ?? 0) + now - since)
    since = now
  }
  const tools = createReadingTools(async (command) => {
    spend()
    const answered = chip.transmit(command)
    if (answered.type !== 'answer') throw new Error(answered.type)
    exchanges.push({ command, answer: answered.bytes, step, textTold })
    since = processorMs()
    return { ok: true, value: answered.bytes }
  })
  chip.reset()
  const access = { type: 'number' as const, personalNumber: chip.specimen.personalNumber }
  const hear = {
    progress(progress: CardProgress): void {
      spend()
      step = progress.step
    },
    text(): void {
      textTold = true
    },
  }
  const reading = await readChip(tools, { access }, hear, manner)
  spend()
  if (!reading.ok) throw new Error(reading.error.type)
  return { reading: reading.value, exchanges, hostMs }
}
