/**
 * Prints as one line of JSON what a whole reading costs this process in processor time, the chip's own calculations left out: run by
 * Node and by Electron's own Node alike. The mean of warm readings.
 */
import { readManners } from '../../../hardware/protocols/reading/read-file.ts'
import { createBenchedChip } from './benched-chip.ts'
import { recordRead } from './recorded-read.ts'

const warmUps = 12
const times = 40

const main = async (): Promise<void> => {
  const chip = createBenchedChip()
  const [manner] = readManners
  if (manner === undefined) throw new Error('no manner')
  const sums = new Map<string, number>()
  let bytes = 0
  for (let time = 0; time < warmUps + times; time += 1) {
    const { reading, hostMs, exchanges } = await recordRead(chip, manner)
    if (reading.chipAuthentication.outcome !== 'proven') throw new Error(reading.chipAuthentication.detail)
    if (time < warmUps) continue
    bytes = exchanges.reduce((sum, { answer }) => sum + answer.length, 0)
    for (const [step, ms] of hostMs) sums.set(step, (sums.get(step) ?? 0) + ms / times)
  }
  const runtime =
    process.versions.electron === undefined ? `Node ${process.versions.node}` : `Electron ${process.versions.electron}`
  console.log(JSON.stringify({ runtime, bytes, parts: Object.fromEntries(sums) }))
}

void main()
