/**
 * The paths of one procedure's wizard, taken with its specimen dossiers: which of the machine's transitions were taken, and whether
 * each guard came out both ways. For `npm run procedures -- check` and the tests; no page imports it.
 *
 * The graph is made over states alone; the answers stand fixed in each graph, as they would make it explode. A place at which no
 * dossier can be wrong (a form without papers) has guards that can come out one way only: those are named, not counted as missing.
 */
import { createActor } from 'xstate'
import { adjacencyMapToArray, getAdjacencyMap } from 'xstate/graph'
import type { Answers, AttachmentFacts } from '../../../contracts/dossier.ts'
import type { WizardDraft } from '../../../contracts/draft.ts'
import type { Procedure } from '../../../contracts/procedure.ts'
import { allFields, askedPapers, checkStep, derivedValue } from '../../../procedures/rules/index.ts'
import { placesOf, toDraft, type WizardContext } from './wizard-context.ts'
import { createWizardMachine, type WizardEvent } from './wizard-machine.ts'

/** What a specimen dossier says, as `procedures/specimens.ts` parses it. */
export type CoveredDossier = {
  today: string
  answers: Readonly<Record<string, string>>
  papers: readonly string[]
  consents: Readonly<Record<string, boolean>>
  doubts: readonly string[]
}

export type PathCoverage = {
  transitions: { all: number; missing: string[] }
  /** Guards that can come out both ways, and those of them that did not. */
  guards: { all: number; missing: string[] }
  /** Places at which nothing can be wrong by this document. */
  neverWrong: string[]
}

const operatorId = '9b0f6f3e-43ad-4a60-8c4d-0d6ed3a0c001'

const attachment = (paperId: string, index: number): AttachmentFacts => ({
  attachmentId: `1f4b9f5e-1111-4c1c-9c4d-0d6ed3a0c${String(index).padStart(3, '0')}`,
  paperId,
  fileName: 'giay-to.pdf',
  mediaType: 'application/pdf',
  size: 10,
  sha256: 'a'.repeat(64),
})

/** Takes every transition it is asked to and notes which, and how each guard came out. */
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
      serializeState: ({ value, context }) =>
        [String(value), context.returnToReview, context.visited.length, context.checked.length].join(' '),
    })
    for (const { state, event, nextState } of adjacencyMapToArray(map))
      if (state.status === 'active') note(state.context, String(state.value), event, String(nextState.value))
  }

  const one = (draft: WizardDraft, event: WizardEvent): void => {
    const actor = createActor(machine, { input: { ...input, draft } }).start()
    const { context, value } = actor.getSnapshot()
    actor.send(event)
    note(context, String(value), event, String(actor.getSnapshot().value))
    actor.stop()
  }

  /** The dossier as a clerk would have brought it to the last page. */
  const draftOf = (dossier: CoveredDossier): WizardDraft => {
    const actor = createActor(machine, { input }).start()
    for (const [fieldId, raw] of Object.entries(dossier.answers)) actor.send({ type: 'ANSWER', fieldId, raw })
    actor.send({ type: 'PAPERS_CHANGED', attachments: dossier.papers.map(attachment) })
    for (const [id, given] of Object.entries(dossier.consents)) actor.send({ type: 'CONSENT', id, given })
    const draft = toDraft(actor.getSnapshot().context)
    actor.stop()
    return { ...draft, place: 'review', visited: places, checked: [] }
  }
  return { places, taken, guards, graph, one, draftOf }
}

type Changes = (draft: WizardDraft) => Iterable<Answers>

/** Every choice of the form turned to each of its options, one at a time: another case asks for other papers. */
const otherCases = (procedure: Procedure, today: string): Changes =>
  function* ({ answers }) {
    const provenance = { source: 'typed' as const, at: `${today}T05:00:00.000Z`, operatorId }
    yield answers
    for (const field of allFields(procedure)) {
      if (field.type !== 'choice') continue
      for (const { value } of field.options) yield { ...answers, [field.id]: { value, provenance } }
    }
  }

