/**
 * Drafts nobody goes on with are destroyed: the wrap of their key and everything under it, in one transaction.
 *
 * Time is what the station counted (elapsedMs: uptime, at most a day for each time the machine was off, the gateway's clock between leases),
 * so a clock set ten years ahead destroys nothing. Invariant: no draft goes before its warning has stood for a day of that time, half a
 * working day of which the machine was on: a weekend shows nobody anything.
 */
import { ok, type Result } from '../../contracts/result.ts'
import type { StationApi } from '../../contracts/station-api.ts'
import { deleteAttachments } from './attachments.ts'
import type { DraftRow, TramDatabase } from './database.ts'
import { guarded } from './store-faults.ts'
import type { StationGone, StoreFault } from './vault-api.ts'

const hourMs = 3_600_000
const warningMs = 24 * hourMs
const shownForMs = 4 * hourMs
/** Longer than between two looks of a running machine: what is beyond it was off. */
const mostBetweenLooksMs = hourMs / 2

type Verdict = { fate: 'keep' } | { fate: 'destroy' } | { fate: 'note'; change: Pick<DraftRow, 'aging'> }

/** What becomes of a draft at this moment. Pure. */
export const judgeDraft = (aging: DraftRow['aging'], elapsedMs: number, limitMs: number): Verdict => {
  // Its last change was after the last look.
  if (aging === undefined) return { fate: 'note', change: { aging: { since: elapsedMs } } }
  const { since } = aging
  if (elapsedMs - since < limitMs - warningMs) return { fate: 'keep' }
  const before = aging.warning ?? { at: elapsedMs, lookedAt: elapsedMs, shownMs: 0 }
  const shownMs = before.shownMs + Math.min(elapsedMs - before.lookedAt, mostBetweenLooksMs)
  const due = Math.max(since + limitMs, before.at + warningMs, elapsedMs + shownForMs - shownMs)
  if (elapsedMs >= due) return { fate: 'destroy' }
  const warning = { at: before.at, lookedAt: elapsedMs, shownMs }
  return { fate: 'note', change: { aging: { since, warning, hoursLeft: Math.ceil((due - elapsedMs) / hourMs) } } }
}

export const createRetention = (database: TramDatabase, station: StationApi) => {
  const sweepDrafts = async (): Promise<Result<{ destroyed: number }, StoreFault | StationGone>> => {
    const standing = await station.call('standing', {})
    if (!standing.ok) return standing
    const { elapsedMs, draftHours } = standing.value
    const swept = await guarded(() =>
      database.transaction('rw', database.drafts, database.attachments, database.chunks, async () => {
        let destroyed = 0
        for (const row of await database.drafts.toArray()) {
          const verdict = judgeDraft(row.aging, elapsedMs, draftHours * hourMs)
          if (verdict.fate === 'note') await database.drafts.update(row.draftId, verdict.change)
          if (verdict.fate !== 'destroy') continue
          await deleteAttachments(database, row.draftId, () => true)
          await database.drafts.delete(row.draftId)
          destroyed += 1
        }
        return destroyed
      }),
    )
    return swept.ok ? ok({ destroyed: swept.value }) : swept
  }
  return { sweepDrafts }
}
