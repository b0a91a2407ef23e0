/**
 * Drafts: each under a random data key of its own, wrapped by the key of the operator who made it.
 * Everything is encrypted before a transaction opens (it would commit itself while WebCrypto works), and confirmed only when durable.
 */
import { liveQuery } from 'dexie'
import type { AttachmentFacts } from '../../contracts/dossier.ts'
import { err, ok, type Result } from '../../contracts/result.ts'
import { fromUtf8, toUtf8 } from '../packet/base64url.ts'
import { attachmentsOf, deleteAttachments } from './attachments.ts'
import type { DraftRow, TramDatabase } from './database.ts'
import { contentPurpose, labelPurpose, openDataKey, openSupplementState, sealDraft, summaryOf, unlockDraft } from './draft-row.ts'
import type { DraftsInHand } from './drafts-in-hand.ts'
import type { Operators, Session } from './operators.ts'
import { importBoxKey, openBox, openJson, sealBox, sealJson } from './sealed-box.ts'
import { guarded } from './store-faults.ts'
import type { Draft, DraftChange, DraftSummary, Locked, NewDraft, NotFound, StoreFault, Unreadable } from './vault-api.ts'

export const createDrafts = (database: TramDatabase, operators: Operators, inHand: DraftsInHand, now: () => number) => {
  const queues = new Map<string, Promise<unknown>>()
  const instant = () => new Date(now()).toISOString()

  /** Saves of one draft keep the order of their calls, though encryption of one may take longer than that of the next. */
  const inOrder = <T>(draftId: string, work: () => Promise<T>): Promise<T> => {
    const turn = (queues.get(draftId) ?? Promise.resolve()).then(work)
    const settled = turn.catch(() => undefined)
    queues.set(draftId, settled)
    settled.then(() => {
      if (queues.get(draftId) === settled) queues.delete(draftId)
    })
    return turn
  }

  const createDraft = async (draft: NewDraft): Promise<Result<DraftSummary, StoreFault | Locked>> => {
    const session = operators.session()
    if (session === undefined) return err({ type: 'locked' })
    const at = instant()
    const dataKey = crypto.getRandomValues(new Uint8Array(32))
    const row = await sealDraft(session, { ...draft, draftId: crypto.randomUUID(), dataKey, createdAt: at, savedAt: at })
    const written = await guarded(() => database.drafts.add(row))
    if (written.ok) void inHand.take(session.operator.operatorId, row, dataKey, [])
    dataKey.fill(0)
    return written.ok ? ok(summaryOf(row, draft.label)) : written
  }

  const saveNow = async (
    draftId: string,
    change: DraftChange,
  ): Promise<Result<{ savedAt: string }, StoreFault | Locked | NotFound | Unreadable>> => {
    const draft = await inHand.open(draftId)
    if (!draft.ok) return draft
    const { key } = draft.value
    const savedAt = instant()
    const [content, label] = await Promise.all([
      sealJson(key, contentPurpose(draftId), change.content),
      change.label === undefined ? undefined : sealBox(key, labelPurpose(draftId), toUtf8(change.label)),
    ])
    const written = await guarded(() =>
      database.transaction('rw', database.drafts, database.attachments, async () => {
        const [current, papers] = await Promise.all([
          database.drafts.get(draftId),
          database.attachments.where('dossierId').equals(draftId).toArray(),
        ])
        if (current === undefined) return 'not-found'
        if (!inHand.isSame(draft.value, current)) return 'changed-hands'
        const { aging: _, ...kept } = current
        const row = { ...kept, content, savedAt, label: label ?? kept.label, training: change.training ?? kept.training }
        await database.drafts.put(row)
        return { row, papers }
      }),
    )
    if (!written.ok) return written
    if (written.value === 'not-found' || written.value === 'changed-hands') {
      inHand.forget(draftId)
      return written.value === 'not-found' ? err({ type: 'not-found' }) : saveNow(draftId, change)
    }
    inHand.leave(draftId, written.value)
    return ok({ savedAt })
  }

  const saveDraft = (draftId: string, change: DraftChange) => inOrder(draftId, () => saveNow(draftId, change))

  const loadDraft = async (draftId: string): Promise<Result<Draft, StoreFault | Locked | NotFound | Unreadable>> => {
    const draft = await unlockDraft(database, operators, draftId)
    if (!draft.ok) return draft
    const { row, key } = draft.value
    draft.value.dataKey.fill(0)
    const label = await openBox(key, labelPurpose(draftId), row.label)
    const content = await openJson(key, contentPurpose(draftId), row.content)
    if (label === undefined || content === undefined) return err({ type: 'unreadable' })
    const attachments: Result<AttachmentFacts[], StoreFault | Unreadable> = await attachmentsOf(database, key, draftId)
    if (!attachments.ok) return attachments
    const supplement = await openSupplementState(key, draftId, row.supplement)
    if (row.supplement !== undefined && supplement === undefined) return err({ type: 'unreadable' })
    return ok({
      ...summaryOf(row, fromUtf8(label)),
      content: content.value,
      attachments: attachments.value,
      ...(supplement === undefined ? {} : { supplement }),
    })
  }

  const summarise = async (session: Session, rows: DraftRow[]): Promise<DraftSummary[]> => {
    const summaries: DraftSummary[] = []
    for (const row of rows.toSorted((a, b) => b.savedAt.localeCompare(a.savedAt))) {
      const dataKey = await openDataKey(session, row)
      const label = dataKey && (await openBox(await importBoxKey(dataKey), labelPurpose(row.draftId), row.label))
      // A draft which does not open is listed all the same: nothing vanishes from the list in silence.
      summaries.push(summaryOf(row, label === undefined ? '' : fromUtf8(label)))
    }
    return summaries
  }

  /** A withdrawal is nothing to go on with: it is queued at once, or asked again. */
  const rowsOf = (session: Session) =>
    database.drafts
      .where('operatorId')
      .equals(session.operator.operatorId)
      .filter(({ about }) => about?.kind !== 'withdraw')
      .toArray()

  const listDrafts = async (): Promise<Result<DraftSummary[], StoreFault | Locked>> => {
    const session = operators.session()
    if (session === undefined) return err({ type: 'locked' })
    const rows = await guarded(() => rowsOf(session))
    return rows.ok ? ok(await summarise(session, rows.value)) : rows
  }

  const discardDraft = (draftId: string) =>
    inOrder(draftId, async (): Promise<Result<void, StoreFault | Locked | NotFound>> => {
      const session = operators.session()
      if (session === undefined) return err({ type: 'locked' })
      const removed = await guarded(() =>
        database.transaction('rw', database.drafts, database.attachments, database.chunks, async () => {
          const row = await database.drafts.get(draftId)
          if (row?.operatorId !== session.operator.operatorId) return false
          await deleteAttachments(database, draftId, () => true)
          await database.drafts.delete(draftId)
          return true
        }),
      )
      if (!removed.ok) return removed
      return removed.value ? ok(undefined) : err({ type: 'not-found' })
    })

  const observeDrafts = (listener: (drafts: DraftSummary[]) => void): (() => void) => {
    let turn = 0
    let stopped = false
    let query: { unsubscribe(): void } | undefined
    const follow = () => {
      query?.unsubscribe()
      query = undefined
      turn += 1
      const session = operators.session()
      if (session === undefined) {
        listener([])
        return
      }
      query = liveQuery(() => rowsOf(session)).subscribe({
        next: (rows) => {
          turn += 1
          const mine = turn
          summarise(session, rows).then((drafts) => {
            if (!stopped && mine === turn) listener(drafts)
          })
        },
        // A closed store: whoever acts on it next gets the fault as a value.
        error: () => undefined,
      })
    }
    const offSession = operators.onSession(follow)
    follow()
    return () => {
      stopped = true
      offSession()
      query?.unsubscribe()
    }
  }

  return { createDraft, saveDraft, loadDraft, listDrafts, discardDraft, observeDrafts, inOrder }
}

export type Drafts = ReturnType<typeof createDrafts>
