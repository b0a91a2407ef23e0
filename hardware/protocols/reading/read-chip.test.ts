/** The files of a chip as they come over the line: how many commands, how many bytes, whatever the chip and its reader bear. */
import { describe, expect, it } from 'vitest'
import type { CardProgress, DataGroupName } from '../../../contracts/card.ts'
import { createReadingTools, transmitTo } from '../../../tests/fixtures/chip-reading.ts'
import { type ChipFault, createSimulatedChip } from '../../simulators/chip/simulated-chip.ts'
import { createSimulatedCardReader } from '../../simulators/simulated-card-reader.ts'
import { nguyenThiMau } from '../../simulators/specimens.ts'
import { encodeTlv } from '../tlv/tlv.ts'
import { beginReading, readChip } from './read-chip.ts'
import { type ReadManner, readManners } from './read-file.ts'

const access = { type: 'number' as const, personalNumber: nguyenThiMau.personalNumber }
const noise = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => (at * 131 + (at >> 8)) & 0xff)
const photo = encodeTlv(0x75, noise(18_000))
const long = encodeTlv(0x75, noise(41_000))
const [extended, short] = readManners
if (extended === undefined || short === undefined) throw new Error('no manner')

const chipWith = (dg2: Uint8Array, ...faults: ChipFault[]) =>
  createSimulatedChip(nguyenThiMau, { faults, files: new Map([[0x0102, dg2]]) })

/** One opening; the commands after the SELECT of the application, by their instruction. */
const readIn = async (manner: ReadManner, dg2: Uint8Array, faults: readonly ChipFault[] = [], groups?: DataGroupName[]) => {
  const instructions: number[] = []
  const transmit = transmitTo(chipWith(dg2, ...faults))
  const tools = createReadingTools((command) => {
    if (((command[0] ?? 0) & 0x0c) === 0x0c) instructions.push(command[1] ?? 0)
    return transmit(command)
  })
  const steps: CardProgress['step'][] = []
  const hear = { progress: ({ step }: CardProgress) => steps.push(step), text: () => steps.push('done') }
  const reading = await readChip(tools, { access, groups }, hear, manner, beginReading())
  return { reading, instructions: instructions.slice(1), steps }
}

describe('Doc 9303-10 section 3.6', () => {
  it('reads each file by one command where answers may be long, none selected, text told before the photo', async () => {
    const { reading, instructions, steps } = await readIn(extended, photo)
    if (!reading.ok) throw new Error(reading.error.type)
    expect(reading.value.raw.get('dg2')).toEqual(photo)
    expect([...reading.value.raw.keys()]).toEqual(['dg1', 'dg13', 'dg14', 'dg15', 'sod', 'dg2'])
    // MSE and GENERAL AUTHENTICATE are Chip Authentication, after which no Active Authentication is asked for.
    expect(instructions).toEqual([0xb0, 0xb0, 0xb0, 0x22, 0x86, 0xb0, 0xb0, 0xb0])
    expect(steps.indexOf('done')).toBeGreaterThan(0)
    expect(steps.indexOf('done')).toBeLessThan(steps.indexOf('reading-photo'))
  })

  it('reads in the fewest pieces that short answers leave', async () => {
    const { reading, instructions } = await readIn(short, photo, [], ['dg2'])
    if (!reading.ok) throw new Error(reading.error.type)
    expect(reading.value.raw.get('dg2')).toEqual(photo)
    const pieces = (name: DataGroupName) => Math.ceil((reading.value.raw.get(name)?.length ?? 0) / 223)
    // DG1, EF.COM in place of the SOD which the chip does not have, DG2.
    expect(instructions.length).toBe(pieces('dg1') + pieces('com') + pieces('dg2'))
  })

  it('goes on where the chip stopped when it gives less than asked', async () => {
    const { reading } = await readIn(extended, photo, [{ type: 'buffer', bytes: 1000 }])
    expect(reading.ok && reading.value.raw.get('dg2')).toEqual(photo)
  })

  it.each([extended, short])('reads beyond 32 KB in the manner %o', async (manner) => {
    const { reading, instructions } = await readIn(manner, long, [{ type: 'buffer', bytes: 20_000 }], ['dg2'])
    expect(reading.ok && reading.value.raw.get('dg2')).toEqual(long)
    expect(instructions).toContain(0xb1)
  })

  it('asks for what was wished only, and DG1', async () => {
    const { reading } = await readIn(extended, photo, [], ['dg13'])
    expect(reading.ok && [...reading.value.raw.keys()]).toEqual(['dg1', 'dg13', 'com'])
  })
})

describe('what chip and reader bear is found by itself', () => {
  const readThrough = async (...faults: ChipFault[]) => {
    const reader = createSimulatedCardReader({ chips: [nguyenThiMau], faults: [faults] })
    const steps: string[] = []
    const reading = await reader.read({ access }, { onProgress: ({ step }) => steps.push(step) })
    const openings = steps.filter((step) => step === 'opening-chip').length
    steps.length = 0
    const again = await reader.read({ access }, { onProgress: ({ step }) => steps.push(step) })
    const openingsAgain = steps.filter((step) => step === 'opening-chip').length
    expect(again).toMatchObject({ ok: reading.ok })
    return {
      name: reading.ok ? reading.value.person.fullName : reading.error.type,
      missing: reading.ok ? reading.value.groupsMissing : [],
      openings: [openings, openingsAgain],
    }
  }
  const read = { name: nguyenThiMau.fullName, missing: [] }

  it.each([
    ['the length at once', [], [1, 1]],
    ['256 after 65536', [{ type: 'le-limit', bytes: 256 }], [2, 1]],
    ['192 after 256', [{ type: 'le-limit', bytes: 200 }], [3, 1]],
    ['128 after 192', [{ type: 'le-limit', bytes: 128 }], [4, 1]],
    ['the head first, where a read beyond the end is refused', [{ type: 'no-reading-over' }], [3, 1]],
    ['SELECT, where short identifiers are unknown', [{ type: 'no-short-identifiers' }], [2, 2]],
  ] as const)('%s; remembered for the reader', async (_, faults, openings) => {
    expect(await readThrough(...faults)).toEqual({ ...read, openings })
  })

  it('no length at all: a named failure', async () => {
    expect(await readThrough({ type: 'le-limit', bytes: 3 })).toMatchObject({ name: 'unexpected-status' })
  })
})
