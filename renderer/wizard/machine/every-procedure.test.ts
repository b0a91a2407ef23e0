/**
 * Every complete procedure through its wizard with its own specimens: each transition of the machine taken, each guard both ways.
 * The graph is made over states alone; the answers stand fixed in each graph, as they would make it explode.
 */
import { describe, expect, it } from 'vitest'
import { createActor } from 'xstate'
import { adjacencyMapToArray, getAdjacencyMap } from 'xstate/graph'
import type { AttachmentFacts } from '../../../contracts/dossier.ts'
import type { WizardDraft } from '../../../contracts/draft.ts'
import type { Procedure } from '../../../contracts/procedure.ts'
import { procedures } from '../../../procedures/catalogue.ts'
import { checkStep } from '../../../procedures/rules/index.ts'
import { type SpecimenDossier, specimens } from '../../../procedures/specimens.ts'
import { placesOf, toDraft, type WizardContext } from './wizard-context.ts'
import { createWizardMachine, type WizardEvent } from './wizard-machine.ts'

const operatorId = '9b0f6f3e-43ad-4a60-8c4d-0d6ed3a0c001'

const attachment = (paperId: string, index: number): AttachmentFacts => ({
  attachmentId: `1f4b9f5e-1111-4c1c-9c4d-0d6ed3a0c${String(index).padStart(3, '0')}`,
  paperId,
  fileName: 'giay-to.pdf',
  mediaType: 'application/pdf',
  size: 10,
  sha256: 'a'.repeat(64),
})

/** Takes every transition it can and notes which, and how each guard came out. */
const explorer = (procedure: Procedure, today: string) => {
  const machine = createWizardMachine(procedure)
  const input = { operatorId, now: () => new Date(`${today}T05:00:00.000Z`) }
  const places = placesOf(procedure)
  const taken = new Set<string>()
  const guards = new Map<string, Set<boolean>>()

  const note = (context: WizardContext, from: string, event: WizardEvent, to: string): void => {
    const guard = (name: string, outcome: boolean) => {
      const key = `${from} ${name}`
      guards.set(key, (guards.get(key) ?? new Set()).add(outcome))
    }
    taken.add(`${from} ${event.type} ${to}`)
    if (from === 'finishing') return
    if (event.type === 'GO_TO' && event.place !== from) guard(`goesTo ${event.place}`, to === event.place)
    if (event.type === 'NEXT' && from !== 'review') {
      if (context.returnToReview) guard('mayLeaveToReview', to === 'review')
      else guard('mayLeave', to !== from)
    }
    if (event.type === 'BACK' && from !== 'review') guard('cameFromReview', context.returnToReview)
    if (event.type === 'FINISH' && from === 'review') guard('mayFinish', to === 'finishing')
    if (event.type === 'FIX') for (const place of places) if (place !== from) guard(`isFirstToFix ${place}`, place === to)
  }

  const graph = (draft: WizardDraft, events: WizardEvent[]): void => {
    const map = getAdjacencyMap(machine, {
      input: { ...input, draft },
      events,
      serializeState: ({ value, context }) => `${String(value)} ${context.returnToReview} ${context.visited.length}`,
    })
    for (const { state, event, nextState } of adjacencyMapToArray(map))
      if (state.status === 'active') note(state.context, String(state.value), event, String(nextState.value))
  }

  const one = (draft: WizardDraft, event: WizardEvent): void => {
    const actor = createActor(machine, { input: { ...input, draft } }).start()
    const { context, value } = actor.getSnapshot()
    expect(value).toBe(draft.place)
    actor.send(event)
    note(context, String(value), event, String(actor.getSnapshot().value))
    actor.stop()
  }

  /** The specimen as a clerk would have brought it to the last page. */
  const draftOf = (specimen: SpecimenDossier): WizardDraft => {
    const actor = createActor(machine, { input }).start()
    for (const [fieldId, raw] of Object.entries(specimen.answers)) actor.send({ type: 'ANSWER', fieldId, raw })
    actor.send({ type: 'PAPERS_CHANGED', attachments: specimen.papers.map(attachment) })
    for (const [id, given] of Object.entries(specimen.consents)) actor.send({ type: 'CONSENT', id, given })
    const draft = toDraft(actor.getSnapshot().context)
    actor.stop()
    return { ...draft, place: 'review', visited: places, checked: [] }
  }
  return { places, taken, guards, graph, one, draftOf, input }
}

