/**
 * Drafts change hands: by the one who made them, or by a supervisor when that one is gone.
 * Invariants: only the data key is wrapped anew, to the receiver's public key; content and attachments stay as they lie. Whoever has a draft
 * now was never warned that it ends, so its time begins again (retention.ts).
 */
import { err, ok, type Result } from '../../contracts/result.ts'
import { wrapKey } from '../packet/key-wrap.ts'
import type { TramDatabase } from './database.ts'
import { handedPurpose, openDataKey, unlockDraft } from './draft-row.ts'
import type { Operators, Session } from './operators.ts'
import { importBoxKey } from './sealed-box.ts'
import { guarded } from './store-faults.ts'
import type { HandOverFault, StoreFault } from './vault-api.ts'

export const createHandOver = (database: TramDatabase, operators: Operators) => {
  const { keys } = operators

  const handOver = async (request: { draftId: string; toOperatorId: string }): Promise<Result<void, HandOverFault>> => {
    const draft = await unlockDraft(database, operators, request.draftId)
    if (!draft.ok) return draft
    const receiver = await guarded(() => database.operators.get(request.toOperatorId))
    if (!receiver.ok) return receiver
    if (receiver.value?.publicKey === undefined || receiver.value.removedAt !== undefined)
      return err({ type: 'no-such-operator' })
    const { dataKey, session } = draft.value
    const wrappedKey = await wrapKey(receiver.value.publicKey, handedPurpose(request.draftId), dataKey)
    dataKey.fill(0)
    if (wrappedKey === undefined) return err({ type: 'no-such-operator' })
    const moved = await guarded(() =>
      database.transaction('rw', database.drafts, async () => {
        const row = await database.drafts.get(request.draftId)
        if (row?.operatorId !== session.operator.operatorId) return false
        const { aging: _, ...kept } = row
        await database.drafts.put({ ...kept, operatorId: request.toOperatorId, wrappedKey, handed: true })
        return true
      }),
    )
    if (!moved.ok) return moved
    return moved.value ? ok(undefined) : err({ type: 'not-found' })
  }

  const adoptDrafts = async (fromOperatorId: string): Promise<Result<{ count: number }, HandOverFault>> => {
    const session = operators.session()
    if (session === undefined) return err({ type: 'locked' })
    const { operatorId, role } = session.operator
    if (role !== 'supervisor' || session.privateKey === undefined) return err({ type: 'not-supervisor' })
    const read = await guarded(() =>
      database.transaction('r', database.operators, database.drafts, async () => ({
        from: await database.operators.get(fromOperatorId),
        me: await database.operators.get(operatorId),
        drafts: await database.drafts.where('operatorId').equals(fromOperatorId).toArray(),
      })),
    )
    if (!read.ok) return read
    const { from, me, drafts } = read.value
    if (from === undefined || me?.publicKey === undefined) return err({ type: 'no-such-operator' })
    const raw = await keys.openSupervisorCopy(from, operatorId, session.privateKey)
    if (raw === undefined) return err({ type: 'unreadable' })
    const key = await importBoxKey(raw)
    raw.fill(0)
    const asOwner: Session = { operator: session.operator, key, privateKey: await keys.openPrivateKey(from, key) }
    let count = 0
    let damaged = 0
    for (const row of drafts) {
      const dataKey = await openDataKey(asOwner, row)
      const wrappedKey = dataKey && (await wrapKey(me.publicKey, handedPurpose(row.draftId), dataKey))
      dataKey?.fill(0)
      // It stays where it is, and holds up no other.
      if (wrappedKey === undefined) {
        damaged += 1
        continue
      }
      const moved = await guarded(() =>
        database.transaction('rw', database.drafts, async () => {
          const current = await database.drafts.get(row.draftId)
          if (current?.operatorId !== fromOperatorId) return false
          const { aging: _, ...kept } = current
          await database.drafts.put({ ...kept, operatorId, wrappedKey, handed: true })
          return true
        }),
      )
      if (!moved.ok) return moved
      if (moved.value) count += 1
    }
    return count === 0 && damaged > 0 ? err({ type: 'unreadable' }) : ok({ count })
  }

  const listDraftOwners = async (): Promise<
    Result<{ operatorId: string; name: string; removed: boolean; drafts: number }[], StoreFault>
  > =>
    guarded(() =>
      database.transaction('r', database.operators, database.drafts, async () => {
        const owners = []
        for (const { operatorId, name, removedAt } of await database.operators.toArray()) {
          const drafts = await database.drafts.where('operatorId').equals(operatorId).count()
          if (drafts > 0) owners.push({ operatorId, name, removed: removedAt !== undefined, drafts })
        }
        return owners
      }),
    )

  return { handOver, adoptDrafts, listDraftOwners }
}
