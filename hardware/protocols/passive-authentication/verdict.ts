/**
 * From the checks to the one verdict, and from DG14, DG15 and what the chip answered to whether it is a copy (Doc 9303-11 sections 5.1,
 * 6.1 and 6.2).
 *
 * Invariants: a check that failed makes 'not-genuine'; 'genuine' needs signature, issuer and validity passed and no group read
 * without its hash. A key which nobody signed proves nothing about a chip.
 */
import type { CardProof, CardVerdict, ChipProven, ProofCheck } from '../../../contracts/card-proof.ts'
import type { PassiveAnswer } from './passive-authentication.ts'

/** What became of Active Authentication or Chip Authentication with the chip that was read. */
export type ChipCheckAnswer =
  | { type: 'passed'; detail?: string }
  | { type: 'failed'; reason: string; detail?: string }
  /** E.g. 'not-asked', 'no-chip' (files only), 'algorithm-unsupported'. */
  | { type: 'not-checked'; reason: string; detail?: string }

/** In this order the first failure is named: what an attacker must break first stands first. */
const order: readonly ProofCheck['check'][] = [
  'group-hash',
  'signature',
  'issuer',
  'revocation',
  'validity',
  'group-list',
  'active-authentication',
  'chip-authentication',
  'chip-authentication-mapping',
]

const chipCheckNames: readonly ProofCheck['check'][] = [
  'active-authentication',
  'chip-authentication',
  'chip-authentication-mapping',
]

/** Its key stands in EF.CardSecurity, and was verified there. */
const mappingCheck = (answer: ChipCheckAnswer): ProofCheck => ({
  check: 'chip-authentication-mapping',
  outcome: answer.type,
  ...(answer.type === 'passed' ? {} : { reason: answer.reason }),
  ...(answer.detail === undefined ? {} : { detail: answer.detail }),
})

const chipCheck = (
  check: 'active-authentication' | 'chip-authentication',
  group: 'dg15' | 'dg14',
  answer: ChipCheckAnswer,
  passive: PassiveAnswer,
): ProofCheck => {
  const offered = passive.securityObject?.hashes.has(group)
  if (offered === false && answer.type !== 'failed') return { check, outcome: 'not-checked', reason: 'not-offered' }
  const keySigned = passive.checks.some(
    (each) => each.check === 'group-hash' && each.group === group && each.outcome === 'passed',
  )
  const detail = answer.detail === undefined ? {} : { detail: answer.detail }
  // A copy that keeps the signed key back must not pass for a chip that never had one.
  if (offered === true && !keySigned && answer.type === 'not-checked' && answer.reason === 'not-offered')
    return { check, outcome: 'not-checked', reason: 'signed-key-not-read', ...detail }
  if (answer.type === 'passed' && !keySigned) return { check, outcome: 'not-checked', reason: 'key-not-signed', ...detail }
  return { check, outcome: answer.type, ...(answer.type === 'passed' ? {} : { reason: answer.reason }), ...detail }
}

const verdictOf = (checks: readonly ProofCheck[]): CardVerdict => {
  const outcomeOf = (name: ProofCheck['check']): ProofCheck | undefined => checks.find(({ check }) => check === name)
  for (const name of order) {
    const broken = checks.find(({ check, outcome }) => check === name && outcome === 'failed')
    if (broken === undefined) continue
    const group = broken.group === undefined ? {} : { group: broken.group }
    return { type: 'not-genuine', check: broken.check, reason: broken.reason ?? 'failed', ...group }
  }
  const signature = outcomeOf('signature')
  if (signature?.outcome !== 'passed') return { type: 'not-checked', reason: signature?.reason ?? 'security-object-not-read' }
  const uncompared = checks.find(
    ({ check, outcome, reason }) => check === 'group-hash' && outcome === 'not-checked' && reason !== 'not-read',
  )
  if (uncompared !== undefined) return { type: 'not-checked', reason: uncompared.reason ?? 'not-read' }
  if (!checks.some(({ check, outcome }) => check === 'group-hash' && outcome === 'passed'))
    return { type: 'not-checked', reason: 'no-group-read' }
  const chipChecks = checks.filter(({ check }) => chipCheckNames.includes(check))
  const chip: ChipProven = chipChecks.some(({ outcome }) => outcome === 'passed')
    ? 'proven'
    : chipChecks.every(({ reason }) => reason === 'not-offered')
      ? 'not-offered'
      : 'not-proven'
  if (outcomeOf('issuer')?.outcome !== 'passed') return { type: 'genuine-ca-unknown', chip }
  const validity = outcomeOf('validity')
  if (validity?.outcome !== 'passed') return { type: 'not-checked', reason: validity?.reason ?? 'validity' }
  return { type: 'genuine', chip }
}

/** `mapping` is there where the chip was opened by PACE with chip authentication mapping. */
export const concludeProof = (
  passive: PassiveAnswer,
  active: ChipCheckAnswer,
  chip: ChipCheckAnswer,
  mapping?: ChipCheckAnswer,
): CardProof => {
  const checks = [
    ...passive.checks,
    chipCheck('active-authentication', 'dg15', active, passive),
    chipCheck('chip-authentication', 'dg14', chip, passive),
    ...(mapping === undefined ? [] : [mappingCheck(mapping)]),
  ]
  return { verdict: verdictOf(checks), checks, ...(passive.signer === undefined ? {} : { signer: passive.signer }) }
}
