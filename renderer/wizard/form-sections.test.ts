import { describe, expect, it } from 'vitest'
import { catalogue } from '../../procedures/catalogue.ts'
import { sectionsOf } from './form-sections.ts'

const { procedures } = catalogue.parseAll()

const steps = procedures.flatMap((procedure) => procedure.steps)

describe('the sections of a step', () => {
  it('are all its fields in their order, in every procedure', () => {
    for (const { fields } of steps) expect(sectionsOf(fields).flat()).toEqual(fields)
  })

  it('hold a repeated group alone', () => {
    const groups = steps
      .flatMap(({ fields }) => sectionsOf(fields))
      .filter((section) => section.some(({ type }) => type === 'rows'))
    expect(groups.length).toBeGreaterThan(0)
    for (const section of groups) expect(section).toHaveLength(1)
  })

  it('stay small in a form of any length', () => {
    const [field] = steps[0]?.fields ?? []
    if (field === undefined) expect.fail('the form has a field')
    const long = Array.from({ length: 200 }, (_, index) => ({
      ...field,
      id: `field${index}`,
      width: index % 2 === 0 ? ('half' as const) : ('full' as const),
    }))
    const sections = sectionsOf(long)
    expect(Math.max(...sections.map(({ length }) => length))).toBeLessThanOrEqual(16)
    expect(sections.length).toBeLessThanOrEqual(25)
  })
})
