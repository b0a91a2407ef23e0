/** A draft that is open: its machine, what keeps it on disk, and how writing it can fail. */
import type { Actor } from 'xstate'
import type { Procedure } from '../../contracts/procedure.ts'
import type { CardHeard, KnownPeople } from '../../contracts/visit.ts'
import type { StoreFault, SupplementState } from '../../sync/vault/vault-api.ts'
import type { Typed } from './letters.ts'
import type { WizardEvent, WizardMachine } from './machine/wizard-machine.ts'
import type { RunningWork } from './running-work.ts'
import type { SaveStore } from './save-store.ts'

export type SaveFault = StoreFault | { type: 'locked' } | { type: 'not-found' } | { type: 'unreadable' }

export type OpenDossier = {
  /** To be looked at; what is said to it goes through `send` and `type`. */
  actor: Pick<Actor<WizardMachine>, 'getSnapshot' | 'subscribe'>
  /** After the letters typed before. */
  send: (event: WizardEvent) => void
  /** After the frame that shows the letter. */
  type: (typed: Typed) => void
  /** Writes the newest content now, with the letters on their way; true when it is durable. */
  keep: () => Promise<boolean>
  save: SaveStore<SaveFault>
  /** Files being stored and the packet being sealed. */
  work: RunningWork
  /** Waits for the running work and the newest content; true when all of it is durable. */
  flush: () => Promise<boolean>
  /** From now on the dossier is for training, and stays so. */
  markTraining: () => void
  /** What other dossiers say of people; `training` when any of them is for training. */
  known: { visit: KnownPeople; drafts: KnownPeople; training: boolean }
  /** For how long the gateway keeps what citizens let be kept; null where nobody is asked. */
  keepMonths: number | null
  /** A card that was read for this dossier: what it holds is offered here and in the visit's next dossiers. */
  hearCard: (card: CardHeard) => void
  /** Of a draft that answers an agency's request: the request, the dossier's own document, and what may be done about the two. */
  supplement: {
    state: SupplementState
    procedure: Procedure
    renew: () => void
    settle: (field: string, keep: 'mine' | 'theirs') => void
  } | null
}
