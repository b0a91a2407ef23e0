/**
 * What this window knows of the drafts somebody is working on, so that a paper is added, an answer saved and a dossier finished without
 * reading and opening the draft first.
 *
 * Invariants: keys that are held cannot be exported (CryptoKey), belong to whoever is signed in, and are gone with the session; nothing
 * known is good but for the very row it was known from, which whoever uses it compares in their own transaction.
 */
import { ok, type Result } from '../../contracts/result.ts'
import { attachmentKeySource } from '../packet/attachment-codec.ts'
import type { Bytes, SubtleKey } from '../packet/base64url.ts'
import type { AttachmentRow, DraftRow, TramDatabase } from './database.ts'
import { unlockDraft } from './draft-row.ts'
import type { Operators } from './operators.ts'
import { importBoxKey } from './sealed-box.ts'
import type { Locked, NotFound, StoreFault, Unreadable } from './vault-api.ts'

type DraftInHand = { wrappedKey: Bytes; key: SubtleKey; attachments: SubtleKey }
/** As one transaction of this window left them. */
export type DraftAsLeft = { row: DraftRow; papers: AttachmentRow[] }

const most = 16

const isSame = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, at) => byte === b[at])

/** Whether nobody saved the draft, or gave it to somebody else, since. */
export const isAsLeft = (left: DraftRow, row: DraftRow): boolean =>
  left.savedAt === row.savedAt && left.training === row.training && isSame(left.wrappedKey, row.wrappedKey)

export const createDraftsInHand = (database: TramDatabase, operators: Operators) => {
  const held = new Map<string, { operatorId: string; draft: Promise<DraftInHand>; left: DraftAsLeft | undefined }>()
  operators.onSession(() => held.clear())

  const mine = (draftId: string) => {
    const known = held.get(draftId)
    return known?.operatorId === operators.session()?.operator.operatorId ? known : undefined
  }

  const take = (operatorId: string, row: DraftRow, dataKey: Bytes, papers?: AttachmentRow[]): Promise<DraftInHand> => {
    const { draftId, wrappedKey } = row
    const draft = Promise.all([importBoxKey(dataKey), attachmentKeySource(dataKey)]).then(([key, attachments]) => ({
      wrappedKey,
      key,
      attachments,
    }))
    held.delete(draftId)
    // The session may have ended while this was read.
    if (operators.session()?.operator.operatorId === operatorId)
      held.set(draftId, { operatorId, draft, left: papers && { row, papers } })
    const [oldest] = held.keys()
    if (held.size > most && oldest !== undefined) held.delete(oldest)
    return draft
  }

  return {
    take,
    forget: (draftId: string): void => {
      held.delete(draftId)
    },
    /** Undefined: they have to be read. */
    left: (draftId: string): DraftAsLeft | undefined => mine(draftId)?.left,
    leave: (draftId: string, left: DraftAsLeft | undefined): void => {
      const known = mine(draftId)
      if (known !== undefined) known.left = left
    },
    /** Whether the draft's row is still the one that was opened. */
    isSame: (draft: DraftInHand, row: { wrappedKey: Bytes }): boolean => isSame(draft.wrappedKey, row.wrappedKey),
    open: async (draftId: string): Promise<Result<DraftInHand, StoreFault | Locked | NotFound | Unreadable>> => {
      const known = mine(draftId)
      if (known !== undefined) return ok(await known.draft)
      const opened = await unlockDraft(database, operators, draftId)
      if (!opened.ok) return opened
      const { row, dataKey, session } = opened.value
      const draft = await take(session.operator.operatorId, row, dataKey)
      dataKey.fill(0)
      return ok(draft)
    },
  }
}
export type DraftsInHand = ReturnType<typeof createDraftsInHand>
