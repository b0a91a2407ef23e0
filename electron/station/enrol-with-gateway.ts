/** Enrolment by one-time code: POST /v1/enrolments with the device's public key. Every wait ends, every answer is parsed. */

import type { PublicKeyJwk } from '../../contracts/encoding.ts'
import { EnrolmentAnswer, Problem } from '../../contracts/gateway-api.ts'
import { err, ok, type Result } from '../../contracts/result.ts'
import type { EnrolFailure } from '../../contracts/station-api.ts'

const timeoutMs = 15_000
const longestAnswer = 64 * 1024

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

export type EnrolmentRequestOptions = {
  fetch: Fetch
  gatewayUrl: string
  code: string
  deviceKey: PublicKeyJwk
  shell: 'electron' | 'loopback'
}

const readBounded = async (answer: Response): Promise<string | undefined> => {
  if (!answer.body) return ''
  const reader = answer.body.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    size += value.byteLength
    if (size > longestAnswer) {
      await reader.cancel()
      return undefined
    }
    chunks.push(value)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const enrolWithGateway = async (options: EnrolmentRequestOptions): Promise<Result<EnrolmentAnswer, EnrolFailure>> => {
  let status: number
  let text: string | undefined
  try {
    const answer = await options.fetch(`${options.gatewayUrl}/v1/enrolments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, application/problem+json' },
      body: JSON.stringify({ code: options.code, deviceKey: options.deviceKey, shell: options.shell }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
    status = answer.status
    text = await readBounded(answer)
  } catch (error) {
    return err({ type: 'gateway-unreachable', detail: error instanceof Error ? error.name : 'request failed' })
  }
  const json = text === undefined ? undefined : parseJson(text)
  if (status >= 200 && status < 300) {
    const parsed = EnrolmentAnswer.safeParse(json)
    return parsed.success
      ? ok(parsed.data)
      : err({ type: 'gateway-answer-invalid', detail: `HTTP ${status} without an enrolment` })
  }
  const problem = Problem.safeParse(json)
  if (!problem.success) {
    // A proxy's or another program's answer says nothing about the code.
    return err({ type: status >= 500 ? 'gateway-unreachable' : 'gateway-answer-invalid', detail: `HTTP ${status}` })
  }
  const refused = problem.data.type === 'enrolment-code-unknown' || problem.data.type === 'malformed'
  return err({ type: refused ? 'code-refused' : 'gateway-unreachable', detail: `HTTP ${status} ${problem.data.type}` })
}
