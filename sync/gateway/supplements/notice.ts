/** The part of a request that may lie on a kiosk in plain text. */
import type { SupplementNotice, SupplementRequest } from '../../../contracts/supplement.ts'

export const noticeOf = (request: SupplementRequest, answered: boolean): SupplementNotice => ({
  requestId: request.requestId,
  state: answered ? 'answered' : 'open',
  askedAt: request.askedAt,
  ...(request.dueOn === undefined ? {} : { dueOn: request.dueOn }),
  simulated: request.simulated,
})
