/** Asks the gateway for what an agency's request for a supplement needs: when a person opens it, not by the feed. */
import { ProblemType } from '../../contracts/gateway-api.ts'
import { err, ok } from '../../contracts/result.ts'
import type { FetchSupplement } from '../vault/vault-api.ts'
import { createGatewayHttp, type HttpOptions } from './gateway-http.ts'

export const createFetchSupplement =
  (options: Omit<HttpOptions, 'signal' | 'onSkew'>): FetchSupplement =>
  async (requestId, opening) => {
    const http = createGatewayHttp({ ...options, signal: new AbortController().signal, onSkew: () => undefined })
    const answer = await http.openSupplement(requestId, opening)
    if (answer.ok) return ok(answer.value)
    if (answer.error.type === 'stopped') return err({ type: 'gateway-away' })
    const { failure } = answer.error
    if (failure.kind !== 'rejected') return err({ type: 'gateway-away' })
    const { reason } = failure
    const known = ProblemType.safeParse(reason)
    return err({ type: 'refused', reason: known.success ? known.data : 'unreadable-answer' })
  }
