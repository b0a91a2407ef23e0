/**
 * The opened dossier against the same procedure document which made the wizard.
 *
 * Invariants: errors refuse, warnings never do. Findings carry no value a citizen gave: they are kept beside the queue on
 * the kiosk, outside its encryption. Rules that look at today's date take the day the packet was sealed: a week without a
 * network must not turn a right answer into a wrong one. A version's dates are asked of a new dossier alone: what comes later
 * to one that was taken stays with the version it was begun with.
 */
import type { Dossier } from '../../../contracts/dossier.ts'
import type { PacketHeader } from '../../../contracts/packet.ts'
import type { Finding, Procedure } from '../../../contracts/procedure.ts'
import { err, ok, type Result } from '../../../contracts/result.ts'
import type { Catalogue } from '../../../procedures/documents/catalogue-source.ts'
import { checkDossier, todayInVietnam } from '../../../procedures/rules/index.ts'
import { isTaken } from '../../../procedures/versions.ts'
import type { Refusal } from '../problem.ts'

export type DossierCheck = {
  /** Whether a new dossier of this version is taken on a day. */
  version(header: PacketHeader, receivedAt: Date): Result<undefined, Refusal>
  content(header: PacketHeader, dossier: Dossier): Result<undefined, Refusal>
}

function withoutValues(procedure: Procedure, finding: Finding): Finding['message'] {
  const rule = procedure.rules.find((candidate) => candidate.id === finding.rule)
  if (rule === undefined || Object.keys(rule.values).length === 0) return finding.message
  return {
    vi: 'Các câu trả lời này chưa khớp nhau, hãy xem lại.',
    en: 'These answers do not agree with each other, look at them again.',
  }
}

export const createDossierCheck = (catalogue: Pick<Catalogue, 'find'>): DossierCheck => {
  const procedureOf = ({ procedureCode, procedureVersion }: PacketHeader): Result<Procedure, Refusal> => {
    const procedure = catalogue.find(procedureCode, procedureVersion)
    return procedure === undefined
      ? err({ type: 'procedure-unknown', detail: `${procedureCode} ${procedureVersion}` })
      : ok(procedure)
  }
  return {
    version: (header, receivedAt) => {
      const procedure = procedureOf(header)
      if (!procedure.ok) return procedure
      const sealedOn = todayInVietnam(new Date(header.sealedAt))
      return isTaken(procedure.value, sealedOn, todayInVietnam(receivedAt))
        ? ok(undefined)
        : err({ type: 'procedure-not-in-force', detail: `${header.procedureCode} ${header.procedureVersion}` })
    },
    content: (header, dossier) => {
      const procedure = procedureOf(header)
      if (!procedure.ok) return procedure
      const findings = checkDossier(procedure.value, dossier, { today: todayInVietnam(new Date(header.sealedAt)) }).filter(
        (finding) => finding.severity === 'error',
      )
      if (findings.length === 0) return ok(undefined)
      return err({
        type: 'dossier-invalid',
        findings: findings.map((finding) => ({ fields: finding.fields, message: withoutValues(procedure.value, finding) })),
      })
    },
  }
}
