import { describe, expect, it } from 'vitest'
import { createActor } from 'xstate'
import { adjacencyMapToArray, getAdjacencyMap } from 'xstate/graph'
import type { AttachmentFacts } from '../../../contracts/dossier.ts'
import { WizardDraft } from '../../../contracts/draft.ts'
import { findProcedure } from '../../../procedures/catalogue.ts'
import { checkDossier } from '../../../procedures/rules/index.ts'
import { specimenDossiers } from '../../../procedures/specimens.ts'
import { copiesOffered, finishedContent, isKept, placesOf, toDraft, type WizardInput } from './wizard-context.ts'
import { createWizardMachine, type WizardEvent } from './wizard-machine.ts'

const procedure = findProcedure('1.001193', '2026-07-18') ?? expect.fail('birth registration is in the catalogue')
const machine = createWizardMachine(procedure)
const places = placesOf(procedure)
const steps = places.slice(0, -2)
const operatorId = '9b0f6f3e-43ad-4a60-8c4d-0d6ed3a0c001'
const noon = new Date('2026-11-22T05:00:00.000Z')
const input: WizardInput = { operatorId, now: () => noon }
const { marriedCouple, grandparentLate } = specimenDossiers

const birthProof: AttachmentFacts = {
  attachmentId: '1f4b9f5e-1111-4c1c-9c4d-0d6ed3a0c001',
  paperId: 'birthProof',
  fileName: 'giay-chung-sinh.jpg',
  mediaType: 'image/jpeg',
  size: 1000,
  sha256: 'a'.repeat(64),
}

const answersOf = (values: Record<string, string>): WizardEvent[] =>
  Object.entries(values)
    .filter(([id]) => id !== 'childBirthDateInWords')
    .map(([fieldId, raw]) => ({ type: 'ANSWER', fieldId, raw }))

const papersChanged: WizardEvent = { type: 'PAPERS_CHANGED', attachments: [birthProof] }
const consented: WizardEvent = { type: 'CONSENT', id: 'submit', given: true }

const start = (from: WizardInput = input) => createActor(machine, { input: from }).start()
type Wizard = ReturnType<typeof start>
const send = (wizard: Wizard, ...events: WizardEvent[]): void => {
  for (const event of events) wizard.send(event)
}
const at = (wizard: Wizard): unknown => wizard.getSnapshot().value
const context = (wizard: Wizard) => wizard.getSnapshot().context
const forward = (count: number): WizardEvent[] => Array.from({ length: count }, () => ({ type: 'NEXT' }))

const onReview = (values: Record<string, string> = marriedCouple.answers): Wizard => {
  const wizard = start()
  send(wizard, ...answersOf(values), papersChanged, ...forward(steps.length * 2 + 1))
  while (at(wizard) !== 'review') send(wizard, { type: 'NEXT' })
  return wizard
}

