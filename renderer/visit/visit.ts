/**
 * The visit (lượt) on this kiosk: the dossiers of the people at the counter and what they said, until the clerk is done with them (F2),
 * another operator signs in, or two hours have passed since its last change. A lock does not end it: it lies in the vault, under its operator's key.
 *
 * Invariants: what came from a training dossier makes the dossier that takes it over one for training; after the visit's end nothing that
 * belonged to it is heard. Of a draft nothing is kept a second time: its answers are the draft's own.
 */
import type { Answers } from '../../contracts/dossier.ts'
import type { Procedure } from '../../contracts/procedure.ts'
import type { CardHeard, KeptVisit, KnownPeople } from '../../contracts/visit.ts'
import { learnHeard } from '../../procedures/reuse/known-kept.ts'
import { learn, nobody } from '../../procedures/reuse/known-people.ts'
import { cutAt, findField, todayInVietnam } from '../../procedures/rules/index.ts'

export type Said = {
  procedure: Procedure
  answers: Answers
  training: boolean
  /** Of whom it is. */
  name: string
  /** Errors of the pages that were tried to be left. */
  errors: number
  step: { number: number; total: number }
  /** The newest words are not on the disk and cannot be written. */
  unsaved?: boolean
}

export type VisitDossier = Said & { draftId: string; packetId?: string }

/** What an open dossier has of the visit. */
export type OpenInVisit = {
  /** What the other dossiers of the visit say. */
  known: KnownPeople
  training: boolean
  /** What this one says now. Said again, it replaces what it said before. */
  hear: (said: Said) => void
  /** The same reading again, with more or less to it, takes its own place. */
  hearCard: (card: CardHeard) => void
  /** It was sealed: what it said stays known. */
  finished: (packetId: string) => void
}

export type Visit = {
  open: (draftId: string) => OpenInVisit
  /** In the order they were begun. The same array until something changes. */
  dossiers: () => readonly VisitDossier[]
  /** A draft that is no more, or somebody else's now. */
  drop: (draftId: string) => void
  /** Hears when a dossier changes and when the visit ends: a page opens before the one it replaces has spoken. Returns its unsubscribe. */
  onChange: (listener: () => void) => () => void
  /** Resolves when what changed is kept, or could not be. */
  kept: () => Promise<void>
  end: () => void
}

export type Restored = { begunAt: string; dossiers: readonly VisitDossier[]; cards: readonly CardHeard[] }

type Options = {
  now: () => Date
  restored?: Restored | undefined
  /** Undefined: it has ended, and what was kept is destroyed. */
  keep: (visit: KeptVisit | undefined) => Promise<unknown>
}

const isDrawn = (procedure: Procedure, fieldId: string): boolean => findField(procedure, fieldId)?.type === 'signature'

const asKept = (dossier: VisitDossier): KeptVisit['dossiers'][number] => {
  const { draftId, procedure, name, errors, step, training, packetId } = dossier
  const said = {
    draftId,
    procedureCode: procedure.code,
    procedureVersion: procedure.version,
    name: cutAt(name, 500),
    errors,
    step,
    training,
  }
  if (packetId === undefined) return said
  const answers = Object.fromEntries(Object.entries(dossier.answers).filter(([id]) => !isDrawn(procedure, id)))
  return { ...said, finished: { packetId, answers } }
}

const looksTheSame = (one: VisitDossier, other: VisitDossier): boolean =>
  one.name === other.name &&
  one.errors === other.errors &&
  one.step.number === other.step.number &&
  one.step.total === other.step.total &&
  one.unsaved === other.unsaved &&
  one.packetId === other.packetId

export const createVisit = ({ now, restored, keep }: Options): Visit => {
  let dossiers: readonly VisitDossier[] = restored?.dossiers ?? []
  let cards: readonly CardHeard[] = restored?.cards ?? []
  let begunAt = restored?.begunAt ?? now().toISOString()
  /** Which visit it is: what belonged to an earlier one is not heard. */
  let count = 0
  let dirty = false
  let keeping: Promise<unknown> = Promise.resolve()
  const listeners = new Set<() => void>()
  const changed = (): void => {
    for (const listener of listeners) listener()
  }
  const write = (): void => {
    dirty = false
    const empty = dossiers.length === 0 && cards.length === 0
    const kept = empty ? undefined : { begunAt, dossiers: dossiers.map(asKept), cards: [...cards] }
    keeping = keep(kept).catch(() => undefined)
  }
  const put = (dossier: VisitDossier): void => {
    const place = dossiers.findIndex(({ draftId }) => draftId === dossier.draftId)
    const before = dossiers[place]
    if (before === undefined && dossiers.length === 0 && cards.length === 0) begunAt = now().toISOString()
    const same = before !== undefined && looksTheSame(before, dossier)
    if (same) {
      // What is shown of it is the same: nobody need draw anything for what is only said.
      Object.assign(before, { answers: dossier.answers, training: dossier.training })
      return
    }
    dossiers = before === undefined ? [...dossiers, dossier] : dossiers.with(place, dossier)
    dirty = true
    if (before === undefined || before.packetId !== dossier.packetId) write()
    changed()
  }
  return {
    open: (draftId) => {
      const own = count
      const day = { today: todayInVietnam(now()) }
      const others = dossiers.filter((dossier) => dossier.draftId !== draftId)
      return {
        known: cards.reduce(
          learnHeard,
          others.reduce((known, { procedure, answers }) => learn(known, procedure, answers, day), nobody),
        ),
        training: others.some(({ training }) => training) || cards.some(({ specimen }) => specimen),
        hear: (said) => {
          if (own === count) put({ ...said, draftId })
        },
        hearCard: (card) => {
          if (own !== count) return
          const isSame = (other: CardHeard): boolean =>
            other.read.at === card.read.at && other.person.personalNumber === card.person.personalNumber
          cards = [...cards.filter((other) => !isSame(other)), card]
          write()
          changed()
        },
        finished: (packetId) => {
          const said = own === count ? dossiers.find((dossier) => dossier.draftId === draftId) : undefined
          if (said !== undefined) put({ ...said, errors: 0, packetId })
        },
      }
    },
    dossiers: () => dossiers,
    drop: (draftId) => {
      if (!dossiers.some((dossier) => dossier.draftId === draftId)) return
      dossiers = dossiers.filter((dossier) => dossier.draftId !== draftId)
      write()
      changed()
    },
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    kept: async () => {
      if (dirty) write()
      await keeping
    },
    end: () => {
      count += 1
      dossiers = []
      cards = []
      write()
      changed()
    },
  }
}
