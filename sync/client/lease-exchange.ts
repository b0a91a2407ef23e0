/**
 * The station's lease (contracts/lease.ts), kept fresh: with each contact after an absence and every few minutes. The page carries it; the
 * station verifies and keeps it, the vault obeys it.
 */
import type { LeaseRequest } from '../../contracts/lease.ts'
import type { StationApi, StationStanding } from '../../contracts/station-api.ts'
import type { Vault } from '../vault/vault-api.ts'
import type { GatewayHttp } from './gateway-http.ts'

const renewEveryMs = 5 * 60_000
const retryEveryMs = 30_000

export type LeaseKeeper = Pick<Vault, 'describeOperators' | 'obey'>

export const createLeaseExchange = (options: {
  vault: LeaseKeeper
  station: StationApi
  http: Pick<GatewayHttp, 'lease'>
  /** A clock which nobody sets. */
  monotonicNow: () => number
  /** The lease may have brought other keys, and another catalogue. */
  onRenewed: (standing: StationStanding) => Promise<void>
}) => {
  const { vault, station, http } = options
  let nextAt = Number.NEGATIVE_INFINITY

  const renew = async (trusts: string): Promise<boolean> => {
    const standing = await station.call('standing', {})
    if (!standing.ok) return false
    // What an earlier lease said may not have reached this store yet.
    await vault.obey(standing.value)
    const described = await vault.describeOperators(standing.value)
    if (!described.ok) return false
    const asked = await station.call('leaseNonce', {})
    if (!asked.ok) return false
    const request: LeaseRequest = { nonce: asked.value.nonce, trusts, ...described.value }
    const answer = await http.lease(request)
    if (!answer.ok) return false
    const applied = await station.call('applyLease', { lease: answer.value.lease })
    if (!applied.ok || !applied.value.ok) return false
    const obeyed = await vault.obey(applied.value.value)
    await options.onRenewed(applied.value.value)
    return obeyed.ok
  }

  return {
    /** Never throws for what can happen; a lease that could not be had is tried again with the next contact. */
    keepFresh: async (trusts: string, wasAway: boolean): Promise<void> => {
      if (!wasAway && options.monotonicNow() < nextAt) return
      const renewed = await renew(trusts)
      nextAt = options.monotonicNow() + (renewed ? renewEveryMs : retryEveryMs)
    },
  }
}
