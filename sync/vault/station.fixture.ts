/** For tests: a station with a real device secret and a real device key, and a gateway's keys. No transport. */
import { exportJWK, SignJWT } from 'jose'
import { PublicKeyJwk } from '../../contracts/encoding.ts'
import type { ReceiptClaims } from '../../contracts/packet.ts'
import { err, ok } from '../../contracts/result.ts'
import {
  type OperatorSecret,
  type StationApi,
  type StationMethodName,
  type StationMethods,
  type StationStanding,
  stationMethods,
} from '../../contracts/station-api.ts'
import { type SubtleKey, toBase64Url, toUtf8 } from '../packet/base64url.ts'
import { signedBytes } from '../packet/packet-codec.ts'

type BindRequest = { operatorId: string; way: OperatorSecret; input: string; proof: string }
type TryRequest = { operatorId: string; way: OperatorSecret; input: string; knownFailures?: number }

const publicJwk = async (key: SubtleKey) => PublicKeyJwk.parse(await exportJWK(key))

export const makeGatewayKeys = async () => {
  const sealing = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])
  const receipts = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
  return {
    recipient: { keyId: 'seal-1', privateKey: sealing.privateKey },
    signReceipt: (claims: ReceiptClaims) =>
      new SignJWT({ ...claims }).setProtectedHeader({ alg: 'ES256', typ: 'tram-receipt' }).sign(receipts.privateKey),
    pinned: {
      sealing: {
        keyId: 'seal-1',
        publicKey: toBase64Url(new Uint8Array(await crypto.subtle.exportKey('raw', sealing.publicKey))),
      },
      receipts: { keyId: 'receipt-1', publicKey: await publicJwk(receipts.publicKey) },
    },
  }
}
export type TestGatewayKeys = Awaited<ReturnType<typeof makeGatewayKeys>>

export const makeStation = async (
  keys: TestGatewayKeys,
  gatewayUrl = 'http://127.0.0.1:9',
  deviceSecret?: Uint8Array<ArrayBuffer>,
) => {
  const secret = deviceSecret
    ? await crypto.subtle.importKey('raw', deviceSecret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
    : await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  const device = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
  const stationId = crypto.randomUUID()
  const condition = { dead: false, enrolled: true, lastCounter: 0 }
  const standing: StationStanding = {
    elapsedMs: 0,
    draftHours: 72,
    offline: null,
    removedOperators: [],
    recovery: null,
    keepMonths: null,
    catalogue: null,
    disk: null,
  }
  const failures = new Map<string, number>()
  const proofs = new Map<string, string>()
  const bind = async (text: string) => {
    const bytes = toUtf8(text)
    return toBase64Url(new Uint8Array(await crypto.subtle.sign('HMAC', secret, bytes)))
  }

  const handlers: { [M in StationMethodName]?: (request: never) => Promise<unknown> } = {
    describe: async () => ({
      shell: 'loopback',
      version: '0.1.0',
      gatewayUrl,
      deviceSecret: 'file',
      simulatedReader: true,
      enrolment: condition.enrolled
        ? { stationId, pointName: 'Bưu điện Mẫu', stationName: 'Quầy 1', demo: true, keys: keys.pinned }
        : null,
    }),
    deviceCheck: async () => ({ output: await bind('check') }),
    bindToDevice: async ({ operatorId, way, input, proof }: BindRequest) => {
      if ((proofs.get(operatorId) ?? proof) !== proof) return err({ type: 'not-proven' })
      return ok({ output: await bind(`${way}|${operatorId}|${input}`) })
    },
    // As the station counts, without its waits' clock: they end when a test says so.
    tryOperatorSecret: async ({ operatorId, way, input, knownFailures }: TryRequest) => {
      if (standing.removedOperators.includes(operatorId)) return err({ type: 'removed' })
      const before = failures.get(operatorId) ?? knownFailures ?? 0
      if (before >= 5) return err({ type: 'locked-out', waitMs: 30_000 })
      failures.set(operatorId, before + 1)
      return ok({
        output: await bind(`${way}|${operatorId}|${input}`),
        attemptsLeft: 4 - before,
        waitMs: before === 4 ? 30_000 : 0,
      })
    },
    settleAttempt: async ({ operatorId, proof }: { operatorId: string; proof: string }) => {
      if ((proofs.get(operatorId) ?? proof) !== proof) return { cleared: false }
      proofs.set(operatorId, proof)
      failures.set(operatorId, 0)
      return { cleared: true }
    },
    standing: async () => standing,
    leaseNonce: async () => ({ nonce: 'n'.repeat(22) }),
    applyLease: async () => err({ type: 'lease-invalid', detail: 'the fixture takes none' }),
    signPacket: async ({ digest, counter }: { digest: string; counter: number }) => {
      if (counter <= condition.lastCounter) return err({ type: 'counter-used', lastCounter: condition.lastCounter })
      condition.lastCounter = counter
      const parameters = { name: 'ECDSA', hash: 'SHA-256' }
      const signature = new Uint8Array(await crypto.subtle.sign(parameters, device.privateKey, signedBytes(digest)))
      return ok({ signature: toBase64Url(signature) })
    },
    clientAssertion: async ({ challenge, time }: { challenge: string; time: string }) => {
      const at = Math.floor(Date.parse(time) / 1000)
      const jwt = new SignJWT({ nonce: challenge })
        .setProtectedHeader({ alg: 'ES256' })
        .setIssuer(stationId)
        .setSubject(stationId)
      return {
        assertion: await jwt
          .setAudience(`${gatewayUrl}/v1/token`)
          .setIssuedAt(at)
          .setExpirationTime(at + 60)
          .sign(device.privateKey),
      }
    },
  }

  const station: StationApi = {
    call: async <M extends StationMethodName>(method: M, request: unknown) => {
      const handler = handlers[method] as ((request: unknown) => Promise<unknown>) | undefined
      if (condition.dead || handler === undefined) return err({ type: 'station-unavailable', detail: 'not running' })
      const { response } = stationMethods[method] as StationMethods[StationMethodName]
      return ok(response.parse(await handler(stationMethods[method].request.parse(request))) as never)
    },
    onEvent: () => () => undefined,
    onReachable: () => () => undefined,
  }
  return { station, stationId, deviceKey: await publicJwk(device.publicKey), condition, standing, failures }
}
