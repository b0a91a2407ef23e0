import { expect, it } from 'vitest'
import { cardReaderContract, contractLimits } from '../../tests/contract/card-reader.contract.ts'
import { createSimulatedChip } from './chip/simulated-chip.ts'
import { createSimulatedCardReader, simulatedReaderName } from './simulated-card-reader.ts'
import { mrzAccessOf, nguyenThiMau, tranVanThu } from './specimens.ts'

cardReaderContract('simulated', async () => {
  const readerName = simulatedReaderName(0)
  const reader = createSimulatedCardReader({ chips: [null, null], limits: contractLimits })
  return {
    reader,
    readerName,
    insert: async (specimen, faults = []) => reader.insert(readerName, createSimulatedChip(specimen, { faults })),
    remove: async () => reader.remove(readerName),
    unplug: async () => reader.unplug(readerName),
    plug: async () => reader.plug(readerName),
    close: () => reader.close(),
  }
})

it('says timeout when the whole takes too long', async () => {
  const reader = createSimulatedCardReader({ exchangeMs: 40, limits: { reading: 150 } })
  const reading = await reader.read({ access: mrzAccessOf(nguyenThiMau) })
  expect(reading.ok ? 'read' : reading.error.type).toBe('timeout')
})

it('says reader-removed when the reader is unplugged in mid-read', async () => {
  const reader = createSimulatedCardReader({ chips: [nguyenThiMau] })
  const reading = await reader.read(
    { access: mrzAccessOf(nguyenThiMau) },
    { onProgress: ({ step }) => step === 'reading-text' && reader.unplug(simulatedReaderName(0)) },
  )
  expect(reading.ok ? 'read' : reading.error.type).toBe('reader-removed')
})

it('takes the card whose number was typed, as if it had been laid on', async () => {
  const reader = createSimulatedCardReader()
  const reading = await reader.read({ access: mrzAccessOf(tranVanThu) })
  expect(reading.ok && reading.value.readerName).toBe(simulatedReaderName(1))
})
