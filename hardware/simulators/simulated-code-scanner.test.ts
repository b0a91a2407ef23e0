import { expect, it } from 'vitest'
import { codeScannerContract } from '../../tests/contract/code-scanner.contract.ts'
import { cardQrOf, createSimulatedCodeScanner } from './simulated-code-scanner.ts'
import { specimens } from './specimens.ts'

codeScannerContract('simulated', async () => {
  const scanner = createSimulatedCodeScanner({ retryMs: 10 })
  return {
    open: scanner.open,
    async present(bytes) {
      scanner.present(bytes)
    },
    plug: async () => scanner.plug(),
    unplug: async () => scanner.unplug(),
    close: async () => {},
  }
})

it('shows the codes of its specimens, and no other', async () => {
  const scanner = createSimulatedCodeScanner()
  const scans: unknown[] = []
  expect(scanner.presentSpecimen(0)).toBe(false)
  const open = scanner.open({ onStatus: () => {}, onScan: (scan) => scans.push(scan) })
  await expect.poll(() => open.status().state).toBe('ready')
  expect(specimens.map((_, index) => scanner.presentSpecimen(index))).toEqual(specimens.map(() => true))
  expect(scanner.presentSpecimen(specimens.length)).toBe(false)
  expect(scans).toMatchObject(specimens.map((specimen) => ({ ok: true, value: { text: cardQrOf(specimen) } })))
  expect(open.status().specimens).toEqual(specimens.map(({ fullName }) => fullName))
  await open.close()
})