describe('each transition, from every place', () => {
  const events: WizardEvent[] = [
    { type: 'NEXT' },
    { type: 'BACK' },
    { type: 'FIX' },
    { type: 'FINISH' },
    { type: 'FINISHED' },
    { type: 'FINISH_FAILED', failure: { type: 'disk-full' } },
    ...places.map((place): WizardEvent => ({ type: 'GO_TO', place })),
  ]

  // States alone, as the answers would make the graph explode: the answers stand fixed, complete or empty.
  const edges = (values: Record<string, string>, complete: boolean) => {
    const prepared = start()
    send(prepared, ...answersOf(values), ...(complete ? [papersChanged, consented] : []))
    const map = getAdjacencyMap(machine, {
      input: { ...input, draft: toDraft(context(prepared)) },
      events,
      serializeState: (snapshot) =>
        `${String(snapshot.value)} ${snapshot.context.returnToReview} ${snapshot.context.visited.length}`,
    })
    return adjacencyMapToArray(map).map(({ state, event, nextState }) => ({
      from: String(state.value),
      visited: state.context.visited,
      returning: state.context.returnToReview,
      event,
      to: String(nextState.value),
    }))
  }
  type Edge = ReturnType<typeof edges>[number]

  /** The wizard said a second time, by hand: where complete answers lead. */
  const expected = ({ from, visited, returning, event }: Edge): string => {
    const index = places.indexOf(from)
    if (from === 'finished') return from
    if (from === 'finishing') return event.type === 'FINISHED' ? 'finished' : event.type === 'FINISH_FAILED' ? 'review' : from
    if (event.type === 'GO_TO') return visited.includes(event.place) ? event.place : from
    if (event.type === 'BACK') return returning ? 'review' : (places[index - 1] ?? from)
    if (from === 'review') return event.type === 'FINISH' ? 'finishing' : from
    if (event.type === 'NEXT') return returning ? 'review' : (places[index + 1] ?? from)
    return from
  }

  it('leads with complete answers where it should, from every reachable state with every event', () => {
    const found = edges(marriedCouple.answers, true)
    expect(found.map((edge) => edge.to)).toEqual(found.map(expected))
    const taken = new Set(found.filter((edge) => edge.from !== 'finished').map((edge) => `${edge.from} ${edge.event.type}`))
    const kinds = new Set(events.map((event) => event.type))
    expect(taken.size).toBe((places.length + 1) * kinds.size)
    expect(new Set(found.filter((edge) => edge.event.type === 'GO_TO').map((edge) => edge.to === edge.from))).toEqual(
      new Set([true, false]),
    )
    expect(found.some((edge) => edge.returning && edge.from !== 'review')).toBe(true)
  })

  it('never leaves the first step with no answers, whatever the event', () => {
    const found = edges({}, false)
    expect(found).toHaveLength(events.length)
    expect(new Set(found.map((edge) => edge.to))).toEqual(new Set(['requester']))
  })

  it.each(steps.map((step, index) => [step, index] as const))(
    'NEXT on %s: held with one answer missing, passed with it',
    (step, index) => {
      const wizard = start()
      send(wizard, ...answersOf(marriedCouple.answers), ...forward(index))
      expect(at(wizard)).toBe(step)
      const required =
        procedure.steps[index]?.fields.find((field) => field.required === true) ?? procedure.steps[index]?.fields[0]
      const fieldId = required?.id ?? expect.fail('each step has a field')
      const raw = marriedCouple.answers[fieldId] ?? ''
      send(wizard, { type: 'ANSWER', fieldId, raw: '' }, { type: 'NEXT' })
      expect(at(wizard)).toBe(step)
      expect(context(wizard).findings[step]?.flatMap((finding) => finding.fields)).toContain(fieldId)
      send(wizard, { type: 'ANSWER', fieldId, raw })
      expect(context(wizard).findings[step]).toEqual([])
      send(wizard, { type: 'NEXT' })
      expect(at(wizard)).toBe(places[index + 1])
      send(wizard, { type: 'BACK' })
      expect(at(wizard)).toBe(step)
    },
  )

  it('NEXT on papers: held without the birth notice, passed with it', () => {
    const wizard = start()
    send(wizard, ...answersOf(marriedCouple.answers), ...forward(steps.length))
    expect(at(wizard)).toBe('papers')
    send(wizard, { type: 'NEXT' })
    expect(at(wizard)).toBe('papers')
    expect(context(wizard).findings.papers?.map((finding) => finding.paper)).toEqual(['birthProof'])
    send(wizard, papersChanged, { type: 'NEXT' })
    expect(at(wizard)).toBe('review')
    send(wizard, { type: 'BACK' })
    expect(at(wizard)).toBe('papers')
  })

  it('BACK on the first step stays', () => {
    const wizard = start()
    send(wizard, { type: 'BACK' })
    expect(at(wizard)).toBe('requester')
  })

  it('GO_TO leads only to places already seen, and review leads back to itself after a change', () => {
    const wizard = start()
    send(wizard, { type: 'GO_TO', place: 'father' })
    expect(at(wizard)).toBe('requester')
    const reviewed = onReview()
    for (const place of places.slice(0, -1)) {
      send(reviewed, { type: 'GO_TO', place })
      expect(at(reviewed)).toBe(place)
      send(reviewed, { type: 'NEXT' })
      expect(at(reviewed)).toBe('review')
      send(reviewed, { type: 'GO_TO', place }, { type: 'BACK' })
      expect(at(reviewed)).toBe('review')
    }
  })

  it('FINISH: held without consent, then with it sealed, failed, tried again, finished', () => {
    const wizard = onReview()
    send(wizard, { type: 'FINISH' })
    expect(at(wizard)).toBe('review')
    expect(context(wizard).findings.review?.map((finding) => finding.consent)).toEqual(['submit'])
    send(wizard, consented)
    expect(context(wizard).findings.review).toEqual([])
    send(wizard, { type: 'FINISH' })
    expect(at(wizard)).toBe('finishing')
    expect(context(wizard).consents.map(({ id, given }) => [id, given])).toEqual([['submit', true]])
    send(wizard, { type: 'ANSWER', fieldId: 'childName', raw: 'Đổi lúc đang niêm phong' })
    expect(context(wizard).answers.childName?.value).toBe(marriedCouple.answers.childName)
    send(wizard, { type: 'FINISH_FAILED', failure: { type: 'disk-full' } })
    expect(at(wizard)).toBe('review')
    expect(context(wizard).failure).toEqual({ type: 'disk-full' })
    send(wizard, { type: 'FINISH' })
    expect(context(wizard).failure).toBeNull()
    send(wizard, { type: 'FINISHED' })
    expect(wizard.getSnapshot().status).toBe('done')
  })

  it('FIX jumps to the first place with an error and comes back to review', () => {
    const wizard = onReview()
    send(
      wizard,
      consented,
      { type: 'GO_TO', place: 'mother' },
      { type: 'ANSWER', fieldId: 'motherName', raw: '' },
      { type: 'GO_TO', place: 'review' },
    )
    expect(at(wizard)).toBe('review')
    send(wizard, { type: 'FINISH' })
    expect(at(wizard)).toBe('review')
    send(wizard, { type: 'FIX' })
    expect(at(wizard)).toBe('mother')
    send(wizard, { type: 'FIX' })
    expect(at(wizard)).toBe('mother')
    send(wizard, { type: 'ANSWER', fieldId: 'motherName', raw: 'NGUYỄN THỊ ẲNH MẪU' }, { type: 'NEXT' })
    expect(at(wizard)).toBe('review')
    send(wizard, { type: 'FINISH' })
    expect(at(wizard)).toBe('finishing')
  })
})

