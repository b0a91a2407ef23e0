/**
 * Work changes hands: drafts by the one who made them, drafts and what lies on the shelf by a supervisor when that one is gone.
 * Invariants: only the data key is wrapped anew, to the receiver's public key; content and attachments stay as they lie. Whoever has a draft
 * now was never warned that it ends, so its time begins again (retention.ts).
 */
import { err, ok, type Result } from '../../contracts/result.ts'
import type { Bytes } from '../packet/base64url.ts'
import { wrapKey } from '../packet/key-wrap.ts'
import type { DraftRow, OperatorRow, OutboxRow, TramDatabase } from './database.ts'
import { dataKeyPurpose, handedPurpose, openDataKey, unlockDraft } from './draft-row.ts'
import type { Operators, Session } from './operators.ts'
import { entryLabelPurpose } from './outbox-view.ts'
import { importBoxKey, openBox, sealBox } from './sealed-box.ts'
import { guarded } from './store-faults.ts'
import type { HandOverFault, StoreFault, WorkOwner } from './vault-api.ts'

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

  const rowsOf = (operatorId: string) =>
    database.transaction('r', database.operators, database.drafts, database.outbox, async () => ({
      from: await database.operators.get(operatorId),
      drafts: await database.drafts.where('operatorId').equals(operatorId).toArray(),
      shelved: await shelvedOf(operatorId).toArray(),
    }))
  /** Of the queue: what goes no further without a person. */
  const shelvedOf = (operatorId: string) =>
    database.outbox
      .where('open')
      .equals(1)
      .filter((row) => row.operatorId === operatorId && ['needs-attention', 'recalled'].includes(row.progress.state.name))

  /** False: it does not open. */
  const adoptDraft = async (row: DraftRow, owner: Session, me: OperatorRow): Promise<boolean> => {
    const dataKey = await openDataKey(owner, row)
    const wrappedKey =
      dataKey && me.publicKey !== undefined ? await wrapKey(me.publicKey, handedPurpose(row.draftId), dataKey) : undefined
    dataKey?.fill(0)
    if (wrappedKey === undefined) return false
    await database.transaction('rw', database.drafts, async () => {
      const current = await database.drafts.get(row.draftId)
      if (current?.operatorId !== row.operatorId) return
      const { aging: _, ...kept } = current
      await database.drafts.put({ ...kept, operatorId: me.operatorId, wrappedKey, handed: true })
    })
    return true
  }

  const adoptShelved = async (row: OutboxRow, owner: Session, mine: Session): Promise<boolean> => {
    const rebox = async (purpose: string, box: Bytes | undefined): Promise<Bytes | undefined> => {
      const plain = box && (await openBox(owner.key, purpose, box))
      const again = plain && (await sealBox(mine.key, purpose, plain))
      plain?.fill(0)
      return again
    }
    const wrappedKey = await rebox(dataKeyPurpose(row.dossierId), row.wrappedKey)
    const label = await rebox(entryLabelPurpose(row.packetId), row.label)
    if (wrappedKey === undefined || label === undefined) return false
    const { operatorId } = mine.operator
    await database.transaction('rw', database.outbox, async () => {
      const current = await database.outbox.get(row.packetId)
      // Received meanwhile it has no key any more, and gets none.
      if (current?.operatorId !== row.operatorId || current.wrappedKey === undefined) return
      await database.outbox.put({ ...current, operatorId, wrappedKey, label })
    })
    return true
  }

  const adoptWork = async (fromOperatorId: string): Promise<Result<{ count: number }, HandOverFault>> => {
    const session = operators.session()
    if (session === undefined) return err({ type: 'locked' })
    const { operatorId, role } = session.operator
    if (role !== 'supervisor' || session.privateKey === undefined) return err({ type: 'not-supervisor' })
    const read = await guarded(async () => ({ ...(await rowsOf(fromOperatorId)), me: await database.operators.get(operatorId) }))
    if (!read.ok) return read
    const { from, me, drafts, shelved } = read.value
    if (from === undefined || me?.publicKey === undefined) return err({ type: 'no-such-operator' })
    const raw = await keys.openSupervisorCopy(from, operatorId, session.privateKey)
    if (raw === undefined) return err({ type: 'unreadable' })
    const key = await importBoxKey(raw)
    raw.fill(0)
    const owner: Session = { operator: session.operator, key, privateKey: await keys.openPrivateKey(from, key) }
    const tasks = [
      ...drafts.map((row) => () => adoptDraft(row, owner, me)),
      ...shelved.map((row) => () => adoptShelved(row, owner, session)),
    ]
    let count = 0
    for (const task of tasks) {
      // What does not open stays where it is, and holds up no other.
      const adopted = await guarded(task)
      if (!adopted.ok) return adopted
      if (adopted.value) count += 1
    }
    return count === 0 && tasks.length > 0 ? err({ type: 'unreadable' }) : ok({ count })
  }

  const listWorkOwners = async (): Promise<Result<WorkOwner[], StoreFault>> =>
    guarded(() =>
      database.transaction('r', database.operators, database.drafts, database.outbox, async () => {
        const owners: WorkOwner[] = []
        for (const { operatorId, name, removedAt } of await database.operators.toArray()) {
          const drafts = await database.drafts.where('operatorId').equals(operatorId).count()
          const shelved = await shelvedOf(operatorId).count()
          if (drafts + shelved > 0) owners.push({ operatorId, name, removed: removedAt !== undefined, drafts, shelved })
        }
        return owners
      }),
    )

  return { handOver, adoptWork, listWorkOwners }
}
