/** Every complete procedure through its wizard with its own specimens: each transition of the machine taken, each guard both ways. */
import { describe, expect, it } from 'vitest'
import type { Procedure } from '../../../contracts/procedure.ts'
import { outcomesOf } from '../../../procedures/authoring/satisfiable.ts'
import { catalogue } from '../../../procedures/catalogue.ts'
import { type SpecimenDossier, specimens } from '../../../procedures/specimens.ts'
import { coverPaths } from './path-coverage.ts'

const { procedures } = catalogue.parseAll()

const dossiersOf = ({ code, version }: Procedure): SpecimenDossier[] =>
  Object.values(specimens).filter((each) => each.procedureCode === code && each.procedureVersion === version)

const ofOlderVersions = new Set(['1.004194 2025-07-01', '1.004222 2025-07-01'])
const complete = procedures
  .filter(({ kind }) => kind === 'complete')
  .map((procedure) => [`${procedure.code} ${procedure.version}`, procedure] as const)
  .filter(([name]) => !ofOlderVersions.has(name))

describe('the wizard of every complete procedure', () => {
  it.each(complete)(
    '%s: every transition, every guard both ways',
    (_name, procedure) => {
      const [first, ...others] = dossiersOf(procedure)
      if (first === undefined) return expect.fail('it has no specimen')
      const { transitions, guards, neverWrong } = coverPaths(procedure, [first, ...others])
      expect(transitions.missing).toEqual([])
      expect(guards.missing).toEqual([])
      // What is left out is so by the document, not for want of a dossier: no paper can ever be needed.
      const mayBeNeeded = procedure.papers.filter(
        ({ required, visibleWhen }) => outcomesOf(procedure, required, visibleWhen)?.has(true) ?? true,
      )
      expect(neverWrong).toEqual(procedure.papers.length > 0 && mayBeNeeded.length === 0 ? ['papers'] : [])
    },
    20_000,
  )
})
