/**
 * The citizen at the counter asks for what the gateway keeps of him (contracts/citizen-store.ts): a challenge before his card is read, then one
 * question, sealed, in a few seconds or not at all.
 *
 * Invariant: what comes back is opened in memory by a key that lives no longer; nothing of it is written here.
 */
import { ProblemType } from '../../contracts/gateway-api.ts'
import { err, ok } from '../../contracts/result.ts'
import type { StationApi } from '../../contracts/station-api.ts'
import { evidenceDigest, openStoreAnswer, sealEvidence } from '../packet/store-seal.ts'
import { makeOpeningKey } from '../packet/supplement-seal.ts'
import type { CallFault, GatewayHttp } from './gateway-http.ts'
import type { CitizenStoreClient, StoreFault } from './sync-client-api.ts'

/** A clerk and a citizen wait no longer: the form can be filled in without it. */
export const patienceMs = 3_000

const faultOf = (error: CallFault): { ok: false; error: StoreFault } => {
  if (error.type === 'stopped' || error.failure.kind !== 'rejected') return err({ type: 'gateway-away' })
  const reason = ProblemType.safeParse(error.failure.reason)
  if (!reason.success) return err({ type: 'gateway-away' })
  if (reason.data === 'presence-not-proven') return err({ type: 'card-again' })
  return reason.data === 'operator-removed' ? err({ type: 'operator-removed' }) : err({ type: 'refused', reason: reason.data })
}

export const createCitizenStoreClient = (
  station: StationApi,
  http: Pick<GatewayHttp, 'storeChallenge' | 'openStore'>,
): CitizenStoreClient => {
  const askNow: CitizenStoreClient['ask'] = async ({ card: { readId, challenge }, operatorId, act }) => {
    const described = await station.call('describe', {})
    if (!described.ok || described.value.enrolment === null) return err({ type: 'gateway-away' })
    const { stationId, keys } = described.value.enrolment
    const { publicKey: recipient, privateKey } = await makeOpeningKey()
    const signed = await station.call('signStoreOpening', { readId, operatorId, act, challenge, recipient })
    if (!signed.ok) return err({ type: 'gateway-away' })
    if (!signed.value.ok) return err({ type: signed.value.error.type === 'removed' ? 'operator-removed' : 'card-again' })
    const { signature, evidence } = signed.value.value
    const sealed = await sealEvidence(keys.sealing.publicKey, { stationId, challenge }, evidence)
    if (sealed === undefined) return err({ type: 'refused', reason: 'unknown-key' })
    const gatewayKeyId = keys.sealing.keyId
    const answer = await http.openStore({ act, operatorId, challenge, recipient, gatewayKeyId, evidence: sealed, signature })
    if (!answer.ok) return faultOf(answer.error)
    const names = { stationId, operatorId, act, challenge, recipient, evidenceDigest: await evidenceDigest(evidence) }
    const opened = await openStoreAnswer(names, privateKey, answer.value.sealed)
    return opened === undefined ? err({ type: 'refused', reason: 'unreadable-answer' }) : ok(opened)
  }
  return {
    challenge: async () => {
      const answer = await http.storeChallenge()
      return answer.ok ? answer.value : undefined
    },
    ask: (question) =>
      new Promise((resolve) => {
        const away = () => resolve(err({ type: 'gateway-away' }))
        const timer = setTimeout(away, patienceMs)
        question.signal.addEventListener('abort', away)
        const end = () => {
          clearTimeout(timer)
          question.signal.removeEventListener('abort', away)
        }
        void askNow(question)
          .then(resolve, () => resolve(err({ type: 'refused', reason: 'failed' })))
          .finally(end)
      }),
  }
}
