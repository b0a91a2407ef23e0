/** Changes the list of files as it is now, not as it was when the page was drawn: two files may be stored side by side. */
import type { AttachmentFacts } from '../../contracts/dossier.ts'
import type { OpenDossier } from './open-dossier.ts'

export type PapersChange = (current: AttachmentFacts[]) => AttachmentFacts[]

export const changePapers = ({ actor, send }: Pick<OpenDossier, 'actor' | 'send'>, change: PapersChange): void =>
  send({ type: 'PAPERS_CHANGED', attachments: change(actor.getSnapshot().context.attachments) })

/**
 * The files that are stored, in the order of the draft's own list. That list may be one write behind: what it does not name yet comes last, and
 * what is no longer stored is left out.
 */
export const inOrderOf = (listed: readonly AttachmentFacts[], stored: readonly AttachmentFacts[]): AttachmentFacts[] => {
  const places = new Map(listed.map(({ attachmentId }, at) => [attachmentId, at]))
  const placeOf = ({ attachmentId }: AttachmentFacts): number => places.get(attachmentId) ?? listed.length
  return stored.toSorted((a, b) => placeOf(a) - placeOf(b))
}
