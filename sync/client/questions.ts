/** What a person asks of the gateway, at once and in whatever tab: apart from the leader's queue and feed. */
import { ProblemType } from '../../contracts/gateway-api.ts'
import { err, ok, type Result } from '../../contracts/result.ts'
import type { CourierSource } from '../packet/courier-file.ts'
import type { FetchSupplement, FetchSupplementFault } from '../vault/vault-api.ts'
import { forwardCourier } from './courier.ts'
import { type CallFault, createGatewayHttp, type HttpOptions } from './gateway-http.ts'
import type { CitizenStoreClient } from './sync-client-api.ts'

const faultOf = (error: CallFault): { ok: false; error: FetchSupplementFault } => {
  if (error.type === 'stopped' || error.failure.kind !== 'rejected') return err({ type: 'gateway-away' })
  const known = ProblemType.safeParse(error.failure.reason)
  return err({ type: 'refused', reason: known.success ? known.data : 'unreadable-answer' })
}

export const createQuestions = (options: Omit<HttpOptions, 'signal' | 'onSkew'>) => {
  const connect = () => createGatewayHttp({ ...options, signal: new AbortController().signal, onSkew: () => undefined })
  const fetchSupplement: FetchSupplement = async (requestId, opening) => {
    const answer = await connect().openSupplement(requestId, opening)
    return answer.ok ? ok(answer.value) : faultOf(answer.error)
  }
  const keepDouble = async (packetId: string): Promise<Result<void, FetchSupplementFault>> => {
    const answer = await connect().keepDouble(packetId)
    return answer.ok ? ok(undefined) : faultOf(answer.error)
  }
  const forward = (source: CourierSource, onProgress: (done: number) => void) =>
    forwardCourier({ source, http: connect(), clock: options.clock, onProgress })
  // Not with the first page; and one for all its questions: the token that the challenge needed serves the question too.
  let opening: Promise<CitizenStoreClient> | undefined
  const citizenStore = (): Promise<CitizenStoreClient> => {
    opening ??= import('./citizen-store.ts').then(({ createCitizenStoreClient, patienceMs }) =>
      createCitizenStoreClient(
        options.station,
        createGatewayHttp({
          ...options,
          requestTimeoutMs: patienceMs,
          signal: new AbortController().signal,
          onSkew: () => undefined,
        }),
      ),
    )
    return opening
  }
  return {
    fetchSupplement,
    keepDouble,
    forwardCourier: forward,
    citizenStore: {
      challenge: async () => (await citizenStore()).challenge(),
      ask: async (question) => (await citizenStore()).ask(question),
    } satisfies CitizenStoreClient,
  }
}