/** The same dossier with one place made wrong and every earlier one left right; undefined where nothing there can be wrong. */
const brokenAt = (procedure: Procedure, place: string, draft: WizardDraft, today: string): WizardDraft | undefined => {
  if (place === 'review') return { ...draft, consents: [] }
  const steps = procedure.steps.map(({ id }) => id)
  const isRight = (answers: Answers, step: string): boolean =>
    checkStep(procedure, step, answers, { today }).every(({ severity }) => severity === 'warning')
  if (place === 'papers') {
    for (const answers of otherCases(procedure, today)(draft)) {
      const needed = askedPapers(procedure, answers, { today }).some((paper) => paper.needed)
      if (needed && steps.every((step) => isRight(answers, step))) return { ...draft, answers, attachments: [] }
    }
    return undefined
  }
  const own = procedure.steps.find(({ id }) => id === place)?.fields ?? []
  const provenance = { source: 'typed' as const, at: `${today}T05:00:00.000Z`, operatorId }
  for (const field of own) {
    // What the wizard writes itself it would put right again.
    if (derivedValue(field, {}) !== undefined) continue
    for (const value of ['', '?', 'x'.repeat(1999)]) {
      const answers = { ...draft.answers, [field.id]: { value, provenance } }
      if (!isRight(answers, place) && steps.slice(0, steps.indexOf(place)).every((step) => isRight(answers, step)))
        return { ...draft, answers }
    }
  }
  return undefined
}

/** Every transition the document's machine has by its description, edits and self-transitions left aside. */
const transitionsOf = (places: readonly string[], neverWrong: readonly string[]): string[] => {
  const steps = places.filter((place) => place !== 'review')
  const breakable = places.filter((place) => !neverWrong.includes(place))
  return [
    ...places.flatMap((from) => [
      ...places.filter((to) => to !== from).map((to) => `${from} GO_TO ${to}`),
      ...breakable.filter((to) => to !== from).map((to) => `${from} FIX ${to}`),
      `${from} FIX ${from}`,
    ]),
    ...steps.flatMap((from, index) => [
      `${from} NEXT ${places[index + 1]}`,
      `${from} NEXT review`,
      ...(neverWrong.includes(from) ? [] : [`${from} NEXT ${from}`]),
      `${from} BACK ${places[index - 1] ?? from}`,
      `${from} BACK review`,
    ]),
    `review BACK ${places.at(-2)}`,
    'review FINISH finishing',
    'review FINISH review',
    'finishing FINISHED finished',
    'finishing FINISH_FAILED review',
  ]
}

/** Every guard the machine asks, from each place. */
const guardsOf = (places: readonly string[], neverWrong: readonly string[]): string[] =>
  places.flatMap((from) => [
    ...places.filter((to) => to !== from).map((to) => `${from} goesTo ${to}`),
    ...places.filter((to) => to !== from && !neverWrong.includes(to)).map((to) => `${from} isFirstToFix ${to}`),
    ...(from === 'review'
      ? ['review mayFinish']
      : [`${from} cameFromReview`, ...(neverWrong.includes(from) ? [] : [`${from} mayLeave`, `${from} mayLeaveToReview`])]),
  ])

/** At least one dossier, right on its day; the one with the fewest doubts leads. */
export const coverPaths = (procedure: Procedure, dossiers: readonly [CoveredDossier, ...CoveredDossier[]]): PathCoverage => {
  const [first = dossiers[0]] = dossiers.toSorted((a, b) => a.doubts.length - b.doubts.length)
  const { places, taken, guards, graph, one, draftOf } = explorer(procedure, first.today)
  const right = draftOf(first)
  graph({ ...right, place: places[0] ?? '', visited: [], checked: [] }, [
    { type: 'NEXT' },
    { type: 'BACK' },
    { type: 'FINISH' },
    { type: 'FINISHED' },
    { type: 'FINISH_FAILED', failure: { type: 'disk-full' } },
  ])
  for (const from of places) {
    const there = { ...right, place: from, checked: [from] }
    one(there, { type: 'FIX' })
    for (const type of ['NEXT', 'BACK'] as const) one({ ...there, returnToReview: true }, { type })
    for (const place of places) for (const visited of [places, [from]]) one({ ...there, visited }, { type: 'GO_TO', place })
  }
  const neverWrong: string[] = []
  for (const place of places) {
    const broken = dossiers
      .map((dossier) => brokenAt(procedure, place, draftOf(dossier), first.today))
      .find((draft) => draft !== undefined)
    if (broken === undefined) {
      neverWrong.push(place)
      continue
    }
    for (const from of places) if (from !== place) one({ ...broken, place: from }, { type: 'FIX' })
    for (const returnToReview of [false, true]) one({ ...broken, place, returnToReview }, { type: 'NEXT' })
    one({ ...broken, place: 'review' }, { type: 'FINISH' })
  }
  const transitions = [...new Set(transitionsOf(places, neverWrong))]
  const asked = guardsOf(places, neverWrong)
  return {
    transitions: { all: transitions.length, missing: transitions.filter((transition) => !taken.has(transition)) },
    guards: { all: asked.length, missing: asked.filter((guard) => guards.get(guard)?.size !== 2) },
    neverWrong,
  }
}
