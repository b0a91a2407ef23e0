import { describe, expect, it } from 'vitest'
import { createActor } from 'xstate'
import { findProcedure } from '../../../procedures/catalogue.ts'
import { specimens } from '../../../procedures/specimens.ts'
import { finishedContent, placesOf, proposedFields } from './wizard-context.ts'
import { createWizardMachine, type WizardEvent } from './wizard-machine.ts'

const procedure = findProcedure('1.004222', '2026-07-01') ?? expect.fail('CT01 is in the catalogue')
const specimen = specimens['1.004222-dang-ky-thuong-tru/specimens/for-oneself.json'] ?? expect.fail('it has a specimen')
const now = () => new Date(`${specimen.today}T03:00:00.000Z`)
const operatorId = '9b0f6f3e-43ad-4a60-8c4d-0d6ed3a0c001'
const pointPlace = 'Xã Mường Ảng, Tỉnh Điện Biên'

const start = () => {
  const actor = createActor(createWizardMachine(procedure), { input: { operatorId, now, pointPlace } }).start()
  const send = (...events: WizardEvent[]): void => {
    for (const event of events) actor.send(event)
  }
  const answer = (fieldId: string, raw: string): void => send({ type: 'ANSWER', fieldId, raw })
  return { send, answer, context: () => actor.getSnapshot().context }
}

describe('a proposal', () => {
  it('stands as one, with what it rests on, and follows the answer it is made of', () => {
    const { send, answer, context } = start()
    expect(context().answers.agency).toMatchObject({
      value: 'Công an xã Mường Ảng, tỉnh Điện Biên',
      provenance: { source: 'proposed', basis: 'point' },
    })
    answer('newAddress', 'Số 5, phường Ba Đình, thành phố Hà Nội')
    send({ type: 'COMMIT' })
    expect(context().answers.agency).toMatchObject({
      value: 'Công an phường Ba Đình, thành phố Hà Nội',
      provenance: { source: 'proposed', basis: 'answers' },
    })
  })

  it('ends with the first word of the clerk, also with an empty one', () => {
    for (const words of ['Công an xã Búng Lao, tỉnh Điện Biên', '']) {
      const { answer, context } = start()
      answer('agency', words)
      answer('newAddress', 'Số 5, phường Ba Đình, thành phố Hà Nội')
      expect(context().answers.agency).toMatchObject({ value: words, provenance: { source: 'typed' } })
    }
  })

  it('is named on review, and whoever finishes says that it is right', () => {
    const { send, answer, context } = start()
    for (const [fieldId, raw] of Object.entries(specimen.answers)) if (fieldId !== 'agency') answer(fieldId, raw)
    for (const _ of placesOf(procedure)) send({ type: 'NEXT' }, { type: 'NEXT' })
    expect(context().place).toBe('review')
    expect(proposedFields(context()).map(({ id }) => id)).toEqual(['agency'])
    expect(finishedContent(context()).answers.agency?.provenance.confirmed).toBeUndefined()
    send({ type: 'CONSENT', id: 'submit', given: true }, { type: 'FINISH' })
    expect(finishedContent(context()).answers.agency).toMatchObject({
      value: specimen.answers.agency,
      provenance: { source: 'proposed', confirmed: true, operatorId },
    })
  })
})
