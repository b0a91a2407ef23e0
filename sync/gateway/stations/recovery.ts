/**
 * The desk's answer to a kiosk's recovery challenge. The code is worked out from the gateway's recovery secret, kept nowhere and noted as
 * given. It opens nothing without that kiosk's disk and its device secret.
 */
import { err, ok, type Result } from '../../../contracts/result.ts'
import { parseRecoveryChallenge, recoveryCodeOf, stationLettersOf } from '../../packet/recovery-code.ts'
import type { Keys } from '../keys.ts'
import type { Database } from '../storage/database.ts'

export type RecoveryAnswer = {
  code: string
  pointName: string
  stationName: string
  /** Whose slot it is, as the station last reported. */
  operatorName: string | undefined
}
export type RecoveryRefusal =
  | { type: 'challenge-mistyped' }
  | { type: 'station-unknown' }
  | { type: 'station-revoked' }
  | { type: 'operator-removed' }
  /** The station has not said whose slot it is, and some of its operators were removed: it may be one of theirs. */
  | { type: 'caller-unsure'; removed: string[] }
  /** The same code was given before: an honest kiosk does not ask for it twice. */
  | { type: 'answered-before'; at: Date }

export async function answerRecovery(
  database: Database,
  keys: Keys,
  challenge: string,
  options: { again: boolean; callerKnown: boolean },
): Promise<Result<RecoveryAnswer, RecoveryRefusal>> {
  const parsed = parseRecoveryChallenge(challenge)
  if (!parsed.ok) return parsed
  const { slot, stationLetters } = parsed.value
  const stations = await database
    .selectFrom('stations')
    .select(['station_id', 'point_name', 'station_name', 'revoked_at'])
    .execute()
  const [station, ...others] = stations.filter((row) => stationLettersOf(row.station_id) === stationLetters)
  if (station === undefined || others.length > 0) return err({ type: 'station-unknown' })
  if (station.revoked_at !== null) return err({ type: 'station-revoked' })
  const { station_id } = station
  return database.transaction().execute(async (trx) => {
    const operator = await trx
      .selectFrom('operators')
      .select(['name', 'removed_at'])
      .where('station_id', '=', station_id)
      .where('recovery_slot', '=', slot)
      .executeTakeFirst()
    if (operator !== undefined && operator.removed_at !== null) return err({ type: 'operator-removed' })
    if (operator === undefined && !options.callerKnown) {
      const removed = await trx
        .selectFrom('operators')
        .select('name')
        .where('station_id', '=', station_id)
        .where('removed_at', 'is not', null)
        .orderBy('name')
        .execute()
      if (removed.length > 0) return err({ type: 'caller-unsure', removed: removed.map(({ name }) => name) })
    }
    const noted = await trx
      .insertInto('recovery_answers')
      .values({ station_id, slot, answered_at: new Date() })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    if (noted.numInsertedOrUpdatedRows !== 1n && !options.again) {
      const { answered_at } = await trx
        .selectFrom('recovery_answers')
        .select('answered_at')
        .where('station_id', '=', station_id)
        .where('slot', '=', slot)
        .executeTakeFirstOrThrow()
      return err({ type: 'answered-before', at: answered_at })
    }
    return ok({
      code: recoveryCodeOf(keys.recoveryBytes(station_id, slot)),
      pointName: station.point_name,
      stationName: station.station_name,
      operatorName: operator?.name,
    })
  })
}
