/**
 * Prints as one line of JSON what a whole reading costs this process in processor time, the chip's own calculations left out: run by
 * Node and by Electron's own Node alike. The mean of warm readings. The signer's path to its country's authority is proven anew each
 * time, as for the first card of a signer; a station remembers it for the next.
 */
import { trustAnchors } from '../../../hardware/protocols/passive-authentication/trust-anchors.ts'
import { describeReading } from '../../../hardware/protocols/reading/card-reading.ts'
import { readManners } from '../../../hardware/protocols/reading/read-file.ts'
import { trainingTrust } from '../../../hardware/simulators/specimen-pki/training-trust.ts'
import { createLongPhotoChip } from './benched-chip.ts'
import { processorMs, recordRead } from './recorded-read.ts'

const warmUps = 12
const times = 40

const main = async (): Promise<void> => {
  const chip = createLongPhotoChip()
  const [manner] = readManners
  if (manner === undefined) throw new Error('no manner')
  const sums = new Map<string, number>()
  const spend = (part: string, ms: number): void => void sums.set(part, (sums.get(part) ?? 0) + ms / times)
  const known = trainingTrust()
  const request = { access: { type: 'number' as const, personalNumber: chip.specimen.personalNumber } }
  let bytes = 0
  for (let time = 0; time < warmUps + times; time += 1) {
    const { reading, hostMs } = await recordRead(chip, manner)
    const trust = trustAnchors(known.certificates, known.revocationLists, true)
    const prove = (): number => {
      const began = processorMs()
      const { proof } = describeReading(reading, { trust, now: new Date(), request })
      if (proof.verdict.type !== 'genuine' || proof.verdict.chip !== 'proven') throw new Error(JSON.stringify(proof))
      return processorMs() - began
    }
    const [first, next] = [prove(), prove()]
    if (time < warmUps) continue
    bytes = [...reading.raw.values()].reduce((sum, file) => sum + file.length, 0)
    for (const [step, ms] of hostMs) spend(step, ms)
    spend('checking-data', first)
    spend('same-signer', next)
  }
  const runtime =
    process.versions.electron === undefined ? `Node ${process.versions.node}` : `Electron ${process.versions.electron}`
  const { 'same-signer': sameSigner, ...parts } = Object.fromEntries(sums)
  console.log(JSON.stringify({ runtime, bytes, parts, sameSigner }))
}

void main()
