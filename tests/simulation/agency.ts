/** The receiving system: counts each reference once, keeps the order it was told things in, and is as unreliable as any. */
import { err, ok, type Result } from '../../contracts/result.ts'
import type { Acceptance, Connector, SubmitFailure } from '../../sync/gateway/connectors/connector.ts'
import type { Faults } from './faults.ts'
import type { Random } from './random.ts'
import type { Scheduler } from './virtual-time.ts'

export type AgencyRecord = { reference: string; dossierId: string; kind: 'submit' | 'supplement' | 'withdraw'; version: string }
export type Agency = { records: AgencyRecord[]; connector: Connector }

const at = '2026-11-22T00:00:00.000Z'

export const createAgency = (scheduler: Scheduler, faults: Faults, random: Random): Agency => {
  const records: AgencyRecord[] = []
  const answers = new Map<string, Acceptance>()
  const later = <T>(value: () => T) => new Promise<T>((resolve) => scheduler.at(random.between(20, 800), () => resolve(value())))

  const take = (submission: Parameters<Connector['submit']>[0]): Result<Acceptance, SubmitFailure> => {
    const { reference, content } = submission
    if (faults.strikes('agency-unavailable', random)) return err({ type: 'unavailable', detail: 'down' })
    if (answers.has(reference)) return err({ type: 'already-exists', message: 'đã tồn tại' })
    if (faults.strikes('agency-refuses', random)) {
      const text = { vi: 'Không được tiếp nhận' }
      return err({ type: 'refused', status: { code: 3, text, at, simulated: true }, reason: text })
    }
    const body =
      content.kind === 'submit' ? content.dossier : content.kind === 'supplement' ? content.supplement : content.withdrawal
    const version =
      content.kind === 'withdraw'
        ? ''
        : ((content.kind === 'submit' ? content.dossier : content.supplement).answers.version?.value ?? '')
    records.push({ reference, dossierId: body.dossierId, kind: content.kind, version })
    const acceptance: Acceptance = {
      official: { code: `H-${records.length}`, agency: 'mô phỏng', acceptedAt: at, simulated: true },
      status: { code: 2, text: { vi: 'Được tiếp nhận' }, at, simulated: true },
    }
    answers.set(reference, acceptance)
    return faults.strikes('agency-answer-lost', random) ? err({ type: 'unavailable', detail: 'lost' }) : ok(acceptance)
  }

  return {
    records,
    connector: {
      name: 'agency',
      simulated: true,
      submit: (submission) => (faults.strikes('agency-hangs', random) ? new Promise(() => {}) : later(() => take(submission))),
      lookUp: (reference) =>
        later(() => {
          const known = answers.get(reference)
          return known === undefined ? err({ type: 'unknown-reference' }) : ok(known)
        }),
    },
  }
}
