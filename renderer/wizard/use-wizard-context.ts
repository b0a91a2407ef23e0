/**
 * What the wizard knows, for the page that shows it. A typed letter stands in its own control at once (`useTyped`); the page around it
 * follows as a transition, after the letter's frame (`createLetters`). Anything else that changes (a choice, a card, a step) is shown at once.
 */
import { useEffect, useState } from 'react'
import type { WizardContext } from './machine/wizard-context.ts'
import type { OpenDossier } from './open-dossier.ts'

export const useWizardContext = (actor: OpenDossier['actor']): WizardContext => {
  const [context, setContext] = useState(actor.getSnapshot().context)
  useEffect(() => {
    setContext(actor.getSnapshot().context)
    const { unsubscribe } = actor.subscribe((snapshot) => setContext(snapshot.context))
    return unsubscribe
  }, [actor])
  return context
}
