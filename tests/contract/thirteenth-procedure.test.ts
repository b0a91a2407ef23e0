/** A procedure which nobody of this repository wrote: a folder of JSON elsewhere goes from its author to the gateway's check, touching no code. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createActor } from 'xstate'
import { z } from 'zod'
import { checkFolders } from '../../procedures/authoring/check-documents.ts'
import { jsonSchemas } from '../../procedures/authoring/json-schemas.ts'
import { catalogueWith } from '../../procedures/authoring/read-folders.ts'
import { declarationOf } from '../../renderer/declaration/declaration.ts'
import { renderDeclarationPdf } from '../../renderer/declaration/declaration-pdf.ts'
import { finishedContent } from '../../renderer/wizard/machine/wizard-context.ts'
import { createWizardMachine, type WizardEvent } from '../../renderer/wizard/machine/wizard-machine.ts'
import { createDossierCheck } from '../../sync/gateway/packets/dossier-check.ts'
import { sentContent } from '../fixtures/whole-way.ts'

const both = (vi: string, en: string) => ({ vi, en })

const bicycleLicence = {
  kind: 'partial',
  code: '9.000013',
  version: '2026-08-01',
  effectiveFrom: '2026-08-01',
  name: both('Cấp biển số xe đạp thử nghiệm', 'Trial bicycle plates'),
  agency: both('Ủy ban nhân dân cấp xã', 'Commune People’s Committee'),
  agencyLevel: 'commune',
  timeLimit: { text: both('2 ngày làm việc', '2 working days'), limits: [{ amount: 2, unit: 'working-day' }] },
  fee: { text: both('Không thu', 'Free') },
  legalBasis: ['Không có: thủ tục thử nghiệm'],
  sources: [{ fact: 'Toàn bộ', source: 'Thủ tục thử nghiệm', checkedOn: '2026-11-20', status: 'KXM' }],
  guidance: [],
  persons: [{ id: 'rider', label: both('Người đi xe', 'Rider'), noun: both('người đi xe', 'rider') }],
  caseQuestion: 'reason',
  steps: [
    {
      id: 'rider',
      title: both('Người đi xe', 'Rider'),
      person: 'rider',
      fields: [
        { block: 'name-birth', as: 'rider' },
        { block: 'our-club', as: 'rider' },
        {
          id: 'reason',
          type: 'choice',
          label: both('Trường hợp', 'Case'),
          required: true,
          options: [
            { value: 'Cấp mới', en: 'New' },
            { value: 'Cấp lại', en: 'Again' },
          ],
        },
      ],
    },
    {
      id: 'bicycles',
      title: both('Xe đạp', 'Bicycles'),
      fields: [
        {
          id: 'bicycles',
          type: 'rows',
          label: both('Xe đạp', 'Bicycles'),
          rowLabel: both('Xe', 'Bicycle'),
          min: 1,
          max: 3,
          fields: [
            { id: 'colour', type: 'text', label: both('Màu', 'Colour'), required: true },
            { id: 'bought', type: 'date', label: both('Ngày mua', 'Bought on'), partial: true },
          ],
        },
        {
          id: 'oldPlate',
          type: 'digits',
          lengths: [5],
          label: both('Biển số cũ', 'Old plate'),
          required: true,
          visibleWhen: { is: ['reason', 'Cấp lại'] },
        },
      ],
    },
  ],
  rules: [
    {
      id: 'boughtBeforeBirth',
      each: 'bicycles',
      severity: 'error',
      fields: ['row.bought', 'riderBirthDate'],
      brokenWhen: { dateBefore: [{ var: 'row.bought' }, { var: 'riderBirthDate' }] },
      message: both('Ngày mua xe trước ngày sinh.', 'Bought before the rider was born.'),
    },
  ],
  papers: [{ id: 'lossReport', name: both('Đơn báo mất', 'Report of loss'), cases: ['Cấp lại'], required: true }],
  consents: [{ id: 'submit', purpose: both('Gửi hồ sơ', 'Send the dossier'), required: true }],
  declaration: {
    title: both('Bản kê khai xe đạp', 'List of bicycles'),
    form: 'Thủ tục thử nghiệm',
    layout: 'list',
    status: 'KXM',
    oath: both('Tôi cam đoan.', 'I declare.'),
    lines: [{ text: 'Họ tên: {riderName}' }, { table: 'bicycles', columns: [{ title: 'Màu', text: '{row.colour}' }] }],
    signatures: [{ id: 'rider', title: 'Người khai', name: 'riderName' }],
  },
}

const clubBlock = {
  id: 'our-club',
  title: both('Câu lạc bộ', 'Club'),
  fields: [{ id: 'Club', type: 'text', label: both('Câu lạc bộ', 'Club') }],
}

const folderOf = (document: unknown): string => {
  const folder = mkdtempSync(join(tmpdir(), 'tram-thirteenth-'))
  mkdirSync(join(folder, '9.000013-xe-dap'))
  mkdirSync(join(folder, 'blocks'))
  writeFileSync(join(folder, '9.000013-xe-dap/procedure.json'), JSON.stringify(document))
  writeFileSync(join(folder, 'blocks/our-club.json'), JSON.stringify(clubBlock))
  return folder
}

const operatorId = '9b0f6f3e-43ad-4a60-8c4d-0d6ed3a0c001'
const now = new Date('2026-11-22T05:00:00.000Z')

describe('a procedure from a folder outside the repository', () => {
  const catalogue = catalogueWith(folderOf(bicycleLicence))
  const procedure = catalogue.inForce('9.000013', '2026-11-22') ?? expect.fail('it is in force')
  const gateway = createDossierCheck(catalogue)
  const wizardWith = (...events: WizardEvent[]) => {
    const wizard = createActor(createWizardMachine(procedure), { input: { operatorId, now: () => now } }).start()
    for (const event of events) wizard.send(event)
    return wizard
  }
  const answer = (fieldId: string, raw: string): WizardEvent => ({ type: 'ANSWER', fieldId, raw })
  const next: WizardEvent = { type: 'NEXT' }
  const answers = [
    answer('riderName', 'LÒ THỊ MẪU'),
    answer('riderBirthDate', '3/9/1996'),
    answer('riderSex', 'Nữ'),
    answer('riderClub', 'Câu lạc bộ Thử'),
    answer('reason', 'Cấp lại'),
  ]
  const bicycles = [
    answer('bicycles', '2'),
    answer('bicycles_1_colour', 'xanh'),
    answer('bicycles_1_bought', '2020'),
    answer('bicycles_2_colour', 'đỏ'),
    answer('oldPlate', '12345'),
  ]
  const report: WizardEvent = {
    type: 'PAPERS_CHANGED',
    attachments: [
      {
        attachmentId: '1f4b9f5e-1111-4c1c-9c4d-0d6ed3a0c001',
        paperId: 'lossReport',
        fileName: 'don.pdf',
        mediaType: 'application/pdf',
        size: 10,
        sha256: 'a'.repeat(64),
      },
    ],
  }

  it('is offered beside the others, by the schema that is published', () => {
    const schema = z.fromJSONSchema(JSON.parse(jsonSchemas()['procedure.schema.json'] ?? ''))
    expect(schema.safeParse(bicycleLicence).error).toBeUndefined()
    expect(catalogue.offeredOn('2026-11-22').map(({ code }) => code)).toEqual(expect.arrayContaining(['1.001193', '9.000013']))
  })

  it('goes through the wizard, is printed, and the gateway takes it', async () => {
    const wizard = wizardWith(...answers, next)
    expect(wizard.getSnapshot().value).toBe('bicycles')
    for (const event of [...bicycles, answer('bicycles_2_bought', '1990'), next]) wizard.send(event)
    const { value, context } = wizard.getSnapshot()
    expect(value).toBe('bicycles')
    expect(context.findings.bicycles?.map(({ rule }) => rule)).toEqual(['boughtBeforeBirth_2'])
    for (const event of [answer('bicycles_2_bought', '10/2024'), next, next]) wizard.send(event)
    expect(wizard.getSnapshot().value).toBe('papers')
    for (const event of [report, next, { type: 'CONSENT', id: 'submit', given: true }, { type: 'FINISH' }] as const)
      wizard.send(event)
    expect(wizard.getSnapshot().value).toBe('finishing')

    const content = finishedContent(wizard.getSnapshot().context)
    expect(content.answers.bicycles_2_bought?.value).toBe('10/2024')
    const printed = declarationOf(procedure, content.answers, { today: '2026-11-22' }, 'counter')
    expect(printed.title).toBe('Bản kê khai xe đạp')
    expect(JSON.stringify(printed.blocks)).toMatch(/LÒ THỊ MẪU.*xanh.*đỏ/)
    const font = (name: string) => readFileSync(`renderer/slip/fonts/noto-sans-${name}.ttf`)
    const pdf = await renderDeclarationPdf(printed, { regular: font('regular'), bold: font('bold') })
    expect(new TextDecoder('latin1').decode(pdf.subarray(0, 5))).toBe('%PDF-')

    const { header, dossier } = sentContent(procedure, content, now)
    expect(gateway.version(header, now)).toMatchObject({ ok: true })
    expect(gateway.content(header, dossier)).toMatchObject({ ok: true })
    const { oldPlate: _, ...without } = dossier.answers
    const refused = gateway.content(header, { ...dossier, answers: without })
    expect(refused).toMatchObject({ ok: false, error: { type: 'dossier-invalid', findings: [{ fields: ['oldPlate'] }] } })
  })

  it('has its paths taken by the author’s command', () => {
    const folder = folderOf(bicycleLicence)
    const said: string[] = []
    expect(checkFolders([join(process.cwd(), 'procedures'), folder], (line) => said.push(line))).toBe(true)
    expect(said.join('\n')).toMatch(/ok {5}9\.000013 2026-08-01: .*transitions (\d+)\/\1 .*guards both ways (\d+)\/\2/)
  })

  it('with a mistake is told to its author, in place, and starts no gateway', () => {
    const wrong = { ...bicycleLicence, caseQuestion: 'raeson', rules: [{ ...bicycleLicence.rules[0], fields: ['row.bougt'] }] }
    const folder = folderOf(wrong)
    const run = (...command: string[]): string => {
      try {
        return execFileSync(process.execPath, command, {
          encoding: 'utf8',
          env: { ...process.env, TRAM_PROCEDURES: folder },
          stdio: 'pipe',
        })
      } catch (error) {
        const { status, stdout, stderr } = z.object({ status: z.number(), stdout: z.string(), stderr: z.string() }).parse(error)
        return `${status} ${stdout}${stderr}`
      }
    }
    const checked = run('procedures/authoring/cli.ts', 'check', folder)
    expect(checked).toMatch(/^1 /)
    expect(checked).toContain('rule boughtBeforeBirth: không có ô "row.bougt" / unknown field "row.bougt"')
    expect(checked).toContain('caseQuestion: "raeson"')
    expect(run('sync/gateway/main.ts', '--port', '0', '--data', join(folder, 'gateway'))).toMatch(/^2 TRAM_PROCEDURES: .*raeson/)
  })
})
