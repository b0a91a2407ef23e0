import { expect, it, vi } from 'vitest'
import type { Procedure } from '../../contracts/procedure.ts'
import { KeptVisit } from '../../contracts/visit.ts'
import { catalogue } from '../../procedures/catalogue.ts'
import { factsOf } from '../../procedures/reuse/known-people.ts'
import { typedAnswers } from '../../procedures/typed-answers.ts'
import { createVisit, type Said } from './visit.ts'

const inForce = (code: string): Procedure => {
  const procedure = catalogue.inForce(code, '2026-11-22')
  if (procedure === undefined) throw new Error(`no ${code}`)
  return procedure
}
const [birth, status] = [inForce('1.001193'), inForce('1.004873')]

const signed: Procedure = {
  ...status,
  steps: [
    ...status.steps,
    {
      id: 'signing',
      title: { vi: 'Ký' },
      fields: [{ type: 'signature', id: 'drawn', label: { vi: 'Chữ ký' }, required: false, visibleWhen: true, width: 'full' }],
    },
  ],
}

const drafts = [
  '00000000-0000-4000-8000-00000000000a',
  '00000000-0000-4000-8000-00000000000b',
  '00000000-0000-4000-8000-00000000000c',
] as const
const packetId = '00000000-0000-4000-8000-0000000000ff'
const provenance = {
  source: 'typed' as const,
  at: '2026-11-22T02:00:00.000Z',
  operatorId: '00000000-0000-4000-8000-000000000001',
}
const mother = typedAnswers({ requesterName: 'NGUYỄN THỊ MẪU', requesterBirthDate: '14/05/1990' })
const said = (more: Partial<Said> = {}): Said => ({
  procedure: birth,
  answers: mother,
  training: true,
  name: 'NGUYỄN THỊ MẪU',
  errors: 0,
  step: { number: 1, total: 6 },
  ...more,
})
const begin = () => {
  const keep = vi.fn<(kept: KeptVisit | undefined) => Promise<unknown>>(async () => undefined)
  return { keep, visit: createVisit({ now: () => new Date('2026-11-22T03:00:00.000Z'), keep }) }
}

it('tells a dossier what the others said, never its own', () => {
  const { visit } = begin()
  const first = visit.open(drafts[0])
  expect(first.known.people).toEqual([])
  first.hear(said())
  expect(visit.open(drafts[0]).known.people).toEqual([])
  const second = visit.open(drafts[1])
  expect(second.known.people.map((person) => factsOf(person).birthDate)).toEqual(['14/05/1990'])
  expect(second.training).toBe(true)
})

it('keeps the order of the dossiers, and shows nothing anew for what no tab shows', () => {
  const { visit } = begin()
  const [first, second] = drafts.map((id) => visit.open(id))
  first?.hear(said())
  second?.hear(said({ procedure: status }))
  const before = visit.dossiers()
  let calls = 0
  visit.onChange(() => {
    calls += 1
  })
  first?.hear(said({ answers: typedAnswers({ requesterName: 'NGUYỄN THỊ MẪU' }) }))
  expect([calls, visit.dossiers() === before]).toEqual([0, true])
  expect(visit.open(drafts[2]).known.people.length).toBeGreaterThan(0)
  first?.hear(said({ errors: 2 }))
  expect(calls).toBe(1)
  expect(visit.dossiers().map(({ draftId, errors }) => [draftId, errors])).toEqual([
    [drafts[0], 2],
    [drafts[1], 0],
  ])
})

it('hears nothing that belonged to a visit which has ended', async () => {
  const { visit, keep } = begin()
  const first = visit.open(drafts[0])
  first.hear(said())
  visit.end()
  first.hear(said())
  first.finished(packetId)
  first.hearCard({ person: { fullName: 'NGUYỄN THỊ MẪU' }, read: { ...provenance, source: 'card' }, specimen: true })
  await visit.kept()
  expect(visit.dossiers()).toEqual([])
  expect(visit.open(drafts[1]).known.people).toEqual([])
  expect(keep).toHaveBeenLastCalledWith(undefined)
})

it('keeps of a draft no answer, of a finished dossier all but what was drawn, and comes back from it', async () => {
  const { visit, keep } = begin()
  const first = visit.open(drafts[0])
  first.hear(said({ procedure: signed }))
  visit.open(drafts[1]).hear(said())
  await visit.kept()
  first.hear(said({ procedure: signed, answers: { ...mother, ...typedAnswers({ drawn: 'M1 1L9 9' }) } }))
  first.finished(packetId)
  await visit.kept()
  const kept = KeptVisit.parse(structuredClone(keep.mock.lastCall?.[0]))
  expect(kept.dossiers.map(({ finished }) => finished)).toEqual([{ packetId, answers: mother }, undefined])
  const restored = createVisit({
    now: () => new Date('2026-11-22T03:05:00.000Z'),
    keep,
    restored: {
      begunAt: kept.begunAt,
      cards: kept.cards,
      dossiers: kept.dossiers.map(({ draftId, finished }) => ({
        ...said({ procedure: signed, answers: finished?.answers ?? {} }),
        draftId,
        ...(finished === undefined ? {} : { packetId: finished.packetId }),
      })),
    },
  })
  expect(restored.dossiers().map((dossier) => dossier.packetId)).toEqual([packetId, undefined])
  expect(restored.open(drafts[2]).known.people.map((person) => factsOf(person).fullName)).toEqual(['NGUYỄN THỊ MẪU'])
})

it('forgets a draft that was thrown away or given to another', async () => {
  const { visit, keep } = begin()
  visit.open(drafts[0]).hear(said())
  visit.drop(drafts[0])
  await visit.kept()
  expect(visit.open(drafts[1]).known.people).toEqual([])
  expect(keep).toHaveBeenLastCalledWith(undefined)
})
