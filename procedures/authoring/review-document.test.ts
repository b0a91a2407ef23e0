import { describe, expect, it } from 'vitest'
import type { Condition, Procedure } from '../../contracts/procedure.ts'
import { builtIn } from '../built-in.ts'
import { catalogue } from '../catalogue.ts'
import { blocksOf } from '../documents/catalogue-source.ts'
import { parseProcedure } from '../documents/parse-procedure.ts'
import { smallProcedure } from '../documents/small-procedure.fixture.ts'
import { reviewProcedure, reviewVersions } from './review-document.ts'
import { outcomesOf } from './satisfiable.ts'

const parse = (json: unknown) => parseProcedure(json, blocksOf([builtIn]))
const small = (change: Record<string, unknown> = {}): Procedure => {
  const parsed = parse({ ...smallProcedure(), ...change })
  return parsed.ok ? parsed.value : expect.fail(parsed.error.problems.join('; '))
}
const rule = (brokenWhen: unknown) => ({
  id: 'tried',
  severity: 'error',
  fields: ['hasHost', 'guestName', 'purpose'],
  brokenWhen,
  message: { vi: 'Sai', en: 'Wrong' },
})
const problemsWith = (brokenWhen: unknown): string[] => reviewProcedure(small({ rules: [rule(brokenWhen)] })).problems

describe('a condition', () => {
  const outcomes = (condition: Condition) => [...(outcomesOf(small(), condition) ?? [])].toSorted()
  const purpose = { var: 'purpose' }
  const name = { '!!': [{ var: 'guestName' }] }
  const older: Condition = { hasReachedAge: [{ var: 'guestBirthDate' }, { var: 'today' }, 18] }

  it.each<[string, Condition, boolean[]]>([
    ['about one option goes both ways', { '==': [purpose, 'Công tác'] }, [false, true]],
    ['of two options at once never holds', { and: [{ '==': [purpose, 'Công tác'] }, { '==': [purpose, 'Thăm thân'] }] }, [false]],
    ['of something and its opposite never holds', { and: [name, { '!': [name] }] }, [false]],
    ['of something or its opposite always holds', { or: [older, { '!': [older] }] }, [true]],
    ['about an age goes both ways', older, [false, true]],
    [
      'about a field that is hidden then never holds',
      { and: [{ '!!': [{ var: 'hostName' }] }, { '==': [{ var: 'hasHost' }, 'Không'] }] },
      [false],
    ],
    ['about rows goes both ways', { '>': [{ rowsWhere: ['members', { '!!': [{ var: 'row.name' }] }] }, 1] }, [false, true]],
  ])('%s', (_what, condition, expected) => {
    expect(outcomes(condition)).toEqual(expected)
  })
})

describe('what an author is told', () => {
  it('is nothing of the documents of this repository', () => {
    for (const procedure of catalogue.parseAll().procedures)
      expect(reviewProcedure(procedure).problems, `${procedure.code} ${procedure.version}`).toEqual([])
    expect(reviewVersions(catalogue.parseAll().procedures).problems).toEqual([])
  })

  it('names dead conditions, values that are no option and steps that ask nothing', () => {
    expect(problemsWith({ and: [{ is: ['purpose', 'Công tác'] }, { is: ['purpose', 'Thăm thân'] }] })).toEqual([
      'rule tried: điều kiện không bao giờ đúng / can never hold',
    ])
    expect(problemsWith({ oneOf: ['purpose', 'Công tác', 'Du lịch'] })).toEqual([
      'rule tried: "Du lịch" không phải lựa chọn của "purpose": Thăm thân, Công tác / is no option of it',
    ])
    const steps = smallProcedure().steps.map((step) => (step.id === 'company' ? { ...step, id: 'hidden' } : step))
    const never = {
      id: 'never',
      title: { vi: 'Không', en: 'Never' },
      fields: [{ id: 'ghost', type: 'text', label: { vi: 'Ô', en: 'Field' }, visibleWhen: false }],
    }
    expect(reviewProcedure(small({ steps: [...steps, never] })).problems).toEqual([
      'step never: không bao giờ có ô nào để hỏi / never asks anything',
    ])
  })

  it('fails a complete document for a missing English text, and tells it of others', () => {
    const bare = small({ agency: { vi: 'Công an cấp xã' } })
    expect(reviewProcedure(bare)).toMatchObject({
      problems: [],
      remarks: [expect.stringContaining('agency'), expect.stringMatching(/^declaration: không có chỗ cho .*members\.birthDate/)],
    })
    expect(reviewProcedure({ ...bare, kind: 'complete' }).problems).toEqual([expect.stringContaining('agency')])
  })

  it('names versions that hold on one day, and days that none holds', () => {
    const early = small()
    const at = (effectiveFrom: string): Procedure =>
      ({ ...early, version: effectiveFrom, effectiveFrom, effectiveUntil: undefined }) as Procedure
    expect(reviewVersions([at('2027-01-01'), early])).toEqual({ problems: [], remarks: [] })
    expect(reviewVersions([early, at('2026-12-31')]).problems).toHaveLength(1)
    expect(reviewVersions([early, at('2027-01-02')]).remarks).toHaveLength(1)
    expect(reviewVersions([early, early]).problems).toEqual([expect.stringContaining('hai văn bản cùng phiên bản')])
    // Of a document that comes with the program nobody can write the end.
    const given = new Set([early])
    expect(reviewVersions([early, at('2026-12-31')], given)).toEqual({
      problems: [],
      remarks: [expect.stringContaining('từ 2026-12-31 phiên bản 2026-12-31 thay phiên bản 2026-07-01 có sẵn')],
    })
    for (const day of ['2026-06-01', '2026-07-01'])
      expect(reviewVersions([early, { ...at(day), version: '2026-06-02' }], given).problems).toEqual([
        expect.stringContaining('effectiveFrom phải sau ngày đó'),
      ])
    expect(reviewVersions([early, { ...at('2026-12-31'), draft: true }])).toEqual({ problems: [], remarks: [] })
  })
})
