import { describe, expect, it } from 'vitest'
import birthRegistration from '../1.001193-dang-ky-khai-sinh/procedure.json' with { type: 'json' }
import { builtIn } from '../built-in.ts'
import { blocksOf } from '../documents/catalogue-source.ts'
import { parseProcedure } from '../documents/parse-procedure.ts'
import { fieldsOf, holds, problemsOf, textOf } from './conditions.ts'

const blocks = blocksOf([builtIn])

const problemsWith = (change: (document: typeof birthRegistration) => unknown): string[] => {
  const parsed = parseProcedure(change(structuredClone(birthRegistration)), blocks)
  return parsed.ok ? [] : parsed.error.problems
}

describe('conditions', () => {
  it('name what they look at', () => {
    expect(fieldsOf({ and: [{ '!!': [{ var: 'a' }] }, { '==': [{ var: 'b' }, 'c'] }] })).toEqual(['a', 'b'])
  })

  it.each([
    [{ fetch: ['https://example.org'] }, 'unknown operator "fetch"'],
    [{ method: [{ var: 'a' }, 'constructor'] }, 'unknown operator "method"'],
    [{ and: [true, { toString: [] }] }, 'unknown operator "toString"'],
    [{ '==': [1, 1], '!=': [1, 1] }, 'an expression has exactly one operator, found 2'],
    [{}, 'an expression has exactly one operator, found 0'],
    [{ var: ['a', 'b'] }, '"var" names one field by a text'],
  ])('refuse %j', (condition, problem) => {
    expect(problemsOf(condition)).toContain(problem)
  })

  it('treat what is not given as not holding', () => {
    expect(holds({ '==': [{ var: 'missing' }, 'Có'] }, { today: '22/11/2026' })).toBe(false)
    expect(holds({ '!!': [{ var: 'missing' }] }, {})).toBe(false)
    expect(holds({ in: [{ var: 'missing' }, ['a']] }, {})).toBe(false)
    expect(holds(true, {})).toBe(true)
    expect(textOf({ yearOf: [{ var: 'missing' }] }, {})).toBe('')
  })

  it.each([
    [{ dateNotBefore: [{ var: 'a' }, { var: 'b' }] }, { a: '1990', b: '02/11/2026' }, false],
    [{ dateNotBefore: [{ var: 'a' }, { var: 'b' }] }, { a: '02/11/2026', b: '02/11/2026' }, true],
    // The year alone may lie before: no certainty, no finding.
    [{ dateNotBefore: [{ var: 'a' }, { var: 'b' }] }, { a: '2026', b: '02/11/2026' }, false],
    [{ dateNotBefore: [{ var: 'a' }, { var: 'b' }] }, { a: '2027', b: '02/11/2026' }, true],
    [{ moreDaysThan: [{ var: 'a' }, { var: 'b' }, 60] }, { a: '23/09/2026', b: '22/11/2026' }, false],
    [{ moreDaysThan: [{ var: 'a' }, { var: 'b' }, 60] }, { a: '22/09/2026', b: '22/11/2026' }, true],
    [{ '==': [{ sexOfNumber: [{ var: 'a' }] }, 'Nữ'] }, { a: '000196000127' }, true],
    [{ '==': [{ yearOfNumber: [{ var: 'a' }] }, '2001'] }, { a: '000301000456' }, true],
    [{ fewerYearsThan: [{ var: 'a' }, { var: 'b' }, 13] }, { a: '2014', b: '02/11/2026' }, true],
    [{ isWholeDate: [{ var: 'a' }] }, { a: '11/2026' }, false],
  ])('evaluate %j with %j', (condition, values, expected) => {
    expect(holds(condition, values)).toBe(expected)
  })
})

describe('a procedure document', () => {
  it('is accepted as it is', () => {
    expect(problemsWith((document) => document)).toEqual([])
  })

  it('is refused when it is no procedure', () => {
    expect(parseProcedure({ code: 'x' }, blocks)).toMatchObject({ ok: false, error: { type: 'procedure-invalid' } })
    expect(parseProcedure(null, blocks).ok).toBe(false)
  })

  const broken: [string, (document: typeof birthRegistration) => unknown, string][] = [
    [
      'an unknown operator',
      (d) => ({ ...d, rules: [{ ...d.rules[0], brokenWhen: { exec: ['x'] } }] }),
      'unknown operator "exec"',
    ],
    ['an unknown field', (d) => ({ ...d, papers: [{ ...d.papers[0], required: { var: 'nobody' } }] }), 'unknown field "nobody"'],
    ['a field twice', (d) => ({ ...d, steps: [...d.steps, { ...d.steps[0], id: 'again' }] }), 'is used twice'],
    [
      'a reserved step id',
      (d) => ({ ...d, steps: d.steps.map((step, index) => (index === 0 ? { ...step, id: 'review' } : step)) }),
      'id "review" is reserved',
    ],
    [
      'a rule that hides a field it looks at',
      (d) => ({ ...d, rules: [{ ...d.rules[0], brokenWhen: { '!!': [{ var: 'childName' }] } }] }),
      'without naming it',
    ],
    [
      'a fact no person has',
      (d) => ({
        ...d,
        steps: d.steps.map((step) => ({
          ...step,
          fields: step.fields.map((field) =>
            'type' in field ? { ...field, fact: { person: 'mother', value: 'bloodGroup' } } : field,
          ),
        })),
      }),
      'phải là một trong: fullName',
    ],
    [
      'a rule shown where nobody is any more',
      (d) => ({ ...d, rules: d.rules.map((rule) => ({ ...rule, fields: [...rule.fields].reverse() })) }),
      'its first field must stand on the last step',
    ],
    [
      'visibility that looks ahead',
      (d) => ({
        ...d,
        steps: d.steps.map((step) => (step.id === 'father' ? { ...step, fields: [...step.fields].reverse() } : step)),
      }),
      'which is not asked before it',
    ],
  ]
  it.each(broken)('is refused with %s', (_name, change, problem) => {
    expect(problemsWith(change).join('\n')).toContain(problem)
  })
})
