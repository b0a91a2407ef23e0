/**
 * EF.CardSecurity (Doc 9303-11 section 9.2.12, Doc 9303-10 section 3.11.4): SecurityInfos signed by a document signer, and what they say
 * of a chip that was opened by PACE with chip authentication mapping.
 *
 * Invariants: the key counts only when its file is signed by a signer with a path to an authority of the trust store, in force and not
 * revoked: anybody can sign a file for a key of his own and lay it beside a true card's groups. Any bytes give an answer.
 */
import { chipAuthenticationOf } from '../chip-authentication/chip-authentication-infos.ts'
import { isSignersCertificate, parseSignedData, verifySigner } from '../cms/signed-data.ts'
import { isMappedBy, mappingCurve } from '../pace/mapping-check.ts'
import type { MappingProof } from '../pace/pace.ts'
import type { Certificate } from '../x509/certificate.ts'
import { certificatePath, revocationOf } from './certificate-path.ts'
import type { TrustAnchors } from './trust-anchors.ts'
import type { ChipCheckAnswer } from './verdict.ts'

/** id-SecurityObject. */
export const cardSecurityType = '0.4.0.127.0.7.3.2.1'

export type ChipMapping = {
  readonly proof: MappingProof
  /** The file, or the status word in its place. */
  readonly cardSecurity: { readonly bytes: Uint8Array } | { readonly missing: string }
}

const notChecked = (reason: string, detail?: string): ChipCheckAnswer => ({
  type: 'not-checked',
  reason,
  ...(detail === undefined ? {} : { detail }),
})
const failed = (reason: string, detail?: string): ChipCheckAnswer => ({
  type: 'failed',
  reason,
  ...(detail === undefined ? {} : { detail }),
})

const trustedSigner = (signer: Certificate, trust: TrustAnchors, now: Date): string | undefined => {
  const path = certificatePath(signer, trust)
  if (path.type !== 'path') return path.type === 'forged' ? 'signer-certificate-forged' : path.reason
  if ([signer, ...path.authorities].some(({ notBefore, notAfter }) => notBefore > now || notAfter < now))
    return 'signer-not-in-force'
  return revocationOf(signer, path.authorities, trust, now) === 'revoked' ? 'signer-revoked' : undefined
}

export const verifyChipMapping = (mapping: ChipMapping, trust: TrustAnchors, now: Date): ChipCheckAnswer => {
  const { proof, cardSecurity } = mapping
  if ('missing' in cardSecurity) return notChecked('card-security-not-read', cardSecurity.missing)
  const parsed = parseSignedData(cardSecurity.bytes)
  if (!parsed.ok) return notChecked('card-security-malformed', parsed.error.detail)
  const data = parsed.value
  if (data.contentType !== cardSecurityType) return notChecked('card-security-malformed', `content type ${data.contentType}`)
  const keys = chipAuthenticationOf(data.content)
  if (!keys.ok) return notChecked('card-security-malformed', keys.error.type)
  const curve = mappingCurve(proof)
  const fitting = keys.value.filter(({ agreement }) => agreement.kind === 'ecdh' && agreement.name === curve?.name)
  if (fitting.length === 0) return notChecked('no-key-on-this-curve', curve?.name)
  if (!fitting.some(({ publicKey }) => isMappedBy(proof, publicKey))) return failed('mapping-differs', curve?.name)

  const [signer] = data.signers
  const certificate = signer && [...data.certificates, ...trust.certificates].find((each) => isSignersCertificate(signer, each))
  if (signer === undefined || certificate === undefined) return notChecked('signer-certificate-missing')
  const signature = verifySigner(data, signer, certificate)
  if (signature.type === 'unsupported') return notChecked('algorithm-unsupported', signature.detail)
  if (signature.type !== 'fits') return failed('card-security-forged')
  const distrusted = trustedSigner(certificate, trust, now)
  return distrusted === undefined
    ? { type: 'passed', detail: curve?.name ?? '' }
    : notChecked(distrusted, certificate.issuer.text)
}