describe('a dossier taken back out of the queue', () => {
  const takenBack = (): Wizard => {
    const finished = onReview()
    send(finished, consented, { type: 'FINISH' })
    // As the vault leaves it: at review, without the way there.
    const draft: WizardDraft = { ...toDraft(context(finished)), place: 'review', visited: [], checked: [], returnToReview: false }
    return start({ ...input, draft })
  }

  it.each(places.slice(0, -1))('opens at review, and GO_TO leads to %s and back', (place) => {
    const wizard = takenBack()
    expect(at(wizard)).toBe('review')
    send(wizard, { type: 'GO_TO', place })
    expect(at(wizard)).toBe(place)
    send(wizard, { type: 'NEXT' })
    expect(at(wizard)).toBe('review')
  })

  it('is mended by FIX and finished again', () => {
    const wizard = takenBack()
    send(wizard, { type: 'ANSWER', fieldId: 'motherName', raw: '' }, { type: 'FINISH' })
    expect(at(wizard)).toBe('review')
    send(wizard, { type: 'FIX' })
    expect(at(wizard)).toBe('mother')
    send(wizard, { type: 'ANSWER', fieldId: 'motherName', raw: 'NGUYỄN THỊ ẲNH MẪU' }, { type: 'NEXT' }, { type: 'FINISH' })
    expect(at(wizard)).toBe('finishing')
  })
})

