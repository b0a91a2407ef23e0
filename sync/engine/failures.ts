/**
 * What an answer that is not a success means for an entry. Pure.
 * Invariant: only a well-formed problem of the gateway itself can send an entry to the shelf. Whatever a proxy or a captive portal
 * says, with any status, is worth another try.
 */

import { Problem } from '../../contracts/gateway-api.ts'
import type { AttentionReason } from '../../contracts/outbox.ts'

type Finding = NonNullable<Problem['findings']>[number]

export type Failure =
  | { kind: 'network' }
  | { kind: 'server-error' | 'busy'; retryAfterMs?: number }
  | { kind: 'unreadable-answer' }
  | { kind: 'unauthenticated' }
  /** About the station, not about one dossier: nobody's shelf, everything waits. */
  | { kind: 'station-refused' }
  | { kind: 'earlier-event' }
  | { kind: 'attachment-refused' }
  | { kind: 'rejected'; reason: AttentionReason; detail: string; findings: Finding[] }

/** RFC 9110 section 10.2.3: seconds or a date. A date is taken by the kiosk's clock and only bounded, never trusted for more. */
export const parseRetryAfter = (header: string | null, now: number): number | undefined => {
  if (header === null) return undefined
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000
  const at = Date.parse(header)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}

export const classifyFailure = (status: number, body: unknown, retryAfterMs: number | undefined): Failure => {
  const later = retryAfterMs === undefined ? {} : { retryAfterMs }
  const parsed = Problem.safeParse(body)
  if (status === 429 || status === 423) return { kind: 'busy', ...later }
  if (status >= 500 && status <= 599) return { kind: 'server-error', ...later }
  if (!parsed.success) return status === 401 ? { kind: 'unauthenticated' } : { kind: 'unreadable-answer' }
  const { type, title, detail, findings } = parsed.data
  if (type === 'unauthenticated' || status === 401) return { kind: 'unauthenticated' }
  if (type === 'busy') return { kind: 'busy', ...later }
  if (type === 'internal') return { kind: 'server-error', ...later }
  if (type === 'attachment-invalid') return { kind: 'attachment-refused' }
  if (status < 400) return { kind: 'unreadable-answer' }
  if (type === 'station-revoked' || type === 'enrolment-code-unknown') return { kind: 'station-refused' }
  if (type === 'event-out-of-order') return { kind: 'earlier-event' }
  return { kind: 'rejected', reason: type, detail: detail ?? title, findings: findings ?? [] }
}
