/**
 * Is the holder of this card here? By what its chip gave, proven at the gateway itself (Doc 9303-11 sections 5.1 and 6.1): the personal number
 * is the one the issuing state signed, and a chip that can sign has signed this gateway's nonce, minutes ago.
 *
 * Invariants: a number that was typed or scanned proves nothing. Where the security object names a key of the chip for signing (DG15), the
 * signature must be there: nobody who holds a copy of the files may pass for a chip without one. A chip with Chip Authentication alone proves
 * itself to its station, whose word that is. Specimens, whose keys are public, prove specimens only.
 */
import type { CardEvidence } from '../../../contracts/card-evidence.ts'
import { err, ok, type Result } from '../../../contracts/result.ts'
import { verifyActiveAuthentication } from '../../../hardware/protocols/active-authentication/active-authentication.ts'
import { parseDg1 } from '../../../hardware/protocols/lds/lds.ts'
import { parseDg14, parseDg15 } from '../../../hardware/protocols/lds/security-infos.ts'
import { parseSecurityObject } from '../../../hardware/protocols/lds/security-object.ts'
import { vietnamesePersonalNumber } from '../../../hardware/protocols/mrz/mrz.ts'
import { proveFiles } from '../../../hardware/protocols/passive-authentication/prove-files.ts'
import type { TrustAnchors } from '../../../hardware/protocols/passive-authentication/trust-anchors.ts'
import type { ChipCheckAnswer } from '../../../hardware/protocols/passive-authentication/verdict.ts'
import { isSpecimenNumber } from '../../../procedures/rules/index.ts'

export type Presence = { personalNumber: string; specimen: boolean }
/** Why not, as a name that does not change: no value. */
export type PresenceRefused = { type: 'presence-not-proven'; reason: string }

const refuse = (reason: string) => err<PresenceRefused>({ type: 'presence-not-proven', reason })

const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64url'))

export function provePresence(
  evidence: CardEvidence,
  nonce: Uint8Array,
  { trust, now }: { trust: TrustAnchors; now: Date },
): Result<Presence, PresenceRefused> {
  const [dg1, sod] = [bytesOf(evidence.dg1), bytesOf(evidence.sod)]
  const groups = new Map([['dg1', dg1]])
  if (evidence.dg14 !== undefined) groups.set('dg14', bytesOf(evidence.dg14))
  if (evidence.dg15 !== undefined) groups.set('dg15', bytesOf(evidence.dg15))
  const active = (): ChipCheckAnswer => {
    if (evidence.dg15 === undefined || evidence.signature === undefined)
      return { type: 'not-checked', reason: 'not-offered', detail: 'no signature' }
    const key = parseDg15(bytesOf(evidence.dg15))
    if (!key.ok) return { type: 'not-checked', reason: 'key-malformed', detail: 'DG15' }
    const infos = parseDg14(groups.get('dg14') ?? new Uint8Array())
    return verifyActiveAuthentication(key.value, infos.ok ? infos.value : [], nonce, bytesOf(evidence.signature))
  }
  const { proof, findings } = proveFiles(
    { groups, securityObject: sod, listed: undefined },
    { trust, now, active: active(), chip: { type: 'not-checked', reason: 'not-asked', detail: 'at the station' } },
  )
  const mrz = parseDg1(dg1)
  const personalNumber = mrz.ok ? vietnamesePersonalNumber(mrz.value) : undefined
  if (personalNumber === undefined) return refuse('no-personal-number')
  const specimen = isSpecimenNumber(personalNumber)
  const { verdict } = proof
  if (verdict.type !== 'genuine' && !(specimen && verdict.type === 'genuine-ca-unknown'))
    return refuse('reason' in verdict ? verdict.reason : 'issuer-not-in-trust-store')
  if (!proof.checks.some(({ check, group, outcome }) => check === 'group-hash' && group === 'dg1' && outcome === 'passed'))
    return refuse('number-not-signed')
  const securityObject = parseSecurityObject(sod)
  const canSign = securityObject.ok && securityObject.value.hashes.has('dg15')
  const signed = proof.checks.some(({ check, outcome }) => check === 'active-authentication' && outcome === 'passed')
  if (canSign && !signed) return refuse('chip-did-not-sign')
  if (findings.some(({ type }) => type === 'card-expired')) return refuse('card-expired')
  return ok({ personalNumber, specimen })
}
