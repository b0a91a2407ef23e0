import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createActor } from 'xstate'
import type { Answers } from '../../../contracts/dossier.ts'
import type { Procedure } from '../../../contracts/procedure.ts'
import { catalogue } from '../../../procedures/catalogue.ts'
import { answersForCorrection } from '../../../procedures/rules/correction.ts'
import { allFields, readRowKey } from '../../../procedures/rules/index.ts'
import { type SpecimenDossier, specimens } from '../../../procedures/specimens.ts'
import { typedAnswers } from '../../../procedures/typed-answers.ts'
import { finishedContent, isFixed, placesOf, toDraft } from '../machine/wizard-context.ts'
import { createWizardMachine } from '../machine/wizard-machine.ts'
import { correctedAnswers, correctionFormOf } from './correction-form.ts'

const { procedures } = catalogue.parseAll()

const operatorId = '9b0f6f3e-43ad-4a60-8c4d-0d6ed3a0c001'
const values = (answers: Answers): Record<string, string> =>
  Object.fromEntries(Object.entries(answers).map(([id, { value }]) => [id, value]))

const reopen = (procedure: Procedure, specimen: SpecimenDossier, fields: string[], papers: string[] = []) => {
  const request = {
    requestId: operatorId,
    dossierId: operatorId,
    agency: 'UBND xã Mẫu',
    reason: 'thử',
    fields,
    papers,
    askedAt: `${specimen.today}T02:00:00.000Z`,
    simulated: true,
  }
  const shown = answersForCorrection(procedure, typedAnswers(specimen.answers), request)
  const form = correctionFormOf(procedure, { request, answers: shown })
  const places = placesOf(form.procedure)
  const wizard = createActor(createWizardMachine(form.procedure), {
    input: {
      operatorId,
      now: () => new Date(`${specimen.today}T05:00:00.000Z`),
      fixed: form.fixed,
      draft: {
        procedureCode: procedure.code,
        procedureVersion: procedure.version,
        answers: shown,
        attachments: [],
        consents: [],
        confirmedWarnings: [],
        place: places[0] ?? 'review',
        visited: places,
        checked: [],
        returnToReview: false,
      },
    },
  }).start()
  const sent = (): Answers => correctedAnswers(form, shown, finishedContent(wizard.getSnapshot().context).answers)
  return { shown, form, places, wizard, sent }
}

const procedureOf = (specimen: SpecimenDossier): Procedure =>
  procedures.find(({ code, version }) => code === specimen.procedureCode && version === specimen.procedureVersion) ??
  expect.fail('it is in the catalogue')
const birth = specimens['1.001193-dang-ky-khai-sinh/specimens/married-couple.json'] ?? expect.fail('it is there')

describe('a supplement', () => {
  it('reopens what was named, with what stands beside it fixed, and makes anew what is made of it', () => {
    const { form, places, wizard, sent, shown } = reopen(procedureOf(birth), birth, ['childBirthDate'], ['birthProof'])
    expect(places.at(-2)).toBe('papers')
    expect(form.procedure.papers).toMatchObject([{ id: 'birthProof', required: true }])
    expect(form.fixed.has('childBirthDate')).toBe(false)
    const inWords = allFields(procedureOf(birth)).find((field) => field.type === 'date-in-words')?.id ?? ''
    wizard.send({ type: 'ANSWER', fieldId: 'childBirthDate', raw: '03/11/2026' })
    for (const fieldId of form.fixed) wizard.send({ type: 'ANSWER', fieldId, raw: 'đổi' })
    const now = sent()
    expect(now.childBirthDate?.value).toBe('03/11/2026')
    expect(now[inWords]?.value).toMatch(/^Ngày ba tháng mười một/)
    for (const id of Object.keys(shown)) if (isFixed(form, id)) expect(now[id]).toEqual(shown[id])
  })

  it('asks nothing but papers where only papers were named', () => {
    const { places, wizard } = reopen(procedureOf(birth), birth, [], ['birthProof'])
    expect(places).toEqual(['papers', 'review'])
    wizard.send({ type: 'NEXT' })
    expect(wizard.getSnapshot().value).toBe('papers')
    const file = {
      attachmentId: operatorId,
      paperId: 'birthProof',
      fileName: 'a.pdf',
      mediaType: 'application/pdf',
      size: 1,
    } as const
    wizard.send({ type: 'PAPERS_CHANGED', attachments: [{ ...file, sha256: 'a'.repeat(64) }] })
    wizard.send({ type: 'NEXT' })
    wizard.send({ type: 'FINISH' })
    expect(wizard.getSnapshot().value).toBe('finishing')
    expect(toDraft(wizard.getSnapshot().context).attachments).toHaveLength(1)
  })

  it('of any fields of any specimen, left as it is, changes nothing and can be finished', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(specimens)),
        fc.nat(),
        fc.integer({ min: 1, max: 4 }),
        (specimen, seed, count) => {
          const procedure = procedureOf(specimen)
          const given = [...new Set(Object.keys(specimen.answers).map((id) => readRowKey(id)?.group ?? id))]
          const fields = Array.from({ length: count }, (_, index) => given[(seed + index * 7) % given.length] ?? '')
          const { shown, wizard, sent } = reopen(procedure, specimen, fields)
          for (let step = 0; step < 30; step += 1) wizard.send({ type: 'NEXT' })
          expect(values(sent())).toEqual(values(shown))
          wizard.send({ type: 'FINISH' })
          expect(wizard.getSnapshot().value, JSON.stringify(wizard.getSnapshot().context.findings)).toBe('finishing')
          wizard.stop()
        },
      ),
      { seed: 20261122, numRuns: 120 },
    )
  })
})