describe('answers', () => {
  it('stay as typed under the cursor and take the form’s notation when the field is left', () => {
    const wizard = start()
    send(
      wizard,
      { type: 'ANSWER', fieldId: 'requesterName', raw: '  LÒ  VĂN ' },
      { type: 'ANSWER', fieldId: 'requesterBirthDate', raw: '3/9/1996' },
    )
    expect(context(wizard).answers.requesterName?.value).toBe('  LÒ  VĂN ')
    send(wizard, { type: 'COMMIT' })
    expect(context(wizard).answers.requesterName?.value).toBe('LÒ VĂN')
    expect(context(wizard).answers.requesterBirthDate?.value).toBe('03/09/1996')
    send(wizard, { type: 'ANSWER', fieldId: 'requesterBirthDate', raw: '030996' }, { type: 'COMMIT' })
    expect(context(wizard).answers.requesterBirthDate?.value).toBe('03/09/1996')
  })

  const chip = { verdict: 'genuine' as const, samePerson: 'yes' as const }
  const fromChip = { source: 'card' as const, at: noon.toISOString(), operatorId, chip }
  const name = (value: string) => [{ fieldId: 'requesterName', value }]

  it('keep who gave them and whence; a chip’s value is locked until it is opened on purpose, which is recorded', () => {
    const wizard = start()
    const requesterName = () => context(wizard).answers.requesterName
    const type = (raw: string) => send(wizard, { type: 'ANSWER', fieldId: 'requesterName', raw })
    const values = [...name('LÒ VĂN ỬNG MẪU'), { fieldId: 'nobody', value: 'x' }]
    send(wizard, { type: 'FILL', values, origin: { source: 'card', chip } })
    expect(context(wizard).answers).toEqual({ requesterName: { value: 'LÒ VĂN ỬNG MẪU', provenance: fromChip } })
    type('LÒ VĂN ỨNG MẪU')
    expect(requesterName()).toEqual({ value: 'LÒ VĂN ỬNG MẪU', provenance: fromChip })
    send(wizard, { type: 'UNLOCK', fieldId: 'requesterName' })
    const opened = { ...fromChip, source: 'typed-over-card', over: { source: 'card', value: 'LÒ VĂN ỬNG MẪU', at: fromChip.at } }
    expect(requesterName()).toEqual({ value: 'LÒ VĂN ỬNG MẪU', provenance: opened })
    type('LÒ VĂN ỨNG MẪU')
    expect(requesterName()).toEqual({ value: 'LÒ VĂN ỨNG MẪU', provenance: opened })
    send(wizard, { type: 'FILL', values: name('LÒ VĂN ỬNG MẪU'), origin: { source: 'card', chip } })
    expect(requesterName()).toEqual({ value: 'LÒ VĂN ỬNG MẪU', provenance: fromChip })
  })

  it('are the list’s once what was typed is taken from it, and stay so', () => {
    const wizard = start()
    const answer = { type: 'ANSWER', fieldId: 'childEthnicity', raw: 'Thái' } as const
    const source = () => context(wizard).answers.childEthnicity?.provenance.source
    send(wizard, answer)
    expect(source()).toBe('typed')
    send(wizard, { ...answer, source: 'list' })
    expect(source()).toBe('list')
    send(wizard, answer)
    expect(source()).toBe('list')
  })

  it('are not locked when they were typed or came from a QR; the chip vouches for the same value later', () => {
    const wizard = start()
    const source = () => context(wizard).answers.requesterName?.provenance.source
    send(wizard, { type: 'FILL', values: name('LÒ VĂN ỬNG MẪU'), origin: { source: 'qr' } })
    expect(source()).toBe('qr')
    send(wizard, { type: 'UNLOCK', fieldId: 'requesterName' }, { type: 'ANSWER', fieldId: 'requesterName', raw: 'LÒ VĂN ỬNG' })
    expect(source()).toBe('typed')
    send(wizard, { type: 'FILL', values: name('LÒ VĂN ỬNG'), origin: { source: 'card', chip } })
    expect(source()).toBe('card')
  })

  it('have their initial values only once the step was seen', () => {
    const wizard = start()
    send(
      wizard,
      ...answersOf(
        Object.fromEntries(Object.entries(marriedCouple.answers).filter(([id]) => id.startsWith('requester') || id === 'agency')),
      ),
    )
    expect(context(wizard).answers.childNationality).toBeUndefined()
    send(wizard, { type: 'NEXT' })
    expect(context(wizard).answers.childNationality).toMatchObject({ value: 'Việt Nam', provenance: { source: 'initial' } })
    send(wizard, { type: 'ANSWER', fieldId: 'childNationality', raw: '' })
    expect(context(wizard).answers.childNationality?.value).toBe('')
  })

  it('write the date in words and follow it', () => {
    const wizard = onReview()
    expect(context(wizard).answers.childBirthDateInWords).toMatchObject({
      value: marriedCouple.answers.childBirthDateInWords,
      provenance: { source: 'derived' },
    })
    send(wizard, { type: 'ANSWER', fieldId: 'childBirthDate', raw: '1/11/2026' })
    expect(context(wizard).answers.childBirthDateInWords?.value).toBe(
      'Ngày một tháng mười một năm hai nghìn không trăm hai mươi sáu',
    )
    send(wizard, { type: 'ANSWER', fieldId: 'childBirthDate', raw: '1/11/' })
    expect(context(wizard).answers.childBirthDateInWords?.value).toBe('')
  })

  it('are taken over for the mother only on COPY', () => {
    const wizard = start()
    const before = Object.fromEntries(Object.entries(marriedCouple.answers).filter(([id]) => !/^(mother|father)/.test(id)))
    send(wizard, ...answersOf(before), ...forward(2))
    expect(at(wizard)).toBe('mother')
    expect(context(wizard).answers.motherName).toBeUndefined()
    expect(copiesOffered(context(wizard)).map(({ fieldId }) => fieldId)).toContain('motherName')
    send(wizard, { type: 'COPY' })
    expect(context(wizard).answers.motherPersonalNumber).toMatchObject({
      value: '000196000127',
      provenance: { source: 'derived' },
    })
    expect(copiesOffered(context(wizard))).toEqual([])
    send(wizard, { type: 'NEXT' })
    expect(at(wizard)).toBe('father')
  })

  it('left over in hidden fields do not leave the kiosk, nor do papers of another case', () => {
    const wizard = onReview()
    send(
      wizard,
      { type: 'GO_TO', place: 'child' },
      { type: 'ANSWER', fieldId: 'birthCase', raw: 'Trẻ bị bỏ rơi' },
      { type: 'GO_TO', place: 'marriageAndCopies' },
      { type: 'ANSWER', fieldId: 'copies', raw: 'Không' },
    )
    const content = finishedContent(context(wizard))
    expect(content.answers.copyCount).toBeUndefined()
    expect(content.attachments).toEqual([])
    expect(context(wizard).attachments).toEqual([birthProof])
    expect(context(wizard).findings.papers?.map((finding) => [finding.severity, finding.paper])).toEqual([
      ['error', 'abandonedRecord'],
      ['warning', 'birthProof'],
    ])
  })
})

