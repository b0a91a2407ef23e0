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

  it('of two persons in one step say of whom they are, but for the person whom the step is about', () => {
    const two = (person?: string) => {
      const document = smallProcedure()
      const [first, ...others] = document.steps
      const host = { block: 'name-birth', as: 'host' }
      const { procedure } = parse(() => ({
        ...document,
        steps: [
          { ...first, person, fields: [{ block: 'name-birth', as: 'guest' }, ...(first?.fields.slice(1) ?? []), host] },
          ...others.map((step) => ({ ...step, fields: step.fields.filter((field) => !('block' in field)) })),
        ],
      }))
      return procedure?.steps[0]?.fields.filter(({ id }) => id.endsWith('Name')).map(({ label }) => label.vi)
    }
    expect(two('guest')).toEqual(['Họ, chữ đệm và tên', 'Họ, chữ đệm và tên (chủ nhà)'])
    expect(two()).toEqual(['Họ, chữ đệm và tên (người khách)', 'Họ, chữ đệm và tên (chủ nhà)'])
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

  it('say of each date that takes a year alone that it does, and of no other', () => {
    const year = { vi: 'Chỉ nhớ năm thì ghi năm', en: 'If only the year is known, enter the year' }
    expect(fieldsOf('guest').find(({ id }) => id === 'guestBirthDate')?.hint).toEqual(year)
    const whole = { block: 'name-birth', as: 'guest', fields: { BirthDate: { partial: false } } }
    const { document } = expandDocument({ steps: [{ id: 'guest', fields: [whole] }] }, blocks)
    expect(document).toMatchObject({ steps: [{ fields: [{}, { id: 'guestBirthDate', partial: false }] }] })
    expect(JSON.stringify(document)).not.toContain(year.vi)
  })

  it('leave nothing short behind, and are written out the same twice', () => {
    const once = expandDocument(smallProcedure(), blocks)
    expect(JSON.stringify(once.document)).not.toMatch(/"(is|isNot|given|oneOf)":|@[A-Z]|\{who\}|"block"/)
    expect(expandDocument(smallProcedure(), blocks)).toEqual(once)
  })
})
