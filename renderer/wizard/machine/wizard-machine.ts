/**
 * One machine for every procedure, made from its document: a state per step, then `papers` (where the form has any), `review`, `finishing`, `finished`.
 *
 * Invariants: Tiếp tục passes only without errors (and with every doubt seen); any place seen before can be gone back to;
 * from review, a mended place leads back to review; while the app seals (`finishing`) nothing can change.
 * The machine does no I/O: the app saves drafts from `toDraft` and answers `finishing` with FINISHED or FINISH_FAILED.
 */
import { assign, setup } from 'xstate'
import type { AttachmentFacts, UnitCodes } from '../../../contracts/dossier.ts'
import type { Procedure } from '../../../contracts/procedure.ts'
import type { OfferedChoice } from '../../../procedures/reuse/offers.ts'
import type { OfferedValue } from '../../../procedures/rules/index.ts'
import {
  firstPlaceToFix,
  mayFinish,
  mayLeave,
  placesOf,
  startingContext,
  type WizardContext,
  type WizardInput,
} from './wizard-context.ts'
import {
  answer,
  check,
  closeConsents,
  commit,
  confirmProposals,
  consent,
  copy,
  enter,
  fill,
  keepAnyway,
  settle,
  takeOver,
  unlock,
  type ValueOrigin,
  withRow,
  withRowsArranged,
} from './wizard-edits.ts'

export type WizardEvent =
  /** `source` and `unit` when it was chosen from a list and not typed. */
  | { type: 'ANSWER'; fieldId: string; raw: string; source?: 'typed' | 'list'; unit?: UnitCodes }
  /** A field was left: its value takes the form's notation. */
  | { type: 'COMMIT' }
  /** From a chip or a card's QR: exactly the values the clerk ticked. */
  | { type: 'FILL'; values: OfferedValue[]; origin: ValueOrigin }
  /** The deliberate act that opens a chip's value for typing. */
  | { type: 'UNLOCK'; fieldId: string }
  /** Takes over what the same person declared before, for this step's empty fields. */
  | { type: 'COPY' }
  /** From other dossiers of the visit: exactly the choices the clerk made. */
  | { type: 'TAKE_OVER'; choices: { fieldId: string; choice: OfferedChoice }[] }
  /** One more empty row of a repeated group. */
  | { type: 'ADD_ROW'; group: string }
  /** The rows in a new order, or fewer of them: `order` names the old numbers. */
  | { type: 'ARRANGE_ROWS'; group: string; order: number[] }
  | { type: 'PAPERS_CHANGED'; attachments: AttachmentFacts[] }
  | { type: 'CONSENT'; id: string; given: boolean }
  | { type: 'KEEP_ANYWAY'; rule: string }
  | { type: 'NEXT' }
  | { type: 'BACK' }
  | { type: 'GO_TO'; place: string }
  | { type: 'FIX' }
  | { type: 'FINISH' }
  | { type: 'FINISHED' }
  | { type: 'FINISH_FAILED'; failure: { type: string; detail?: string } }

const wizard = setup({
  types: { context: {} as WizardContext, events: {} as WizardEvent, input: {} as WizardInput },
  actions: {
    edit: assign(({ context, event }) => {
      switch (event.type) {
        case 'ANSWER':
          return answer(context, event.fieldId, event.raw, { source: event.source ?? 'typed', unit: event.unit })
        case 'UNLOCK':
          return unlock(context, event.fieldId)
        case 'COMMIT':
          return commit(context)
        case 'FILL':
          return fill(context, event.values, event.origin)
        case 'COPY':
          return copy(context)
        case 'TAKE_OVER':
          return takeOver(context, event.choices)
        case 'ADD_ROW':
          return withRow(context, event.group)
        case 'ARRANGE_ROWS':
          return withRowsArranged(context, event.group, event.order)
        case 'PAPERS_CHANGED':
          return settle({ ...context, attachments: event.attachments })
        case 'CONSENT':
          return consent(context, event.id, event.given)
        case 'KEEP_ANYWAY':
          return keepAnyway(context, event.rule)
        default:
          return context
      }
    }),
    commit: assign(({ context }) => commit(context)),
    check: assign(({ context }) => check(context, context.place)),
    enter: assign(({ context }, params: { place: string }) => enter(context, params.place)),
    willReturn: assign(({ context }) => ({ returnToReview: context.returnToReview || context.place === 'review' })),
    closeConsents: assign(({ context }) => closeConsents(context)),
    confirmProposals: assign(({ context }) => confirmProposals(context)),
    clearFailure: assign({ failure: null }),
    rememberFailure: assign(({ event }) => (event.type === 'FINISH_FAILED' ? { failure: event.failure } : {})),
  },
  guards: {
    mayLeave: ({ context }) => mayLeave(context, context.place),
    mayLeaveToReview: ({ context }) => context.returnToReview && mayLeave(context, context.place),
    cameFromReview: ({ context }) => context.returnToReview,
    mayFinish: ({ context }) => mayFinish(context),
    startsAt: ({ context }, params: { place: string }) => context.place === params.place,
    goesTo: ({ context, event }, params: { place: string }) =>
      event.type === 'GO_TO' && event.place === params.place && context.visited.includes(params.place),
    isFirstToFix: ({ context }, params: { place: string }) => firstPlaceToFix(context) === params.place,
  },
})

