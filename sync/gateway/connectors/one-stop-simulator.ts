/**
 * Behaves as a one-stop system does, and says that it is a simulator in everything it gives out.
 *
 * Invariants: codes are `{agency}-{yyMMdd}-{4 digits}` (at least), counted anew for each agency and day in Vietnam's time,
 * under the lock of the counter's row, so no code is given twice and none is skipped by a failed submission; a reference
 * that was accepted before is answered with "đã tồn tại".
 */
import type { PacketContent } from '../../../contracts/dossier-events.ts'
import { err, ok, type Result } from '../../../contracts/result.ts'
import type { Database, Transaction } from '../storage/database.ts'
import { agencyStatuses } from './agency-statuses.ts'
import type { Acceptance, Connector, SubmitFailure } from './connector.ts'

const agencyCode = 'H11.12.34'
const agencyName = `Hệ thống một cửa mô phỏng (${agencyCode})`
const dayMs = 86_400_000

/** A date whose UTC parts are those of Vietnam's clock (UTC+7, no summer time). */
const inVietnam = (at: Date): Date => new Date(at.getTime() + 7 * 3_600_000)

export const codeDay = (at: Date): string => inVietnam(at).toISOString().slice(2, 10).replaceAll('-', '')

/** The same working day; from 15 o'clock on, the next one. Public holidays are not known here. */
export function appointmentDay(at: Date): string {
  let day = inVietnam(at)
  if (day.getUTCHours() >= 15) day = new Date(day.getTime() + dayMs)
  while (day.getUTCDay() === 0 || day.getUTCDay() === 6) day = new Date(day.getTime() + dayMs)
  const [year, month, date] = day.toISOString().slice(0, 10).split('-')
  return `${date}/${month}/${year}`
}

/** A supplement sets the dossier going again, a withdrawal ends it. Each reference counts once. */
async function takeEvent(
  trx: Transaction,
  reference: string,
  content: Exclude<PacketContent, { kind: 'submit' }>,
  at: Date,
): Promise<Result<Acceptance, SubmitFailure>> {
  const code = content.kind === 'supplement' ? 4 : 7
  const status = { code, text: agencyStatuses[code], at: at.toISOString(), simulated: true }
  const { dossierId } = content.kind === 'supplement' ? content.supplement : content.withdrawal
  const row = await trx
    .selectFrom('one_stop_dossiers')
    .select(['reference', 'official'])
    .where('dossier_id', '=', dossierId)
    .forUpdate()
    .executeTakeFirst()
  if (row === undefined) {
    const text = agencyStatuses[3]
    return err({ type: 'refused', status: { code: 3, text, at: at.toISOString(), simulated: true }, reason: text })
  }
  const inserted = await trx
    .insertInto('one_stop_events')
    .values({ reference, kind: content.kind, official: JSON.stringify(row.official), status: JSON.stringify(status) })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (inserted.numInsertedOrUpdatedRows !== 1n)
    return err({ type: 'already-exists', message: `Hồ sơ đã tồn tại: ${row.official.code}` })
  await trx
    .updateTable('one_stop_dossiers')
    .set({ status: JSON.stringify(status) })
    .where('reference', '=', row.reference)
    .execute()
  return ok({ official: row.official, status })
}

export function createOneStopSimulator(database: Database, now: () => Date = () => new Date()): Connector {
  return {
    name: agencyName,
    simulated: true,
    submit: ({ reference, content }) =>
      database.transaction().execute(async (trx) => {
        const at = now()
        if (content.kind !== 'submit') return takeEvent(trx, reference, content, at)
        const day = codeDay(at)
        const { last } = await trx
          .insertInto('one_stop_counters')
          .values({ agency: agencyCode, day, last: 1 })
          .onConflict((conflict) =>
            conflict.columns(['agency', 'day']).doUpdateSet((eb) => ({ last: eb('one_stop_counters.last', '+', 1) })),
          )
          .returning('last')
          .executeTakeFirstOrThrow()
        // Looked up under the counter's lock: two submissions of one reference cannot both find nothing.
        const known = await trx
          .selectFrom('one_stop_dossiers')
          .select('code')
          .where('reference', '=', reference)
          .executeTakeFirst()
        if (known !== undefined) {
          await trx
            .updateTable('one_stop_counters')
            .set({ last: last - 1 })
            .where('agency', '=', agencyCode)
            .where('day', '=', day)
            .execute()
          return err({ type: 'already-exists', message: `Hồ sơ đã tồn tại: ${known.code}` })
        }
        const code = `${agencyCode}-${day}-${String(last).padStart(4, '0')}`
        const accepted: Acceptance = {
          official: { code, agency: agencyName, acceptedAt: at.toISOString(), appointment: appointmentDay(at), simulated: true },
          status: { code: 2, text: agencyStatuses[2], at: at.toISOString(), simulated: true },
        }
        await trx
          .insertInto('one_stop_dossiers')
          .values({
            reference,
            dossier_id: content.dossier.dossierId,
            agency: agencyCode,
            code,
            official: JSON.stringify(accepted.official),
            status: JSON.stringify(accepted.status),
          })
          .execute()
        return ok(accepted)
      }),
    lookUp: async (reference) => {
      const row =
        (await database
          .selectFrom('one_stop_dossiers')
          .select(['official', 'status'])
          .where('reference', '=', reference)
          .executeTakeFirst()) ??
        (await database
          .selectFrom('one_stop_events')
          .select(['official', 'status'])
          .where('reference', '=', reference)
          .executeTakeFirst())
      return row === undefined ? err({ type: 'unknown-reference' }) : ok({ official: row.official, status: row.status })
    },
  }
}
