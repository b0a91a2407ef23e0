/** A draft that is open: its machine, what keeps it on disk, and how writing it can fail. */
import type { Actor } from 'xstate'
import type { DraftChange, StoreFault } from '../../sync/vault/vault-api.ts'
import type { Autosave } from './autosave.ts'
import type { WizardMachine } from './machine/wizard-machine.ts'

export type SaveFault = StoreFault | { type: 'locked' } | { type: 'not-found' } | { type: 'unreadable' }

export type OpenDossier = {
  actor: Actor<WizardMachine>
  autosave: Autosave<DraftChange>
  /** From now on the dossier is for training, and stays so. */
  markTraining: () => void
}
