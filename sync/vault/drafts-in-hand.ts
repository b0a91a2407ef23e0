/**
 * The keys of drafts somebody is working on, so that a paper is added without reading and opening the draft first.
 *
 * Invariants: what is held cannot be exported (CryptoKey), belongs to whoever is signed in, and is gone with the session; it is good only
 * for the very wrap of the data key it was opened from, which whoever uses it compares in their own transaction.
 */
import { ok, type Result } from '../../contracts/result.ts'
import { attachmentKeySource } from '../packet/attachment-codec.ts'
import type { Bytes, SubtleKey } from '../packet/base64url.ts'
import type { TramDatabase } from './database.ts'
import { unlockDraft } from './draft-row.ts'
import type { Operators } from './operators.ts'
import { importBoxKey } from './sealed-box.ts'
import type { Locked, NotFound, StoreFault, Unreadable } from './vault-api.ts'

export type DraftInHand = { wrappedKey: Bytes; key: SubtleKey; attachments: SubtleKey }

const most = 16

const isSame = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, at) => byte === b[at])

export const createDraftsInHand = (database: TramDatabase, operators: Operators) => {
  const held = new Map<string, { operatorId: string; draft: Promise<DraftInHand> }>()
  operators.onSession(() => held.clear())

  const take = (operatorId: string, draftId: string, wrappedKey: Bytes, dataKey: Bytes): Promise<DraftInHand> => {
    const draft = Promise.all([importBoxKey(dataKey), attachmentKeySource(dataKey)]).then(([key, attachments]) => ({
      wrappedKey,
      key,
      attachments,
    }))
    held.delete(draftId)
    // The session may have ended while this was read.
    if (operators.session()?.operator.operatorId === operatorId) held.set(draftId, { operatorId, draft })
    const [oldest] = held.keys()
    if (held.size > most && oldest !== undefined) held.delete(oldest)
    return draft
  }

  return {
    take,
    forget: (draftId: string): void => {
      held.delete(draftId)
    },
    /** Whether the draft's row is still the one that was opened. */
    isSame: (draft: DraftInHand, row: { wrappedKey: Bytes }): boolean => isSame(draft.wrappedKey, row.wrappedKey),
    open: async (draftId: string): Promise<Result<DraftInHand, StoreFault | Locked | NotFound | Unreadable>> => {
      const known = held.get(draftId)
      if (known !== undefined && known.operatorId === operators.session()?.operator.operatorId) return ok(await known.draft)
      const opened = await unlockDraft(database, operators, draftId)
      if (!opened.ok) return opened
      const { row, dataKey, session } = opened.value
      const draft = await take(session.operator.operatorId, draftId, row.wrappedKey, dataKey)
      dataKey.fill(0)
      return ok(draft)
    },
  }
}
export type DraftsInHand = ReturnType<typeof createDraftsInHand>
