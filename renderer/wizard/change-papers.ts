/** Changes the list of files as it is now, not as it was when the page was drawn: two files may be stored side by side. */
import type { Actor } from 'xstate'
import type { AttachmentFacts } from '../../contracts/dossier.ts'
import type { WizardMachine } from './machine/wizard-machine.ts'

export type PapersChange = (current: AttachmentFacts[]) => AttachmentFacts[]

export const changePapers = (actor: Actor<WizardMachine>, change: PapersChange): void =>
  actor.send({ type: 'PAPERS_CHANGED', attachments: change(actor.getSnapshot().context.attachments) })
