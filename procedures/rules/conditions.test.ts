import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Condition } from '../../contracts/procedure-field.ts'
import { conditionProblems } from '../documents/condition-problems.ts'
import { fieldsOf, holds, textOf } from './conditions.ts'
import { operators } from './operators.ts'

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
    expect(conditionProblems(condition, () => undefined).join('\n')).toContain(problem)
  })

  it('never fail, whatever is compared and however it is put together', () => {
    const names = ['text', 'day', 'count', 'missing']
    const leaf = fc.oneof(
      fc.constantFrom(...names).map((name) => ({ var: name })),
      fc.constantFrom<unknown>('', 'chữ', '12', '01/02/2003', 18, 0, true),
    )
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ depthSize: 'small' }, leaf, tie('node')),
      node: fc.constantFrom(...Object.keys(operators)).chain((name) => {
        const { takes = [], more } = operators[name] ?? {}
        const operand = fc.array(tie('tree'), { minLength: takes.length, maxLength: takes.length + (more === undefined ? 0 : 2) })
        return operand.map((operands) => ({ [name]: operands }))
      }),
    }))
    const values = { text: 'một chữ', day: '03/2001', count: '7', today: '22/11/2026' }
    fc.assert(
      fc.property(tree, (made) => {
        const condition = Condition.safeParse(made)
        fc.pre(condition.success)
        expect(typeof holds(condition.data, values)).toBe('boolean')
        expect(typeof textOf(condition.data, values)).toBe('string')
      }),
      { seed: 20261122, numRuns: 2000 },
    )
  })

  it.each([
    [{ '>': [{ var: 'a' }, { var: 'b' }] }, { a: '10', b: '9' }, true],
    [{ '<': [{ var: 'a' }, 5] }, {}, false],
    [{ '<': [1, { var: 'a' }, 5] }, { a: '5' }, false],
    [
      { '==': [{ rowsSum: ['rows', { var: 'row.a' }] }, { var: 'b' }] },
      { rows: '2', rows_1_a: '1000', rows_2_a: '500', b: '1500' },
      true,
    ],
    [{ '>': [{ '*': [{ var: 'a' }, 3] }, { '-': [{ var: 'b' }, 1] }] }, { a: '4', b: '13' }, false],
  ])('reckon with numbers: %j with %j', (condition, values, expected) => {
    expect(holds(condition, values)).toBe(expected)
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
