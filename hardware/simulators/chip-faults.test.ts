/** What the clerk sees of every fault the simulated chip can play: the failure and its entry in the catalogue, or a reading all the same. */
import { expect, it } from 'vitest'
import type { CardAccess, CardFailureType } from '../../contracts/card.ts'
import { cardFailureCatalogue } from '../../contracts/card-failure-catalogue.ts'
import type { ChipFault } from './chip/simulated-chip.ts'
import { createSimulatedCardReader } from './simulated-card-reader.ts'
import { nguyenThiMau } from './specimens.ts'

const number: CardAccess = { type: 'number', personalNumber: nguyenThiMau.personalNumber }
type Seen = CardFailureType | 'read'
type Case = { fault: ChipFault; seen: Seen; also?: readonly ChipFault[]; access?: CardAccess }

const cases = {
  'removed-after': { fault: { type: 'removed-after', apdus: 5 }, seen: 'card-removed' },
  'silent-after': { fault: { type: 'silent-after', apdus: 5 }, seen: 'card-unresponsive' },
  'garbled-after': { fault: { type: 'garbled-after', apdus: 8 }, seen: 'secure-messaging-failed' },
  'wrong-key': { fault: { type: 'wrong-key' }, seen: 'wrong-number' },
  'no-dg13': { fault: { type: 'no-dg13' }, seen: 'read' },
  'garbage-dg13': { fault: { type: 'garbage-dg13' }, seen: 'read' },
  'two-persons': { fault: { type: 'two-persons' }, seen: 'read' },
  'not-an-identity-card': { fault: { type: 'not-an-identity-card' }, seen: 'not-an-identity-card' },
  'no-pace': { fault: { type: 'no-pace' }, seen: 'dates-needed' },
  'no-bac': { fault: { type: 'no-bac' }, also: [{ type: 'no-pace' }], seen: 'access-denied' },
  'master-file-first': { fault: { type: 'master-file-first' }, seen: 'read' },
  'parameters-wanted': { fault: { type: 'parameters-wanted' }, seen: 'read' },
  'no-short-identifiers': { fault: { type: 'no-short-identifiers' }, seen: 'read' },
  'no-reading-over': { fault: { type: 'no-reading-over' }, seen: 'read' },
  'le-limit': { fault: { type: 'le-limit', bytes: 3 }, seen: 'unexpected-status' },
  buffer: { fault: { type: 'buffer', bytes: 60 }, seen: 'read' },
  'copied-chip': { fault: { type: 'copied-chip' }, seen: 'read' },
  'signed-by': { fault: { type: 'signed-by', signer: 'expired' }, seen: 'read' },
  'changed-group': { fault: { type: 'changed-group' }, seen: 'read' },
  'keys-hidden': { fault: { type: 'keys-hidden' }, seen: 'read' },
  'mapping-copied': { fault: { type: 'mapping-copied' }, seen: 'read' },
  'tries-left': { fault: { type: 'tries-left', count: 1 }, seen: 'access-suspended' },
} as const satisfies Record<ChipFault['type'], Case>

it.each(Object.entries<Case>(cases))('%s', async (_, { fault, also = [], seen, access = number }) => {
  const reader = createSimulatedCardReader({ chips: [nguyenThiMau], faults: [[fault, ...also]], limits: { exchange: 300 } })
  const reading = await reader.read({ access })
  expect(reading.ok ? 'read' : reading.error.type).toBe(seen)
  if (!reading.ok) expect(cardFailureCatalogue[reading.error.type]).toMatchObject({ code: expect.stringMatching(/^THE-\d\d$/) })
})
