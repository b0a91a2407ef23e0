import { describe, expect, it } from 'vitest'
import { CardReading, CardText } from '../../contracts/card.ts'
import { cardReaderContract, contractLimits } from '../../tests/contract/card-reader.contract.ts'
import { type ChipFault, createSimulatedChip } from './chip/simulated-chip.ts'
import { createSimulatedCardReader, simulatedReaderName } from './simulated-card-reader.ts'
import { canOf, mrzAccessOf, nguyenThiMau, tranVanThu } from './specimens.ts'

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

describe('by the card access number', () => {
  const access = { type: 'can' as const, can: canOf(nguyenThiMau) }

  it('reads the whole card by PACE, the one whose number was typed', async () => {
    const reader = createSimulatedCardReader()
    const reading = await reader.read({ access: { type: 'can', can: canOf(tranVanThu) } })
    if (!reading.ok) throw new Error(reading.error.detail)
    expect(CardReading.parse(reading.value)).toEqual(reading.value)
    expect(reading.value).toMatchObject({
      person: { fullName: tranVanThu.fullName, personalNumber: tranVanThu.personalNumber },
      groupsRead: ['dg1', 'dg13', 'dg14', 'dg15', 'dg2'],
      accessProtocol: 'pace',
      readerName: simulatedReaderName(1),
    })
    expect(reading.value.accessFallback).toBeUndefined()
  })

  it.each([0, 1, 2, 3, 4, 5, 6, 7, 12])(
    'says card-removed, never a wrong number, when the card leaves after %i commands',
    async (apdus) => {
      const reader = createSimulatedCardReader({ chips: [nguyenThiMau], faults: [[{ type: 'removed-after', apdus }]] })
      const reading = await reader.read({ access })
      expect(reading.ok ? 'read' : reading.error.type).toBe('card-removed')
    },
  )

  it('says card-unresponsive when the chip falls silent in the middle of PACE', async () => {
    const faults = [[{ type: 'silent-after' as const, apdus: 5 }]]
    const reader = createSimulatedCardReader({ chips: [nguyenThiMau], faults, limits: { exchange: 500 } })
    const reading = await reader.read({ access })
    expect(reading.ok ? 'read' : reading.error.type).toBe('card-unresponsive')
  })

  it('says at once that the number is wrong', async () => {
    const reader = createSimulatedCardReader({ chips: [nguyenThiMau] })
    const reading = await reader.read({ access: { type: 'number', personalNumber: tranVanThu.personalNumber } })
    expect(reading.ok ? 'read' : reading.error.type).toBe('wrong-number')
  })

  it('tells the text once, before the answer', async () => {
    const reader = createSimulatedCardReader({ chips: [nguyenThiMau] })
    const heard: CardText[] = []
    const access = { type: 'number' as const, personalNumber: nguyenThiMau.personalNumber }
    const reading = await reader.read({ access }, { onText: (text) => heard.push(text) })
    if (!reading.ok) throw new Error(reading.error.detail)
    expect(heard).toEqual([CardText.parse(reading.value)])
  })

  it('refuses what is no number of six digits', async () => {
    const reading = await createSimulatedCardReader().read({ access: { type: 'can', can: '00001' } })
    expect(reading.ok ? 'read' : reading.error.type).toBe('invalid-request')
  })
})

describe('proof', () => {
  const verdictWith = async (...faults: ChipFault[]) => {
    const reader = createSimulatedCardReader({ chips: [tranVanThu], faults: [faults] })
    const reading = await reader.read({ access: { type: 'can', can: canOf(tranVanThu) } })
    if (!reading.ok) throw new Error(reading.error.detail)
    return reading.value.proof.verdict
  }

  it.each<[string, ChipFault[], object]>([
    ['a specimen is genuine and its chip the one', [], { type: 'genuine', chip: 'proven' }],
    ['a changed group', [{ type: 'changed-group' }], { type: 'not-genuine', check: 'group-hash', group: 'dg13' }],
    ['an expired signer', [{ type: 'signed-by', signer: 'expired' }], { type: 'not-genuine', check: 'validity' }],
    ['a revoked signer', [{ type: 'signed-by', signer: 'revoked' }], { type: 'not-genuine', check: 'revocation' }],
    ['a foreign signer', [{ type: 'signed-by', signer: 'foreign' }], { type: 'genuine-ca-unknown' }],
    [
      'an unknown authority',
      [{ type: 'signed-by', signer: 'unknown-authority' }],
      { type: 'genuine-ca-unknown', chip: 'proven' },
    ],
    [
      'no security object',
      [{ type: 'signed-by', signer: 'nobody' }],
      { type: 'not-checked', reason: 'security-object-not-read' },
    ],
    ['a copied chip', [{ type: 'copied-chip' }], { type: 'not-genuine' }],
    ['a copy that hides its keys', [{ type: 'keys-hidden' }], { type: 'not-genuine', reason: 'signed-group-missing' }],
  ])('%s', async (_, faults, verdict) => {
    expect(await verdictWith(...faults)).toMatchObject(verdict)
  })
})
