/**
 * The visit (lượt) on this kiosk: what the dossiers of the people at the counter said, until the next people come (F2), the kiosk is locked
 * or the page ends. It is held in memory alone and written nowhere; drafts and packets keep only what was taken over, with its origin.
 *
 * Invariant: what came from a training dossier makes the dossier that takes it over one for training.
 */
import type { Answers } from '../../contracts/dossier.ts'
import type { Procedure } from '../../contracts/procedure.ts'
import type { KnownPeople } from '../../contracts/visit.ts'
import { learn, nobody } from '../../procedures/reuse/known-people.ts'
import { todayInVietnam } from '../../procedures/rules/index.ts'

type Said = { procedure: Procedure; answers: Answers; training: boolean }

export type VisitDossier = {
  /** What the other dossiers of the visit say. */
  known: KnownPeople
  training: boolean
  /** What this one says now. Said again, it replaces what it said before; after the visit's end nothing is heard. */
  hear: (said: Said) => void
}

export type Visit = {
  open: (draftId: string) => VisitDossier
  dossiers: () => number
  /** Hears when a dossier is heard and when the visit ends: a page opens before the one it replaces has spoken. Returns its unsubscribe. */
  onChange: (listener: () => void) => () => void
  end: () => void
}

export const createVisit = (now: () => Date): Visit => {
  let dossiers = new Map<string, Said>()
  const listeners = new Set<() => void>()
  const changed = (): void => {
    for (const listener of listeners) listener()
  }
  return {
    open: (draftId) => {
      const own = dossiers
      const day = { today: todayInVietnam(now()) }
      const others = [...own].filter(([id]) => id !== draftId).map(([, said]) => said)
      return {
        known: others.reduce((known, { procedure, answers }) => learn(known, procedure, answers, day), nobody),
        training: others.some(({ training }) => training),
        hear: (said) => {
          own.delete(draftId)
          own.set(draftId, said)
          changed()
        },
      }
    },
    dossiers: () => dossiers.size,
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    end: () => {
      dossiers = new Map()
      changed()
    },
  }
}
