/** What was typed, what was scanned and what the chip's groups say of one person, compared in a whole reading. */
import { expect, it } from 'vitest'
import type { CardAccess, ScannedCode } from '../../../contracts/card.ts'
import { readWhole, transmitTo } from '../../../tests/fixtures/chip-reading.ts'
import { type ChipFault, createSimulatedChip } from '../../simulators/chip/simulated-chip.ts'
import { canOf, mrzAccessOf, nguyenThiMau, tranVanThu } from '../../simulators/specimens.ts'
import { encodeTd1 } from '../mrz/mrz.ts'
import { encodeTlv } from '../tlv/tlv.ts'

const number: CardAccess = { type: 'number', personalNumber: nguyenThiMau.personalNumber }
const can: CardAccess = { type: 'can', can: canOf(nguyenThiMau) }

type Wish = { access?: CardAccess; faults?: ChipFault[]; files?: ReadonlyMap<number, Uint8Array>; scanned?: ScannedCode }

const read = async ({ access = number, faults = [], files = new Map(), scanned }: Wish) => {
  const transmit = transmitTo(createSimulatedChip(nguyenThiMau, { faults, files }))
  const reading = await readWhole(transmit, access, {}, undefined, undefined, scanned)
  if (!reading.ok) throw new Error(reading.error.type)
  return reading.value
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const dg1 = (mrz: string): Uint8Array => encodeTlv(0x61, encodeTlv(0x5f1f, utf8(mrz)))
const lines = encodeTd1({
  documentCode: 'ID',
  issuingState: 'VNM',
  documentNumber: '190000017',
  optionalData: '000190000017<<4',
  birthDate: '900514',
  sex: 'F',
  expiryDate: '300514',
  nationality: 'VNM',
  name: 'NGUYEN<<THI<MAU',
})

it('finds nothing where all say the same, by number, CAN or MRZ, typed or scanned', async () => {
  const scanned = { personalNumber: nguyenThiMau.personalNumber, name: 'Nguyễn Thị Mẫu', birthDate: '14/05/1990', sex: 'Nữ' }
  for (const wish of [{}, { access: can }, { access: mrzAccessOf(nguyenThiMau) }, { scanned }, { faults: [{ type: 'no-dg13' }] }])
    expect((await read(wish as Wish)).findings).toEqual([])
})

it('tells a DG13 of another person, and takes nothing from it', async () => {
  const reading = await read({ faults: [{ type: 'two-persons' }] })
  expect(reading.findings[0]).toEqual({ type: 'two-persons' })
  expect(reading.findings).toContainEqual({ type: 'sources-differ', field: 'name', between: ['dg1', 'dg13'] })
  expect(reading.person).toEqual({
    personalNumber: nguyenThiMau.personalNumber,
    birthDate: '14/05/1990',
    sex: 'Nữ',
    expiryDate: '14/05/2030',
  })
  expect(reading.groupsMissing).toEqual([{ group: 'dg13', reason: 'DG13: of another person than DG1' }])
})

it('compares the code with the chip, by the MRZ where there is no DG13', async () => {
  const scanned = {
    personalNumber: nguyenThiMau.personalNumber,
    name: tranVanThu.fullName,
    birthDate: '15/05/1990',
    sex: 'Nữ',
    issueDate: '20/07/2021',
  }
  const { findings } = await read({ scanned, faults: [{ type: 'no-dg13' }] })
  expect(findings).toEqual([
    { type: 'sources-differ', field: 'name', between: ['dg1', 'scanned'] },
    { type: 'sources-differ', field: 'birth-date', between: ['dg1', 'scanned'] },
  ])
})

it('takes the CAN that opened a chip, and says where it is not the end of the number', async () => {
  const mrz = [lines[0]?.replace('000190000017<<4', '000190000018<<1'), ...lines.slice(1)].join('')
  const { findings, mrz: told } = await read({ access: can, faults: [{ type: 'no-dg13' }], files: new Map([[0x0101, dg1(mrz)]]) })
  expect(told.optionalData).toBe('000190000018<<1')
  expect(findings).toContainEqual({ type: 'sources-differ', field: 'personal-number', between: ['dg1', 'typed'] })
  // The composite digit was left as it was: told, and no reason not to read.
  expect(findings).toContainEqual({ type: 'mrz-check-digits', checks: ['composite'] })
})

it('tells dates typed otherwise than the chip has them', async () => {
  const { findings } = await read({ access: { ...number, birthDate: '1990-05-15', expiryDate: '2030-05-14' } })
  expect(findings).toEqual([
    { type: 'sources-differ', field: 'birth-date', between: ['dg1', 'typed'] },
    { type: 'sources-differ', field: 'birth-date', between: ['dg13', 'typed'] },
  ])
})

it('reads a birth date that is not wholly known, and the text of DG11 where there is no DG13', async () => {
  const td3 = 'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO74<<<<0F1204159ZE184226B<<<<<10'
  const dg11 = encodeTlv(
    0x6b,
    encodeTlv(0x5c, Uint8Array.of(0x5f, 0x0e, 0x5f, 0x2b)),
    encodeTlv(0x5f0e, utf8('ERIKSSON<<ANNA<MARIA')),
    encodeTlv(0x5f2b, utf8('19740000')),
  )
  const files = new Map([
    [0x0101, dg1(td3)],
    [0x010b, dg11],
  ])
  const reading = await read({ access: can, faults: [{ type: 'no-dg13' }], files })
  expect(reading.mrz.birthDate).toBe('74<<<<')
  expect(reading.person).toMatchObject({ fullName: 'ERIKSSON ANNA MARIA', birthDate: '1974' })
})
