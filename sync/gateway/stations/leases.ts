/**
 * Leases (contracts/lease.ts): what the gateway tells one station about who may work there and by which keys.
 *
 * Invariants: a lease is signed by a receipt key the station said it trusts, as long as that key is kept; who was removed stays in every
 * lease of the station, so that none that is missed lets anybody in again.
 */
import { CompactSign } from 'jose'
import { LeaseClaims, type LeaseRequest } from '../../../contracts/lease.ts'
import { lastRecoverySlot, parseRecoveryCode, recoveryCodeOf, recoveryKeyPair } from '../../packet/recovery-code.ts'
import type { Keys } from '../keys.ts'
import type { Database, Transaction } from '../storage/database.ts'
import { keptText } from '../storage/kept-text.ts'

export type LeasePolicy = Pick<LeaseClaims, 'offlineDays' | 'draftHours' | 'keepMonths' | 'catalogue'>
export const defaultLeasePolicy: LeasePolicy = { offlineDays: 14, draftHours: 72 }

const slotsAtOnce = 16

const recoveryKeysFrom = async (keys: Keys, stationId: string, first: number): Promise<LeaseClaims['recovery']> => {
  const last = Math.min(lastRecoverySlot, first + slotsAtOnce - 1)
  const publicKeys: string[] = []
  for (let slot = first; slot <= last; slot += 1) {
    const code = parseRecoveryCode(recoveryCodeOf(keys.recoveryBytes(stationId, slot)))
    if (!code.ok) throw new Error('A code we made is not one')
    publicKeys.push((await recoveryKeyPair(code.value, stationId, slot)).publicKey)
  }
  return { first, publicKeys }
}

export async function issueLease(
  trx: Database | Transaction,
  keys: Keys,
  policy: LeasePolicy,
  stationId: string,
  request: Pick<LeaseRequest, 'nonce' | 'trusts' | 'recoveryFrom'>,
): Promise<string> {
  const removed = await trx
    .selectFrom('operators')
    .select('operator_id')
    .where('station_id', '=', stationId)
    .where('removed_at', 'is not', null)
    .orderBy('operator_id')
    .execute()
  const place = await trx
    .selectFrom('enrolment_codes')
    .select('point_place')
    .where('station_id', '=', stationId)
    .executeTakeFirst()
  const { recoveryFrom } = request
  const claims: LeaseClaims = {
    stationId,
    nonce: request.nonce,
    issuedAt: new Date().toISOString(),
    ...policy,
    removedOperators: removed.map((row) => row.operator_id),
    ...(place === undefined || place.point_place === null ? {} : { pointPlace: place.point_place }),
    keys: keys.published,
    ...(recoveryFrom === undefined ? {} : { recovery: await recoveryKeysFrom(keys, stationId, recoveryFrom) }),
  }
  const signer = keys.receiptsKeyOf(request.trusts) ?? keys.receipts
  return new CompactSign(Buffer.from(JSON.stringify(LeaseClaims.parse(claims))))
    .setProtectedHeader({ alg: 'ES256', typ: 'tram-lease', kid: signer.keyId })
    .sign(signer.privateKey)
}

/** What the station says of its operators; who was removed stays removed. */
export async function noteOperators(
  database: Database,
  stationId: string,
  operators: LeaseRequest['operators'],
  now = new Date(),
): Promise<void> {
  for (const { operatorId, name, role, recoverySlot } of operators) {
    const said = { name: keptText(name), role, recovery_slot: recoverySlot ?? null, reported_at: now }
    await database
      .insertInto('operators')
      .values({ operator_id: operatorId.toLowerCase(), station_id: stationId, ...said })
      .onConflict((conflict) => conflict.columns(['station_id', 'operator_id']).doUpdateSet(said))
      .execute()
  }
}

/** Of all stations, for the desk. */
export async function listOperators(database: Database) {
  return database
    .selectFrom('operators')
    .innerJoin('stations', 'stations.station_id', 'operators.station_id')
    .select(['operator_id', 'name', 'role', 'removed_at', 'reported_at', 'point_name', 'station_name', 'operators.station_id'])
    .orderBy('point_name')
    .orderBy('station_name')
    .orderBy('name')
    .execute()
}

/** Who would be left without anybody who can open his drafts: the only supervisor of a station where others work. */
export async function isLastSupervisor(database: Database, operatorId: string): Promise<boolean> {
  const rows = await database
    .selectFrom('operators')
    .select(['operator_id', 'station_id', 'role'])
    .where('removed_at', 'is', null)
    .execute()
  return rows.some(
    (own) =>
      own.operator_id === operatorId.toLowerCase() &&
      own.role === 'supervisor' &&
      rows.some((other) => other.station_id === own.station_id && other !== own) &&
      !rows.some((other) => other.station_id === own.station_id && other !== own && other.role === 'supervisor'),
  )
}

export async function isOperatorRemoved(database: Database, stationId: string, operatorId: string): Promise<boolean> {
  const row = await database
    .selectFrom('operators')
    .select('removed_at')
    .where('station_id', '=', stationId)
    .where('operator_id', '=', operatorId.toLowerCase())
    .executeTakeFirst()
  return row !== undefined && row.removed_at !== null
}

export async function removeOperator(database: Database, operatorId: string): Promise<boolean> {
  const result = await database
    .updateTable('operators')
    .set({ removed_at: new Date() })
    .where('operator_id', '=', operatorId.toLowerCase())
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}
