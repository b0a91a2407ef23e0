/**
 * What an agency does to dossiers it has, as sync/gateway/supplements/ does over PostgreSQL: asks for more, corrects an answer by itself. Each
 * is one transaction of the gateway's disk.
 */
import type { SupplementBasis } from '../../contracts/supplement.ts'
import { type GatewayTables, noticeOf, type RequestRow } from './gateway-disk.ts'
import type { Random } from './random.ts'

/** Answers of a new dossier that agencies look at. */
export const correctable = ['father', 'mother'] as const

/** Of a dossier that was accepted and neither withdrawn nor asked for already. */
export const ask = (tables: GatewayTables, random: Random): RequestRow | undefined => {
  const may = tables.packets.filter(
    ({ packetId, content, state, dossierId }) =>
      content.kind === 'submit' &&
      state === 'accepted' &&
      tables.dossiers.get(dossierId)?.withdrawn === false &&
      noticeOf(tables, packetId)?.state !== 'open',
  )
  if (may.length === 0) return undefined
  const { packetId, stationId, dossierId } = random.pick(may)
  const request: RequestRow = { requestId: random.uuid(), dossierId, submitPacketId: packetId, stationId, answered: false }
  tables.requests.set(request.requestId, request)
  tables.updates.set(stationId, [...(tables.updates.get(stationId) ?? []), packetId])
  return request
}

/** By itself; of whichever dossier, or of one. */
export const correct = (tables: GatewayTables, random: Random, of?: string): string | undefined => {
  const dossierId = of ?? (tables.dossiers.size === 0 ? '' : random.pick([...tables.dossiers.keys()]))
  const state = tables.dossiers.get(dossierId)
  const field = random.pick(correctable)
  const answer = state?.dossier.answers[field]
  if (state === undefined || answer === undefined) return undefined
  const answers = { ...state.dossier.answers, [field]: { ...answer, value: `agency ${random.uuid()}` } }
  tables.dossiers.set(dossierId, { ...state, revision: state.revision + 1, dossier: { ...state.dossier, answers } })
  return dossierId
}

export type SimulatedBasis = Pick<SupplementBasis, 'answers' | 'event'> & { dossierId: string }

/** Given back to the station that handed the dossier in. */
export const basisOf = (tables: GatewayTables, stationId: string, requestId: string): SimulatedBasis | undefined => {
  const request = tables.requests.get(requestId)
  const state = request && tables.dossiers.get(request.dossierId)
  if (request?.stationId !== stationId || state === undefined) return undefined
  const [last] = tables.packets
    .filter((row) => row.dossierId === request.dossierId && row.stationId === stationId)
    .toSorted((a, b) => b.sequence - a.sequence)
  return {
    dossierId: request.dossierId,
    answers: state.dossier.answers,
    event: { sequence: (last?.sequence ?? 1) + 1, ...(last === undefined ? {} : { previous: last.packetId }) },
  }
}
