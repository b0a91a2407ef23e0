import { describe, expect, it } from 'vitest'
import type { Answers, Provenance } from '../../contracts/dossier.ts'
import { builtIn } from '../built-in.ts'
import { blocksOf } from '../documents/catalogue-source.ts'
import { parseProcedure } from '../documents/parse-procedure.ts'
import { smallProcedure } from '../documents/small-procedure.fixture.ts'
import { typedAnswers } from '../typed-answers.ts'
import { askedPapers, checkDossier, checkStep } from './check.ts'
import { factsOfPerson, fillFromCard, fillFromFacts } from './fill.ts'
import { addRow, arrangeRows, personOfRow, removeRow, rowKey } from './rows.ts'
import { declaredAnswers, stepOfField, visibleFields } from './visibility.ts'

const parsed = parseProcedure(smallProcedure(), blocksOf([builtIn]))
const procedure = parsed.ok ? parsed.value : expect.fail(parsed.error.problems.join('\n'))
const day = { today: '2026-11-22' }
const stamp: Provenance = { source: 'typed', at: '2026-11-22T02:00:00.000Z', operatorId: '9b0f6f3e-43ad-4a60-8c4d-0d6ed3a0c001' }
const values = {
  guestName: 'NGUYỄN VĂN THỬ MẪU',
  guestBirthDate: '1990',
  guestPaperType: 'Thẻ căn cước',
  guestPersonalNumber: '000090000001',
  purpose: 'Thăm thân',
  arrival: '22/11/2026 20:00',
  members: '2',
  members_1_name: 'TRẦN THỊ THỬ MẪU',
  members_1_birthDate: '1992',
  members_1_relation: 'Vợ',
  members_1_personalNumber: '000192000002',
  members_2_name: 'NGUYỄN THỊ BÉ MẪU',
  members_2_birthDate: '01/02/2020',
  members_2_relation: 'Con',
  hasHost: 'Không',
  sentence: 'NGUYỄN VĂN THỬ MẪU đến cùng 2 người',
}
const findings = (changes: Record<string, string> = {}) =>
  checkDossier(
    procedure,
    { answers: typedAnswers({ ...values, ...changes }), attachments: [], consents: [{ id: 'submit', given: true }] },
    day,
  )
const without = (key: string): Record<string, string> => Object.fromEntries(Object.entries(values).filter(([id]) => id !== key))

describe('rows', () => {
  it('are fields behind their group, each with the conditions of its own row', () => {
    const ids = visibleFields(procedure, 'company', typedAnswers(values), day).map((field) => field.id)
    expect(ids).toEqual([
      'members',
      'members_1_name',
      'members_1_birthDate',
      'members_1_relation',
      'members_1_personalNumber',
      'members_2_name',
      'members_2_birthDate',
      'members_2_relation',
      'hasHost',
      'sentence',
    ])
    expect(visibleFields(procedure, 'company', typedAnswers({ members: '3' }), day).map((field) => field.id)).toEqual([
      'hasHost',
      'sentence',
    ])
    expect(stepOfField(procedure, 'members_2_name')?.id).toBe('company')
  })

  it('are declared and checked like any field', () => {
    expect(findings()).toEqual([])
    const answers = typedAnswers({ ...values, members_3_name: 'CÒN SÓT', members_2_personalNumber: '000220000003' })
    expect(declaredAnswers(procedure, answers, day)).toEqual(typedAnswers(values))
    expect(checkStep(procedure, 'company', typedAnswers(without('members_2_relation')), day)).toMatchObject([
      { severity: 'error', fields: ['members_2_relation'] },
    ])
    expect(findings({ members_3_name: 'CÒN SÓT' })).toMatchObject([{ fields: ['members_3_name'] }])
    expect(findings({ members_2_personalNumber: '000220000003' })).toMatchObject([{ fields: ['members_2_personalNumber'] }])
    expect(findings({ members: '6' }).map(({ fields }) => fields)).toContainEqual(['members'])
  })

  it('have rules of their own, and rules that count them', () => {
    expect(findings({ members_1_name: values.guestName })).toMatchObject([
      { severity: 'error', rule: 'memberIsGuest_1', fields: ['members_1_name', 'guestName'] },
    ])
    expect(findings({ members_1_birthDate: '1993' })).toMatchObject([{ rule: 'yearDiffers_1', severity: 'warning' }])
    expect(findings({ members_2_relation: 'Chồng' }).map(({ rule }) => rule)).toEqual(['twoSpouses'])
  })

  it('take the facts of one person each', () => {
    expect(
      fillFromCard(procedure, personOfRow('members', 2), { fullName: 'LÒ VĂN MẪU', personalNumber: '000090000009' }),
    ).toEqual([
      { fieldId: 'members_2_name', value: 'LÒ VĂN MẪU' },
      { fieldId: 'members_2_personalNumber', value: '000090000009' },
    ])
    expect(fillFromFacts(procedure, personOfRow('members', 1), { sex: 'Nam' })).toEqual([])
    expect(factsOfPerson(procedure, personOfRow('members', 1), typedAnswers(values), day)).toMatchObject({
      fullName: 'TRẦN THỊ THỬ MẪU',
    })
  })

  it('are added, taken out and put in another order without losing where their values come from', () => {
    const answers = typedAnswers(values)
    expect(addRow(procedure, answers, 'members', stamp).members?.value).toBe('3')
    expect(addRow(procedure, { ...answers, members: { value: '5', provenance: stamp } }, 'members', stamp).members?.value).toBe(
      '5',
    )
    const fewer = removeRow(procedure, answers, 'members', 1, stamp)
    expect(fewer.members?.value).toBe('1')
    expect(fewer[rowKey('members', 1, 'name')]).toBe(answers[rowKey('members', 2, 'name')])
    expect(fewer[rowKey('members', 2, 'name')]).toBeUndefined()
    const turned = arrangeRows(procedure, answers, 'members', [2, 1], stamp)
    expect(arrangeRows(procedure, turned, 'members', [2, 1], stamp)).toEqual(answers)
  })
})

describe('other parts of a document', () => {
  it('a sentence is made of the answers, not believed', () => {
    expect(findings({ sentence: 'x' })).toMatchObject([{ severity: 'error', fields: ['sentence'] }])
  })
  it('codes of a place stand only at addresses', () => {
    const answers = typedAnswers(values)
    const placed: Answers = { ...answers, purpose: { value: 'Thăm thân', provenance: stamp, unit: { province: '11' } } }
    expect(
      checkDossier(procedure, { answers: placed, attachments: [], consents: [{ id: 'submit', given: true }] }, day),
    ).toMatchObject([{ fields: ['purpose'] }])
  })
  it('a paper is asked in its case, and not needed when the database holds it', () => {
    const papers = (changes: Record<string, string>) => askedPapers(procedure, typedAnswers(changes), day)
    expect(papers(values)).toEqual([])
    expect(papers({ purpose: 'Công tác' })).toMatchObject([{ id: 'letter', needed: true }])
    expect(papers({ ...values, purpose: 'Công tác' })).toMatchObject([
      { needed: false, notNeeded: { vi: 'Đã có trong cơ sở dữ liệu' } },
    ])
  })
})
