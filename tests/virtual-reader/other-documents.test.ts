/** Documents of other kinds than a specimen's card, through the real card service, as `npm run card -- read` reads them. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { writeSpecimenFiles } from '../../hardware/proof-commands.ts'
import { encodeTlv } from '../../hardware/protocols/tlv/tlv.ts'
import { createSimulatedChip, type SimulatedChip } from '../../hardware/simulators/chip/simulated-chip.ts'
import { issueSecurityObject } from '../../hardware/simulators/specimen-pki/issue.ts'
import { specimenSigner } from '../../hardware/simulators/specimen-pki/specimen-authorities.ts'
import { dg2Of, faceImageOf } from '../../hardware/simulators/specimen-pki/specimen-groups.ts'
import { canOf, nguyenThiMau, specimens } from '../../hardware/simulators/specimens.ts'
import { insertVpcdCard } from '../../hardware/simulators/vpcd-card.ts'
import { createPcscdFixture, type PcscdFixture } from './pcscd-fixture.ts'

let pcscd: PcscdFixture
let folder = ''
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tram-other-'))
  writeSpecimenFiles(folder, nguyenThiMau, () => {})
  pcscd = await createPcscdFixture()
  await pcscd.start()
})
afterAll(async () => {
  await pcscd?.dispose()
  rmSync(folder, { recursive: true, force: true })
})

const read = async (chip: SimulatedChip, ...words: string[]): Promise<{ code: number; answer: unknown }> => {
  const card = await insertVpcdCard(chip, { port: pcscd.port })
  const usual = ['--reader', pcscd.readerName, '--wait', '5', '--trust', join(folder, 'trust'), '--training', '--json']
  const answer = await new Promise<{ code: number; answer: unknown }>((resolve) => {
    execFile(
      'node_modules/.bin/node',
      ['hardware/cli.ts', 'read', ...words, ...usual],
      { env: { ...process.env, ...pcscd.env } },
      (error, stdout) => resolve({ code: error === null ? 0 : Number(error.code), answer: JSON.parse(stdout) }),
    )
  })
  await card.remove()
  return answer
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const td3 = ['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10'].join('')
const mrz = { documentNumber: 'L898902C3', birthDate: '740812', expiryDate: '120415' }
const third = specimens[2] ?? nguyenThiMau

const passport = (): ReadonlyMap<number, Uint8Array> => {
  const groups = new Map<number, Uint8Array>([
    [1, encodeTlv(0x61, encodeTlv(0x5f1f, utf8(td3)))],
    [2, dg2Of(third, faceImageOf(third))],
    [11, encodeTlv(0x6b, encodeTlv(0x5c, Uint8Array.of(0x5f, 0x0e)), encodeTlv(0x5f0e, utf8('ERIKSSON<<ANNA<MARIA')))],
  ])
  const files = new Map([...groups].map(([number, file]) => [0x0100 + number, file]))
  return files.set(0x011d, issueSecurityObject(specimenSigner('foreign'), groups, 'sha512'))
}

it('a passport of another country: TD3, BAC alone, no DG13, a photo in JPEG 2000, expired', async () => {
  const chip = createSimulatedChip(nguyenThiMau, { faults: [{ type: 'no-pace' }], document: { files: passport(), mrz } })
  expect(await read(chip, '--mrz', td3)).toMatchObject({
    code: 0,
    answer: {
      accessProtocol: 'bac',
      person: { fullName: 'ERIKSSON ANNA MARIA' },
      mrz: { issuingState: 'UTO', documentNumber: 'L898902C3', optionalData: 'ZE184226B' },
      groupsRead: ['dg1', 'dg11', 'dg2'],
      photo: { mediaType: 'image/jp2' },
      findings: [{ type: 'card-expired', expiryDate: '15/04/2012' }],
      proof: { verdict: { type: 'genuine', chip: 'not-offered' } },
    },
  })
})

it('PACE with 256 bits on NIST P-384 by the CAN, chip authentication on another curve, groups as asked for', async () => {
  const chip = createSimulatedChip(nguyenThiMau, {
    pace: { cipher: 'aes-256', parameterId: 15 },
    chipAuthentication: { cipher: 'aes-192', parameterId: 12 },
  })
  expect(await read(chip, '--can', canOf(nguyenThiMau), '--groups', 'dg1,dg2,dg13,dg14,sod')).toMatchObject({
    code: 0,
    answer: {
      accessProtocol: 'pace',
      groupsRead: ['dg1', 'dg13', 'dg14', 'dg2'],
      findings: [],
      proof: { verdict: { type: 'genuine', chip: 'proven' } },
    },
  })
})

it('chip authentication mapping, and a DG13 of somebody else', async () => {
  const chip = createSimulatedChip(nguyenThiMau, {
    pace: { cipher: 'aes-128', parameterId: 13, mapping: 'chip-authentication' },
    chipAuthentication: null,
    faults: [{ type: 'two-persons' }],
  })
  expect(await read(chip, '--can', canOf(nguyenThiMau))).toMatchObject({
    code: 0,
    answer: {
      groupsMissing: [{ group: 'dg13', reason: 'DG13: of another person than DG1' }],
      findings: expect.arrayContaining([{ type: 'two-persons' }]),
      proof: { verdict: { type: 'genuine', chip: 'proven' } },
    },
  })
})
