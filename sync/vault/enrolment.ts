/**
 * The station's enrolment, as it said last: a finished dossier does not wait for a question whose answer hardly ever changes.
 * What is at hand is asked anew behind the scenes. A packet sealed by it to a key the gateway has rotated meanwhile still opens there.
 */
import { err, ok, type Result } from '../../contracts/result.ts'
import type { StationApi, StationDescription } from '../../contracts/station-api.ts'
import type { StationGone } from './vault-api.ts'

type Enrolment = NonNullable<StationDescription['enrolment']>

const askAgainMs = 15_000

export const createEnrolment = (station: StationApi, now: () => number) => {
  let held: { enrolment: Enrolment; at: number } | undefined
  let asking: Promise<Result<Enrolment, StationGone | { type: 'not-enrolled' }>> | undefined

  const ask = async (): Promise<Result<Enrolment, StationGone | { type: 'not-enrolled' }>> => {
    const description = await station.call('describe', {})
    if (!description.ok) return description
    const { enrolment } = description.value
    held = enrolment === null ? undefined : { enrolment, at: now() }
    return enrolment === null ? err({ type: 'not-enrolled' }) : ok(enrolment)
  }

  const askOnce = () => {
    asking ??= ask().finally(() => {
      asking = undefined
    })
    return asking
  }

  return async (): Promise<Result<Enrolment, StationGone | { type: 'not-enrolled' }>> => {
    if (held === undefined) return askOnce()
    // A clock that was set back is no reason never to ask again.
    if (Math.abs(now() - held.at) > askAgainMs) void askOnce()
    return ok(held.enrolment)
  }
}