describe('doubts', () => {
  const late = (): Wizard => {
    const wizard = start()
    send(wizard, ...answersOf(grandparentLate.answers), { type: 'NEXT' })
    expect(at(wizard)).toBe('child')
    return wizard
  }

  it('are shown once and never block', () => {
    const wizard = late()
    send(wizard, { type: 'NEXT' })
    expect(at(wizard)).toBe('child')
    expect(context(wizard).findings.child?.map((finding) => finding.rule)).toEqual(['lateRegistration'])
    send(wizard, { type: 'NEXT' })
    expect(at(wizard)).toBe('mother')
  })

  it('can be kept, and stand again when the value changes', () => {
    const wizard = late()
    send(wizard, { type: 'KEEP_ANYWAY', rule: 'lateRegistration' })
    expect(context(wizard).confirmedWarnings).toEqual([])
    send(
      wizard,
      { type: 'NEXT' },
      { type: 'KEEP_ANYWAY', rule: 'lateRegistration' },
      { type: 'KEEP_ANYWAY', rule: 'motherNotBornBeforeChild' },
    )
    expect(context(wizard).confirmedWarnings).toEqual([{ rule: 'lateRegistration', at: noon.toISOString(), operatorId }])
    expect(context(wizard).findings.child?.every((finding) => isKept(context(wizard), finding))).toBe(true)
    send(wizard, { type: 'ANSWER', fieldId: 'childBirthDate', raw: '06/06/2026' })
    expect(context(wizard).confirmedWarnings).toEqual([])
  })
})

describe('drafts', () => {
  it('start again where the clerk was, from any place', () => {
    const first = onReview()
    for (const place of places) {
      send(first, { type: 'GO_TO', place })
      const draft = WizardDraft.parse(JSON.parse(JSON.stringify(toDraft(context(first)))))
      const again = start({ ...input, draft })
      expect(at(again)).toBe(place)
      expect(toDraft(context(again))).toEqual(draft)
      expect(context(again).findings).toEqual(context(first).findings)
    }
  })

  it('are the same whether work was interrupted after each event or not', () => {
    const events: WizardEvent[] = [...answersOf(marriedCouple.answers), papersChanged, ...forward(steps.length + 1), consented]
    const whole = start()
    send(whole, ...events)
    let interrupted = start()
    for (const event of events) {
      interrupted.send(event)
      const draft = WizardDraft.parse(JSON.parse(JSON.stringify(toDraft(context(interrupted)))))
      interrupted.stop()
      interrupted = start({ ...input, draft })
    }
    expect(at(whole)).toBe('review')
    expect(toDraft(context(interrupted))).toEqual(toDraft(context(whole)))
  })

  it('of an unknown place or with unknown fields start at the first step with what is known', () => {
    const draft = {
      ...toDraft(context(onReview())),
      place: 'elsewhere',
      visited: ['elsewhere'],
      answers: { nobody: { value: 'x', provenance: { source: 'typed' as const, at: noon.toISOString(), operatorId } } },
    }
    const wizard = start({ ...input, draft })
    expect(at(wizard)).toBe('requester')
    expect(context(wizard).answers).toEqual({})
  })
})

describe('specimen dossiers through the wizard', () => {
  it.each(Object.entries(specimenDossiers))('%s is what the gateway accepts', (_name, specimen) => {
    const wizard = onReview(specimen.answers)
    send(wizard, consented, { type: 'FINISH' })
    expect(at(wizard)).toBe('finishing')
    const content = finishedContent(context(wizard))
    expect(Object.fromEntries(Object.entries(content.answers).map(([id, answer]) => [id, answer.value]))).toEqual(
      specimen.answers,
    )
    expect(checkDossier(procedure, content, { today: specimen.today }).filter((finding) => finding.severity === 'error')).toEqual(
      [],
    )
  })
})