/** The same dossier with one place made wrong and every earlier one left right; undefined where nothing there can be wrong. */
const brokenAt = (procedure: Procedure, place: string, draft: WizardDraft, today: string): WizardDraft | undefined => {
  if (place === 'review') return { ...draft, consents: [] }
  if (place === 'papers') return draft.attachments.length === 0 ? undefined : { ...draft, attachments: [] }
  const steps = procedure.steps.map(({ id }) => id)
  const isRight = (answers: WizardDraft['answers'], step: string): boolean =>
    checkStep(procedure, step, answers, { today }).every(({ severity }) => severity === 'warning')
  const own = procedure.steps.find(({ id }) => id === place)?.fields ?? []
  const provenance = { source: 'typed' as const, at: `${today}T05:00:00.000Z`, operatorId }
  for (const { id } of own) {
    for (const value of ['', '?', 'x'.repeat(1999)]) {
      const answers = { ...draft.answers, [id]: { value, provenance } }
      if (!isRight(answers, place) && steps.slice(0, steps.indexOf(place)).every((step) => isRight(answers, step)))
        return { ...draft, answers }
    }
  }
  return undefined
}

const explore = (procedure: Procedure, dossiers: readonly SpecimenDossier[]) => {
  const [first] = dossiers.toSorted((a, b) => a.doubts.length - b.doubts.length)
  if (first === undefined) return expect.fail(`${procedure.code} ${procedure.version} has no specimen`)
  const found = explorer(procedure, first.today)
  const { places } = found
  const moves: WizardEvent[] = [
    { type: 'NEXT' },
    { type: 'BACK' },
    { type: 'FINISH' },
    { type: 'FINISHED' },
    { type: 'FINISH_FAILED', failure: { type: 'disk-full' } },
  ]
  const right = found.draftOf(first)
  found.graph({ ...right, place: places[0] ?? '', visited: [], checked: [] }, moves)
  for (const from of places) {
    const there = { ...right, place: from, checked: [from] }
    found.one(there, { type: 'FIX' })
    for (const type of ['NEXT', 'BACK'] as const) found.one({ ...there, returnToReview: true }, { type })
    for (const place of places) for (const visited of [places, [from]]) found.one({ ...there, visited }, { type: 'GO_TO', place })
  }
  const cannotBreak: string[] = []
  for (const place of places) {
    const broken = dossiers
      .map((dossier) => brokenAt(procedure, place, found.draftOf(dossier), first.today))
      .find((draft) => draft !== undefined)
    if (broken === undefined) {
      cannotBreak.push(place)
      continue
    }
    for (const from of places) if (from !== place) found.one({ ...broken, place: from }, { type: 'FIX' })
    for (const returnToReview of [false, true]) found.one({ ...broken, place, returnToReview }, { type: 'NEXT' })
    found.one({ ...broken, place: 'review' }, { type: 'FINISH' })
  }
  return { ...found, cannotBreak }
}

/** Every transition the document's machine has by its description, edits and self-transitions left aside. */
const transitionsOf = (places: readonly string[], cannotBreak: readonly string[]): string[] => {
  const steps = places.filter((place) => place !== 'review')
  const breakable = places.filter((place) => !cannotBreak.includes(place))
  return [
    ...places.flatMap((from) => [
      ...places.filter((to) => to !== from).map((to) => `${from} GO_TO ${to}`),
      ...breakable.filter((to) => to !== from).map((to) => `${from} FIX ${to}`),
      `${from} FIX ${from}`,
    ]),
    ...steps.flatMap((from, index) => [
      `${from} NEXT ${places[index + 1]}`,
      `${from} NEXT review`,
      ...(cannotBreak.includes(from) ? [] : [`${from} NEXT ${from}`]),
      `${from} BACK ${places[index - 1] ?? from}`,
      `${from} BACK review`,
    ]),
    'review BACK papers',
    'review FINISH finishing',
    'review FINISH review',
    'finishing FINISHED finished',
    'finishing FINISH_FAILED review',
  ]
}

describe('the wizard of every complete procedure', () => {
  const complete = procedures.filter(({ kind }) => kind === 'complete')
  const dossiersOf = ({ code, version }: Procedure): SpecimenDossier[] =>
    Object.values(specimens).filter((each) => each.procedureCode === code && each.procedureVersion === version)

  it.each(complete.filter((each) => dossiersOf(each).length > 0).map((each) => [`${each.code} ${each.version}`, each] as const))(
    '%s: every transition, every guard both ways',
    (name, procedure) => {
      const { places, taken, guards, cannotBreak } = explore(procedure, dossiersOf(procedure))
      const all = [...new Set(transitionsOf(places, cannotBreak))]
      expect(all.filter((transition) => !taken.has(transition))).toEqual([])
      const isTakenBothWays = ([key, outcomes]: [string, Set<boolean>]): boolean => {
        const [from = '', guard = '', place = ''] = key.split(' ')
        if (guard === 'isFirstToFix' && cannotBreak.includes(place)) return true
        if (guard.startsWith('mayLeave') && cannotBreak.includes(from)) return true
        return outcomes.size === 2
      }
      expect([...guards].filter((entry) => !isTakenBothWays(entry)).map(([key]) => key)).toEqual([])
      const both = [...guards.values()].filter(({ size }) => size === 2).length
      console.log(
        `${name}: transitions ${all.length}/${all.length}, guards both ways ${both}/${guards.size}, never wrong: ${cannotBreak.join(', ') || '-'}`,
      )
    },
    20_000,
  )
})
