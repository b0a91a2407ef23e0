/**
 * HTTP of the gateway as the page speaks it (contracts/gateway-api.ts). Every request has its own time-out, every answer is parsed,
 * nothing throws for reasons of the network. The token lives in memory (RFC 6750), fetched with the station's assertion (RFC 7523).
 */
import type { z } from 'zod'
import { SealedStoreAnswer, StoreChallenge, type StoreOpening } from '../../contracts/citizen-store.ts'
import type { Clock } from '../../contracts/clock.ts'
import { CarriedAnswer } from '../../contracts/courier.ts'
import {
  ChallengeAnswer,
  ConsignmentAnswer,
  clientAssertionType,
  consignmentMediaType,
  PacketAnswer,
  parcelMediaType,
  RecordsAnswer,
  TokenAnswer,
  UpdatesAnswer,
} from '../../contracts/gateway-api.ts'
import { LeaseAnswer, type LeaseRequest } from '../../contracts/lease.ts'
import type { Packet } from '../../contracts/packet.ts'
import { err, ok, type Result } from '../../contracts/result.ts'
import type { StationApi } from '../../contracts/station-api.ts'
import { SealedSupplement, type SupplementOpening } from '../../contracts/supplement.ts'
import { classifyFailure, type Failure, parseRetryAfter } from '../engine/failures.ts'
import { longestWaitMs } from '../engine/outbox-machine.ts'
import { consignmentParts } from '../packet/consignment.ts'
import { parcelParts } from '../packet/parcel.ts'

/** A Failure of the engine, as an error of a Result. */
export type CallFault = { type: 'call-failed'; failure: Failure } | { type: 'stopped' }

/** What the gateway said of when to come again, as far as that is obeyed. */
export const retryAfterOf = (fault: CallFault): number | undefined =>
  fault.type === 'call-failed' && 'retryAfterMs' in fault.failure && fault.failure.retryAfterMs !== undefined
    ? Math.min(longestWaitMs, fault.failure.retryAfterMs)
    : undefined

/** Bytes in the parts they are put together from. */
type Body = string | readonly Uint8Array[]
type Request = {
  method: string
  headers: Record<string, string>
  body?: Body
  signal: AbortSignal
  cache: 'no-store'
  credentials: 'omit'
  redirect: 'error'
}
/** As much of `fetch` as is used here. */
export type Fetch = (url: string, request: Request) => Promise<Pick<Response, 'status' | 'headers' | 'text'>>

/** Megabytes are not joined in the page's memory, nor copied from there on its only thread: the browser takes them part by part. */
export const pageFetch: Fetch = (url, { body, ...request }) =>
  fetch(url, {
    ...request,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Blob([...body] as BlobPart[]) }),
  })

const failed = (failure: Failure) => err({ type: 'call-failed' as const, failure })
/** The slowest link worth waiting for, bytes a millisecond: 16 kbps. */
export const slowestLink = 2
/** A large form over the slowest link: 100 KB, compressed. */
const longestDocumentMs = 60_000
const sizeOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, part) => sum + part.length, 0)

export type HttpOptions = {
  gatewayUrl: string
  station: StationApi
  fetch: Fetch
  clock: Clock
  requestTimeoutMs: number
  /** Ends every request when the client stops. */
  signal: AbortSignal
  onSkew: (skewMs: number) => void
}

type Call = { method: string; path: string; headers?: Record<string, string>; body?: Body; timeoutMs?: number }
export type RawAnswer = { status: number; headers: Headers; body: unknown }

