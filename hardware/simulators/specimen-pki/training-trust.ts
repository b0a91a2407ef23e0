/** What a training station trusts: the specimens' authorities and nobody else. */
import { type TrustAnchors, trustAnchors } from '../../protocols/passive-authentication/trust-anchors.ts'
import { parseCertificate } from '../../protocols/x509/certificate.ts'
import { parseRevocationList } from '../../protocols/x509/revocation-list.ts'
import { specimenTrust } from './specimen-authorities.ts'

let made: TrustAnchors | undefined

export const trainingTrust = (): TrustAnchors => {
  const { certificates, revocationLists } = specimenTrust()
  made ??= trustAnchors(
    certificates.map(parseCertificate).flatMap((parsed) => (parsed.ok ? [parsed.value] : [])),
    revocationLists.map(parseRevocationList).flatMap((parsed) => (parsed.ok ? [parsed.value] : [])),
    true,
  )
  return made
}
