/**
 * Passive Authentication (Doc 9303-11 section 5.1): the groups' hashes, the security object's signature, its signer's certificate up to
 * a trusted country signing CA, validity, revocation. Gives the list of checks; `verdict.ts` concludes from it.
 *
 * Invariants: hashes are over the raw bytes of a group, from its tag to its end; padding of the file behind it is none of them. Any
 * bytes give an answer, no check is left out of the list, and what could not be checked says why.
 */
import type { CardProof, ProofCheck } from '../../../contracts/card-proof.ts'
import { equalBytes, toHex } from '../bytes/bytes.ts'
import { isSignersCertificate, type SignerAnswer, verifySigner } from '../cms/signed-data.ts'
import { parseSecurityObject, type SecurityObject } from '../lds/security-object.ts'
import { hash } from '../signatures/hashes.ts'
import { decodeTlv } from '../tlv/tlv.ts'
import type { Certificate } from '../x509/certificate.ts'
import { certificatePath, revocationOf } from './certificate-path.ts'
import { sameIssuer } from './country-codes.ts'
import type { TrustAnchors } from './trust-anchors.ts'

export type ChipFiles = {
  /** 'dg1'..'dg16' to the bytes of the file. */
  groups: ReadonlyMap<string, Uint8Array>
  /** EF.SOD; absent = the chip has none, or it was not read. */
  securityObject: Uint8Array | undefined
  /** What EF.COM lists; absent = not read. */
  listed: readonly string[] | undefined
  /** Groups which the chip says it has not got. */
  absent?: readonly string[]
}

export type PassiveContext = {
  trust: TrustAnchors
  now: Date
  /** Last day of the document: a signer need not outlive the documents it signed. Absent = not known, or without end. */
  documentEnds: Date | undefined
  /** Three letters of DG1. */
  issuingState: string | undefined
}

export type PassiveAnswer = Required<Pick<CardProof, 'checks'>> &
  Pick<CardProof, 'signer'> & { securityObject: SecurityObject | undefined }

const passed = (check: ProofCheck['check'], detail?: string): ProofCheck => ({
  check,
  outcome: 'passed',
  ...(detail === undefined ? {} : { detail }),
})
const failed = (check: ProofCheck['check'], reason: string, detail?: string): ProofCheck => ({
  check,
  outcome: 'failed',
  reason,
  ...(detail === undefined ? {} : { detail }),
})
const notChecked = (check: ProofCheck['check'], reason: string, detail?: string): ProofCheck => ({
  check,
  outcome: 'not-checked',
  reason,
  ...(detail === undefined ? {} : { detail }),
})

/** From the tag to the end of the object; the file may be longer. */
const withoutPadding = (file: Uint8Array): Uint8Array => {
  const object = decodeTlv(file)
  return object.ok ? file.subarray(0, object.value.end) : file
}

const byNumber = (left: string, right: string): number => Number(left.slice(2)) - Number(right.slice(2))

const hashChecks = (files: ChipFiles, securityObject: SecurityObject): ProofCheck[] => {
  const { hashName, hashes } = securityObject
  const names = [...new Set([...hashes.keys(), ...files.groups.keys()])].sort(byNumber)
  return names.map((group) => {
    const file = files.groups.get(group)
    const signed = hashes.get(group)
    if (file === undefined)
      return files.absent?.includes(group) === true
        ? { ...failed('group-hash', 'signed-group-missing'), group }
        : { ...notChecked('group-hash', 'not-read'), group }
    if (signed === undefined) return { ...failed('group-hash', 'not-in-security-object'), group }
    if (hashName === undefined) return { ...notChecked('group-hash', 'algorithm-unsupported', securityObject.hashOid), group }
    const whole = decodeTlv(file)
    if (!whole.ok && whole.error.type === 'tlv-truncated') return { ...failed('group-hash', 'group-truncated', hashName), group }
    const fits = [withoutPadding(file), file].some((bytes) => equalBytes(hash(hashName, bytes), signed))
    return fits ? { ...passed('group-hash', hashName), group } : { ...failed('group-hash', 'hash-differs', hashName), group }
  })
}

/** EF.COM is signed by nobody: what it leaves out may have been taken out, so that a copied chip need not prove itself. */
const listCheck = (files: ChipFiles, securityObject: SecurityObject): ProofCheck => {
  const { listed } = files
  if (listed === undefined) return notChecked('group-list', 'not-read')
  const signed = [...securityObject.hashes.keys()]
  const hidden = signed.filter((group) => !listed.includes(group)).sort(byNumber)
  const unsigned = listed.filter((group) => !signed.includes(group))
  const keyHidden = hidden.find((group) => (group === 'dg14' || group === 'dg15') && !files.groups.has(group))
  if (keyHidden !== undefined) return { ...failed('group-list', 'signed-key-not-listed'), group: keyHidden }
  if (hidden.length === 0 && unsigned.length === 0) return passed('group-list')
  return notChecked(
    'group-list',
    'lists-differ',
    `signed only: ${hidden.join(' ') || '-'}; listed only: ${unsigned.join(' ') || '-'}`,
  )
}

type Signer = { certificate: Certificate | undefined; check: ProofCheck }