export const createGatewayHttp = (options: HttpOptions) => {
  let token: { value: string; until: number } | undefined
  let fetching: Promise<Result<string, CallFault>> | undefined
  /** The gateway said when to come again, to whoever asked: nobody asks for a token before that. */
  let turnedAwayUntil = Number.NEGATIVE_INFINITY

  /** One exchange, with or without success. JSON bodies are decoded, others are left undefined. */
  const exchange = async (call: Call, bearer?: string): Promise<Result<RawAnswer, CallFault>> => {
    if (options.signal.aborted) return err({ type: 'stopped' })
    // AbortSignal.any is younger than the oldest Chromium we run in.
    const abort = new AbortController()
    const stop = () => abort.abort()
    options.signal.addEventListener('abort', stop)
    const cancel = options.clock.after(call.timeoutMs ?? options.requestTimeoutMs, stop)
    try {
      const response = await options.fetch(`${options.gatewayUrl}${call.path}`, {
        method: call.method,
        headers: { ...call.headers, ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }) },
        ...(call.body === undefined ? {} : { body: call.body }),
        signal: abort.signal,
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
      })
      const text = await response.text()
      let body: unknown
      try {
        body = JSON.parse(text)
      } catch {
        body = undefined
      }
      return ok({ status: response.status, headers: response.headers, body })
    } catch {
      return options.signal.aborted ? err({ type: 'stopped' }) : failed({ kind: 'network' })
    } finally {
      cancel()
      options.signal.removeEventListener('abort', stop)
    }
  }

  const toFault = (answer: RawAnswer): CallFault => {
    const retryAfter = parseRetryAfter(answer.headers.get('retry-after'), options.clock.now())
    return { type: 'call-failed', failure: classifyFailure(answer.status, answer.body, retryAfter) }
  }

  const parsed = <S extends z.ZodType>(answer: RawAnswer, schema: S): Result<z.output<S>, CallFault> => {
    if (answer.status < 200 || answer.status > 299) return err(toFault(answer))
    const value = schema.safeParse(answer.body)
    return value.success ? ok(value.data) : failed({ kind: 'unreadable-answer' })
  }

  const authenticate = async (): Promise<Result<string, CallFault>> => {
    const challenged = await exchange({ method: 'GET', path: '/v1/challenge' })
    if (!challenged.ok) return challenged
    const challenge = parsed(challenged.value, ChallengeAnswer)
    if (!challenge.ok) return challenge
    options.onSkew(options.clock.now() - Date.parse(challenge.value.time))
    const { challenge: nonce, time } = challenge.value
    const assertion = await options.station.call('clientAssertion', { challenge: nonce, time })
    if (!assertion.ok) return failed({ kind: 'network' })
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: clientAssertionType,
      client_assertion: assertion.value.assertion,
    })
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const asked = await exchange({ method: 'POST', path: '/v1/token', headers, body: form.toString() })
    if (!asked.ok) return asked
    const answer = parsed(asked.value, TokenAnswer)
    if (!answer.ok) {
      const { error } = answer
      // A 4xx about the assertion is about the station; the dossier which happened to ask is not to be shelved for it.
      return error.type === 'call-failed' && error.failure.kind === 'rejected' ? failed({ kind: 'unauthenticated' }) : answer
    }
    // Renewed a little before its end, by this clock's own count: the gateway's time does not matter.
    token = { value: answer.value.access_token, until: options.clock.monotonic() + answer.value.expires_in * 800 }
    return ok(token.value)
  }

  const bearer = (): Promise<Result<string, CallFault>> => {
    const at = options.clock.monotonic()
    if (token !== undefined && at < token.until) return Promise.resolve(ok(token.value))
    if (at < turnedAwayUntil) return Promise.resolve(failed({ kind: 'busy', retryAfterMs: turnedAwayUntil - at }))
    fetching ??= authenticate()
      .then((held) => {
        const later = held.ok ? undefined : retryAfterOf(held.error)
        if (later !== undefined) turnedAwayUntil = options.clock.monotonic() + later
        return held
      })
      .finally(() => {
        fetching = undefined
      })
    return fetching
  }

  /** An authorised exchange; a refused token is forgotten and a new one tried once. */
  const authorised = async (call: Call): Promise<Result<RawAnswer, CallFault>> => {
    for (let tries = 0; ; tries += 1) {
      const held = await bearer()
      if (!held.ok) return held
      const answer = await exchange(call, held.value)
      if (!answer.ok || answer.value.status !== 401) return answer
      if (token?.value === held.value) token = undefined
      if (tries > 0) return answer
    }
  }

  const json = { 'content-type': 'application/json' }
  return {
    authorised,
    toFault,
    /** A token in hand: what is left to do is the request itself. */
    authorise: async (): Promise<Result<void, CallFault>> => {
      const held = await bearer()
      return held.ok ? ok(undefined) : held
    },
    forgetToken: () => {
      token = undefined
    },
    /** A person wants it now, whatever the gateway said. */
    askAtOnce: () => {
      turnedAwayUntil = Number.NEGATIVE_INFINITY
    },
    /** One address for all of them, so that the browser asks the gateway's leave once and not for each. */
    postParcel: async (packet: Packet, sealed: readonly Uint8Array[]): Promise<Result<PacketAnswer, CallFault>> => {
      const body = parcelParts(packet, sealed)
      const timeoutMs = options.requestTimeoutMs + sizeOf(body) / slowestLink
      const headers = { 'content-type': parcelMediaType }
      const answer = await authorised({ method: 'POST', path: '/v1/packets', headers, body, timeoutMs })
      return answer.ok ? parsed(answer.value, PacketAnswer) : answer
    },
    /** An answer for each; `unknown-there` where the gateway takes parcels only one by one. */
    postConsignment: async (
      parcels: readonly { packet: Packet; sealed: readonly Uint8Array[] }[],
    ): Promise<Result<PacketAnswer, CallFault>[] | 'unknown-there'> => {
      const body = consignmentParts(parcels.map(({ packet, sealed }) => parcelParts(packet, sealed)))
      const timeoutMs = options.requestTimeoutMs + sizeOf(body) / slowestLink
      const headers = { 'content-type': consignmentMediaType }
      const answer = await authorised({ method: 'POST', path: '/v1/consignments', headers, body, timeoutMs })
      const all = (result: Result<PacketAnswer, CallFault>) => parcels.map(() => result)
      if (!answer.ok) return all(answer)
      const whole = parsed(answer.value, ConsignmentAnswer)
      if (!whole.ok) {
        // What is said of all together is said of no dossier.
        const refused = whole.error.type === 'call-failed' && whole.error.failure.kind === 'rejected'
        return refused ? 'unknown-there' : all(whole)
      }
      const { answers } = whole.value
      if (answers.length !== parcels.length) return all(failed({ kind: 'unreadable-answer' }))
      return answers.map(({ status, body: each }) => parsed({ status, headers: answer.value.headers, body: each }, PacketAnswer))
    },
    /** The gateway's promise never to receive this packet, or its receipt when it has. */
    recallPacket: async (packetId: string): Promise<Result<PacketAnswer, CallFault>> => {
      const answer = await authorised({ method: 'DELETE', path: `/v1/packets/${packetId}` })
      return answer.ok ? parsed(answer.value, PacketAnswer) : answer
    },
    lease: async (request: LeaseRequest) => {
      const call = { method: 'POST', path: '/v1/lease', headers: json, body: JSON.stringify(request) }
      const answer = await authorised(call)
      return answer.ok ? parsed(answer.value, LeaseAnswer) : answer
    },
    /** A text of the catalogue as it was parsed; whether it is the one that was asked for is the caller's to check. */
    catalogueText: async (sha256: string): Promise<Result<unknown, CallFault>> => {
      const answer = await authorised({ method: 'GET', path: `/v1/catalogue/${sha256}`, timeoutMs: longestDocumentMs })
      if (!answer.ok) return answer
      return answer.value.status === 200 ? ok(answer.value.body) : err(toFault(answer.value))
    },
    getPacket: async (packetId: string): Promise<Result<PacketAnswer, CallFault>> => {
      const answer = await authorised({ method: 'GET', path: `/v1/packets/${packetId}` })
      return answer.ok ? parsed(answer.value, PacketAnswer) : answer
    },
    /** A packet of another station, as it was carried here. */
    carryParcel: async (body: readonly Uint8Array[]): Promise<Result<CarriedAnswer, CallFault>> => {
      const timeoutMs = options.requestTimeoutMs + sizeOf(body) / slowestLink
      const headers = { 'content-type': parcelMediaType }
      const answer = await authorised({ method: 'POST', path: '/v1/courier/parcels', headers, body, timeoutMs })
      return answer.ok ? parsed(answer.value, CarriedAnswer) : answer
    },
    keepDouble: async (packetId: string): Promise<Result<PacketAnswer, CallFault>> => {
      const answer = await authorised({ method: 'PUT', path: `/v1/packets/${packetId}/kept-double` })
      return answer.ok ? parsed(answer.value, PacketAnswer) : answer
    },
    openSupplement: async (requestId: string, opening: SupplementOpening) => {
      const call = { method: 'POST', path: `/v1/supplements/${requestId}/openings`, headers: json, body: JSON.stringify(opening) }
      const answer = await authorised(call)
      return answer.ok ? parsed(answer.value, SealedSupplement) : answer
    },
    records: async (after: number): Promise<Result<RecordsAnswer, CallFault>> => {
      const answer = await authorised({ method: 'GET', path: `/v1/records?after=${after}` })
      return answer.ok ? parsed(answer.value, RecordsAnswer) : answer
    },
    storeChallenge: async (): Promise<Result<StoreChallenge, CallFault>> => {
      const answer = await authorised({ method: 'GET', path: '/v1/citizen-store/challenge' })
      return answer.ok ? parsed(answer.value, StoreChallenge) : answer
    },
    openStore: async (opening: StoreOpening): Promise<Result<SealedStoreAnswer, CallFault>> => {
      const call = { method: 'POST', path: '/v1/citizen-store/openings', headers: json, body: JSON.stringify(opening) }
      const answer = await authorised(call)
      return answer.ok ? parsed(answer.value, SealedStoreAnswer) : answer
    },
    updates: async (after: number, waitSeconds: number): Promise<Result<UpdatesAnswer, CallFault>> => {
      const path = `/v1/updates?after=${after}&wait=${waitSeconds}`
      const answer = await authorised({ method: 'GET', path, timeoutMs: waitSeconds * 1000 + options.requestTimeoutMs })
      return answer.ok ? parsed(answer.value, UpdatesAnswer) : answer
    },
  }
}

export type GatewayHttp = ReturnType<typeof createGatewayHttp>
