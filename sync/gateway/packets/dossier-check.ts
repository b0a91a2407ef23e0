/**
 * The opened dossier against the same procedure document which made the wizard.
 *
 * Invariants: errors refuse, warnings never do. Findings carry no value a citizen gave: they are kept beside the queue on
 * the kiosk, outside its encryption. Rules that look at today's date take the day the packet was sealed: a week without a
 * network must not turn a right answer into a wrong one.
 */
import type { Dossier } from '../../../contracts/dossier.ts'
import type { PacketHeader } from '../../../contracts/packet.ts'
import type { Finding, Procedure } from '../../../contracts/procedure.ts'
import { err, ok, type Result } from '../../../contracts/result.ts'
import { findProcedure } from '../../../procedures/catalogue.ts'
import { checkDossier, todayInVietnam } from '../../../procedures/rules/index.ts'
import type { Refusal } from '../problem.ts'

export type DossierCheck = (header: PacketHeader, dossier: Dossier) => Result<undefined, Refusal>

function withoutValues(procedure: Procedure, finding: Finding): Finding['message'] {
  const rule = procedure.rules.find((candidate) => candidate.id === finding.rule)
  if (rule === undefined || Object.keys(rule.values).length === 0) return finding.message
  return {
    vi: 'Các câu trả lời này chưa khớp nhau, hãy xem lại.',
    en: 'These answers do not agree with each other, look at them again.',
  }
}

export const checkAgainstProcedure: DossierCheck = (header, dossier) => {
  const procedure = findProcedure(header.procedureCode, header.procedureVersion)
  if (procedure === undefined)
    return err({ type: 'procedure-unknown', detail: `${header.procedureCode} ${header.procedureVersion}` })
  const findings = checkDossier(procedure, dossier, { today: todayInVietnam(new Date(header.sealedAt)) }).filter(
    (finding) => finding.severity === 'error',
  )
  if (findings.length === 0) return ok(undefined)
  return err({
    type: 'dossier-invalid',
    findings: findings.map((finding) => ({ fields: finding.fields, message: withoutValues(procedure, finding) })),
  })
}
