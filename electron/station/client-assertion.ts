/**
 * Client assertion of RFC 7523 section 3: a JWT (ES256, RFC 7518 section 3.4) by which the station proves its device key to the gateway.
 * Its times are the gateway's, given with the challenge, so a kiosk whose clock is years off still gets in.
 */
import { randomUUID } from 'node:crypto'
import type { DeviceKey } from './device-key.ts'

const lifeSeconds = 60

const part = (value: object): string => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url')

export const makeClientAssertion = (
  key: DeviceKey,
  claims: { stationId: string; gatewayUrl: string; challenge: string; time: string },
): string => {
  const issuedAt = Math.floor(Date.parse(claims.time) / 1000)
  const body = `${part({ alg: 'ES256', typ: 'JWT' })}.${part({
    iss: claims.stationId,
    sub: claims.stationId,
    aud: `${claims.gatewayUrl}/v1/token`,
    nonce: claims.challenge,
    jti: randomUUID(),
    iat: issuedAt,
    exp: issuedAt + lifeSeconds,
  })}`
  return `${body}.${Buffer.from(key.sign(Buffer.from(body, 'ascii'))).toString('base64url')}`
}
