import { cardReaderContract, contractLimits } from '../../tests/contract/card-reader.contract.ts'
import { createSimulatedChip } from './chip/simulated-chip.ts'
import { createSimulatedCardReader, simulatedReaderName } from './simulated-card-reader.ts'

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
