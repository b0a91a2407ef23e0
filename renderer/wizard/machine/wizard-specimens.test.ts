/** Every specimen dossier, typed field by field and step by step: the wizard ends with its answers and nothing else. */
import { describe, expect, it } from 'vitest'
import { createActor } from 'xstate'
import { findProcedure } from '../../../procedures/catalogue.ts'
import { checkDossier, hasErrors, visibleFields } from '../../../procedures/rules/index.ts'
import { specimens } from '../../../procedures/specimens.ts'
import { finishedContent } from './wizard-context.ts'
import { createWizardMachine } from './wizard-machine.ts'

const operatorId = '9b0f6f3e-43ad-4a60-8c4d-0d6ed3a0c001'

describe('a specimen dossier through the wizard', () => {
  it.each(Object.entries(specimens))('%s', (_file, specimen) => {
    const procedure =
      findProcedure(specimen.procedureCode, specimen.procedureVersion) ?? expect.fail('its procedure is in the catalogue')
    const now = new Date(`${specimen.today}T05:00:00.000Z`)
    const wizard = createActor(createWizardMachine(procedure), { input: { operatorId, now: () => now } }).start()
    const context = () => wizard.getSnapshot().context
    for (const { id: place } of procedure.steps) {
      const typed = new Set<string>()
      for (;;) {
        // An answer opens fields below it, so what is asked is looked up after each.
        const field = visibleFields(procedure, place, context().answers, specimen).find(({ id }) => !typed.has(id))
        if (field === undefined) break
        typed.add(field.id)
        if (field.type === 'date-in-words' || field.type === 'composed') continue
        wizard.send({ type: 'ANSWER', fieldId: field.id, raw: specimen.answers[field.id] ?? '' })
      }
      wizard.send({ type: 'NEXT' })
      // A doubt holds once and is kept by going on.
      if (wizard.getSnapshot().value === place) wizard.send({ type: 'NEXT' })
      expect(wizard.getSnapshot().value, JSON.stringify(context().findings[place])).not.toBe(place)
    }
    const attachments = specimen.papers.map((paperId, index) => ({
      attachmentId: `1f4b9f5e-1111-4c1c-9c4d-0d6ed3a0c00${index}`,
      paperId,
      fileName: 'giay-to.pdf',
      mediaType: 'application/pdf' as const,
      size: 10,
      sha256: 'a'.repeat(64),
    }))
    wizard.send({ type: 'PAPERS_CHANGED', attachments })
    if (procedure.papers.length > 0) wizard.send({ type: 'NEXT' })
    for (const [id, given] of Object.entries(specimen.consents)) wizard.send({ type: 'CONSENT', id, given })
    wizard.send({ type: 'FINISH' })
    expect(wizard.getSnapshot().value).toBe('finishing')
    const content = finishedContent(context())
    expect(Object.fromEntries(Object.entries(content.answers).map(([id, { value }]) => [id, value]))).toEqual(specimen.answers)
    expect(hasErrors(checkDossier(procedure, content, { today: specimen.today }))).toBe(false)
    wizard.stop()
  })
})
