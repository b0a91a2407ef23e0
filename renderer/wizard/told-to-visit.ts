/** What a dossier tells the visit of itself: all it says when it is left, between that only what its tab shows. */
import type { Said } from '../visit/visit.ts'
import { finishedContent, placesOf, type WizardContext } from './machine/wizard-context.ts'
import { nameIn } from './new-draft.ts'

export type Standing = Pick<Said, 'name' | 'errors' | 'step'>

/** Cheap: it is looked at with every key. */
export const standingOf = ({ procedure, answers, findings, place }: WizardContext): Standing => {
  const places = placesOf(procedure)
  const errors = Object.entries(findings)
    // Review says again what the pages say.
    .flatMap(([at, found]) => (at === 'review' ? [] : found))
    .filter(({ severity }) => severity === 'error').length
  return {
    name: nameIn(procedure, answers),
    errors,
    step: { number: places.indexOf(place) + 1, total: places.length },
  }
}

export const saidBy = (context: WizardContext, more: Pick<Said, 'training' | 'unsaved'>): Said => ({
  ...standingOf(context),
  ...more,
  procedure: context.procedure,
  answers: finishedContent(context).answers,
})
