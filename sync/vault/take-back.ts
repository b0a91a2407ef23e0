/**
 * Out of the queue again, while the gateway has it not and never will have.
 * Invariants
 * - ONE transaction removes the entry and writes the draft, and decides again within it: before it the packet is whole, after it the draft.
 * - The last event of a dossier comes back first: a later one names it as the one before it, and would be waited for for ever.
 */
import { err, ok, type Result } from '../../contracts/result.ts'
import { fromUtf8 } from '../packet/base64url.ts'
import { openPayload } from '../packet/packet-codec.ts'
import type { DraftRow, OutboxRow, TramDatabase } from './database.ts'
import { dataKeyPurpose, openSupplementState, sealDraft, summaryOf } from './draft-row.ts'
import { answersIn, type TakenBack } from './event-payload.ts'
import { eventsOf } from './finish.ts'
import type { Operators } from './operators.ts'
import { canTakeBack, dossierOf, laterEvent } from './outbox-row.ts'
import { entryLabelPurpose } from './outbox-view.ts'
import { importBoxKey, openBox } from './sealed-box.ts'
import { guarded, ifLost } from './store-faults.ts'
import type { DraftSummary, TakeBackFault } from './vault-api.ts'

/** WizardDraft of contracts/draft.ts, opened at its review. */
const draftContentOf = (row: OutboxRow, answered: TakenBack) => ({
  procedureCode: row.procedureCode,
  procedureVersion: row.procedureVersion,
  ...answered,
  place: 'review',
  visited: [],
  checked: [],
  returnToReview: false,
})

export const createTakeBack = (database: TramDatabase, operators: Operators, now: () => number) => {
  const instant = () => new Date(now()).toISOString()

  const whyNot = (row: OutboxRow, events: readonly OutboxRow[]): TakeBackFault | undefined => {
    const later = laterEvent(row, events)
    if (later !== undefined) return { type: 'later-event', kind: later.about?.kind ?? 'supplement' }
    return canTakeBack(row) ? undefined : { type: 'too-late' }
  }

  const read = (packetId: string) =>
    guarded(async () => {
      const packet = (await ifLost(database.packets.get(packetId), () => undefined))?.packet
      return database.transaction('r', database.outbox, async () => {
        const row = await database.outbox.get(packetId)
        return row && { row, packet, events: await eventsOf(database, dossierOf(row)) }
      })
    })

  const leaveQueue = async (packetId: string, draft: DraftRow | undefined): Promise<Result<void, TakeBackFault>> => {
    const { outbox, packets, matters, drafts } = database
    const left = await guarded(() =>
      database.transaction('rw', drafts, outbox, packets, matters, async (): Promise<TakeBackFault | undefined> => {
        const current = await outbox.get(packetId)
        if (current === undefined) return { type: 'not-found' }
        const refusal = whyNot(current, await eventsOf(database, dossierOf(current)))
        if (refusal !== undefined) return refusal
        await outbox.delete(packetId)
        await packets.delete(packetId)
        await matters.delete(packetId)
        if (draft !== undefined) await drafts.add(draft)
        return undefined
      }),
    )
    if (!left.ok) return left
    return left.value === undefined ? ok(undefined) : err(left.value)
  }

  const takeBack = async (packetId: string): Promise<Result<DraftSummary, TakeBackFault>> => {
    const session = operators.session()
    if (session === undefined) return err({ type: 'locked' })
    const found = await read(packetId)
    if (!found.ok) return found
    if (found.value === undefined || found.value.row.about?.kind === 'withdraw') return err({ type: 'not-found' })
    const { row, packet, events } = found.value
    const refusal = whyNot(row, events)
    if (refusal !== undefined) return err(refusal)
    if (row.wrappedKey === undefined) return err({ type: 'too-late' })
    if (packet === undefined) return err({ type: 'unreadable' })
    const dataKey = await openBox(session.key, dataKeyPurpose(row.dossierId), row.wrappedKey)
    const payload = dataKey && (await openPayload(packet, dataKey))
    const label = await openBox(session.key, entryLabelPurpose(packetId), row.label)
    if (dataKey === undefined || !payload?.ok || label === undefined) return err({ type: 'unreadable' })
    const supplement = await openSupplementState(await importBoxKey(dataKey), row.dossierId, row.basis)
    const answered = answersIn(row.about === undefined ? 'submit' : 'supplement', JSON.parse(fromUtf8(payload.value)), supplement)
    if (answered === undefined) return err({ type: 'unreadable' })
    const draft = await sealDraft(session, {
      draftId: row.dossierId,
      procedureCode: row.procedureCode,
      procedureVersion: row.procedureVersion,
      content: draftContentOf(row, answered),
      label: fromUtf8(label),
      training: row.training,
      dataKey,
      createdAt: row.queuedAt,
      savedAt: instant(),
      about: row.about && { ...row.about, packetId: row.about.packetId ?? '', slipCode: row.slipCode },
      supplement,
    })
    dataKey.fill(0)
    const left = await leaveQueue(packetId, draft)
    return left.ok ? ok(summaryOf(draft, fromUtf8(label))) : left
  }

  /** A withdrawal holds nothing to go on with: taken back, it is as if it had not been asked for. */
  const cancelWithdrawal = async (packetId: string): Promise<Result<void, TakeBackFault>> => {
    const session = operators.session()
    if (session === undefined) return err({ type: 'locked' })
    const found = await read(packetId)
    if (!found.ok) return found
    if (found.value?.row.about?.kind !== 'withdraw') return err({ type: 'not-found' })
    if (found.value.row.operatorId !== session.operator.operatorId) return err({ type: 'unreadable' })
    return leaveQueue(packetId, undefined)
  }

  return { takeBack, cancelWithdrawal }
}
