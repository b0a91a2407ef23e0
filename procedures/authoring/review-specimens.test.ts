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
  })

  it('is made up where there is none, and takes every path', () => {
    const { problems, figures } = pathsOf(small, [])
    expect(problems).toEqual([])
    expect(figures).toMatch(/transitions (\d+)\/\1 .* guards both ways (\d+)\/\2 .*made-up/)
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
