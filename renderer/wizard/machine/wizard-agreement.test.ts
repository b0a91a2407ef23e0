/** Whatever a clerk does, what the wizard finishes is what the gateway accepts: both use one interpreter, in different ways. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createActor } from 'xstate'
import type { AttachmentFacts } from '../../../contracts/dossier.ts'
import { WizardDraft } from '../../../contracts/draft.ts'
import { findProcedure } from '../../../procedures/catalogue.ts'
import { allFields, checkDossier } from '../../../procedures/rules/index.ts'
import { specimenDossiers } from '../../../procedures/specimens.ts'
import { findingsOf, finishedContent, placesOf, toDraft } from './wizard-context.ts'
import { createWizardMachine, type WizardEvent } from './wizard-machine.ts'

const procedure = findProcedure('1.001193', '2026-07-18') ?? expect.fail('birth registration is in the catalogue')
const machine = createWizardMachine(procedure)
const today = '2026-11-22'
const input = { operatorId: '9b0f6f3e-43ad-4a60-8c4d-0d6ed3a0c001', now: () => new Date('2026-11-22T05:00:00.000Z') }
const fieldIds = allFields(procedure).map((field) => field.id)
const specimens = Object.values(specimenDossiers)

const attachment = (paperId: string, index: number): AttachmentFacts => ({
  attachmentId: `1f4b9f5e-1111-4c1c-9c4d-0d6ed3a0c00${index}`,
  paperId,
  fileName: 'giay-to.pdf',
  mediaType: 'application/pdf',
  size: 10,
  sha256: 'a'.repeat(64),
})

/** Mostly right answers of the specimens, put into right and wrong fields, with choices turned round on the way. */
const answered: fc.Arbitrary<WizardEvent> = fc.oneof(
  fc
    .constantFrom(...specimens.flatMap((specimen) => Object.entries(specimen.answers)))
    .map(([fieldId, raw]): WizardEvent => ({ type: 'ANSWER', fieldId, raw })),
  fc
    .tuple(fc.constantFrom('fatherDeclared', 'marriageCertificate', 'copies'), fc.constantFrom('Có', 'Không', ''))
    .map(([fieldId, raw]): WizardEvent => ({ type: 'ANSWER', fieldId, raw })),
  fc
    .constantFrom('Thông thường', 'Trẻ bị bỏ rơi', 'Mang thai hộ')
    .map((raw): WizardEvent => ({ type: 'ANSWER', fieldId: 'birthCase', raw })),
  fc
    .tuple(fc.constantFrom(...fieldIds), fc.oneof(fc.string({ maxLength: 12 }), fc.constant('')))
    .map(([fieldId, raw]): WizardEvent => ({ type: 'ANSWER', fieldId, raw })),
)

const moved: fc.Arbitrary<WizardEvent> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<WizardEvent>({ type: 'NEXT' }) },
  fc.constantFrom<WizardEvent>({ type: 'BACK' }, { type: 'FIX' }, { type: 'COPY' }, { type: 'COMMIT' }),
  { weight: 3, arbitrary: fc.constant<WizardEvent>({ type: 'FINISH' }) },
  fc.constantFrom(...placesOf(procedure)).map((place): WizardEvent => ({ type: 'GO_TO', place })),
  fc.boolean().map((given): WizardEvent => ({ type: 'CONSENT', id: 'submit', given })),
  fc.constantFrom(...procedure.rules).map((rule): WizardEvent => ({ type: 'KEEP_ANYWAY', rule: rule.id })),
  fc
    .subarray(procedure.papers.map((paper) => paper.id))
    .map((ids): WizardEvent => ({ type: 'PAPERS_CHANGED', attachments: ids.map(attachment) })),
)

describe('the wizard and the gateway', () => {
  it('agree on every dossier that gets finished, and drafts survive every moment', () => {
    let finished = 0
    fc.assert(
      fc.property(
        fc.constantFrom(...specimens),
        fc.array(fc.oneof({ weight: 1, arbitrary: answered }, { weight: 2, arbitrary: moved }), { minLength: 5, maxLength: 40 }),
        (specimen, events) => {
          const wizard = createActor(machine, { input }).start()
          for (const [fieldId, raw] of Object.entries(specimen.answers)) wizard.send({ type: 'ANSWER', fieldId, raw })
          wizard.send({
            type: 'PAPERS_CHANGED',
            attachments: procedure.papers.map((paper, index) => attachment(paper.id, index)),
          })
          wizard.send({ type: 'CONSENT', id: 'submit', given: true })
          for (let step = 0; step < 9; step += 1) wizard.send({ type: 'NEXT' })
          for (const event of events) {
            wizard.send(event)
            const { context, value } = wizard.getSnapshot()
            const draft = WizardDraft.parse(toDraft(context))
            expect(draft).toEqual(toDraft(context))
            for (const place of context.checked) expect(context.findings[place]).toEqual(findingsOf(context, place))
            if (value !== 'finishing') continue
            finished += 1
            const errors = checkDossier(procedure, finishedContent(context), { today }).filter(
              ({ severity }) => severity === 'error',
            )
            expect(errors).toEqual([])
            wizard.send({ type: 'FINISH_FAILED', failure: { type: 'disk-full' } })
          }
          wizard.stop()
        },
      ),
      { seed: 20261122, numRuns: 60 },
    )
    // Otherwise the property above would have said nothing.
    expect(finished).toBeGreaterThan(20)
  })
})
