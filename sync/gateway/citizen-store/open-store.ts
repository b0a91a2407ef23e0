/**
 * A citizen asks for what is kept of him, or to have it erased, at whatever station he stands.
 *
 * Invariants: answered only to a station of this gateway, for an operator it has not lost, about somebody whose card proves that he is here;
 * a training station never hears of real people; each asking counts against its station and is noted, whatever came of it. Whether there is
 * anything is told to nobody but the one whose key the answer is sealed to.
 */
import type { SealedStoreAnswer, StoreAnswer, StoreOpening } from '../../../contracts/citizen-store.ts'
import { err, ok, type Result } from '../../../contracts/result.ts'
import type { TrustAnchors } from '../../../hardware/protocols/passive-authentication/trust-anchors.ts'
import { evidenceDigest, isStoreOpeningSigned, openEvidence, sealStoreAnswer } from '../../packet/store-seal.ts'
import type { Keys } from '../keys.ts'
import type { GatewayMode } from '../packets/opening.ts'
import type { Refusal } from '../problem.ts'
import type { Station } from '../stations/authentication.ts'
import type { CitizenRecords } from './citizen-records.ts'
import type { CitizenStore } from './citizen-store.ts'
import { provePresence } from './presence.ts'
import type { StoreChallenges } from './store-challenges.ts'

/** More than a busy counter has people, too few to go through a street. */
export const askingLimit = { most: 30, perMs: 600_000 }

export type StoreDoor = {
  open(station: Station, opening: StoreOpening): Promise<Result<SealedStoreAnswer, Refusal>>
}

const refuse = (refusal: Refusal) => err<Refusal>(refusal)

export const createStoreDoor = (options: {
  records: Pick<CitizenRecords, 'askedSince' | 'note'>
  store: CitizenStore
  challenges: StoreChallenges
  keys: Pick<Keys, 'recipientOf' | 'hashOfCitizen'>
  /** Of this station: since when he is gone, or nothing. */
  isOperatorRemoved(stationId: string, operatorId: string): Promise<boolean>
  trust: TrustAnchors
  mode: GatewayMode
  now(): Date
}): StoreDoor => {
  const { records, store, now } = options

  const answerTo = async (station: Station, opening: StoreOpening): Promise<Result<SealedStoreAnswer, Refusal>> => {
    const { act, challenge, recipient } = opening
    const stationId = station.stationId
    const operatorId = opening.operatorId.toLowerCase()
    const by = { stationId, operatorId }
    const since = new Date(now().getTime() - askingLimit.perMs)
    if ((await records.askedSince(stationId, since)) >= askingLimit.most)
      return refuse({ type: 'busy', detail: 'asked too often' })
    const turnAway = async (refusal: Refusal, personHash?: string) => {
      const why = `${act}: ${refusal.type}${refusal.detail === undefined ? '' : `, ${refusal.detail}`}`
      await records.note({ at: now(), act: 'refused', ...by, ...(personHash === undefined ? {} : { personHash }), why })
      return refuse(refusal)
    }
    const { privateKey } = options.keys.recipientOf(opening.gatewayKeyId)
    const evidence = await openEvidence(privateKey, { stationId, challenge }, opening.evidence)
    if (evidence === undefined) return turnAway({ type: 'seal-invalid' })
    const names = { stationId, operatorId, act, challenge, recipient, evidenceDigest: await evidenceDigest(evidence) }
    if (!(await isStoreOpeningSigned(names, opening.signature, station.deviceKey))) return turnAway({ type: 'signature-invalid' })
    if (await options.isOperatorRemoved(stationId, operatorId)) return turnAway({ type: 'operator-removed' })
    const nonce = await options.challenges.spend(stationId, challenge, act)
    if (nonce === undefined) return turnAway({ type: 'presence-not-proven', detail: 'challenge-spent-or-old' })
    const presence = provePresence(evidence, nonce, { trust: options.trust, now: now() })
    if (!presence.ok) return turnAway({ type: 'presence-not-proven', detail: presence.error.reason })
    const { personalNumber, specimen } = presence.value
    const personHash = options.keys.hashOfCitizen(personalNumber)
    if (station.demo !== specimen && (station.demo || options.mode === 'production'))
      return turnAway({ type: 'training-refused' }, personHash)
    const asked: StoreAnswer =
      act === 'read'
        ? await store.read(personalNumber, { ...by, why: 'card read at the counter' })
        : await store.erase(personalNumber, { ...by, why: 'asked with the card at the counter' }).then(() => ({ facts: {} }))
    const sealed = await sealStoreAnswer(names, asked)
    return sealed === undefined ? refuse({ type: 'malformed', detail: 'recipient' }) : ok({ sealed })
  }

  // One at a time for a station: many at once must not all be under the limit.
  const lastOf = new Map<string, Promise<unknown>>()
  return {
    open: (station, opening) => {
      const { stationId } = station
      const turn = (lastOf.get(stationId) ?? Promise.resolve()).catch(() => undefined)
      const answered = turn.then(() => answerTo(station, opening))
      lastOf.set(stationId, answered)
      const forget = () => {
        if (lastOf.get(stationId) === answered) lastOf.delete(stationId)
      }
      answered.then(forget, forget)
      return answered
    },
  }
}
