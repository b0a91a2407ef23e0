/**
 * What a clerk needs to answer an agency's request, given back to the station that handed the dossier in.
 * Invariants: only to that station, for an operator it has not lost, sealed to the key its device key vouches for; each time is noted.
 */
import { ok, type Result } from '../../../contracts/result.ts'
import type { SealedSupplement, SupplementBasis, SupplementOpening } from '../../../contracts/supplement.ts'
import type { Catalogue } from '../../../procedures/documents/catalogue-source.ts'
import { answersForCorrection } from '../../../procedures/rules/index.ts'
import { isOpeningSigned, sealSupplement } from '../../packet/supplement-seal.ts'
import type { Refusal } from '../problem.ts'
import type { Station } from '../stations/authentication.ts'
import { isOperatorRemoved } from '../stations/leases.ts'
import type { Database } from '../storage/database.ts'

const refuse = (refusal: Refusal): { ok: false; error: Refusal } => ({ ok: false, error: refusal })

const basisOf = async (
  database: Database,
  catalogue: Pick<Catalogue, 'find'>,
  stationId: string,
  requestId: string,
): Promise<SupplementBasis | undefined> => {
  const row = await database
    .selectFrom('supplement_requests')
    .innerJoin('dossiers', 'dossiers.dossier_id', 'supplement_requests.dossier_id')
    .innerJoin('packets', 'packets.packet_id', 'supplement_requests.submit_packet_id')
    .select(['request', 'current', 'revision', 'dossiers.dossier_id', 'training'])
    .where('request_id', '=', requestId)
    .where('packets.station_id', '=', stationId)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const { current, request } = row
  const last = await database
    .selectFrom('packets')
    .select(['packet_id', 'sequence'])
    .where('dossier_id', '=', row.dossier_id)
    .where('station_id', '=', stationId)
    .orderBy('sequence', 'desc')
    .executeTakeFirst()
  const procedure = catalogue.find(current.procedureCode, current.procedureVersion)
  const named = Object.entries(current.answers).filter(([key]) => request.fields.includes(key))
  return {
    request,
    procedureCode: current.procedureCode,
    procedureVersion: current.procedureVersion,
    training: row.training,
    revision: row.revision,
    answers: procedure === undefined ? Object.fromEntries(named) : answersForCorrection(procedure, current.answers, request),
    papersThere: [...new Set(current.attachments.map(({ paperId }) => paperId))],
    event: { sequence: (last?.sequence ?? 1) + 1, ...(last === undefined ? {} : { previous: last.packet_id }) },
  }
}

export async function openRequest(
  { database, catalogue }: { database: Database; catalogue: Pick<Catalogue, 'find'> },
  station: Station,
  requestId: string,
  opening: SupplementOpening,
  now = new Date(),
): Promise<Result<SealedSupplement, Refusal>> {
  const names = { stationId: station.stationId, requestId, operatorId: opening.operatorId, recipient: opening.recipient }
  if (!(await isOpeningSigned(names, opening.signature, station.deviceKey))) return refuse({ type: 'signature-invalid' })
  if (await isOperatorRemoved(database, station.stationId, opening.operatorId)) return refuse({ type: 'operator-removed' })
  const basis = await basisOf(database, catalogue, station.stationId, requestId)
  if (basis === undefined) return refuse({ type: 'not-found' })
  const sealed = await sealSupplement(names, basis)
  if (sealed === undefined) return refuse({ type: 'malformed', detail: 'recipient' })
  await database
    .insertInto('supplement_openings')
    .values({ request_id: requestId, station_id: station.stationId, operator_id: opening.operatorId.toLowerCase(), at: now })
    .execute()
  return ok({ sealed })
}
