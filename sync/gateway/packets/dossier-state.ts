/**
 * What a dossier is by now: its submit with the supplements which came after it. Pure.
 * Invariant: a field changed on both sides is never decided here; `changedElsewhere` names it and a person looks at both.
 */
import type { Answers, Dossier } from '../../../contracts/dossier.ts'
import type { Supplement } from '../../../contracts/dossier-events.ts'

export type DossierState = { dossier: Dossier; revision: number; withdrawn: boolean }

/** Fields which are neither what the clerk saw nor what the clerk wrote. */
export const changedElsewhere = (dossier: Dossier, { answers, seen }: Pick<Supplement, 'answers' | 'seen'>): string[] =>
  Object.entries(answers)
    .filter(([id, { value }]) => {
      const current = dossier.answers[id]?.value
      return current !== seen[id] && (current ?? '') !== value
    })
    .map(([id]) => id)

/** An empty value takes an answer away: a row that is gone, a field no longer asked. */
const withoutEmpty = (answers: Answers): Answers =>
  Object.fromEntries(Object.entries(answers).filter(([, { value }]) => value !== ''))

export const withSupplement = (state: DossierState, supplement: Supplement): DossierState => ({
  ...state,
  revision: state.revision + 1,
  dossier: {
    ...state.dossier,
    answers: withoutEmpty({ ...state.dossier.answers, ...supplement.answers }),
    // A paper handed in anew stands for the one before it.
    attachments: [
      ...state.dossier.attachments.filter(({ paperId }) => supplement.attachments.every((added) => added.paperId !== paperId)),
      ...supplement.attachments,
    ],
  },
})
