/**
 * The agency corrects an answer of a dossier by itself. A supplement which was begun before it, and changes the same answer, is not taken:
 * a person looks at both (packets/dossier-state.ts).
 */
import type { Answer } from '../../../contracts/dossier.ts'
import { err, ok, type Result } from '../../../contracts/result.ts'
import type { Database } from '../storage/database.ts'

type Correction = { officialCode: string; field: string; value: string; at: string }

export const correctAnswer = (
  database: Database,
  { officialCode, field, value, at }: Correction,
): Promise<Result<{ revision: number }, { type: 'dossier-unknown' } | { type: 'answer-unknown' }>> =>
  database.transaction().execute(async (trx) => {
    const row = await trx
      .selectFrom('dossiers')
      .innerJoin('packets', 'packets.packet_id', 'dossiers.submit_packet_id')
      .select(['dossiers.dossier_id', 'current', 'revision'])
      .where((eb) => eb(eb.ref('official', '->>').key('code'), '=', officialCode))
      .forNoKeyUpdate()
      .executeTakeFirst()
    if (row === undefined) return err({ type: 'dossier-unknown' })
    const answer = Object.hasOwn(row.current.answers, field) ? row.current.answers[field] : undefined
    if (answer === undefined) return err({ type: 'answer-unknown' })
    // Neither the card nor the codes of a place stand behind what the agency writes.
    const corrected: Answer = { value, provenance: { source: 'agency', at, operatorId: answer.provenance.operatorId } }
    const current = { ...row.current, answers: { ...row.current.answers, [field]: corrected } }
    const revision = row.revision + 1
    await trx
      .updateTable('dossiers')
      .set({ current: JSON.stringify(current), revision })
      .where('dossier_id', '=', row.dossier_id)
      .execute()
    return ok({ revision })
  })
