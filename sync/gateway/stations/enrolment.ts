/**
 * Enrolment by a one-time code of 100 random bits, handed to the point on paper.
 *
 * Invariants: only the code's hash is kept; a code makes one station. The same code with the same device key answers the
 * same again while it is valid, because the first answer may have been lost on the way.
 */
import { createHash, randomBytes, randomUUID, webcrypto } from 'node:crypto'
import type { EnrolmentAnswer, EnrolmentRequest } from '../../../contracts/gateway-api.ts'
import { err, ok, type Result } from '../../../contracts/result.ts'
import type { Keys } from '../keys.ts'
import type { Refusal } from '../problem.ts'
import type { Database } from '../storage/database.ts'
import { issueLease, type LeasePolicy } from './leases.ts'

/** Base32 of RFC 4648 section 6: no 0, 1, 8 or 9 to be misread. */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const codeLength = 20
const validDays = 7

const canonical = (code: string): string => code.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')
const hashOf = (code: string): string => createHash('sha256').update(canonical(code)).digest('hex')

export type EnrolmentCodeRequest = { pointName: string; stationName: string; pointPlace?: string; demo: boolean }
export type EnrolmentCode = { code: string; expiresAt: string }

export async function createEnrolmentCode(
  database: Database,
  request: EnrolmentCodeRequest,
  now = new Date(),
): Promise<EnrolmentCode> {
  const letters = Array.from(randomBytes(codeLength), (byte) => alphabet.charAt(byte & 31)).join('')
  const expiresAt = new Date(now.getTime() + validDays * 86_400_000)
  await database
    .insertInto('enrolment_codes')
    .values({
      code_hash: hashOf(letters),
      point_name: request.pointName,
      station_name: request.stationName,
      point_place: request.pointPlace ?? null,
      demo: request.demo,
      created_at: now,
      expires_at: expiresAt,
    })
    .execute()
  return { code: letters.match(/.{5}/g)?.join('-') ?? letters, expiresAt: expiresAt.toISOString() }
}

export async function enrol(
  database: Database,
  keys: Keys,
  leasePolicy: LeasePolicy,
  request: EnrolmentRequest,
): Promise<Result<EnrolmentAnswer, Refusal>> {
  const { kty, crv, x, y } = request.deviceKey
  const usable = await webcrypto.subtle
    .importKey('jwk', { kty, crv, x, y }, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify'])
    .then(
      () => true,
      () => false,
    )
  if (!usable) return err({ type: 'malformed', detail: 'deviceKey is not a point of P-256' })
  return database.transaction().execute(async (trx) => {
    const now = new Date()
    const row = await trx
      .selectFrom('enrolment_codes')
      .selectAll()
      .where('code_hash', '=', hashOf(request.code))
      .forUpdate()
      .executeTakeFirst()
    if (row === undefined || row.expires_at <= now) return err({ type: 'enrolment-code-unknown' })
    const answer = async (stationId: string): Promise<EnrolmentAnswer> => ({
      stationId,
      pointName: row.point_name,
      stationName: row.station_name,
      ...(row.point_place === null ? {} : { pointPlace: row.point_place }),
      demo: row.demo,
      keys: keys.published,
      lease: await issueLease(trx, keys, leasePolicy, stationId, { nonce: x, trusts: keys.receipts.keyId, recoveryFrom: 1 }),
    })
    if (row.station_id !== null) {
      const known = await trx
        .selectFrom('stations')
        .select(['device_key', 'revoked_at'])
        .where('station_id', '=', row.station_id)
        .executeTakeFirstOrThrow()
      const same = known.device_key.x === x && known.device_key.y === y && known.revoked_at === null
      return same ? ok(await answer(row.station_id)) : err({ type: 'enrolment-code-unknown' })
    }
    const stationId = randomUUID()
    await trx
      .insertInto('stations')
      .values({
        station_id: stationId,
        point_name: row.point_name,
        station_name: row.station_name,
        demo: row.demo,
        shell: request.shell,
        device_key: JSON.stringify({ kty, crv, x, y }),
        enrolled_at: now,
      })
      .execute()
    await trx
      .updateTable('enrolment_codes')
      .set({ used_at: now, station_id: stationId })
      .where('code_hash', '=', row.code_hash)
      .execute()
    return ok(await answer(stationId))
  })
}

/** Stations that may work, for the desk. */
export async function listStations(database: Database) {
  return database
    .selectFrom('stations')
    .leftJoin('enrolment_codes', 'enrolment_codes.station_id', 'stations.station_id')
    .select(['stations.station_id', 'stations.point_name', 'stations.station_name', 'point_place', 'stations.demo'])
    .where('revoked_at', 'is', null)
    .orderBy('stations.point_name')
    .orderBy('stations.station_name')
    .execute()
}

/** Where the point stands, also of a station that was enrolled without it; the station hears it with its next lease. */
export async function placeStation(database: Database, stationId: string, pointPlace: string): Promise<boolean> {
  const result = await database
    .updateTable('enrolment_codes')
    .set({ point_place: pointPlace })
    .where('station_id', '=', stationId.toLowerCase())
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

export async function revokeStation(database: Database, stationId: string): Promise<boolean> {
  const result = await database
    .updateTable('stations')
    .set({ revoked_at: new Date() })
    .where('station_id', '=', stationId)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}
