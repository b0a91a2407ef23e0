/**
 * What a receiving system is to the gateway: a one-stop system of a province, a portal, or a simulator of one.
 *
 * Invariants: `submit` may be repeated with the same reference after an answer was lost; the system then says
 * `already-exists`, and `lookUp` gives what the first time gave. An official code comes from an agency only.
 */
import type { PacketContent } from '../../../contracts/dossier-events.ts'
import type { LocalizedText } from '../../../contracts/encoding.ts'
import type { AgencyStatus, OfficialCode } from '../../../contracts/gateway-api.ts'
import type { Result } from '../../../contracts/result.ts'

type Submission = {
  /** The packet's id: the same event sent again carries the same one. */
  reference: string
  content: PacketContent
}
export type Acceptance = { official: OfficialCode; status: AgencyStatus }
export type SubmitFailure =
  | { type: 'already-exists'; message: string }
  | { type: 'unavailable'; detail: string }
  | { type: 'refused'; status: AgencyStatus; reason: LocalizedText }
type LookUpFailure = { type: 'unknown-reference' } | { type: 'unavailable'; detail: string }

export type Connector = {
  name: string
  simulated: boolean
  submit(submission: Submission): Promise<Result<Acceptance, SubmitFailure>>
  lookUp(reference: string): Promise<Result<Acceptance, LookUpFailure>>
}
