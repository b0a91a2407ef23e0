/**
 * The visit (lượt) on this kiosk: what the dossiers of the people at the counter said, until the next people come (F2), the kiosk is locked
 * or the page ends. It is held in memory alone and written nowhere; drafts and packets keep only what was taken over, with its origin.
 *
 * Invariant: what came from a training dossier makes the dossier that takes it over one for training.
 */
import type { CardPerson } from '../../contracts/card.ts'
import type { Answers, Provenance } from '../../contracts/dossier.ts'
import type { Procedure } from '../../contracts/procedure.ts'
import type { KnownPeople } from '../../contracts/visit.ts'
import { learnCard } from '../../procedures/reuse/known-cards.ts'
import { learn, nobody } from '../../procedures/reuse/known-people.ts'
import { todayInVietnam } from '../../procedures/rules/index.ts'

type Said = { procedure: Procedure; answers: Answers; training: boolean }

/** A card that was read, and what it was read for: values of it fill the next form too, with the same proof. */
export type CardHeard = { person: CardPerson; read: Provenance; specimen: boolean }

export type VisitDossier = {
  /** What the other dossiers of the visit say. */
  known: KnownPeople
  training: boolean
  /** What this one says now. Said again, it replaces what it said before; after the visit's end nothing is heard. */
  hear: (said: Said) => void
  hearCard: (card: CardHeard) => void
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
  let cards: CardHeard[] = []
  const listeners = new Set<() => void>()
  const changed = (): void => {
    for (const listener of listeners) listener()
  }
  return {
    open: (draftId) => {
      const own = dossiers
      const heard = cards
      const day = { today: todayInVietnam(now()) }
      const others = [...own].filter(([id]) => id !== draftId).map(([, said]) => said)
      return {
        known: heard.reduce(
          (known, { person, read }) => learnCard(known, person, read),
          others.reduce((known, { procedure, answers }) => learn(known, procedure, answers, day), nobody),
        ),
        training: others.some(({ training }) => training) || heard.some(({ specimen }) => specimen),
        hear: (said) => {
          own.delete(draftId)
          own.set(draftId, said)
          changed()
        },
        hearCard: (card) => {
          heard.push(card)
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
      cards = []
      changed()
    },
  }
}
