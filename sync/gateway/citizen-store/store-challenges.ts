/**
 * Challenges for those who want to open a citizen's record: for one station, ten minutes, once for each act. Nothing is kept of one until it is
 * spent (a MAC authenticates it), and the nonce that the chip signs follows from it.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { StoreAct } from '../../../contracts/card-evidence.ts'
import type { StoreChallenge } from '../../../contracts/citizen-store.ts'
import type { Keys } from '../keys.ts'
import type { Database } from '../storage/database.ts'

const lifeSeconds = 600
const nonceBytes = 8

export type StoreChallenges = {
  make(stationId: string): StoreChallenge
  /** The nonce it stood for; undefined when it is not this station's, too old, or spent for this act. */
  spend(stationId: string, challenge: string, act: StoreAct): Promise<Uint8Array | undefined>
}

export const createStoreChallenges = (
  database: Database,
  keys: Pick<Keys, 'challengeSecret'>,
  now: () => Date,
): StoreChallenges => {
  const mac = (purpose: string, text: string) =>
    createHmac('sha256', keys.challengeSecret).update(`tram store ${purpose}|${text}`).digest()
  const nonceOf = (challenge: string) => Uint8Array.from(mac('nonce', challenge).subarray(0, nonceBytes))
  const authentic = (stationId: string, body: string) => mac('challenge', `${stationId.toLowerCase()}|${body}`)
  return {
    make: (stationId) => {
      const body = `${randomBytes(16).toString('base64url')}.${now().getTime() + lifeSeconds * 1000}`
      const challenge = `${body}.${authentic(stationId, body).toString('base64url')}`
      return { challenge, nonce: Buffer.from(nonceOf(challenge)).toString('base64url'), expiresInSeconds: lifeSeconds }
    },
    spend: async (stationId, challenge, act) => {
      const cut = challenge.lastIndexOf('.')
      const body = challenge.slice(0, cut)
      const given = Buffer.from(challenge.slice(cut + 1), 'base64url')
      const expected = authentic(stationId, body)
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
      const until = Number(body.slice(body.indexOf('.') + 1))
      if (until <= now().getTime()) return undefined
      const hash = createHash('sha256').update(`${act}|${challenge}`).digest('hex')
      const spent = await database
        .insertInto('used_challenges')
        .values({ challenge_hash: hash, station_id: stationId, jti: `store ${hash}`, expires_at: new Date(until) })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst()
      return spent.numInsertedOrUpdatedRows === 1n ? nonceOf(challenge) : undefined
    },
  }
}