const signatureCheck = ({ signedData }: SecurityObject, trust: TrustAnchors): Signer => {
  const [signer] = signedData.signers
  if (signer === undefined) return { certificate: undefined, check: failed('signature', 'no-signer') }
  const own = signedData.certificates
  const matching = [...own, ...trust.certificates].filter((certificate) => isSignersCertificate(signer, certificate))
  // Some issuers name their signer in another spelling than its certificate does.
  const candidates = [...new Set([...matching, ...own])]
  if (candidates.length === 0) return { certificate: undefined, check: notChecked('signature', 'signer-certificate-missing') }
  let firstAnswer: SignerAnswer | undefined
  for (const certificate of candidates) {
    const answer = verifySigner(signedData, signer, certificate)
    if (answer.type === 'fits') return { certificate, check: passed('signature', answer.algorithm) }
    firstAnswer ??= answer
  }
  const certificate = matching[0] ?? own[0]
  if (firstAnswer?.type === 'unsupported')
    return { certificate, check: notChecked('signature', 'algorithm-unsupported', firstAnswer.detail) }
  if (firstAnswer?.type === 'attributes-wrong')
    return { certificate, check: failed('signature', 'signed-attributes-differ', firstAnswer.detail) }
  return { certificate, check: failed('signature', 'signature-differs', firstAnswer?.algorithm) }
}

const masterListSigner = '2.23.136.1.1.3'

const issuerChecks = (signer: Certificate, context: PassiveContext): ProofCheck[] => {
  const { trust, now, documentEnds, issuingState } = context
  const unknown = (reason: string, detail?: string): ProofCheck[] => [
    notChecked('issuer', reason, detail),
    notChecked('validity', 'issuer-unknown'),
    notChecked('revocation', 'issuer-unknown'),
  ]
  if (signer.extendedKeyUsage.includes(masterListSigner))
    return [
      failed('issuer', 'signer-for-another-purpose'),
      notChecked('validity', 'issuer-unknown'),
      notChecked('revocation', 'issuer-unknown'),
    ]
  const path = certificatePath(signer, trust)
  if (path.type === 'forged')
    return [
      failed('issuer', 'signer-certificate-forged', signer.issuer.text),
      notChecked('validity', 'issuer-unknown'),
      notChecked('revocation', 'issuer-unknown'),
    ]
  if (path.type === 'none') return unknown(path.reason, signer.issuer.text)
  const { authorities } = path
  const country = authorities.at(-1)?.subject.country ?? signer.subject.country
  if (issuingState !== undefined && sameIssuer(country, issuingState) === 'different')
    return unknown('issuer-of-another-country', `${country} for ${issuingState}`)

  const at = documentEnds !== undefined && documentEnds < now ? documentEnds : now
  const chain = [signer, ...authorities]
  const early = chain.findIndex(({ notBefore }) => notBefore > now)
  const late = chain.findIndex(({ notAfter }) => notAfter < at)
  const who = (index: number): string => (index === 0 ? 'signer' : 'issuer')
  const validity =
    late >= 0
      ? failed('validity', `${who(late)}-expired`, chain[late]?.notAfter.toISOString())
      : early >= 0
        ? notChecked('validity', 'clock-before-certificate', chain[early]?.notBefore.toISOString())
        : passed('validity')
  const revocation = revocationOf(signer, authorities, trust, now)
  return [
    passed('issuer', authorities.at(-1)?.subject.text ?? signer.subject.text),
    validity,
    revocation === 'revoked'
      ? failed('revocation', 'signer-revoked')
      : revocation === 'not-revoked'
        ? passed('revocation')
        : notChecked(
            'revocation',
            revocation === 'no-list'
              ? 'no-revocation-list'
              : revocation === 'outdated'
                ? 'revocation-list-outdated'
                : 'revocation-list-unverified',
          ),
  ]
}

const without = (reason: string, detail?: string): PassiveAnswer => ({
  checks: (['signature', 'group-hash', 'group-list', 'issuer', 'validity', 'revocation'] as const).map((check) =>
    notChecked(check, reason, detail),
  ),
  securityObject: undefined,
})

export const authenticatePassively = (files: ChipFiles, context: PassiveContext): PassiveAnswer => {
  if (files.securityObject === undefined) return without('security-object-not-read')
  const parsed = parseSecurityObject(files.securityObject)
  if (!parsed.ok) return without('security-object-malformed', parsed.error.detail)
  const securityObject = parsed.value
  const { certificate, check } = signatureCheck(securityObject, context.trust)
  const checks = [check, ...hashChecks(files, securityObject), listCheck(files, securityObject)]
  if (certificate === undefined)
    return {
      checks: [...checks, ...(['issuer', 'validity', 'revocation'] as const).map((each) => notChecked(each, 'signer-unknown'))],
      securityObject,
    }
  // A certificate whose key did not make the signature says nothing of this object.
  const ofSigner =
    check.outcome === 'passed'
      ? issuerChecks(certificate, context)
      : (['issuer', 'validity', 'revocation'] as const).map((each) => notChecked(each, 'signature-not-verified'))
  return {
    checks: [...checks, ...ofSigner],
    signer: {
      country: certificate.subject.country || certificate.issuer.country,
      subject: certificate.subject.text,
      issuer: certificate.issuer.text,
      serialNumber: certificate.serialNumber,
      notBefore: certificate.notBefore.toISOString(),
      notAfter: certificate.notAfter.toISOString(),
    },
    securityObject,
  }
}

/** For comparing a certificate with what its owner publishes. */
export const fingerprintOf = (bytes: Uint8Array): string => toHex(hash('sha256', bytes)).toLowerCase()
