/** Chip authentication mapping in whole readings: what EF.CardSecurity proves of the chip, and what it does not. */
import { expect, it } from 'vitest'
import { createReadingTools, transmitTo } from '../../../tests/fixtures/chip-reading.ts'
import { describeReading } from '../../protocols/reading/card-reading.ts'
import { readChip } from '../../protocols/reading/read-chip.ts'
import { type ReadManner, readManners } from '../../protocols/reading/read-file.ts'
import { trainingTrust } from '../specimen-pki/training-trust.ts'
import { nguyenThiMau } from '../specimens.ts'
import { type ChipFault, createSimulatedChip } from './simulated-chip.ts'

const access = { type: 'number' as const, personalNumber: nguyenThiMau.personalNumber }
const [longest, short] = readManners
if (longest === undefined || short === undefined) throw new Error('no manner')

const read = async (faults: readonly ChipFault[] = [], manner: ReadManner = longest) => {
  const pace = { cipher: 'aes-128', parameterId: 13, mapping: 'chip-authentication' } as const
  const chip = createSimulatedChip(nguyenThiMau, { faults, pace, chipAuthentication: null })
  const reading = await readChip(createReadingTools(transmitTo(chip)), { access }, { progress() {}, text() {} }, manner)
  if (!reading.ok) throw new Error(reading.error.type)
  const { proof } = describeReading(reading.value, { trust: trainingTrust(), now: new Date(), request: { access } })
  return { verdict: proof.verdict, check: proof.checks.find(({ check }) => check === 'chip-authentication-mapping') }
}

it('proves a chip that has no other key, in one command or in pieces', async () => {
  for (const manner of [longest, short])
    expect(await read([], manner)).toEqual({
      verdict: { type: 'genuine', chip: 'proven' },
      check: { check: 'chip-authentication-mapping', outcome: 'passed', detail: 'brainpoolP256r1' },
    })
})

it('names a copy by it', async () => {
  expect((await read([{ type: 'mapping-copied' }])).verdict).toEqual({
    type: 'not-genuine',
    check: 'chip-authentication-mapping',
    reason: 'mapping-differs',
  })
})

it.each([
  ['unknown-authority', 'issuer-not-in-trust-store'],
  ['expired', 'signer-not-in-force'],
  ['revoked', 'signer-revoked'],
] as const)('a key signed by a signer who is %s proves nothing', async (signer, reason) => {
  const { check } = await read([{ type: 'signed-by', signer }])
  expect(check).toMatchObject({ outcome: 'not-checked', reason })
})
