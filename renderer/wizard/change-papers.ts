/** Changes the list of files as it is now, not as it was when the page was drawn: two files may be stored side by side. */
import type { AttachmentFacts } from '../../contracts/dossier.ts'
import type { OpenDossier } from './open-dossier.ts'

export type PapersChange = (current: AttachmentFacts[]) => AttachmentFacts[]

export const changePapers = ({ actor, send }: Pick<OpenDossier, 'actor' | 'send'>, change: PapersChange): void =>
  send({ type: 'PAPERS_CHANGED', attachments: change(actor.getSnapshot().context.attachments) })
