import { describe, expect, it } from 'vitest'
import { builtIn } from '../built-in.ts'
import { catalogue } from '../catalogue.ts'
import { blocksOf } from '../documents/catalogue-source.ts'
import { parseProcedure } from '../documents/parse-procedure.ts'
import { smallProcedure } from '../documents/small-procedure.fixture.ts'
import { madeUpDossier } from './made-up-dossier.ts'
import { pathsOf, reviewSpecimen } from './review-specimens.ts'

const parsed = parseProcedure(smallProcedure(), blocksOf([builtIn]))
const small = parsed.ok ? parsed.value : expect.fail(parsed.error.problems.join('; '))

describe('a specimen of a document from elsewhere', () => {
  const madeUp = madeUpDossier(small, '2026-08-01') ?? expect.fail('nothing right was found')

  it('is right on its day, or told what is wrong', () => {
    expect(reviewSpecimen('a.json', madeUp, [small])).toMatchObject({ problems: [], specimen: { today: '2026-08-01' } })
    const { guestName: _, ...without } = madeUp.answers
    expect(reviewSpecimen('a.json', { ...madeUp, answers: without }, [small]).problems).toEqual([
      expect.stringMatching(/^guestName: Ghi /),
    ])
    expect(reviewSpecimen('a.json', { ...madeUp, doubts: ['never'] }, [small]).problems).toEqual([
      expect.stringContaining('"never"'),
    ])
    expect(reviewSpecimen('a.json', { ...madeUp, procedureVersion: '2020-01-01' }, [small]).problems).toHaveLength(1)
    expect(reviewSpecimen('a.json', { ...madeUp, today: 'hôm nay' }, [small]).problems).toEqual([
      expect.stringContaining('today: phải là ngày'),
    ])
    expect(reviewSpecimen('a.json', { ...madeUp, today: '2026-06-30' }, [small]).problems).toContainEqual(
      expect.stringContaining('trước ngày văn bản có hiệu lực 2026-07-01'),
    )
    const spaced = { ...madeUp.answers, guestName: `${madeUp.answers.guestName}  ` }
    expect(reviewSpecimen('a.json', { ...madeUp, answers: spaced }, [small]).problems).toEqual([
      `guestName: viết “${madeUp.answers.guestName}” / write so, as the form prints it`,
    ])
  })

  it('is made up where there is none, and takes every path', () => {
    const { problems, figures } = pathsOf(small, [])
    expect(problems).toEqual([])
    expect(figures).toMatch(/transitions (\d+)\/\1 .* guards both ways (\d+)\/\2 .*made-up/)
  })

  it('leads to a step whose only other answer the wizard writes itself', () => {
    const [first, ...others] = small.steps
    const sentence = others[0]?.fields.filter(({ type }) => type === 'composed') ?? []
    const only = small.steps.flatMap(({ fields }) => fields).find(({ id }) => id === 'hasHost') ?? expect.fail('it is asked')
    const last = {
      id: 'last',
      title: small.name,
      fields: [...sentence, { ...only, visibleWhen: { '!!': [{ var: 'guestName' }] } }],
    }
    const shorter = { ...small, steps: [first ?? last, last], rules: [], fee: { ...small.fee, items: [] } }
    expect(pathsOf(shorter, [])).toMatchObject({ problems: [], figures: expect.not.stringContaining('never wrong: last') })
  })

  it('is asked for where no right dossier can be made up', () => {
    const rule = {
      id: 'always',
      severity: 'error' as const,
      brokenWhen: true,
      fields: ['guestName'],
      message: small.name,
      values: {},
    }
    expect(pathsOf({ ...small, rules: [rule] }, []).figures).toContain('needs a specimen dossier')
  })
})

describe('the catalogue', () => {
  it('holds all 25 services of Quyết định 06/QĐ-TTg 2022, as forms or as guidance', () => {
    const { procedures, guidance } = catalogue.parseAll()
    const listed = [...procedures, ...guidance].flatMap(({ listedIn }) =>
      listedIn.filter(({ list }) => list === 'Quyết định 06/QĐ-TTg 2022').map(({ number }) => Number(number)),
    )
    expect([...new Set(listed)].toSorted((one, other) => one - other)).toEqual(
      Array.from({ length: 25 }, (_, index) => index + 1),
    )
  })
})
