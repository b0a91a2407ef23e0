/**
 * Who calls: OAuth 2.0 with private_key_jwt (RFC 7523 sections 2.2 and 3) over a challenge.
 *
 * Invariants
 * - Time is the gateway's: the challenge carries it, so a kiosk whose clock is years off still gets in.
 * - A challenge serves once and only after its assertion's signature was right; so does a station's jti.
 * - A challenge costs the gateway nothing to keep: it is authenticated by a MAC (RFC 2104).
 * - A revoked station is refused at once, even with a token that is still valid.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { decodeJwt, importJWK, jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import { Uuid } from '../../../contracts/encoding.ts'
import type { ChallengeAnswer, TokenAnswer } from '../../../contracts/gateway-api.ts'
import { err, ok, type Result } from '../../../contracts/result.ts'
import type { Keys } from '../keys.ts'
import type { Refusal } from '../problem.ts'
import type { Database } from '../storage/database.ts'
import { createGathered } from '../storage/gathered.ts'

const challengeSeconds = 120
const tokenSeconds = 600
/** Most life of an assertion, and how far its seconds may be off what the challenge said. */
const assertionSeconds = 300
const toleranceSeconds = 30
const rememberedTokens = 5_000

export type Station = { stationId: string; demo: boolean; deviceKey: { kty: 'EC'; crv: 'P-256'; x: string; y: string } }
export type Authentication = {
  challenge(): ChallengeAnswer
  exchange(assertion: string): Promise<Result<TokenAnswer, Refusal>>
  /** By its id: for a packet that somebody else brings. */
  findStation(stationId: string): Promise<Result<Station, Refusal>>
  authenticate(authorization: string | undefined): Promise<Result<Station, Refusal>>
  forgetExpired(): Promise<void>
}

const AssertionClaims = z.object({
  iss: Uuid,
  sub: Uuid,
  nonce: z.string().max(200),
  jti: z.string().min(8).max(200),
  iat: z.number(),
  exp: z.number(),
})
const AccessClaims = z.object({ sub: Uuid, exp: z.number() })

const refused = (detail: string) => err<Refusal>({ type: 'unauthenticated', detail })

export function createAuthentication(options: {
  database: Database
  keys: Keys
  tokenEndpoint: () => string
  now?: () => Date
}): Authentication {
  const { database, keys, tokenEndpoint } = options
  const now = options.now ?? (() => new Date())
  const mac = (text: string) => createHmac('sha256', keys.challengeSecret).update(text).digest()

  const challenge = (): ChallengeAnswer => {
    const time = now()
    const body = `${randomBytes(16).toString('base64url')}.${time.getTime() + challengeSeconds * 1000}`
    return {
      challenge: `${body}.${mac(body).toString('base64url')}`,
      time: time.toISOString(),
      expiresInSeconds: challengeSeconds,
    }
  }

  const challengeExpiry = (text: string): Date | undefined => {
    const cut = text.lastIndexOf('.')
    const given = Buffer.from(text.slice(cut + 1), 'base64url')
    const expected = mac(text.slice(0, cut))
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
    const expiry = Number(text.slice(text.indexOf('.') + 1, cut))
    return expiry > now().getTime() ? new Date(expiry) : undefined
  }

  const rowOf = createGathered(async (stationIds: readonly string[]) => {
    const rows = await database
      .selectFrom('stations')
      .select(['station_id', 'demo', 'device_key', 'revoked_at'])
      .where('station_id', 'in', stationIds)
      .execute()
    return new Map(rows.map((row) => [row.station_id, row]))
  })
  const findStation = async (stationId: string): Promise<Result<Station, Refusal>> => {
    const row = await rowOf(stationId.toLowerCase())
    if (row === undefined) return refused('unknown station')
    if (row.revoked_at !== null) return err({ type: 'station-revoked' })
    return ok({ stationId, demo: row.demo, deviceKey: row.device_key })
  }

  const exchange = async (assertion: string): Promise<Result<TokenAnswer, Refusal>> => {
    let unverified: z.infer<typeof AssertionClaims>
    try {
      unverified = AssertionClaims.parse(decodeJwt(assertion))
    } catch {
      return refused('the assertion lacks a claim or is not a JWT')
    }
    if (unverified.iss !== unverified.sub) return refused('iss and sub differ')
    const station = await findStation(unverified.sub)
    if (!station.ok) return station
    try {
      await jwtVerify(assertion, await importJWK(station.value.deviceKey, 'ES256'), {
        algorithms: ['ES256'],
        audience: tokenEndpoint(),
        currentDate: now(),
        clockTolerance: toleranceSeconds,
        maxTokenAge: assertionSeconds,
      })
    } catch (error) {
      return refused(error instanceof Error && 'code' in error ? `assertion: ${String(error.code)}` : 'assertion')
    }
    if (unverified.exp - unverified.iat > assertionSeconds) return refused('the assertion lives too long')
    const expiry = challengeExpiry(unverified.nonce)
    if (expiry === undefined) return refused('the challenge is unknown or expired')
    const used = await database
      .insertInto('used_challenges')
      .values({
        challenge_hash: createHash('sha256').update(unverified.nonce).digest('hex'),
        station_id: unverified.sub,
        jti: unverified.jti,
        expires_at: new Date(now().getTime() + (assertionSeconds + toleranceSeconds) * 1000),
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    if (used.numInsertedOrUpdatedRows !== 1n) return refused('the challenge or the jti was used before')
    const issued = Math.floor(now().getTime() / 1000)
    const token = await new SignJWT({})
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .setSubject(unverified.sub)
      .setAudience(tokenEndpoint())
      .setIssuedAt(issued)
      .setExpirationTime(issued + tokenSeconds)
      .sign(keys.tokenSecret)
    return ok({ access_token: token, token_type: 'Bearer', expires_in: tokenSeconds })
  }

  /** A station shows the same token with each of its requests. */
  const genuine = new Map<string, { stationId: string; until: number; secret: Uint8Array }>()

  const verifyToken = async (token: string): Promise<string | undefined> => {
    const known = genuine.get(token)
    if (known !== undefined && known.secret === keys.tokenSecret && now().getTime() < known.until) return known.stationId
    genuine.delete(token)
    try {
      const { payload } = await jwtVerify(token, keys.tokenSecret, {
        algorithms: ['HS256'],
        typ: 'at+jwt',
        audience: tokenEndpoint(),
        currentDate: now(),
      })
      const { sub: stationId, exp } = AccessClaims.parse(payload)
      const [oldest] = genuine.keys()
      if (genuine.size >= rememberedTokens && oldest !== undefined) genuine.delete(oldest)
      genuine.set(token, { stationId, until: exp * 1000, secret: keys.tokenSecret })
      return stationId
    } catch {
      return undefined
    }
  }

  const authenticate = async (authorization: string | undefined): Promise<Result<Station, Refusal>> => {
    const token = /^Bearer ([\w.-]+)$/i.exec(authorization ?? '')?.[1]
    if (token === undefined) return refused('no bearer token')
    const stationId = await verifyToken(token)
    return stationId === undefined ? refused('the token is invalid or expired') : findStation(stationId)
  }

  return {
    challenge,
    exchange,
    findStation,
    authenticate,
    forgetExpired: async () => {
      await database.deleteFrom('used_challenges').where('expires_at', '<', now()).execute()
    },
  }
}
