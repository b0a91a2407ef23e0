/** What the clerk sees of every fault the simulated chip can play: the failure and its entry in the catalogue, or a reading all the same. */
import { expect, it } from 'vitest'
import type { CardAccess, CardFailureType, CardReading } from '../../contracts/card.ts'
import { cardFailureCatalogue } from '../../contracts/card-failure-catalogue.ts'
import { chipFaultNames, chipFaultOf, chipFaultsOf } from './chip/chip-fault-words.ts'
import type { ChipFault } from './chip/simulated-chip.ts'
import { createSimulatedCardReader } from './simulated-card-reader.ts'
import { nguyenThiMau } from './specimens.ts'

const number: CardAccess = { type: 'number', personalNumber: nguyenThiMau.personalNumber }
/** A failure, or what a reading says: verdict, whether the chip is proven, what is missing, what was found. */
type Seen = CardFailureType | `read: ${string}`
type Case = { fault: ChipFault; seen: Seen; also?: readonly ChipFault[]; access?: CardAccess }

const cases = {
  'removed-after': { fault: { type: 'removed-after', apdus: 5 }, seen: 'card-removed' },
  'silent-after': { fault: { type: 'silent-after', apdus: 5 }, seen: 'card-unresponsive' },
  'garbled-after': { fault: { type: 'garbled-after', apdus: 8 }, seen: 'secure-messaging-failed' },
  'wrong-key': { fault: { type: 'wrong-key' }, seen: 'wrong-number' },
  'no-dg13': { fault: { type: 'no-dg13' }, seen: 'read: genuine, proven, without dg13' },
  'garbage-dg13': { fault: { type: 'garbage-dg13' }, seen: 'read: genuine, proven, without dg13' },
  'two-persons': { fault: { type: 'two-persons' }, seen: 'read: genuine, proven, without dg13, two-persons' },
  'expired-card': { fault: { type: 'expired-card' }, seen: 'read: genuine, proven, card-expired' },
  'not-an-identity-card': { fault: { type: 'not-an-identity-card' }, seen: 'not-an-identity-card' },
  'no-pace': { fault: { type: 'no-pace' }, seen: 'dates-needed' },
  'no-bac': { fault: { type: 'no-bac' }, also: [{ type: 'no-pace' }], seen: 'access-denied' },
  'master-file-first': { fault: { type: 'master-file-first' }, seen: 'read: genuine, proven' },
  'parameters-wanted': { fault: { type: 'parameters-wanted' }, seen: 'read: genuine, proven' },
  'no-short-identifiers': { fault: { type: 'no-short-identifiers' }, seen: 'read: genuine, proven' },
  'no-reading-over': { fault: { type: 'no-reading-over' }, seen: 'read: genuine, proven' },
  'le-limit': { fault: { type: 'le-limit', bytes: 3 }, seen: 'unexpected-status' },
  'plain-refusals': {
    fault: { type: 'plain-refusals' },
    also: [{ type: 'no-dg13' }],
    seen: 'read: genuine, proven, without dg13',
  },
  buffer: { fault: { type: 'buffer', bytes: 60 }, seen: 'read: genuine, proven' },
  'copied-chip': { fault: { type: 'copied-chip' }, seen: 'read: not-genuine, active-authentication' },
  'signed-by': { fault: { type: 'signed-by', signer: 'expired' }, seen: 'read: not-genuine, validity' },
  'changed-group': { fault: { type: 'changed-group' }, seen: 'read: not-genuine, group-hash' },
  'keys-hidden': { fault: { type: 'keys-hidden' }, seen: 'read: not-genuine, group-hash, without dg14, without dg15' },
  'mapping-copied': { fault: { type: 'mapping-copied' }, seen: 'read: not-genuine, chip-authentication-mapping' },
  'tries-left': { fault: { type: 'tries-left', count: 1 }, seen: 'access-suspended' },
} as const satisfies Record<ChipFault['type'], Case>

const wordsOf = ({ proof: { verdict }, groupsMissing, findings }: CardReading): Seen => {
  const proven = verdict.type === 'not-genuine' ? verdict.check : verdict.type === 'not-checked' ? verdict.reason : verdict.chip
  const missing = groupsMissing.map(({ group }) => `without ${group}`)
  // Of two that differ the fields are told too: that they do is enough here.
  const found = findings.map(({ type }) => type).filter((type) => type !== 'sources-differ')
  return `read: ${[verdict.type, proven, ...missing, ...found].join(', ')}`
}

it.each(Object.entries<Case>(cases))('%s', async (_, { fault, also = [], seen, access = number }) => {
  const reader = createSimulatedCardReader({ chips: [nguyenThiMau], faults: [[fault, ...also]], limits: { exchange: 300 } })
  const reading = await reader.read({ access })
  expect(reading.ok ? wordsOf(reading.value) : reading.error.type).toBe(seen)
  if (!reading.ok) expect(cardFailureCatalogue[reading.error.type]).toMatchObject({ code: expect.stringMatching(/^THE-\d\d$/) })
})

it('every fault can be written, as the command line and a training station take it', () => {
  const written = Object.values<Case>(cases).map(({ fault }) => ({ fault, argument: Object.values(fault).slice(1) }))
  expect(chipFaultNames).toEqual(expect.arrayContaining(written.map(({ fault }) => fault.type)))
  for (const { fault, argument } of written) expect(chipFaultOf([fault.type, ...argument].join(':'))).toEqual(fault)
  expect(chipFaultsOf('changed-group,-,no-dg13+no-pace')).toEqual([
    [{ type: 'changed-group' }],
    [],
    [{ type: 'no-dg13' }, { type: 'no-pace' }],
  ])
  for (const none of ['', 'dance', 'removed-after', 'removed-after:x', 'no-dg13:1', 'signed-by:me'])
    expect(chipFaultOf(none)).toBeUndefined()
})
