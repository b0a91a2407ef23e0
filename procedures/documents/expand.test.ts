import { describe, expect, it } from 'vitest'
import { builtIn } from '../built-in.ts'
import { blocksOf } from './catalogue-source.ts'
import { expandDocument } from './expand.ts'
import { parseProcedure } from './parse-procedure.ts'
import { smallProcedure } from './small-procedure.fixture.ts'

const blocks = blocksOf([builtIn])
const parse = (change: (document: ReturnType<typeof smallProcedure>) => unknown = (document) => document) => {
  const parsed = parseProcedure(change(smallProcedure()), blocks)
  return parsed.ok ? { procedure: parsed.value, problems: [] } : { procedure: undefined, problems: parsed.error.problems }
}
const fieldsOf = (step: string) =>
  (parse().procedure ?? expect.fail(parse().problems.join('\n'))).steps.find(({ id }) => id === step)?.fields ?? []

describe('blocks', () => {
  it('become plain fields with the prefix, the person’s facts and both conditions', () => {
    const fields = fieldsOf('guest')
    expect(fields.map(({ id }) => id)).toEqual([
      'guestName',
      'guestBirthDate',
      'guestPaperType',
      'guestPersonalNumber',
      'guestPaperNumber',
      'purpose',
      'arrival',
    ])
    expect(fields[0]).toMatchObject({
      type: 'name',
      label: { vi: 'Họ và tên khách' },
      fact: { person: 'guest', value: 'fullName' },
    })
    expect(fields[3]?.visibleWhen).toMatchObject({ in: [{ var: 'guestPaperType' }, expect.anything()] })
  })

  it('bring their rules, in the person’s own noun, unless a field they speak of is not asked', () => {
    const { procedure } = parse()
    expect(procedure?.rules.map(({ id }) => id)).toContain('guestYearDiffers')
    expect(procedure?.rules.find(({ id }) => id === 'guestYearDiffers')?.message.vi).toContain('người khách sinh năm')
    expect(procedure?.rules.map(({ id }) => id)).not.toContain('guestSexAndNumberDiffer')
  })

  it('in a row name their fields and what they look at by the row', () => {
    const rows = fieldsOf('company').find(({ id }) => id === 'members')
    expect(rows?.type === 'rows' ? rows.fields.map(({ id }) => id) : []).toEqual([
      'name',
      'birthDate',
      'relation',
      'personalNumber',
    ])
    expect(rows?.type === 'rows' ? rows.fields[0]?.fact : undefined).toEqual({ person: 'row', value: 'fullName' })
    expect(parse().procedure?.rules.find(({ id }) => id === 'yearDiffers')).toMatchObject({
      each: 'members',
      fields: ['row.personalNumber', 'row.birthDate'],
    })
  })

  it('leave nothing short behind, and are written out the same twice', () => {
    const once = expandDocument(smallProcedure(), blocks)
    expect(JSON.stringify(once.document)).not.toMatch(/"(is|isNot|given|oneOf)":|@[A-Z]|\{who\}|"block"/)
    expect(expandDocument(smallProcedure(), blocks)).toEqual(once)
  })
})

describe('what an author reads', () => {
  const guest = (change: object) => (document: ReturnType<typeof smallProcedure>) => ({
    ...document,
    steps: document.steps.map((step) =>
      step.id === 'guest' ? { ...step, fields: [{ ...step.fields[0], ...change }, ...step.fields.slice(1)] } : step,
    ),
  })
  it.each([
    [guest({ block: 'persn' }), /steps › guest › block "persn": không có khối này; các khối: .*person/],
    [guest({ fields: { Nickname: { label: { vi: 'x' } } } }), /khối không có ô "Nickname"/],
    [guest({ visibleWhn: true }), /không có mục "visibleWhn".*có phải "visibleWhen"/],
    [
      (d: ReturnType<typeof smallProcedure>) => ({ ...d, effectiveFrom: '1/7/2026' }),
      /effectiveFrom: phải là ngày dạng năm-tháng-ngày, ví dụ 2026-07-01/,
    ],
    [(d: ReturnType<typeof smallProcedure>) => ({ ...d, agency: undefined }), /agency: thiếu/],
    [(d: ReturnType<typeof smallProcedure>) => ({ ...d, kind: 'full' }), /kind: phải là một trong: complete, partial/],
    [
      (d: ReturnType<typeof smallProcedure>) => ({ ...d, caseQuestion: 'nothing' }),
      /caseQuestion: "nothing" is no field of type choice/,
    ],
    [
      (d: ReturnType<typeof smallProcedure>) => ({ ...d, papers: [{ ...d.papers[0], required: { given: 'purpos' } }] }),
      /unknown field "purpos"; có phải "purpose"/,
    ],
    [
      (d: ReturnType<typeof smallProcedure>) => ({ ...d, declaration: { ...d.declaration, layout: 'CT01' } }),
      /nguồn KXM: chỉ được in bản kê khai/,
    ],
    [
      (d: ReturnType<typeof smallProcedure>) => ({
        ...d,
        declaration: { ...d.declaration, lines: [{ text: 'Tên: {guestNam}' }] },
      }),
      /unknown field "guestNam"/,
    ],
    [
      (d: ReturnType<typeof smallProcedure>) => ({
        ...d,
        declaration: { ...d.declaration, lines: [{ text: 'Tên: {Guest name}' }] },
      }),
      /không đọc được chỗ/,
    ],
  ])('%#', (change, words) => {
    expect(parse(change).problems.join('\n')).toMatch(words)
  })
})
