/**
 * An agency asks for more on a dossier it has accepted: noted, told to the station that handed it in, and shown by what it is by now.
 * Invariant: request, the dossier's status 5 and the station's update are one transaction; a dossier has one open request at a time, so
 * that nobody is asked for two different things at once.
 */
import { randomUUID } from 'node:crypto'
import type { Procedure } from '../../../contracts/procedure.ts'
import { err, ok, type Result } from '../../../contracts/result.ts'
import { SupplementRequest } from '../../../contracts/supplement.ts'
import { findField } from '../../../procedures/rules/index.ts'
import { agencyStatuses } from '../connectors/agency-statuses.ts'
import type { Database } from '../storage/database.ts'
import { tellingTransaction } from '../storage/telling.ts'

export type Asking = {
  /** The agency's official code, or the dossier's id. */
  dossier: string
  reason: string
  fields: string[]
  papers: string[]
  /** dd/MM/yyyy */
  dueOn?: string
  simulated: boolean
}

export type AskRefusal =
  | { type: 'dossier-unknown' }
  | { type: 'not-accepted' }
  | { type: 'withdrawn' }
  | { type: 'asked-before' }
  | { type: 'procedure-unknown' }
  /** Names what the procedure has no field or paper for. */
  | { type: 'names-unknown'; names: string[] }
  | { type: 'nothing-asked' }

type FindProcedure = (code: string, version: string) => Procedure | undefined

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)

export const askSupplement = (
  database: Database,
  findProcedure: FindProcedure,
  asking: Asking,
  now = new Date(),
): Promise<Result<SupplementRequest, AskRefusal>> =>
  tellingTransaction(database, now, async (trx, tell) => {
    const found = await trx
      .selectFrom('dossiers')
      .innerJoin('packets', 'packets.packet_id', 'dossiers.submit_packet_id')
      .select(['dossiers.dossier_id', 'withdrawn_at', 'packet_id', 'station_id', 'state', 'official'])
      .select(['procedure_code', 'procedure_version'])
      .where((eb) =>
        isUuid(asking.dossier)
          ? eb('dossiers.dossier_id', '=', asking.dossier.toLowerCase())
          : eb(eb.ref('official', '->>').key('code'), '=', asking.dossier),
      )
      .forNoKeyUpdate()
      .executeTakeFirst()
    if (found === undefined) return err({ type: 'dossier-unknown' })
    if (found.withdrawn_at !== null) return err({ type: 'withdrawn' })
    if (found.state !== 'accepted' || found.official === null) return err({ type: 'not-accepted' })
    if (asking.fields.length + asking.papers.length === 0) return err({ type: 'nothing-asked' })
    const procedure = findProcedure(found.procedure_code, found.procedure_version)
    if (procedure === undefined) return err({ type: 'procedure-unknown' })
    const names = [
      ...asking.fields.filter((field) => findField(procedure, field) === undefined),
      ...asking.papers.filter((paper) => procedure.papers.every(({ id }) => id !== paper)),
    ]
    if (names.length > 0) return err({ type: 'names-unknown', names })
    const request = SupplementRequest.parse({
      requestId: randomUUID(),
      dossierId: found.dossier_id,
      agency: found.official.agency,
      reason: asking.reason,
      fields: asking.fields,
      papers: asking.papers,
      askedAt: now.toISOString(),
      ...(asking.dueOn === undefined ? {} : { dueOn: asking.dueOn }),
      simulated: asking.simulated,
    } satisfies SupplementRequest)
    const inserted = await trx
      .insertInto('supplement_requests')
      .values({
        request_id: request.requestId,
        dossier_id: found.dossier_id,
        submit_packet_id: found.packet_id,
        request: JSON.stringify(request),
        asked_at: now,
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    if (inserted.numInsertedOrUpdatedRows !== 1n) return err({ type: 'asked-before' })
    const status = { code: 5, text: agencyStatuses[5], at: now.toISOString(), simulated: asking.simulated }
    await trx
      .updateTable('packets')
      .set({ status: JSON.stringify(status) })
      .where('packet_id', '=', found.packet_id)
      .execute()
    tell(found.station_id, found.packet_id)
    return ok(request)
  })
