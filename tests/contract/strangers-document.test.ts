/**
 * A document as a stranger writes it from docs/procedures.md: money and its sum over rows, rows with conditions of their own, fees by
 * province, day and exemption, papers by case and such as are not needed. It passes the author's check and goes the whole way.
 */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkFolders } from '../../procedures/authoring/check-documents.ts'
import { catalogueWith, readSpecimens } from '../../procedures/authoring/read-folders.ts'
import { askedPapers, feeOf } from '../../procedures/rules/index.ts'
import { SpecimenDossier } from '../../procedures/specimens.ts'
import { declarationOf } from '../../renderer/declaration/declaration.ts'
import { createDossierCheck } from '../../sync/gateway/packets/dossier-check.ts'
import { sentContent, throughWizard } from '../fixtures/whole-way.ts'

const folder = join(import.meta.dirname, '../fixtures/9.001612-ho-kinh-doanh')

describe('the document of a household business', () => {
  const catalogue = catalogueWith(folder)
  const procedure = catalogue.inForce('9.001612', '2026-11-22') ?? expect.fail('it is in force')
  const specimen = SpecimenDossier.parse(readSpecimens(folder)[0]?.[1])
  const now = new Date(`${specimen.today}T05:00:00.000Z`)

  it('is right, and so is its specimen', () => {
    const said: string[] = []
    expect(
      checkFolders([join(process.cwd(), 'procedures'), folder], (line) => said.push(line)),
      said.join('\n'),
    ).toBe(true)
    expect(said.join('\n')).toMatch(/ok {5}9\.001612 2026-07-01: .*transitions (\d+)\/\1 .*guards both ways (\d+)\/\2/)
  })

  it('is filled, printed and taken, and refused when the shares do not add up', () => {
    const content = throughWizard(procedure, specimen, now)
    const day = { today: specimen.today }
    const needed = askedPapers(procedure, content.answers, day).filter((paper) => paper.needed)
    expect(needed.map(({ id }) => id)).toEqual(['minutes', 'licenceCopy'])
    expect(feeOf(procedure, content.answers, { ...day, channel: 'counter', province: '04' })).toMatchObject({
      lines: [{ amount: 50_000 }, { amount: 2000, count: 2 }],
    })
    const printed = JSON.stringify(declarationOf(procedure, content.answers, day, 'counter'))
    expect(printed).toMatch(/1\.200\.000\.000.*GP-01\/2026.*Hờ A Thử/)

    const gateway = createDossierCheck(catalogue)
    const { header, dossier } = sentContent(procedure, content, now)
    expect(gateway.content(header, dossier)).toMatchObject({ ok: true })
    const share = content.answers.members_2_share ?? expect.fail('it is given')
    const answers = { ...content.answers, members_2_share: { ...share, value: '1' } }
    expect(gateway.content(header, { ...dossier, answers })).toMatchObject({
      ok: false,
      error: { type: 'dossier-invalid', findings: [{ fields: ['members', 'capital', 'form'] }] },
    })
  })
})
