/** The reader contract through the real pcscd: driver, card service and a chip on vpcd's virtual reader. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createPcscCardReader } from '../../hardware/drivers/pcsc-card-reader.ts'
import type { CardReader } from '../../hardware/ports/card-reader.ts'
import { type ChipFault, createSimulatedChip } from '../../hardware/simulators/chip/simulated-chip.ts'
import { mrzAccessOf, nguyenThiMau, type Specimen } from '../../hardware/simulators/specimens.ts'
import { insertVpcdCard, type VpcdCard } from '../../hardware/simulators/vpcd-card.ts'
import { cardReaderContract, contractLimits } from '../contract/card-reader.contract.ts'
import { createPcscdFixture, type PcscdFixture } from './pcscd-fixture.ts'

let pcscd: PcscdFixture
let observer: CardReader
let card: VpcdCard | undefined

beforeAll(async () => {
  pcscd = await createPcscdFixture()
  Object.assign(process.env, pcscd.env)
  observer = createPcscCardReader({ limits: contractLimits })
})
afterAll(async () => {
  await observer.close()
  await pcscd.dispose()
})

/** pcscd looks at its readers every 400 ms: a card is on the reader when it says so. */
const until = (present: boolean | undefined) =>
  expect
    .poll(
      async () => {
        const readers = await observer.listReaders()
        return readers.ok ? readers.value.find(({ name }) => name === pcscd.readerName)?.cardPresent : undefined
      },
      { timeout: 8_000, interval: 50 },
    )
    .toBe(present)

const remove = async (): Promise<void> => {
  if (card === undefined) return
  await card.remove()
  card = undefined
  await until(false)
}

const insert = async (specimen: Specimen, faults: readonly ChipFault[] = []): Promise<void> => {
  await remove()
  card = await insertVpcdCard(createSimulatedChip(specimen, { faults }), { port: pcscd.port })
  await until(true)
}

it('names an absent card service', async () => {
  const readers = await observer.listReaders()
  expect(readers.ok ? 'ok' : readers.error.type).toBe('pcsc-service-unavailable')
  const reading = await observer.read({ access: mrzAccessOf(nguyenThiMau) })
  expect(reading.ok ? 'ok' : reading.error.type).toBe('pcsc-service-unavailable')
})

it('card removed in mid-read through the real pcscd', async () => {
  await pcscd.start()
  await until(false)
  await insert(nguyenThiMau)
  const steps: string[] = []
  const reading = await observer.read(
    { access: mrzAccessOf(nguyenThiMau), readerName: pcscd.readerName },
    {
      onProgress: ({ step }) => {
        steps.push(step)
        if (step === 'reading-text') void card?.remove()
      },
    },
  )
  expect(reading.ok ? 'read' : reading.error.type).toBe('card-removed')
  expect(steps).toContain('reading-text')
  await insert(nguyenThiMau)
  const again = await observer.read({ access: mrzAccessOf(nguyenThiMau), readerName: pcscd.readerName })
  expect(again.ok && again.value.person.fullName).toBe(nguyenThiMau.fullName)
  await remove()
})

cardReaderContract('PC/SC through pcscd and vpcd', async () => {
  const reader = createPcscCardReader({ limits: contractLimits })
  return {
    reader,
    readerName: pcscd.readerName,
    insert,
    remove,
    // vpcd's readers go and come with their service: the driver sees readers vanish and appear again.
    async unplug() {
      await card?.remove()
      card = undefined
      await pcscd.stop()
      await until(undefined)
    },
    async plug() {
      await pcscd.start()
      await until(false)
    },
    close: () => reader.close(),
  }
})
