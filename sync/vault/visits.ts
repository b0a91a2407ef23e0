/**
 * The visit that is going on: what is known of the people at the counter, for the operator who serves them, so that a lock does not end it.
 *
 * Invariants
 * - One row an operator, under that operator's own key: without the PIN and the machine nobody reads it.
 * - It goes when it is ended, when another operator signs in, and two hours after the last change, by the station's count of time, which no
 *   clock set back makes longer. Looking at it is no change.
 */
import { err, ok, type Result } from '../../contracts/result.ts'
import type { StationApi } from '../../contracts/station-api.ts'
import type { TramDatabase } from './database.ts'
import type { Operators } from './operators.ts'
import { openJson, sealJson } from './sealed-box.ts'
import { guarded } from './store-faults.ts'
import type { Locked, StationGone, StoreFault } from './vault-api.ts'

export const visitLimitMs = 2 * 3_600_000

const purpose = (operatorId: string) => `tram visit ${operatorId}`

export const createVisits = (database: TramDatabase, station: StationApi, operators: Operators) => {
  let queue: Promise<unknown> = Promise.resolve()
  /** What was kept last is what is found, and what was ended stays ended. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = queue.then(work)
    queue = turn.catch(() => undefined)
    return turn
  }

  const elapsed = async (): Promise<Result<number, StationGone>> => {
    const standing = await station.call('standing', {})
    return standing.ok ? ok(standing.value.elapsedMs) : standing
  }

  const keepVisit = (content: unknown) =>
    inTurn(async (): Promise<Result<void, StoreFault | Locked | StationGone>> => {
      const session = operators.session()
      if (session === undefined) return err({ type: 'locked' })
      const { operatorId } = session.operator
      const sealed = await sealJson(session.key, purpose(operatorId), content)
      const changedAt = await elapsed()
      if (!changedAt.ok) return changedAt
      const written = await guarded(() => database.visits.put({ operatorId, changedAt: changedAt.value, content: sealed }))
      return written.ok ? ok(undefined) : written
    })

  const sweep = async (): Promise<void> => {
    const now = await elapsed()
    if (!now.ok) return
    // A count below the row's is another machine's, or one that began anew.
    await guarded(() =>
      database.visits.filter(({ changedAt }) => now.value < changedAt || now.value - changedAt >= visitLimitMs).delete(),
    )
  }

  const openVisit = () =>
    inTurn(async (): Promise<Result<{ content: unknown } | undefined, StoreFault | Locked>> => {
      const session = operators.session()
      if (session === undefined) return err({ type: 'locked' })
      const { operatorId } = session.operator
      await sweep()
      const row = await guarded(() => database.visits.get(operatorId))
      if (!row.ok) return row
      const opened = row.value && (await openJson(session.key, purpose(operatorId), row.value.content))
      return ok(opened === undefined ? undefined : { content: opened.value })
    })

  const endVisit = () => inTurn(() => guarded(() => database.visits.clear()))

  // The people of one operator are no business of the next.
  operators.onSession((operator) => {
    if (operator === undefined) return
    void inTurn(() => guarded(() => database.visits.where('operatorId').notEqual(operator.operatorId).delete()))
  })

  return { keepVisit, openVisit, endVisit, sweepVisits: () => inTurn(sweep) }
}
