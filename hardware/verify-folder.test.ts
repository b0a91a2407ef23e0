import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeSpecimenFiles } from './proof-commands.ts'
import { chipFiles } from './simulators/chip/chip-files.ts'
import { nguyenThiMau } from './simulators/specimens.ts'
import { loadTrust } from './trust-store/trust-folder.ts'
import { groupOfFileName, verifyFolder } from './verify-folder.ts'

let place = ''
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'verify-folder-'))
  writeSpecimenFiles(place, nguyenThiMau, () => {})
})
afterAll(() => rmSync(place, { recursive: true, force: true }))

const at = new Date('2026-11-22')
const verify = (dir = place, trustFolder = join(place, 'trust'), day = at) =>
  verifyFolder(dir, loadTrust(trustFolder, true).trust, day)

it.each([
  ['EF_COM.bin', 'com'],
  ['EF.SOD.bin', 'sod'],
  ['sod.der', 'sod'],
  ['Dg1.BIN', 'dg1'],
  ['ef_dg01', 'dg1'],
  ['EF.DG16.dat', 'dg16'],
  ['DataGroup13.bin', 'dg13'],
  ['EF.CardAccess', 'cardaccess'],
  ['011D.bin', 'sod'],
  ['0110', 'dg16'],
  ['0111', undefined],
  ['DG17.bin', undefined],
  ['photo.jpg', undefined],
])('%s is %s', (name, group) => {
  expect(groupOfFileName(name)).toBe(group)
})

describe('a folder of raw files', () => {
  it('is read and proven whole', () => {
    const report = verify()
    expect(report).toMatchObject({ verdict: 'genuine', missing: ['dg3'], otherFiles: ['trust'], problems: [], findings: [] })
    expect(Object.keys(report.groups).sort()).toEqual(['com', 'dg1', 'dg13', 'dg14', 'dg15', 'dg2', 'sod'])
    for (const group of Object.values(report.groups)) expect(group).toHaveProperty('content')
    // The report goes through JSON.
    expect(JSON.parse(JSON.stringify(report))).toMatchObject({ verdict: 'genuine' })
  })

  it('says that nobody trusted signed it, and that the card has expired', () => {
    const report = verify(place, join(place, 'nowhere'), new Date('2031-01-01'))
    expect(report.verdict).toBe('genuine-ca-unknown')
    expect(report.findings).toEqual([{ type: 'card-expired', expiryDate: '14/05/2030' }])
  })

  it('takes hexadecimal digits and base64 for what they stand for, and a single file for trust', () => {
    const dir = join(place, 'written-out')
    mkdirSync(dir)
    for (const [at, name] of ['DG1', 'DG13', 'EF_SOD', 'EF_COM'].entries()) {
      const bytes = readFileSync(join(place, `${name}.bin`))
      writeFileSync(
        join(dir, `${name}.txt`),
        at % 2 === 0 ? `${bytes.toString('hex').toUpperCase()}\r\n` : bytes.toString('base64'),
      )
    }
    const report = verify(dir, join(place, 'trust', 'specimen-1.cer'))
    expect(report).toMatchObject({ verdict: 'genuine', problems: [], missing: ['dg2', 'dg3', 'dg14', 'dg15'] })
  })

  it('tells a file that ends too early, and one that cannot be opened', () => {
    const dir = join(place, 'truncated')
    mkdirSync(dir)
    for (const name of ['DG1', 'DG2', 'EF_SOD', 'EF_COM'])
      writeFileSync(
        join(dir, `${name}.bin`),
        readFileSync(join(place, `${name}.bin`)).subarray(0, name === 'DG2' ? 500 : undefined),
      )
    symlinkSync(join(dir, 'nowhere'), join(dir, 'DG15.bin'))
    const report = verify(dir)
    expect(report.proof.verdict).toEqual({ type: 'not-genuine', check: 'group-hash', reason: 'group-truncated', group: 'dg2' })
    expect(report.problems).toEqual(['DG15.bin: ENOENT', expect.stringMatching(/^DG2\.bin: ends \d+ bytes too early$/)])
  })

  it('names what is missing, doubled, empty, not understood', () => {
    const dir = join(place, 'odd')
    mkdirSync(dir)
    const files = chipFiles(nguyenThiMau, { dg13: 'garbage' })
    const bytes = (id: number): Uint8Array => {
      const found = files.get(id)
      if (found === undefined || found === 'locked') throw new Error('not there')
      return found
    }
    writeFileSync(join(dir, 'dg1.bin'), bytes(0x0101))
    writeFileSync(join(dir, 'ef_dg1.bin'), bytes(0x0101))
    writeFileSync(join(dir, 'DG13.bin'), bytes(0x010d))
    writeFileSync(join(dir, 'DG2.bin'), '')
    writeFileSync(join(dir, 'sod.bin'), bytes(0x011d))
    const report = verify(dir)
    expect(report.verdict).toBe('genuine')
    expect(report.groups.dg13).toMatchObject({ error: { type: 'dg13-layout-unknown' } })
    expect(report.missing).toEqual(['dg2', 'dg14', 'dg15'])
    expect(report.problems).toEqual(['DG2.bin: empty', 'ef_dg1.bin: dg1 is there already, as dg1.bin'])
  })

  it('an empty folder is not checked', () => {
    const dir = join(place, 'empty')
    mkdirSync(dir)
    expect(verify(dir)).toMatchObject({
      verdict: 'not-checked',
      groups: {},
      proof: { verdict: { reason: 'security-object-not-read' } },
    })
  })
})