const edits = {
  ANSWER: { actions: 'edit' },
  COMMIT: { actions: 'edit' },
  FILL: { actions: 'edit' },
  UNLOCK: { actions: 'edit' },
  COPY: { actions: 'edit' },
  TAKE_OVER: { actions: 'edit' },
  ADD_ROW: { actions: 'edit' },
  ARRANGE_ROWS: { actions: 'edit' },
  PAPERS_CHANGED: { actions: 'edit' },
  CONSENT: { actions: 'edit' },
  KEEP_ANYWAY: { actions: 'edit' },
} as const

export const createWizardMachine = (procedure: Procedure) => {
  const places = placesOf(procedure)

  const moves = (from: string) => ({
    GO_TO: places
      .filter((place) => place !== from)
      .map((place) => ({
        guard: { type: 'goesTo' as const, params: { place } },
        target: place,
        actions: ['commit' as const, 'willReturn' as const],
      })),
    FIX: [
      ...places
        .filter((place) => place !== from)
        .map((place) => ({
          guard: { type: 'isFirstToFix' as const, params: { place } },
          target: place,
          actions: ['commit' as const, 'willReturn' as const],
        })),
      { actions: ['commit' as const, 'check' as const] },
    ],
  })

  const page = (place: string, index: number) => {
    const previous = places[index - 1]
    return {
      entry: { type: 'enter' as const, params: { place } },
      on: {
        ...edits,
        ...moves(place),
        NEXT: [
          { guard: 'mayLeaveToReview' as const, target: 'review', actions: ['commit' as const, 'check' as const] },
          { guard: 'mayLeave' as const, target: places[index + 1] ?? 'review', actions: ['commit' as const, 'check' as const] },
          { actions: ['commit' as const, 'check' as const] },
        ],
        BACK: [
          { guard: 'cameFromReview' as const, target: 'review', actions: ['commit' as const] },
          ...(previous === undefined ? [] : [{ target: previous, actions: ['commit' as const] }]),
        ],
      },
    }
  }

  const pages = Object.fromEntries(
    places.filter((place) => place !== 'review').map((place, index) => [place, page(place, index)]),
  )

  return wizard.createMachine({
    id: `wizard-${procedure.code.replace('.', '-')}`,
    context: ({ input }) => startingContext(procedure, input),
    initial: 'restoring',
    states: {
      restoring: { always: places.map((place) => ({ guard: { type: 'startsAt' as const, params: { place } }, target: place })) },
      ...pages,
      review: {
        entry: { type: 'enter', params: { place: 'review' } },
        on: {
          ...edits,
          ...moves('review'),
          BACK: { target: places.at(-2) ?? 'review' },
          FINISH: [
            { guard: 'mayFinish', target: 'finishing', actions: ['commit', 'closeConsents', 'confirmProposals', 'clearFailure'] },
            { actions: ['commit', 'check'] },
          ],
        },
      },
      finishing: {
        on: { FINISHED: { target: 'finished' }, FINISH_FAILED: { target: 'review', actions: 'rememberFailure' } },
      },
      finished: { type: 'final' },
    },
  })
}

export type WizardMachine = ReturnType<typeof createWizardMachine>
